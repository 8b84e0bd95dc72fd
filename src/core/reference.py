"""The reference in docs/, made from the taxonomies and formats: `python -m juesuan.core.reference docs`.

docs/source-format.md, docs/rules.md and docs/manual.md are written by hand but for the stretches between
`<!-- begin NAME -->` and `<!-- end NAME -->`: those are made here, so that they say what the
program does. All of it is Chinese.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .catalogue import load_catalogue
from .formats import Block, Form, Format, RowSpec, Section, Template, list_formats, load_format, numbered
from .formula import Ref, cell_of
from .formula_words import formula_words, short
from .progress import told
from .reach import reached
from .skeleton import commented, quoted
from .source import is_derived
from .taxonomy import NUMBERS, Column, Line, Rule, Table, Taxonomy, further_rules, level_name
from .views.commands import default_commands, key_name

YEAR = 2024
"""The year of the account names in the reference."""

UNITS = {"amount": "金额", "count": "个数", "score": "分", "percent": "%", "text": "文字", "flag": "true/false"}
SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}

Cell = tuple[str, str, str]


# ── pages ──


def main(arguments: list[str]) -> int:
    """Write the made stretches of the pages in a folder anew."""
    folder = Path(arguments[0] if arguments else "docs")
    for name in PAGES:
        path = folder / name
        text = path.read_text("utf-8")
        made = page(name, text)
        if made != text:
            path.write_text(made, "utf-8")
            print(path)
    return 0


def page(name: str, text: str) -> str:
    """The page `name` with its made stretches up to date. ValueError where one has no place in it."""
    for part, make in PAGES[name].items():
        begin, end = f"<!-- begin {part} -->\n", f"<!-- end {part} -->\n"
        start, stop = text.find(begin), text.find(end)
        if start < 0 or stop < start:
            raise ValueError(f"{name}: {begin.strip()} … {end.strip()}")
        body = re.sub(r"\n{3,}", "\n\n", "\n".join(make())).strip("\n")
        text = f"{text[:start]}{begin}\n{body}\n\n{text[stop:]}"
    return text


def _formats() -> list[Format]:
    return [load_format(id) for id in list_formats()]


def _taxonomies() -> list[Taxonomy]:
    return list({format.taxonomy.id: format.taxonomy for format in _formats()}.values())


def _row(*cells: str) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = [_row(*row) for row in rows]
    return ["", _row(*head), _row(*("---",) * len(head)), *body, ""] if body else []


def _name(code: str) -> str:
    """What an account is called."""
    return load_catalogue("functional" if code[0] == "2" else "economic", YEAR).name(code) or ""


# ── cells in words ──


def _formula(taxonomy: Taxonomy, table: Table, row: str, column: str) -> str:
    """How a derived cell comes about, in words; the row of an account or record is '*'."""
    line = table.lines.get(row)
    own = line.cells.get(column) if line else None
    if own is not None:
        return formula_words(taxonomy, own.text, table, names=_name)
    by_column = table.columns[column].formula
    if by_column is not None:
        return formula_words(taxonomy, by_column.text, table, names=_name)
    assert line is not None
    assert line.formula is not None
    return formula_words(taxonomy, line.formula.text, table, "line", names=_name)


def _derived(table: Table, row: str, column: str) -> bool:
    if row == "*":
        return table.columns[column].formula is not None
    return is_derived(table, row, column)


def _label(table: Table, row: str, column: str) -> str:
    parts = [table.lines[row].label if table.lines else "合计" if row == "total" else ""]
    if len(table.columns) > 1 or not parts[0]:
        parts.append(table.columns[column].label)
    return "·".join(part for part in parts if part)


def _key(table: Table, row: str, column: str) -> str:
    """Where a cell is entered: the TOML around it."""
    if table.owner:
        return f"`[{table.owner}.{table.key}]` `{row} = {{ {column} = … }}`"
    if table.axis == "records":
        return f"`[[{table.key}]]` `{column} = …`"
    if table.accounts:
        row = f"{level_name(table)}编码"
    if len(table.entered) == 1:
        return f"`[{table.key}]` `{row} = …`"
    return f"`[{table.key}]` `{row} = {{ {column} = … }}`"


# ── where figures are printed ──


def _sections(format: Format) -> Iterator[tuple[str, Section]]:
    """The sections of a format, each with its place: 第三部分七, 第三部分九（二）."""
    numbers = [""] * 5
    for section, number in numbered(format.sections):
        numbers[section.level:] = [number.strip().rstrip("、."), *[""] * (4 - section.level)]
        yield "".join(numbers), section


def _blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _blocks(block.blocks)


def _plain(template: Template | None) -> str:
    """A template's words; its slots left open."""
    if template is None:
        return ""
    return "".join(part if isinstance(part, str) else "…" for part in template.parts)


