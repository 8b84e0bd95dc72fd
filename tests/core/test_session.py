"""Sessions: whatever is edited, undone, saved and reloaded, the report says what the text says."""

from __future__ import annotations

import os
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from juesuan.core import checks, progress
from juesuan.core.changes import Change
from juesuan.core.drafting import acknowledging
from juesuan.core.drafting.differences import differences
from juesuan.core.drafting.history import difference, stretch
from juesuan.core.drafting.session import ChangedOutside, Edit, ReadOnly, Refused, Session
from juesuan.core.formats import load_format
from juesuan.core.narrative import sentence_id
from juesuan.core.opening import build_report
from juesuan.core.reading import parse_source
from juesuan.core.report import Report
from juesuan.core.source import SourceError, is_derived
from juesuan.core.storage import StorageError
from juesuan.core.toml.editing import SourceText
from juesuan.core.toml.values import Digits

EXAMPLE = Path(__file__).parents[2] / "examples" / "sanming-2024.toml"
SMALL = """# 注释留在原处
schema = 1

[report]
format = "fujian/final-accounts"
year = 2024
department = "某局"   # 部门
unit = "万元"

[prose]
duties = \"\"\"
职责一。
职责二。\"\"\"

[expenditure]            # 支出
2010550 = { basic = 301.82 }   # 事业运行
2299999.project = 3

[three_public]
reception.outturn = 1.5

[[units]]
name = "甲"
funding = "行政单位"
headcount = 3

# 第二个单位
[[units]]
name = "乙"
funding = "事业单位"
headcount = 1_0

[[projects]]
name = "项目一"
indicators = [
  { name = "指标一", weight = 40, score = 40 },
  { name = "指标二", weight = 50, score = 45 },  # 二
]
[projects.funds]
current_fiscal = { initial = 5, annual = 5, executed = 4 }

[[projects]]
name = "项目二"

[official]
"expenditure.201.basic" = 301.83
"projects.1.score" = 91

[prior]
"overview.total" = 5

[reasons]
"overview.total" = "人员增加"
"projects.2.score" = "说明"
"""


def write(path: Path, text: str = SMALL) -> str:
    path.write_bytes(text.encode())
    return str(path)


def said(report: Report) -> Any:
    """Everything that a report says."""
    cells = {
        (table.id, row, column): report.value((table.id, row, column))
        for table in report.taxonomy.tables.values()
        for row in report.rows(table.id)
        for column in table.columns
    }
    sentences = {}
    pending = list(report.text.nodes())
    while pending:
        node = pending.pop()
        if node[0] == ":each":
            pending += report.text.inside(node)
        else:
            sentences[sentence_id(node)] = report.graph.get(node)
    return cells, sentences, checks.findings(report), list(progress.needs(report))


def turned(change: Change) -> Change:
    return Change(*({key: (after, before) for key, (before, after) in part.items()} for part in change))


FORMAT = load_format("fujian/final-accounts")
TABLES = FORMAT.taxonomy.tables
VALUES = {
    "amount": ["", "0", "1.50", "12.345", "-3", "１２．５", "(7)", "1,234.5", "x", "1e3"],
    "count": ["", "3", "1.5"],
    "score": ["", "10", "99"],
    "flag": [True, False, None],
    "choice": ["", "≥", "="],
    "text": ["", "名", "两\n行", '“引号"\\', " 空 ", "坏\u202e"],
    "percent": ["1"],
}


def places() -> list[tuple[str, tuple[str, str, str]]]:
    found: list[tuple[str, tuple[str, str, str]]] = []
    for table in TABLES.values():
        if table.accounts:
            rows = ["2010550", "2299999", "2120801", "total", "201"] if table.axis == "functional" else ["30101", "301"]
        elif table.lines:
            rows = [("1/" if table.owner else "") + line for line in list(table.lines)[:3]]
        else:
            rows = ["1/1", "1/2"] if table.owner else ["1", "2"]
        for row in rows:
            for column in list(table.columns)[:4]:
                derived = is_derived(table, row, column)
                found.append(("official" if derived else "cell", (table.id, row, column)))
    return found


