"""Generated TOML texts, in every spelling that the language has, against tomllib as the judge."""

import random
import re
import tomllib
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from juesuan.core.toml.blocks import Block
from juesuan.core.toml.editing import Digits, SourceText
from juesuan.core.toml.positions import index_lines, statements
from juesuan.core.toml.values import value_text


class Writer:
    """Writes a random TOML text; every integer and every comment in it is there only once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.numbers = count(1000)
        self.newline = dice.choice(["\n", "\n", "\r\n"])
        self.lines: list[str] = []

    def text(self) -> str:
        self.pairs(self.dice.randint(0, 2))
        for _ in range(self.dice.randint(0, 4)):
            self.section(self.key())
        text = self.newline.join(self.lines)
        return text if self.dice.random() < 0.3 else text + self.newline

    def fresh(self) -> int:
        return next(self.numbers)

    def key(self) -> str:
        number = self.fresh()
        return self.dice.choice(
            [
                f"k{number}",
                f"k{number}",
                f"{number}",
                f"20{number}",
                f'"a.{number}"',
                f"'b {number}#]'",
                f'"\\u57fa{number}\\"="',
                f"基{number}".join('""'),
            ]
        )

    def spaces(self) -> str:
        return self.dice.choice(["", "", " ", "  ", "\t"])

    def gap(self) -> None:
        for _ in range(self.dice.choice([0, 0, 1, 2])):
            comment = f"# 注 {self.fresh()} [x] = {{ \"\"\" '''"
            self.lines.append(self.dice.choice(["", self.spaces() + comment, self.spaces()]))

    def comment(self) -> str:
        return self.dice.choice(["", "", f"  # c{self.fresh()} ]}}"])

    def section(self, name: str) -> None:
        """A table, or an array of tables, with tables and arrays of tables in it."""
        form = self.dice.choice(["table", "table", "array", "implied", "late"])
        if form == "table":
            self.header(f"[{name}]")
            self.inner(name)
        elif form == "implied":
            self.inner(name, at_least=1)
        elif form == "late":
            self.inner(name, at_least=1)
            self.header(f"[{name}]")
        else:
            for _ in range(self.dice.randint(1, 3)):
                self.header(f"[[{name}]]")
                self.inner(name)
                if self.dice.random() < 0.2:
                    self.header(f"[{self.key()}]")

    def inner(self, name: str, at_least: int = 0) -> None:
        for _ in range(self.dice.choice([at_least, at_least, 1, 2])):
            inner = f"{name}{self.spaces()}.{self.key()}"
            if self.dice.random() < 0.5:
                self.header(f"[{inner}]")
            else:
                for _ in range(self.dice.randint(1, 2)):
                    self.header(f"[[{inner}]]")

    def header(self, header: str) -> None:
        self.gap()
        self.lines.append(f"{self.spaces()}{header}{self.comment()}")
        self.pairs(self.dice.randint(0, 3))

    def pairs(self, number: int) -> None:
        for _ in range(number):
            self.gap()
            key = self.key()
            if self.dice.random() < 0.2:
                self.lines.append(f"{key} . {self.key()}={self.value(1)}{self.comment()}")
                key = f"{key}.{self.key()}"
            value = self.value(2)
            self.lines.append(f"{self.spaces()}{key}{self.spaces()}={self.spaces()}{value}{self.comment()}")
        self.gap()

    def value(self, depth: int) -> str:
        form = self.dice.random()
        if depth and form < 0.3:
            return self.inline_table(depth - 1)
        if depth and form < 0.5:
            return self.array(depth - 1)
        return self.scalar()

    def scalar(self) -> str:
        number, nl = self.fresh(), self.newline
        return self.dice.choice(
            [
                f"{number}",
                f"{number}",
                f"{number}.820",
                f"-{number}e2",
                "true",
                f'"s{number} # ] }} , \\" \\\\"',
                f"'l{number} # \"'",
                '""',
                f'"""m{number}{nl}# no [comment]{nl}"" \\" = 1 """""',
                f"'''{nl}n{number} ''{nl}[x]'''",
                "1979-05-27 07:32:00",
                "inf",
            ]
        )

    def inline_table(self, depth: int) -> str:
        pairs = [f"{self.key()}{self.spaces()}= {self.value(depth)}" for _ in range(self.dice.randint(0, 3))]
        if pairs and self.dice.random() < 0.3:
            key = self.key()
            pairs += [f"{key}.{self.key()} = {self.scalar()}", f"{key}.{self.key()} = {self.scalar()}"]
        return "{" + self.spaces() + self.dice.choice([",", ", ", " , "]).join(pairs) + self.spaces() + "}"

    def array(self, depth: int) -> str:
        tables = self.dice.random() < 0.7
        values = [
            self.inline_table(depth) if tables else self.scalar() for _ in range(self.dice.choice([0, 1, 2, 2, 3]))
        ]
        form, nl = self.dice.random(), self.newline
        if form < 0.4:
            return f"[{self.spaces()}{', '.join(values)}{self.dice.choice(['', ',']) if values else ''}{self.spaces()}]"
        if form < 0.8:
            rows = [f"{self.above()}    {value},{self.comment()}{nl}" for value in values]
            last = f"{self.above()}    {self.scalar() if not tables else '{}'}{self.comment()}{nl}"
            return f"[{self.comment()}{nl}{''.join(rows)}{self.dice.choice(['', last])}]"
        mixed = ""
        for value in values:
            mixed += f"{value}{self.spaces()}{self.dice.choice(['', nl])},{self.dice.choice(['', self.comment() + nl])}"
        return f"[{self.comment()}{nl}{mixed}{nl} ]"

    def above(self) -> str:
        return self.dice.choice(["", "", f"  # v{self.fresh()} [{{{self.newline}", self.newline])