def _header(header: tuple[str, ...]) -> str:
    return "·".join(part.replace("|", "") for part in header)


def _form_rows(form: Form) -> Iterator[RowSpec]:
    pending = [row for panel in form.panels for row in panel.rows + panel.foot]
    while pending:
        row = pending.pop(0)
        yield row
        pending[:0] = row.group


def _place(ref: Ref) -> Cell:
    """The cell of a reference; a row of a range is '*'."""
    cell = cell_of(ref, "*")
    return (cell[0], cell[1].removeprefix("*/"), cell[2])


def _printed(format: Format) -> dict[Cell, list[str]]:
    """Where each cell is printed: forms with a code first, then the sections of the text."""
    places: dict[Cell, list[str]] = {}

    def note(refs: Iterable[Ref], place: str) -> None:
        for ref in refs:
            if ref.column:
                cell = (ref.table, "*", ref.column) if ref.range else _place(ref)
                places.setdefault(cell, []).append(place)

    for form in format.forms.values():
        place = form.code or _plain(form.title)
        for spec in _form_rows(form):
            for formula in spec.cells.values():
                note(formula.refs, place)
            for template in (spec.label, *(cell.template for cell in spec.grid)):
                note(template.refs() if template else (), place)
    for number, section in _sections(format):
        for block in _blocks(section.blocks):
            note(block.template.refs() if block.template else (), number)
    return {cell: list(dict.fromkeys(where)) for cell, where in places.items()}


# ── source-format.md: from the printed tables to the source ──


def printed_to_source() -> Iterator[str]:
    """For every column of every printed table: what to enter for it, or what it is computed from."""
    for format in _formats():
        yield f"### {format.title}（`{format.id}`）"
        for form in format.forms.values():
            sources = dict.fromkeys(_form_sources(format.taxonomy, form))
            if sources and not _of_records(format.taxonomy, form):
                yield ""
                yield f"#### {form.code} {_plain(form.title)}".replace("  ", " ")
                yield from _table(("公开表的行", "栏", "源文件"), sources)
        told = list(_text_sources(format))
        if told:
            yield "#### 情况说明中另外要录入的数"
            yield ""
            yield "下面这些数公开表里没有，只在文字里出现。"
            yield from _table(("位置", "名称", "源文件"), told)


def _of_records(taxonomy: Taxonomy, form: Form) -> bool:
    """Does the form list nothing but records, as they are entered?"""
    refs = [row.each.ref for row in _form_rows(form) if row.each and row.each.ref]
    return bool(refs) and all(taxonomy.tables[ref.table].axis == "records" for ref in refs)


def _form_sources(taxonomy: Taxonomy, form: Form) -> Iterator[tuple[str, str, str]]:
    for panel in form.panels:
        headers = {column.id: _header(column.header) for column in panel.columns}
        for spec in panel.rows + panel.foot:
            each = spec.each.ref if spec.each else None
            listed = taxonomy.tables[each.table] if each else None
            for column, formula in spec.cells.items():
                ref = formula.reference
                if ref is None:
                    words = formula_words(taxonomy, formula.text, listed, names=_name)
                    yield _plain(spec.label), headers[column], "算出：" + words
                else:
                    table, (_table, row, own) = taxonomy.tables[ref.table], _place(ref)
                    yield _printed_row(spec, table), headers[column], _source_of(taxonomy, table, row, own, spec)


def _printed_row(spec: RowSpec, table: Table) -> str:
    if spec.each is None:
        return f"{spec.code} {_name(spec.code)}" if spec.code else _plain(spec.label).strip()
    if spec.each.ref is not None and spec.each.ref.row == "classes":
        return "各类"
    if spec.each.ref is not None and spec.each.ref.row == "items" and table.accounts:
        return "各" + level_name(table)
    if table.axis == "functional":
        return "各项（类、款、合计由项汇总）"
    return "各款（类由款汇总）" if table.axis == "economic" else "各行"


