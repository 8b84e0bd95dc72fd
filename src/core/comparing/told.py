"""A comparison told: as text, as Markdown, as data for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..document import is_open
from ..i18n import _
from ..text.markdown import start as escaped
from ..text.markdown import table
from ..text.width import printable
from .entries import Difference
from .sentences import Marks, texts_marked

if TYPE_CHECKING:
    from ..report import Report
    from . import Comparison, SentenceChange

FOLLOWING = ("derived", "derived_prior")
WRITTEN = ("prose", "reason", "term", "fault")
"""The kinds whose words are texts, told by what differs in them."""

LONG, AROUND = 120, 24
"""Of a longer text, what differs is shown, with so many characters around."""

OPEN, CLOSE = "\ue000", "\ue001"
"""Stand for the tags around what differs, while all else is made harmless."""

Mark = Callable[[str], str]


def groups(found: Comparison) -> list[tuple[str, list[Difference]]]:
    """The differences in groups, each with its title: what was entered, what was written, what follows."""
    kinds = {_("Entered"): [each for each in found.differences if each.kind not in (*FOLLOWING, *WRITTEN)],
             _("Texts"): [each for each in found.differences if each.kind in WRITTEN],
             _("Figures that follow"): [each for each in found.differences if each.kind in FOLLOWING]}
    return [(title, of) for title, of in kinds.items() if of]


def head(report: Report, file: str) -> str:
    """Which report it is, and of which file."""
    source = report.source
    return _("{file}: {department}, {title} of {year}").format(
        file=file, department=source.department, year=source.year, title=report.format.title)


def counted(found: Comparison) -> str:
    """How much differs, in a line."""
    if found.same:
        return _("The reports are the same.")
    counts = [f"{title} {len(of)}" for title, of in groups(found)]
    if found.sentences:
        counts.append(f"{_('Sentences')} {len(found.sentences)}")
    return _(", ").join(counts)


def as_text(found: Comparison, heads: tuple[str, str]) -> list[str]:
    """The comparison as lines of text. What differs inside of a text stands in [brackets]."""
    lines = [_("before: {report}").format(report=heads[0]), _("after: {report}").format(report=heads[1])]
    lines.append(counted(found))
    for title, of in groups(found):
        lines += ["", f"{title}（{len(of)}）"]
        lines += [line for one in by_table(of) for line in one]
    if found.sentences:
        lines += ["", f"{_('Sentences')}（{len(found.sentences)}）"]
    heading = ""
    for sentence in found.sentences:
        if sentence.heading != heading:
            heading = sentence.heading
            lines.append("  " + heading)
        lines += sentence_lines(sentence)
    return [printable(line) for line in [*lines, *_unworded(found)]]


def by_table(of: Iterable[Difference]) -> Iterator[list[str]]:
    """The lines of differences, each preceded by its table where that is another one."""
    title: str | None = None
    for each in of:
        name = each.table if each.row else ""
        lines = [] if name in (title, "") else ["  " + name]
        title = name
        yield lines + difference_lines(each)


def difference_lines(each: Difference) -> list[str]:
    """A difference below the name of its table: on one line, or a text in two."""
    margin = "    " if each.row else "  "
    place = each._replace(table="").place if each.row else each.place
    if each.kind in WRITTEN or max(len(each.before), len(each.after)) > LONG:
        marks = texts_marked(each.before, each.after)
        return [margin + place, *_both((each.before, each.after), marks, margin + "  ")]
    if each.kind in ("added", "removed"):
        words = _("row added: {row}") if each.kind == "added" else _("row removed: {row}")
        return [margin + words.format(row=each.row)]
    nothing = _("(nothing)")
    return [margin + _("{place}: {before} → {after}").format(
        place=place, before=each.before or nothing, after=each.after or nothing)]


def sentence_lines(sentence: SentenceChange) -> list[str]:
    """A sentence as it was and as it is."""
    return _both((sentence.before, sentence.after), (sentence.marks_before, sentence.marks_after), "    ")


def _both(texts: tuple[str, str], marks: tuple[Marks, Marks], margin: str) -> list[str]:
    return [f"{margin}{sign} {excerpt(text, stretches, bracketed)}"
            for sign, text, stretches in zip("-+", texts, marks) if text]


def bracketed(text: str) -> str:
    return f"[{text}]" if text else ""


def excerpt(text: str, marks: Marks, mark: Mark) -> str:
    """A text with what differs marked; of a long one, only that and what stands around it."""
    whole = len(text) <= LONG or not marks
    pieces, at = [], 0
    for start, end in marks:
        pieces.append(text[at:start] if whole else _between(text[at:start], bool(at), True))
        pieces.append(mark(text[start:end]))
        at = end
    rest = text[at:]
    if len(text) > LONG:
        rest = rest[:LONG] + ("…" if len(rest) > LONG else "") if not marks else _between(rest, True, False)
    return " ".join(("".join(pieces) + rest).split("\n"))


def _between(text: str, after: bool, before: bool) -> str:
    """What stands between two marks, without its middle where that is long."""
    if len(text) <= AROUND * (after + before):
        return text
    return (text[:AROUND] if after else "") + "…" + (text[-AROUND:] if before else "")


def _unworded(found: Comparison) -> list[str]:
    if found.worded:
        return []
    return ["", _("The formats differ, and with them all sentences: these are not compared.")]


# ── Markdown ──


def as_markdown(found: Comparison, heads: tuple[str, str]) -> list[str]:
    """The comparison as lines of Markdown."""
    lines = ["# " + _("What changed"), "", "- " + escaped(_("before: {report}").format(report=heads[0])),
             "- " + escaped(_("after: {report}").format(report=heads[1])), "- " + escaped(counted(found))]
    for title, of in groups(found):
        lines += ["", f"## {title}（{len(of)}）", ""]
        lines += table([_("Table"), _("Row"), _("Column"), _("Before"), _("After")], [_cells(each) for each in of])
    if found.sentences:
        lines += ["", f"## {_('Sentences')}（{len(found.sentences)}）"]
    heading = ""
    for sentence in found.sentences:
        if sentence.heading != heading:
            heading = sentence.heading
            lines += ["", "### " + escaped(heading)]
        lines += ["", *_marked(sentence.before, sentence.marks_before, _("Before"), "del")]
        lines += _marked(sentence.after, sentence.marks_after, _("After"), "ins")
    return lines + _unworded(found)


def _marked(text: str, marks: Marks, label: str, tag: str) -> list[str]:
    return [f"- {label}：{_tagged(text, marks, tag)}"] if text else []


def _tagged(text: str, marks: Marks, tag: str) -> str:
    """A text with what differs in tags: stars would not be seen as marks beside Chinese brackets."""
    text = text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd")
    marked = escaped(excerpt(text, marks, lambda part: OPEN + part + CLOSE if part else ""))
    return marked.replace(OPEN, f"<{tag}>").replace(CLOSE, f"</{tag}>")


def _cells(each: Difference) -> list[str]:
    if each.kind in ("added", "removed"):
        words = _("row added") if each.kind == "added" else _("row removed")
        return [escaped(each.table), escaped(each.row), words, escaped(each.before), escaped(each.after)]
    place = each._replace(table="", row="", column="", kind=each.kind).place.strip("：: ")
    named = [each.table, each.row, each.column] if each.row else [each.place, "", ""]
    if place and each.row:  # what kind of figure it is, where that is not the place's own
        named[2] = f"{each.column} （{place}）" if each.column else place
    marks: tuple[Marks, Marks] = ((), ())
    if each.kind in WRITTEN or max(len(each.before), len(each.after)) > LONG:
        marks = texts_marked(each.before, each.after)
    return [*map(escaped, named), _tagged(each.before, marks[0], "del"), _tagged(each.after, marks[1], "ins")]


# ── data ──


def as_data(found: Comparison, reports: tuple[Report, Report], files: tuple[str, str]) -> dict[str, Any]:
    """The comparison as dictionaries and lists (docs/json.md)."""
    from ..render.json import head as report_head

    before, after = ({"file": file, **report_head(report)} for report, file in zip(reports, files))
    return {
        "before": before, "after": after, "same": found.same,
        "changes": [{"kind": each.kind, "cell": ".".join(filter(None, each.cell)).rstrip("/"), "gone": each.gone,
                     "table": each.table, "row": each.row, "column": each.column,
                     "from": _known(each.before), "to": _known(each.after)}
                    for each in found.differences],
        "worded": found.worded,
        "sentences": [{"section": each.section, "heading": each.heading, "from": each.before, "to": each.after,
                       "marks_from": _stretches(each.marks_before), "marks_to": _stretches(each.marks_after)}
                      for each in found.sentences],
    }


def _known(text: str) -> str | None:
    """What stood there; null for what was not known."""
    return None if is_open(text) else text


def _stretches(marks: Marks) -> list[list[int]]:
    return [list(mark) for mark in marks if mark[0] < mark[1]]