# By seed: to draw every choice would take ten times as long, and the texts are short as they are.
texts = st.integers(0, 2**32).map(lambda seed: Writer(random.Random(seed)).text())
values = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.from_regex(r"-?(0|[1-9][0-9]{0,9})\.[0-9]{1,4}", fullmatch=True).map(Digits),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text('a"\\\n\r\t#中', max_size=8),
)
relaxed = settings(deadline=None, max_examples=100)


def load(text):
    return tomllib.loads(text, parse_float=Digits)


def walk(node, path=()):
    """All paths of some data, with what stands there."""
    yield path, node
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from walk(value, path + (key,))


def at(data, path):
    for key in path:
        data = data[key]
    return data


def normal(node):
    """Data without what an emptied table or array leaves behind, or takes along."""
    if isinstance(node, list):
        return [normal(inner) for inner in node]
    if not isinstance(node, dict):
        return (type(node).__name__, str(node)) if isinstance(node, (Digits, float)) else (type(node).__name__, node)
    pairs = {key: normal(inner) for key, inner in node.items()}
    return {key: inner for key, inner in pairs.items() if inner not in ({}, [])}


def comments(text):
    return set(re.findall(r"# ?(?:注 |c|v)[0-9]+", text))


def has_bare_header(text, path):
    """Whether the table has a header with nothing below it: an edit that empties it takes it away."""
    outline = SourceText.parse(text)._outline
    return any(base == path and block.is_bare() for base, block in zip(outline.paths, outline.blocks, strict=True))


def is_table(node):
    return isinstance(node, dict)


def is_records(node):
    return isinstance(node, list) and node != [] and all(map(is_table, node))


@relaxed
@given(texts)
def test_every_key_has_its_line(text):
    lines, index = text.split("\n"), index_lines(text)
    for path, value in walk(load(text)):
        if not path:
            continue
        number = index.line_of(path)
        assert number is not None
        line = lines[number - 1]
        if isinstance(path[-1], str):
            assert re.search("[0-9]+", path[-1]).group() in line
        if isinstance(value, int) and not isinstance(value, bool):
            assert str(value) in line  # there is no other of this number


@relaxed
@given(texts)
def test_a_key_that_is_not_there_has_the_line_around_it(text):
    index = index_lines(text)
    for path, value in walk(load(text)):
        if is_table(value):
            assert index.line_of(path + ("nowhere", 0, "x")) == index.line_of(path)


@relaxed
@given(texts)
def test_a_text_that_is_not_edited_is_the_same(text):
    source = SourceText.parse(text)
    assert source.text() == text
    data = load(text)
    for path, value in walk(data):
        assert normal(source.get(path)) == normal(value)


@relaxed
@given(texts, values, st.randoms(use_true_random=False))
def test_to_set_a_value_changes_its_lines_only(text, value, dice):
    data = load(text)
    single = [path for path, old in walk(data) if not isinstance(old, (dict, list))]
    if not single:
        return
    path = dice.choice(single)
    old = at(data, path)
    source = SourceText.parse(text)
    source.set(path, value)
    assert normal(source.get(path)) == normal(value)
    at(data, path[:-1])[path[-1]] = value
    assert normal(load(source.text())) == normal(data)

    before, after = text.split("\n"), source.text().split("\n")
    first = index_lines(text).line_of(path) - 1
    height = text.count("\n") - source.text().count("\n")
    if "\n" not in str(old):
        assert before[:first] == after[:first]
        rest = len(before) - first - 1
        assert before[first + 1 :] == after[len(after) - rest :]
        assert height <= 0

    source.set(path, old)
    at(data, path[:-1])[path[-1]] = old
    assert normal(load(source.text())) == normal(load(text))