def _source_of(taxonomy: Taxonomy, table: Table, row: str, column: str, spec: RowSpec) -> str:
    classes = spec.each is not None and spec.each.ref is not None and spec.each.ref.row == "classes"
    if table.accounts and table.entered and (classes or row == "total"):
        what = "同类" if classes else "合计"
        return f"算出：《{table.title}》{what}·{short(table.columns[column].label)}"
    if _derived(table, row, column):
        return "算出：" + _formula(taxonomy, table, row, column)
    return _key(table, row, column)


def _text_sources(format: Format) -> Iterator[tuple[str, str, str]]:
    tables = format.taxonomy.tables
    seen = {_place(ref) for form in format.forms.values() for spec in _form_rows(form)
            for formula in spec.cells.values() for ref in formula.refs}
    for number, section in _sections(format):
        for block in _blocks(section.blocks):
            for ref in block.template.refs() if block.template else ():
                table, cell = tables[ref.table], _place(ref)
                if cell in seen or ref.range or not table.lines or table.owner or _derived(table, cell[1], cell[2]):
                    continue
                seen.add(cell)
                yield number, _label(table, cell[1], cell[2]), _key(table, cell[1], cell[2])


# ── source-format.md: the tables ──


def data_tables() -> Iterator[str]:
    """Every table of the taxonomies: rows, columns, what is entered and what is computed."""
    for taxonomy in _taxonomies():
        printed: dict[Cell, list[str]] = {}
        for format in _formats():
            if format.taxonomy is taxonomy:
                printed.update(_printed(format))
        yield from ["", f"### {taxonomy.title}（`{taxonomy.id}`）"]
        for table in taxonomy.tables.values():
            if not table.owner:
                yield from _data_table(taxonomy, table, printed)
                for owned in taxonomy.owned(table.id):
                    yield from _data_table(taxonomy, owned, printed)
                if _is_entered(table):
                    yield from ["", "写法：", "", "```toml", *_example(taxonomy, table), "```", ""]


def _data_table(taxonomy: Taxonomy, table: Table, printed: dict[Cell, list[str]]) -> Iterator[str]:
    brackets = "[[{}]]" if table.axis == "records" else "[{}]"
    key = f"{table.owner}.{table.key}" if table.owner else table.key
    entered = _is_entered(table)
    name = f"`{brackets.format(key)}` {table.title}" if entered else f"{table.title}（`{table.id}`，不录入）"
    yield ""
    yield f"{'#####' if table.owner else '####'} {name}"
    yield ""
    yield _rows_words(taxonomy, table, entered)
    if table.note:
        yield ""
        yield table.note
    if table.lines:
        yield from _table(("行", "栏", "名称", "单位", "来源", "必填", "印在"), _line_rows(taxonomy, table, printed))
    else:
        yield from _table(("键", "名称", "单位", "来源", "必填", "印在"), _column_rows(taxonomy, table, printed))


def _is_entered(table: Table) -> bool:
    return any(_entered_lines(table)) if table.lines else bool(table.entered)


def _rows_words(taxonomy: Taxonomy, table: Table, entered: bool) -> str:
    if table.axis == "records":
        least = _nothing(taxonomy, table, "条")
        of = f"属于 `[[{table.owner}]]` 的一条，写在它后面。" if table.owner else ""
        return f"行：逐条增加的记录，一条一段。{of}{least}"
    if table.lines:
        of = f"属于 `[[{table.owner}]]` 的一条，写在它后面。" if table.owner else ""
        return f"行：固定行。{of}" if entered else "行：固定行，全部算出，不录入。"
    level, digits = level_name(table), table.digits
    if not entered:
        others = "、".join(f"`[{other}]`" for other in table.rows_from)
        return f"行：{others} 中的全部科目，全部算出，不录入。"
    kind = "支出功能分类" if table.axis == "functional" else "部门预算支出经济分类"
    above = {3: "合计", 5: "类（3 位）和合计", 7: "类（3 位）、款（5 位）和合计"}[digits]
    more = f"本表只录一个数，写作 `{level}编码 = 金额`。" if len(table.entered) == 1 else ""
    least = _nothing(taxonomy, table, "行")
    first = "2" if table.axis == "functional" else "3"
    return (f"行：{kind}科目的“{level}”，以编码为键（{digits} 位，以 {first} 开头），一{level}一行。"
            f"{above}由{level}汇总，不录入。没有数的{level}不写，没有数的栏不写。{more}{least}")


