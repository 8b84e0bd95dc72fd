"""Rules on what the accountant wrote in words: small pure functions from a text to its fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..i18n import _


class TextFault(NamedTuple):
    """What is wrong with a text: the message, the words found, what to do, the rule's source."""

    message: str
    found: str
    hint: str
    source: str


_RESIDUE = re.compile(r"以下模板|仅供参考|可用表格形式反映|请部门根据|请根据实际|（根据[^）]*进行调整）"
                      r"|[ＸX×]{2,}|\{[^{}]*\}|增加（减少）|增长（下降）|【待填")
# Mobile numbers, 18-digit identity numbers and 16 to 19-digit bank accounts: none inside of a
# longer number, none with a fraction, a unit or a percent sign, which makes it an amount.
_PERSONAL = re.compile(r"(?<!\d)(?<!\d\.)(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{16,19})(?![\dXx]|\.\d|\s*[元万亿%％])")
_PAIRS = {"（": "）", "《": "》", "“": "”", "〔": "〕", "【": "】", "「": "」"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
_DOUBLED = re.compile(r"支出支出|(?<!目)的的(?!确)|收入收入|经费经费|，，|。。|、、|；；")
# 1）, a） or ①） before a point of a list needs no partner.
_NUMBERED = re.compile(r"(?:^|(?<=[。；：，、“\s]))(?:\d{1,2}|[a-zA-Z]|[①-⑳])）", re.MULTILINE)
_OLD_NUMBER = re.compile(r"[【\[](?:19|20)\d\d[】\]]\s*第?\d+号")


def residue(text: str) -> TextFault | None:
    """S03: words of a template that should have been replaced."""
    match = _RESIDUE.search(text)
    if match is None:
        return None
    return TextFault(_("words of a template are left over: “{found}”").format(found=match[0]), match[0],
                     _("replace or delete them"), "地方预决算公开操作规程：内容准确")


def personal(text: str) -> TextFault | None:
    """S07: what looks like a mobile number, an identity number or a bank account."""
    match = _PERSONAL.search(text)
    if match is None:
        return None
    found = match[0][:4] + "…"
    return TextFault(_("this looks like a personal number: {found}").format(found=found), found,
                     _("personal data must be removed before publication"), "政府信息公开条例")


def unbalanced(text: str) -> TextFault | None:
    """S08: brackets and quotation marks that do not pair."""
    open_marks: list[str] = []
    numbering = {match.end() - 1 for match in _NUMBERED.finditer(text)}
    for at, mark in enumerate(text):
        if mark in _PAIRS:
            open_marks.append(mark)
        elif mark in _CLOSERS:
            if open_marks and open_marks[-1] == _CLOSERS[mark]:
                open_marks.pop()
            elif at not in numbering:
                return _mark_fault(mark)
    return _mark_fault(open_marks[-1]) if open_marks else None


def _mark_fault(mark: str) -> TextFault:
    return TextFault(_("the mark {found} has no partner").format(found=mark), mark, _("close or remove it"),
                     "标点符号用法（GB/T 15834）")


def doubled(text: str) -> TextFault | None:
    """S08: words or marks said twice, and document numbers in the wrong brackets."""
    match = _DOUBLED.search(text)
    if match is not None:
        once = match[0][:len(match[0]) // 2]
        return TextFault(_("“{found}” stands there twice").format(found=once), once,
                         _("delete one of them"), "标点符号用法（GB/T 15834）")
    match = _OLD_NUMBER.search(text)
    if match is not None:
        return TextFault(_("the year of a document number stands in 〔〕: {found}").format(found=match[0]), match[0],
                         _("write 〔2024〕1号"), "党政机关公文格式（GB/T 9704）")
    return None


TEXT_RULES: list[tuple[str, str, Callable[[str], TextFault | None]]] = [
    ("S03", "warning", residue), ("S07", "error", personal),
    ("S08", "warning", unbalanced), ("S08", "warning", doubled),
]
