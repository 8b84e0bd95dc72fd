"""A new source: every required entry of a format in place, empty, and said in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .catalogue import load_catalogue
from .formats import Format
from .formula import Ref
from .progress import reached_tables, told
from .reach import Fact, owned_tables, reached
from .source import SCHEMA, Cell
from .taxonomy import Column, Table, level_name
from .text.width import width
from .toml.values import Digits, key_text, value_text

COMMENT = 40


class Carried(NamedTuple):
    """What a new source takes over from last year's (`carrying`). `rows`: by table, the accounts and
    records; `cells`: what stands in them, '' for what is to be entered; `keys`: what is to be looked
    over; `prior`: last year's figures by address, where they are written into the source; `names`: what
    accounts are called."""

    prose: dict[str, str]
    rows: dict[str, list[str]]
    cells: dict[Cell, Any]
    accounts: dict[str, str]
    glossary: dict[str, str]
    names: dict[str, str]
    keys: list[str]
    prior: dict[str, Digits]


NOTHING = Carried({}, {}, {}, {}, {}, {}, [], {})


def new_source(format: Format, department: str, year: int, unit: str = "万元", prior: str = "",
               catalogue: str = "", carried: Carried | None = None) -> str:
    """The text of a source for `format`, ready to be filled by hand, by a script or in the editor.
    `carried`: what it takes over from last year's."""
    carried = carried or NOTHING
    lines = [f"# {department}{year}年度{format.taxonomy.title}（{format.title}）",
             "# 引号内留空的是待填项；金额单位见 unit；只录入算不出来的数。各键的含义见 docs/source-format.md。",
             *([f"# {format.note}"] if format.note else []),
             "", f"schema = {SCHEMA}", "", "[report]", f"format = {quoted(format.id)}", f"year = {year}",
             f"department = {quoted(department)}", f"unit = {quoted(unit)}"]
    lines.append(f"prior = {quoted(prior)}" if prior else commented('# prior = ""', "上年源文件，上年数由它得出"))
    if catalogue:
        lines.append(f"catalogue = {quoted(catalogue)}")
    lines.append(commented("none = []", '本年没有的表，写方括号里的键，如 "government_fund"；空着的表不等于没有'))
    lines += ["", "[prose]"]
    for prose in format.prose.values():
        lines += [f"# {prose.label}：{prose.guidance}", f"{prose.id} = {_written(carried.prose.get(prose.id, ''))}"]
    used = reached_tables(format)
    asked = reached(format)
    for table in format.taxonomy.tables.values():
        if table.id in used and not table.owner and table.is_entered:
            lines += ["", *_table(format, table, year, asked, carried)]
    lines += ["", "[official]", "# 公开数：批复的数与合计有尾差的，以批复数为准，如：",
              f'# "{_derived(format)}" = 0.00', "", "[reasons]",
              "# 主要原因：与上年相比有增减的才需要写；句末不加标点。"]
    lines += _addressed(format, "because", "（项）")
    if not prior:
        lines += ["", "[prior]", f"# 上年数（{year - 1}年度）；有上年源文件的，改为在 [report] 写 prior。"]
        lines += _addressed(format, "change", "（项），每个本年或上年有数的项一行", carried)
    for part, names in (("accounts", carried.accounts), ("glossary", carried.glossary)):
        if names:
            lines += ["", f"[{part}]", *(f"{key_text((key,))} = {_written(text)}" for key, text in names.items())]
    if carried.keys:
        lines += ["", "[review]", "# 沿用上年的文字和名称，复核一项，删去一项（在终端程序里改写或确认，就自动删去）。",
                  "carried = [", *(f"  {quoted(key)}," for key in carried.keys), "]"]
    return "\n".join(lines) + "\n"


def _derived(format: Format) -> str:
    """The address of a figure that is computed, as an example."""
    used = reached_tables(format)
    return next((f"{table.id}.{line.id}" for table in format.taxonomy.tables.values() for line in table.lines.values()
                 if table.id in used and not table.owner and table.formula(line.id, table.primary)), "")