def _nothing(taxonomy: Taxonomy, table: Table, row: str) -> str:
    """How a source says that there is nothing in a table."""
    gate = table.needed or table.asked
    if table.required and gate is None:
        return f"至少一{row}。"
    where = "在这条记录的 `none` 里注明" if table.owner else "在 `none` 里注明"
    if gate is not None:
        where = f"当{formula_words(taxonomy, gate.text, names=_name)}时，要{where}"
    return f"没有的整张表不写，{where}。"


def _column_rows(taxonomy: Taxonomy, table: Table, printed: dict[Cell, list[str]]) -> Iterator[tuple[str, ...]]:
    for column in table.columns.values():
        places = sorted(printed.get((table.id, "*", column.id), []) + printed.get((table.id, "total", column.id), []),
                        key=lambda place: (not place.startswith("公开"), place if place.startswith("公开") else ""))
        yield (f"`{column.id}`", column.label, _unit(column), _origin(taxonomy, table, "*", column),
               _need(taxonomy, table, column), "、".join(dict.fromkeys(places)))


def _line_rows(taxonomy: Taxonomy, table: Table, printed: dict[Cell, list[str]]) -> Iterator[tuple[str, ...]]:
    single = len(table.columns) == 1
    for line in table.lines.values():
        for column in table.columns.values():
            optional = line.optional or column.optional
            need = "可不填" if optional else _must(taxonomy, table, line.id, column)
            derived = _derived(table, line.id, column.id)
            yield (f"`{line.id}`", "" if single and not table.owner else f"`{column.id}`",
                   line.label if single else f"{line.label}·{column.label}", _unit(column),
                   _origin(taxonomy, table, line.id, column), "" if derived else need,
                   "、".join(printed.get((table.id, line.id, column.id), [])))


def _unit(column: Column) -> str:
    return "取其一：" + " ".join(column.choices) if column.choices else UNITS[column.kind]


def _origin(taxonomy: Taxonomy, table: Table, row: str, column: Column) -> str:
    if not _derived(table, row, column.id):
        return "录入"
    rule = table.rule(row, column.id) if row != "*" else column.rule
    return f"算出：{_formula(taxonomy, table, row, column.id)}" + (f"（{rule}）" if rule else "")


def _asking(taxonomy: Taxonomy, fact: tuple[str, str, str]) -> str:
    """The formats that ask for a fact, where not all of them do: '：山西省部门决算'."""
    formats = [format for format in _formats() if format.taxonomy is taxonomy]
    asking = [format.title for format in formats if fact in reached(format)]
    return "：" + "、".join(asking) if 0 < len(asking) < len(formats) else ""


def _need(taxonomy: Taxonomy, table: Table, column: Column) -> str:
    if column.formula is not None:
        return ""
    if column.default is not None:
        default = str(column.default).lower() if isinstance(column.default, bool) else str(column.default)
        return f"可不填，默认 {default}"
    if table.accounts:
        return "有数才写" if column.kind in NUMBERS else "可不填" if column.optional else "每行必填"
    return "可不填" if column.optional else _must(taxonomy, table, "*", column)


def _must(taxonomy: Taxonomy, table: Table, row: str, column: Column) -> str:
    needed = "必填" + _asking(taxonomy, (table.id, row, column.id))
    return needed + ("（能算出的不填）" if column.spared else "")


def _entered_lines(table: Table) -> Iterator[Line]:
    for line in table.lines.values():
        if any(not _derived(table, line.id, column.id) for column in table.columns.values()):
            yield line


# ── examples of TOML ──

_AMOUNTS = ("120.00", "35.50", "8.16", "60.00", "14.20", "3.75", "2.00")
_CODES = {"functional": ("2101501", "2101599"), "economic": ("30101", "30201")}


