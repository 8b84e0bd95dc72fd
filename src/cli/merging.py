"""juesuan merge: a department's source out of its units' sources."""

from __future__ import annotations

import argparse
import os

from ..core.i18n import _
from .command import ERRORS, OK, UNREADABLE, add_catalogue, add_command, say

TYPE_CHECKING = False  # as typing has it, whose import would take a good part of --help
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


def add_merge(commands: Any) -> None:
    merge = add_command(commands, "merge", _merge, _("add up the sources of units"), _(
        "Writes the source of a department: the sums of its units' figures, without the transfers between them, and "
        "their records one after the other; texts and reasons are left to the department. A unit that does not fit "
        "(another year or format, errors) is named and nothing is written, unless --skip leaves it out. The order of "
        "the files does not matter, and merged sources can be merged again. Exit code 0: it is written; 1: a unit does "
        "not fit; 2: the file could not be written."), _(
        "Example:\n  juesuan merge 本级.toml 中心.toml -o 部门.toml --department 青禾县科学技术协会"))
    merge.add_argument("files", nargs="+", metavar=_("UNIT"), help=_("source files of units, or merged ones"))
    merge.add_argument("-o", "--output", required=True, metavar=_("DEPARTMENT"), help=_("the source file to write"))
    merge.add_argument("--department", default="", metavar=_("NAME"), help=_(
        "the department's full name (default: of the unit that is called 本级)"))
    merge.add_argument("--unit", choices=("万元", "元"), default="", help=_(
        "unit of the amounts (default: the finest one of the units)"))
    merge.add_argument("--prior", default="", metavar=_("FILE"), help=_(
        "last year's source of the department, relative to DEPARTMENT (default: last year's figures of the units are "
        "added up)"))
    merge.add_argument("--skip", action="store_true", help=_("leave out the units that do not fit"))
    merge.add_argument("--overwrite", action="store_true", help=_("write over a file that is there already"))
    add_catalogue(merge)


def _merge(options: argparse.Namespace) -> int:
    from ..core.disk import LIMIT
    from ..core.merging.merge import merge
    from ..core.source import check_line, located
    from ..core.storage import StorageError, save

    output = options.output
    if os.path.realpath(output) in {os.path.realpath(file) for file in options.files}:
        say(_("{out} is one of the units: it is not overwritten").format(out=output))
        return UNREADABLE
    if os.path.lexists(output) and not options.overwrite:
        say(_("{out} is there already: name another file, or write over it with --overwrite").format(out=output))
        return UNREADABLE
    try:
        department, prior = check_line(options.department), check_line(options.prior)
    except ValueError as error:
        say(str(error))
        return UNREADABLE
    outcome = merge(options.files, output, department=department, unit=options.unit, prior=prior,
                    skip=options.skip, catalogue=options.catalogue, spread=_in_workers)
    for refused in outcome.refused:
        say(located(refused.file, None, refused.message))
    if not outcome.text:
        say(_("nothing is written: {count} sources do not fit; mend them, or leave them out with --skip").format(
            count=len(outcome.refused)))
        return ERRORS
    data = outcome.text.encode()
    if len(data) > LIMIT:
        say(_("nothing is written: the source would have {size} MiB, and none is read that has more than {limit}; "
              "merge fewer units").format(size=len(data) >> 20, limit=LIMIT >> 20))
        return ERRORS
    try:
        remarks: list[str] = []
        save(output, outcome.text, None if options.overwrite else "", remarks=remarks)
    except StorageError as error:
        say(located(output, error.line, error.message))
        return UNREADABLE
    for remark in (*outcome.remarks, *remarks):
        say(remark)
    say(_("{out}: {units} units; complete it, then: juesuan check {out}").format(out=output, units=outcome.units))
    return OK


def _in_workers(run: Callable[[Any], Any], jobs: list[Any]) -> Iterator[Any]:
    from ..core.batch import spread
    from ..core.merging.unit import lost

    return spread(run, jobs, lost, _("merging"))