def quoted(text: str) -> str:
    """A TOML basic string. `text` holds no control characters (source.check_line)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def commented(text: str, comment: str) -> str:
    """A line and its comment, the comments of a table under each other."""
    return text + " " * max(1, COMMENT - width(text)) + f"# {comment}"


def _asked(table: Table, asked: frozenset[Fact], line: str = "*") -> list[Column]:
    """The columns that are entered, of those that the format asks for."""
    return [column for column in table.entered
            if (table.id, line, column.id) in asked and table.formula(line, column.id) is None]


def _table(format: Format, table: Table, year: int, asked: frozenset[Fact], carried: Carried) -> Iterator[str]:
    if table.axis == "records":
        yield from _records(format, table, asked, carried)
        return
    yield commented(f"[{table.key}]", table.title)
    if table.note:
        yield f"# {table.note}"
    if table.accounts:
        columns = "、".join(f"{column.id} {column.label}" for column in _asked(table, asked))
        level = level_name(table)
        yield f"# 一行一个{level}（{table.digits}位编码），没有数的栏不写：{columns}"
        yield from _account_rows(table, _asked(table, asked), year, carried)
        return
    for line in table.lines.values():
        columns_ = _asked(table, asked, line.id)
        if not columns_ or line.formula is not None:
            continue
        mark = "# " if line.optional else ""
        if len(table.entered) == 1:
            yield commented(f'{mark}{line.id} = ""', line.label)
        else:
            inside = ", ".join(f'{column.id} = ""' for column in columns_)
            labels = "、".join(column.label for column in columns_)
            yield commented(f"{mark}{line.id} = {{ {inside} }}", f"{line.label}：{labels}")


def _account_rows(table: Table, asked: Sequence[Column], year: int, carried: Carried) -> Iterator[str]:
    """A line for each economic account, or one that shows how a row is written; one for each account that
    is taken over."""
    rows = carried.rows.get(table.id, [])
    single = len(table.entered) == 1
    if table.axis == "functional" or not single:
        for code in rows:
            cells = [column for column in asked if (table.id, code, column.id) in carried.cells] or asked[:1]
            inside = ", ".join(f"{column.id} = {_value(carried, (table.id, code, column.id))}" for column in cells)
            yield commented(f'{code} = ""' if single else f"{code} = {{ {inside} }}", carried.names[code])
        if rows:
            return
    if table.axis == "functional" or len(table.entered) > 1:
        shown = asked if len(asked) <= 4 else [*asked[:2], *(column for column in asked[2:] if column.kind == "text")]
        inside = ", ".join(f'{column.id} = {"0.00" if column.kind == "amount" else _blank(column)}'
                           for column in shown)
        code = "2010101" if table.axis == "functional" else "30101"
        yield f"# {code[:table.digits]} = {{ {inside} }}"
        return
    catalogue = load_catalogue("economic", year)
    codes = {code for code in catalogue.codes() if code[:3] in table.classes and len(code) == table.digits}
    for code in sorted(codes.union(rows)):
        yield commented(f'{code} = ""', catalogue.name(code) or carried.names.get(code, ""))


def _records(format: Format, table: Table, asked: frozenset[Fact], carried: Carried) -> Iterator[str]:
    mark = "" if table.required else "# "
    yield f"# {table.title}：一条一段 [[{table.key}]]{'，没有的不写' if mark else ''}"
    rows = carried.rows.get(table.id, [])
    for number, row in enumerate(rows):
        yield from [""] if number else []
        yield from _record(format, table, row, asked, carried)
    if rows:
        return
    yield f"{mark}[[{table.key}]]"
    for column in _asked(table, asked):
        yield commented(f"{mark}{column.id} = {_blank(column)}", column.label + _example(column))
    for owned in owned_tables(format, table.id):
        yield "#"
        if owned.axis == "lines":
            yield commented(f"# [{table.key}.{owned.key}]", owned.title)
            for line in owned.lines.values():
                if columns := _asked(owned, asked, line.id):
                    inside = ", ".join(f'{column.id} = ""' for column in columns)
                    yield commented(f"# {line.id} = {{ {inside} }}", line.label)
        else:
            yield commented(f"# [[{table.key}.{owned.key}]]", owned.title)
            for column in _asked(owned, asked):
                yield commented(f"# {column.id} = {_blank(column)}", column.label + _example(column))


def _record(format: Format, table: Table, row: str, asked: frozenset[Fact], carried: Carried) -> Iterator[str]:
    """A record that is taken over, with what belongs to it."""
    yield f"[[{table.key}]]"
    yield from _taken(_asked(table, asked), table.id, row, carried)
    for owned in owned_tables(format, table.id):
        if owned.axis == "lines":
            yield commented(f"[{table.key}.{owned.key}]", owned.title)
            for line in owned.lines.values():
                if columns := _asked(owned, asked, line.id):
                    inside = ", ".join(f"{column.id} = {_value(carried, (owned.id, f'{row}/{line.id}', column.id))}"
                                       for column in columns)
                    yield commented(f"{'# ' if line.optional else ''}{line.id} = {{ {inside} }}", line.label)
            continue
        for own in carried.rows.get(owned.id, []):
            if own.rpartition("/")[0] == row:
                yield commented(f"[[{table.key}.{owned.key}]]", owned.title)
                yield from _taken(_asked(owned, asked), owned.id, own, carried)


def _taken(columns: Sequence[Column], table: str, row: str, carried: Carried) -> Iterator[str]:
    """The lines of a record: what is taken over, and what is to be entered."""
    for column in columns:
        text = _written(carried.cells[table, row, column.id]) if (table, row, column.id) in carried.cells else '""'
        if column.kind == "flag" and text == '""':
            text = _blank(column)
        if "\n" in text or width(text) > 2 * COMMENT:
            yield f"# {column.label}"
            yield f"{column.id} = {text}"
        else:
            yield commented(f"{column.id} = {text}", column.label)


def _value(carried: Carried, cell: Cell) -> str:
    return value_text(carried.cells.get(cell, ""))


def _written(text: object) -> str:
    """A value on a line of its own: a text of several lines as such."""
    return value_text(text, inline=False)


def _blank(column: Column) -> str:
    if column.kind == "flag":
        return "true" if column.default else "false"
    return str(column.default) if column.default is not None else '""'


def _example(column: Column) -> str:
    if column.choices:
        return "：" + " ".join(column.choices)
    return f"，如 {column.example}" if column.example else "（能算出的不填）" if column.spared else ""


def _addressed(format: Format, function: str, suffix: str, carried: Carried | None = None) -> Iterator[str]:
    """A line for every fixed cell that the sentences hand to `function`, an example for each table's rows;
    and one for each figure of last year that is taken over."""
    tables = format.taxonomy.tables
    prior = carried.prior if carried else {}
    fixed: dict[str, None] = {}
    seen: dict[str, None] = {}
    for ref in told(format, function):
        table = tables[ref.table]
        column = "" if ref.column == table.primary else "." + ref.column
        if ref.fixed:
            label = "·".join([table.title, _row_label(ref, table)])
            address = f"{ref.table}.{ref.row}{column}"
            fixed[address] = None
            figure = prior.get(address, '""')
            seen.setdefault(commented(f'"{address}" = {figure}', label))
        elif table.accounts:
            example = "2010101"[:table.digits]
            words = table.title + suffix.replace("项", level_name(table))
            seen.setdefault(commented(f'# "{ref.table}.{example}{column}" = ""', words))
    yield from seen
    yield from (f"{quoted(address)} = {figure}" for address, figure in prior.items() if address not in fixed)


def _row_label(ref: Ref, table: Table) -> str:
    return table.lines[ref.row].label if table.lines else "合计" if ref.row == "total" else ref.row