def _example(taxonomy: Taxonomy, table: Table) -> Iterator[str]:
    if table.axis == "records":
        yield from _record(taxonomy, table)
        return
    yield f"[{table.key}]"
    if table.accounts:
        for number, code in enumerate(table.examples or _CODES[table.axis]):
            columns = table.entered[:1] if number else table.entered
            yield _line_example(table, code, columns, number, _name(code))
    else:
        yield from _lines_example(table)


def _lines_example(table: Table) -> Iterator[str]:
    for number, line in enumerate(_entered_lines(table)):
        columns = [column for column in table.columns.values() if not _derived(table, line.id, column.id)]
        yield _line_example(table, line.id, columns, number, line.label)


def _line_example(table: Table, row: str, columns: list[Column], number: int, label: str) -> str:
    values = [_value(column, number + place) for place, column in enumerate(columns)]
    if len(table.entered) == 1:
        return commented(f"{row} = {values[0]}", label)
    inside = ", ".join(f"{column.id} = {value}" for column, value in zip(columns, values))
    return commented(f"{row} = {{ {inside} }}", label)


def _record(taxonomy: Taxonomy, table: Table, above: str = "") -> Iterator[str]:
    yield f"[[{above}{table.key}]]"
    for column in table.entered:
        yield f"{column.id} = {_value(column, 0)}"
    for owned in taxonomy.owned(table.id):
        yield ""
        if owned.axis == "records":
            yield from _record(taxonomy, owned, f"{table.key}.")
        else:
            yield f"[{table.key}.{owned.key}]"
            yield from _lines_example(owned)


def _value(column: Column, number: int) -> str:
    if column.kind == "flag":
        return "true" if column.default else "false"
    if column.kind == "choice":
        return quoted(column.choices[0])
    if column.kind == "text":
        return quoted(column.example or "……")
    if column.default is not None:
        return str(column.default)
    return {"amount": _AMOUNTS[number % len(_AMOUNTS)], "count": str(number + 1), "score": "10"}[column.kind]


# ── source-format.md: texts and addresses ──


def prose_keys() -> Iterator[str]:
    """The keys of [prose] of every format."""
    for format in _formats():
        numbers = {block.name: number for number, section in _sections(format) for block in _blocks(section.blocks)
                   if block.kind in ("prose", "inline")}
        yield f"{format.title}（`{format.id}`）：" + format.note
        rows = []
        for prose in format.prose.values():
            need = "可不填" if prose.optional else "必填"
            if prose.when is not None:
                need += f"，仅当{formula_words(format.taxonomy, prose.when.text, names=_name)}"
            rows.append((f"`{prose.id}`", prose.label, prose.guidance, need, numbers[prose.id]))
        yield from _table(("键", "名称", "怎么写", "必填", "印在"), rows)


def prior_addresses() -> Iterator[str]:
    """The prior-year figures that every format asks for."""
    yield from _addresses(("change",), "上年数")


def reason_addresses() -> Iterator[str]:
    """The reasons that every format asks for or takes."""
    yield from _addresses(("because", "remark"), "主要原因")


def _addresses(functions: tuple[str, ...], what: str) -> Iterator[str]:
    for format in _formats():
        yield f"{format.title}（`{format.id}`）："
        rows: dict[str, tuple[str, str, str]] = {}
        for function in functions:
            for ref in told(format, function):
                table = format.taxonomy.tables[ref.table]
                column = "" if ref.column == table.primary else "." + ref.column
                row, label = ref.row, _label(table, ref.row, ref.column)
                need = {"change": "必填", "because": "有增减就必填", "remark": "可不填"}[function]
                if not ref.fixed:
                    row, label = "项编码", f"每一项·{table.columns[ref.column].label}"
                    need = "本年或上年有数的项必填" if function == "change" else need
                address = f'`"{ref.table}.{row}{column}"`'
                rows.setdefault(address, (address, f"{table.title}·{label}", need))
        yield from _table(("地址", what, "必填"), rows.values())


# ── rules.md ──

def relations() -> Iterator[str]:
    """Every rule and every formula with a code, by code."""
    for taxonomy in _taxonomies():
        entries: dict[str, list[list[str]]] = {}
        for code, lines in [*_formula_rules(taxonomy), *_relation_rules(taxonomy)]:
            entries.setdefault(code, []).append(lines)
        yield from ["", f"### {taxonomy.title}（`{taxonomy.id}`）"]
        group = ""
        for code in sorted(entries):
            if code[0] != group:
                group = code[0]
                yield from ["", f"#### {group} {taxonomy.groups[group]}", ""]
            yield f"##### {code}"
            for lines in entries[code]:
                yield from ["", *lines]
            yield ""