PLACES = places()
NAMING = ["共{units.2.headcount}人", "{projects.1.score}分{overview.total}", "{没有}{{x}}"]
TOLD = [("overview", "total", "amount"), ("general_budget", "total", "total"), ("projects", "1", "score")]


def one(draw: Any) -> Edit:
    kind = draw(st.sampled_from(["cell"] * 6 + ["prose", "prior", "reason", "department", "insert", "remove", "move"]))
    if kind == "cell":
        kind, cell = draw(st.sampled_from(PLACES))
        return Edit(kind, cell, draw(st.sampled_from(VALUES[TABLES[cell[0]].columns[cell[2]].kind])))
    if kind == "prose":
        text = draw(st.sampled_from(["", "一段。", "两段。\n第二。", *NAMING]))
        return Edit(kind, (draw(st.sampled_from(list(FORMAT.prose))),), text)
    if kind in ("prior", "reason"):
        reasons = ["", "人员增加", "正常浮动", *NAMING]
        value = draw(st.sampled_from(["", "5", "3.25", "x"] if kind == "prior" else reasons))
        return Edit(kind, draw(st.sampled_from(TOLD)), value)
    if kind == "department":
        return Edit(kind, (), draw(st.sampled_from(["某局", "另一局", ""])))
    table, owner = draw(st.sampled_from([("units", ""), ("projects", ""), ("project_indicators", "1")]))
    index = draw(st.integers(0, 2))
    value = {"insert": None, "remove": None, "move": draw(st.integers(0, 2))}[kind]
    if kind == "insert" and draw(st.booleans()):
        value = {"name": "新"}
    return Edit(kind, (table, owner, index), value)


EDITS = st.composite(lambda draw: [one(draw) for _ in range(draw(st.sampled_from([1, 1, 1, 2, 5])))])()