@relaxed
@given(
    texts, values, st.lists(st.sampled_from(["new", "1", "2010550", "a.b", "基"]), min_size=1, max_size=3), st.data()
)
def test_to_delete_what_was_set_restores_the_text(text, value, keys, chance):
    data = load(text)
    around, table = chance.draw(st.sampled_from([(path, node) for path, node in walk(data) if is_table(node)]))
    path = around + tuple(keys)
    source = SourceText.parse(text)
    source.set(path, value)
    assert normal(source.get(path)) == normal(value)
    changed = source.text().split("\n")
    lost = [line for line in text.split("\n") if line not in changed]
    assert len(lost) <= 2  # the row to which it was added, and the last line's CR
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    table[keys[-1]] = value
    assert normal(load(source.text())) == normal(data)
    snapshot = source.snapshot()
    source.delete(path)
    assert normal(load(source.text())) == normal(load(text))
    if normal(at(load(text), around)) and not has_bare_header(text, around):
        assert source.text() == text
    source.restore(snapshot)
    assert source.text().split("\n") == changed


@settings(deadline=None, max_examples=40, stateful_step_count=12)
class Editing(RuleBasedStateMachine):
    """A text and a dict, edited side by side, stay the same."""

    def __init__(self):
        super().__init__()
        self.source = SourceText.parse("")
        self.data = {}

    @initialize(text=texts)
    def begin(self, text):
        self.source = SourceText.parse(text)
        self.data = load(text)

    def keeping_comments(self, edit, *arguments):
        before = comments(self.source.text())
        edit(*arguments)
        assert comments(self.source.text()) == before

    def paths(self, wanted):
        return [path for path, node in walk(self.data) if wanted(node)]

    @rule(value=values, dice=st.randoms(use_true_random=False))
    def set_old(self, value, dice):
        paths = self.paths(lambda node: not isinstance(node, (dict, list)))
        if paths:
            path = dice.choice(paths)
            self.keeping_comments(self.source.set, path, value)
            at(self.data, path[:-1])[path[-1]] = value

    @rule(value=values, dice=st.randoms(use_true_random=False))
    def set_new(self, value, dice):
        path = dice.choice(self.paths(is_table))
        for _ in range(dice.randint(1, 3)):
            path += (f"{dice.choice(['', 'n', 'x.'])}{dice.randint(1, 99)}",)
        table = self.data
        for number, key in enumerate(path[:-1]):
            if isinstance(table, dict) and not isinstance(table.get(key, {}), dict | list):
                return
            table = table.setdefault(key, {}) if isinstance(table, dict) else table[key]
            assert number < len(path)
        if isinstance(table, list) or isinstance(table.get(path[-1]), (dict, list)):
            return
        self.keeping_comments(self.source.set, path, value)
        table[path[-1]] = value

    @rule(dice=st.randoms(use_true_random=False))
    def delete(self, dice):
        paths = [path for path in self.paths(lambda node: True) if path and isinstance(path[-1], str)]
        if paths:
            path = dice.choice(paths)
            self.source.delete(path)
            del at(self.data, path[:-1])[path[-1]]
            self.forget_empty()

    @rule(value=values, dice=st.randoms(use_true_random=False))
    def insert(self, value, dice):
        path = dice.choice(self.paths(is_records) or [("records",)])
        records = self.data.setdefault("records", []) if path == ("records",) else at(self.data, path)
        if not isinstance(records, list):
            return
        index = dice.randint(0, len(records))
        record = {"name": value, "x y": {"z": [1, {"a": value}]}}
        self.keeping_comments(self.source.insert_record, path, index, record)
        records.insert(index, record)

    @rule(dice=st.randoms(use_true_random=False))
    def remove(self, dice):
        paths = self.paths(is_records)
        if paths:
            path = dice.choice(paths)
            index = dice.randrange(len(at(self.data, path)))
            self.source.remove_record(path, index)
            del at(self.data, path)[index]
            self.forget_empty()

    @precondition(lambda self: self.paths(is_records))
    @rule(dice=st.randoms(use_true_random=False))
    def move(self, dice):
        path = dice.choice(self.paths(is_records))
        records = at(self.data, path)
        old, new = dice.randrange(len(records)), dice.randrange(len(records))
        self.keeping_comments(self.source.move_record, path, old, new)
        records.insert(new, records.pop(old))

    def forget_empty(self):
        """What an edit left empty may be there or not: the text decides."""
        text = load(self.source.text())
        assert normal(text) == normal(self.data)
        self.data = text

    @invariant()
    def same(self):
        text = self.source.text()
        assert normal(load(text)) == normal(self.data)
        assert self.source.get(()) == SourceText.parse(text).get(())
        for block in self.source._outline.blocks:
            fresh = [entry for entry in statements(block.body) if not entry.kind]
            assert isinstance(block, Block)
            assert list(block.pairs) == fresh


TestEditing = Editing.TestCase


@relaxed
@given(
    st.recursive(
        values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab.中"\\ ', max_size=4), inner)
    ),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_values_come_back_as_they_were(value, inline, newline):
    text = f"value = {value_text(value, newline, inline)}{newline}"
    assert normal(load(text)) == normal({"value": value})