def _formula_rules(taxonomy: Taxonomy) -> Iterator[tuple[str, list[str]]]:
    """The codes of formulas: where an official figure contradicts one."""
    formulas: dict[str, list[str]] = {}
    for table in taxonomy.tables.values():
        below = "每一类 = 它的各款之和" + ("，每一款 = 它的各项之和" if table.axis == "functional" else "")
        for code, what in ((table.children_rule, below), (table.total_rule, "合计 = 各类之和")):
            if code:
                formulas.setdefault(code, []).append(f"《{table.title}》各栏：{what}")
        for row in table.lines or ("*",):
            columns = {_formula(taxonomy, table, row, column.id): column for column in table.columns.values()
                       if _derived(table, row, column.id)}
            for words, column in columns.items():
                code = table.rule(row, column.id) if row != "*" else column.rule
                same = sum(_derived(table, row, other) and _formula(taxonomy, table, row, other) == words
                           for other in table.columns) > 1
                label = table.lines[row].label if same else _label(table, row, column.id)
                formula = table.formula(row if row != "*" else "", column.id)
                exact = "（同一个数，逐位相等）" if formula is not None and formula.reference is not None else ""
                if code:
                    formulas.setdefault(code, []).append(f"《{table.title}》{short(label)} = {words}{exact}")
    for code, said in formulas.items():
        yield code, ["公式：", "", *(f"- {text}" for text in dict.fromkeys(said))]


def _relation_rules(taxonomy: Taxonomy) -> Iterator[tuple[str, list[str]]]:
    own = [rule for format in map(load_format, list_formats()) if format.taxonomy is taxonomy
           for rule in further_rules(taxonomy, format.rules_file)]
    for rule in (*taxonomy.rules, *own):
        table = taxonomy.tables[rule.each.table] if rule.each else None
        lines = [f"**{SEVERITIES[rule.severity]}**　{_message(rule.message)}。", ""]
        for check in rule.checks:
            text = f"{check.left.text} {check.operator} {check.right.text}" if check.right else check.left.text
            lines.append(f"- 关系：{_each(rule, table)}{formula_words(taxonomy, text, table, names=_name)}")
        if rule.exact:
            lines.append("- 比较：逐位相等，没有尾差")
        if rule.when is not None:
            lines.append(f"- 前提：{formula_words(taxonomy, rule.when.text, table, names=_name)}")
        lines += [f"- 怎么办：{rule.hint}", f"- 依据：{rule.source}"]
        yield rule.code, lines


def _each(rule: Rule, table: Table | None) -> str:
    if table is None or rule.each is None:
        return ""
    level = level_name(table) if table.accounts else "行"
    rows = {"items": "每一" + level, "classes": "每一类"}.get(rule.each.row, "每一条")
    return f"《{table.title}》{rows}："


def _message(text: str) -> str:
    fields = {"left": "（左数）", "right": "（右数）", "difference": "（差额）", "row": "某科目", "place": "某处"}
    return re.sub(r" ?\{(\w+)\} ?", lambda match: fields[match[1]], text)


# ── manual.md: the keys ──

SCREENS = {
    "editor": "编报", "home": "开始屏", "picker": "选文件", "wizard": "新建", "reading": "审核、解释、预览、帮助",
    "writing": "写文字", "figures": "插入数", "palette": "命令列表",
}


def key_tables() -> Iterator[str]:
    """Every command of every screen with the keys that it has at first."""
    for screen, title in SCREENS.items():
        yield f"### {title}"
        yield from _table(("键", "命令", "名称", "说明"), (
            (" ".join(f"`{key_name(key)}`" for key in command.keys), f"`{command.id}`",
             command.title + ("（编）" if command.changes else ""), command.help)
            for command in default_commands(screen)))


PAGES: dict[str, dict[str, Callable[[], Iterable[str]]]] = {
    "source-format.md": {"printed tables": printed_to_source, "tables": data_tables, "prose": prose_keys,
                         "prior": prior_addresses, "reasons": reason_addresses},
    "rules.md": {"relations": relations},
    "manual.md": {"keys": key_tables},
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