class Editing(RuleBasedStateMachine):
    """One session, edited at random; what it says is compared with the text read anew."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())

    @initialize(newline=st.sampled_from(["\n", "\r\n"]), faulty=st.sampled_from([False, False, True]))
    def begin(self, newline: str, faulty: bool) -> None:
        text = SMALL + ("[income]\n2010550 = { fiscal = 1.2345678, nothing = 1 }\n" if faulty else "")
        self.path = write(self.folder / "甲.toml", text.replace("\n", newline))
        self.session = Session.open(self.path)
        self.past: list[tuple[str, Change]] = []
        self.future: list[tuple[str, Change]] = []

    @rule(edits=EDITS)
    def edit(self, edits: list[Edit]) -> None:
        self._run(edits)

    def _run(self, edits: list[Edit]) -> None:
        before = self.session.text.text()
        try:
            change = self.session.run("改", edits)
        except Refused:
            assert self.session.text.text() == before
            return
        if self.session.text.text() == before:
            assert change == Change({}, {}, {}, {})
        else:
            self.past.append((before, change))
            self.future.clear()

    @rule(number=st.integers(0, 30), reason=st.sampled_from(["确实如此", "另一个原因", None]))
    def acknowledge(self, number: int, reason: str | None) -> None:
        found = checks.findings(self.session.report)
        if found:
            self._run([Edit("acknowledge", acknowledging.key_of(found[number % len(found)]), reason)])

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        after = self.session.text.text()
        before, change = self.past.pop()
        result = self.session.undo()
        assert result is not None
        assert self.session.text.text() == before
        assert result[1] == turned(change)
        self.future.append((after, change))

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        before = self.session.text.text()
        after, change = self.future.pop()
        result = self.session.redo()
        assert result is not None
        assert self.session.text.text() == after
        assert result[1] == change
        self.past.append((before, change))

    @rule()
    def save(self) -> None:
        self.session.save()
        assert not self.session.dirty
        assert Path(self.path).read_bytes().decode() == self.session.text.text()

    @rule(text=st.sampled_from(["# 别人写的\n", ""]))
    def reload(self, text: str) -> None:
        disk = Path(self.path).read_bytes() + text.encode()
        Path(self.path).write_bytes(disk)
        before = self.session.text.text()
        change = self.session.reload()
        assert self.session.text.text() == disk.decode()
        if before != disk.decode():
            self.past.append((before, change))
            self.future.clear()

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "session"):
            return
        text = self.session.text.text()
        fresh = build_report(parse_source(text, self.path))
        assert self.session.source.text == text
        for mine, theirs in zip(said(self.session.report), said(fresh)):
            assert mine == theirs
        assert not self.session.unprotected

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


TestEditing = Editing.TestCase
TestEditing.settings = settings(deadline=None, max_examples=15, stateful_step_count=12)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return write(tmp_path / "2024.toml")


CELL = ("expenditure", "2010550", "basic")


def test_what_follows_from_a_figure_is_told(path: str) -> None:
    session = Session.open(path)
    change = session.run("录入", [Edit("cell", CELL, "１，３００．５")])
    assert change.cells[CELL] == (Decimal("3018200"), Decimal("13005000.0"))
    assert ("expenditure", "2010550", "total") in change.cells
    assert "2010550 = { basic = 1300.5 }   # 事业运行" in session.text.text()
    assert session.dirty
    assert session.undo() == ("录入", turned(change))
    assert not session.dirty
    assert session.undo() is None


@pytest.mark.parametrize(
    "edit",
    [
        Edit("cell", CELL, "much"),
        Edit("cell", ("expenditure", "total", "basic"), "1"),
        Edit("cell", ("nothing", "1", "a"), "1"),
        Edit("cell", ("expenditure", "1", "basic"), "1"),
        Edit("cell", ("units", "7", "name"), "丁"),
        Edit("official", CELL, "1"),
        Edit("prose", ("nothing",), "文"),
        Edit("prose", ("duties",), "\x1b[31m"),
        Edit("reason", ("x", "y", "z"), "文"),
        Edit("remove", ("units", "", 5)),
        Edit("insert", ("expenditure", "", 0)),
        Edit("insert", ("units", "", 0), {"x": "1"}),
        Edit("prior", ("units", "1", "name"), "1"),
        Edit("department", (), "两\n行"),
        Edit("paint", (), "red"),
    ],
)
def test_a_refused_command_leaves_everything_as_it_was(path: str, edit: Edit) -> None:
    session = Session.open(path)
    before = said(session.report)
    with pytest.raises(Refused, match=r"."):
        session.run("坏", [Edit("cell", CELL, "5"), edit])
    assert not session.dirty
    assert not session.done
    assert said(session.report) == before
    assert sorted(os.listdir(os.path.dirname(path))) == [".2024.toml.juesuan-lock", "2024.toml"]


def test_addresses_follow_their_records(path: str) -> None:
    session = Session.open(path)
    session.run("移", [Edit("move", ("projects", "", 0), 1)])
    assert ("projects", "2", "score") in session.source.official
    assert session.source.reasons["projects", "1", "score"] == "说明"
    session.run("删", [Edit("remove", ("projects", "", 0))])
    assert ("projects", "1", "score") in session.source.official
    assert ("projects", "1", "score") not in session.source.reasons


def test_a_command_of_many_edits_is_one_step(path: str) -> None:
    session = Session.open(path)
    edits = [
        Edit("insert", ("units", "", 2)),
        Edit("cell", ("units", "3", "name"), "丙"),
        Edit("cell", ("units", "3", "headcount"), "4"),
    ]
    session.run("粘贴", edits)
    assert session.report.value(("units", "3", "name")) == "丙"
    assert len(session.done) == 1
    session.undo()
    assert session.text.text() == SMALL


def test_sentences_of_records_that_are_gone_are_not_told(path: str) -> None:
    """Indicators regroup when one of them gets another level: the old groups are no longer there."""
    session = Session.open(path)
    done = session.run("改", [
        Edit("insert", ("project_indicators", "1", 1), {"name": "新"}),
        Edit("cell", ("project_indicators", "1/1", "level2"), "另一级"),
        Edit("reason", ("projects", "1", "score"), "正常浮动"),
    ])
    undone = session.undo()
    assert undone is not None
    assert undone[1] == turned(done)
    assert undone[1].sentences
    listed = {node for node, _value in session.report.watched()}
    known = {node for node in session.report.graph.nodes() if node[0] == ":text"}
    assert known == {node for node in listed if node[0] == ":text"}


def test_undo_goes_on_after_a_save(path: str) -> None:
    session = Session.open(path)
    session.run("甲", [Edit("cell", CELL, "5")])
    session.save()
    assert session.undo() is not None
    assert session.dirty
    session.save()
    assert Path(path).read_text(encoding="utf-8") == SMALL


def test_a_file_that_changed_outside_is_not_overwritten_unasked(path: str) -> None:
    session = Session.open(path)
    session.run("甲", [Edit("cell", CELL, "5")])
    assert not session.changed_outside()
    theirs = SMALL.replace("301.82", "302.82").replace('"甲"', '"甲甲"')
    write(Path(path), theirs)
    assert session.changed_outside()
    with pytest.raises(ChangedOutside):
        session.save()
    assert Path(path).read_text(encoding="utf-8") == theirs
    lines = session.outside_changes()
    assert len(lines) == 2
    assert any("302.82" in line and "5.00" in line for line in lines)
    session.reload()
    assert session.text.text() == theirs
    session.undo()
    assert session.report.value(CELL) == 50000
    session.save()
    assert not session.changed_outside()


def test_a_deleted_file_can_be_saved_anew(path: str) -> None:
    session = Session.open(path)
    os.unlink(path)
    assert session.changed_outside()
    assert len(session.outside_changes()) == 1
    with pytest.raises(ChangedOutside):
        session.save()
    session.save(overwrite=True)
    assert Path(path).read_text(encoding="utf-8") == SMALL


def test_saved_under_another_name_it_goes_on_there(path: str, tmp_path: Path) -> None:
    session = Session.open(path)
    session.run("甲", [Edit("cell", CELL, "5")])
    other = write(tmp_path / "other.toml", "mine")
    with pytest.raises(ChangedOutside):
        session.save(other)
    assert session.path == path
    session.save_as(str(tmp_path / "new.toml"))
    assert session.path == session.source.path == str(tmp_path / "new.toml")
    assert Path(path).read_text(encoding="utf-8") == SMALL
    assert Path(other).read_text(encoding="utf-8") == "mine"
    session.undo()
    session.save()
    session.close()
    assert sorted(os.listdir(tmp_path)) == ["2024.toml", "new.toml", "other.toml"]


def test_a_reader_changes_and_writes_nothing(path: str, tmp_path: Path) -> None:
    before = os.stat(path), os.listdir(tmp_path)
    reader = Session.open(path, read_only=True)
    for attempt in (
        lambda: reader.run("甲", [Edit("cell", CELL, "5")]),
        reader.save,
        lambda: reader.save_as(str(tmp_path / "x")),
    ):
        with pytest.raises(ReadOnly):
            attempt()
    assert reader.undo() is None
    assert reader.redo() is None
    reader.close()
    assert (os.stat(path), os.listdir(tmp_path)) == before


def test_a_reader_follows_the_file(path: str) -> None:
    reader = Session.open(path, read_only=True)
    assert reader.poll() is None
    write(Path(path), SMALL.replace("301.82", "302.82"))
    change = reader.poll()
    assert change is not None
    assert change.cells[CELL] == (Decimal("3018200"), Decimal("3028200"))
    assert said(reader.report) == said(build_report(parse_source(reader.text.text(), path)))
    write(Path(path), "half a fi")
    assert reader.poll() is None
    os.unlink(path)
    assert reader.poll() is None
    write(Path(path), SMALL)
    assert reader.poll() is not None


def test_what_is_no_source_is_not_taken(path: str) -> None:
    session = Session.open(path)
    write(Path(path), "no toml")
    with pytest.raises(SourceError):
        session.reload()
    assert session.text.text() == SMALL
    os.unlink(path)
    with pytest.raises(StorageError):
        session.reload()
    with pytest.raises(StorageError):
        Session.open(path)


def test_faults_can_be_mended_one_by_one(path: str) -> None:
    write(Path(path), SMALL.replace("basic = 301.82", 'basic = "much"'))
    session = Session.open(path)
    assert len(session.source.problems) == 1
    change = session.run("改", [Edit("cell", ("units", "1", "headcount"), "9")])
    assert ("units", "1", "headcount") in change.cells
    change = session.run("改", [Edit("cell", CELL, "301.82")])
    assert not session.source.problems
    assert any(key[0] == "problem" and after is None for key, (_before, after) in change.findings.items())
    session.undo()
    assert len(session.source.problems) == 1


def test_differences_are_told_entry_by_entry(path: str) -> None:
    old = build_report(parse_source(SMALL, path))
    text = (
        SMALL.replace("职责二", "职责三")
        .replace('"人员增加"', '"人员减少"')
        .replace("[official]", '[official]\n"expenditure.229.project" = 3.01')
    )
    text = text.replace("301.82 }", "301.820001 }").replace(
        '[[units]]\nname = "甲"\nfunding = "行政单位"\nheadcount = 3\n', ""
    )
    new = build_report(parse_source(text, path))
    found = differences(old, new)
    assert ("301.82", "301.820001") in {(one.before, one.after) for one in found}
    assert ("甲", "") in {(one.before, one.after) for one in found}
    assert len(found) == 5
    assert all(one.line() and "\n" not in one.line() for one in found)
    assert not differences(new, new)


def test_a_history_of_many_steps_is_small(path: str) -> None:
    session = Session.open(path)
    for number in range(50):
        session.run("改", [Edit("cell", CELL, f"{number}.25")])
    held = sum(len(piece.before) + len(piece.after) for step in session.done for piece in step.delta.before)  # type: ignore[union-attr]
    assert held < 50 * 200


def test_states_of_a_text_are_found_again() -> None:
    text = SourceText.parse(SMALL)
    states = [text.snapshot()]
    texts = [SMALL]
    for path_, value in [
        (("expenditure", "2010550", "basic"), Digits("3")),
        (("prose", "duties"), "一\n二\n三"),
        (("expenditure", "2010551"), {"basic": Digits("3")}),
        (("prose", "other"), "文"),
        (("new", "a"), "b"),
    ]:
        text.set(path_, value)
        states.append(text.snapshot())
        texts.append(text.text())
    text.remove_record(("units",), 0)
    states.append(text.snapshot())
    texts.append(text.text())
    for first in range(len(states)):
        for last in range(len(states)):
            delta = difference(states[first], states[last])
            text.restore(states[first])
            text.restore(delta.applied(text.snapshot(), forward=True))
            assert text.text() == texts[last]
            again = SourceText.parse(text.text())
            for key in ("expenditure", "prose", "units", "new"):
                assert text.get((key,)) == again.get((key,))
            text.restore(delta.applied(text.snapshot(), forward=False))
            assert text.text() == texts[first]


@pytest.mark.parametrize(
    ("one_text", "other"),
    [("", ""), ("a", ""), ("aaa", "aa"), ("abcabc", "abc"), ("甲乙丙", "甲丁丙"), ("x" * 999, "x" * 500)],
)
def test_a_stretch_is_all_that_differs(one_text: str, other: str) -> None:
    for before, after in ((one_text, other), (other, one_text)):
        start, old_end, new_end = stretch(before, after)
        assert start <= old_end
        assert start <= new_end
        assert before[:start] + after[start:new_end] + before[old_end:] == after
