"""Sources that hold nothing but what they say."""

from __future__ import annotations

import re
import tomllib

from juesuan.core.formats import load_format
from juesuan.core.source import Source, filled_rows
from juesuan.core.taxonomy import Table


def nothing_else(text: str, *kept: str) -> str:
    """The text of a source that states of every table but the `kept` ones that there is nothing in it besides
    what the text says: of accounts and records where there are none, of fixed lines in any case."""
    data = tomllib.loads(text)
    tables = load_format(data["report"]["format"]).taxonomy.tables
    keys = [table.key for table in tables.values()
            if not table.owner and table.entered and table.key not in kept and _is_filled(table)
            and (table.lines or not any(data.get(table.key) or ()))]
    return re.sub(r"(?m)^\[report\]$", f"[report]\nnone = {keys}".replace("'", '"'), text, count=1)


def _is_filled(table: Table) -> bool:
    return not table.lines or any(
        table.formula(line, column.id) is None for line in table.lines for column in table.entered)


def stated(source: Source) -> Source:
    """The source, where nothing is asked for any more: what it does not hold there is none of."""
    filled = filled_rows(source)
    for table in source.taxonomy.tables.values():
        rows = filled.get(table.id, set()) if table.accounts else source.rows.get(table.id, ())
        owners = source.rows[table.owner] if table.owner else [""]
        for owner in owners:
            if table.lines or not any(row.rpartition("/")[0] == owner for row in rows):
                source.absent.setdefault((table.id, owner), ())
    return source
