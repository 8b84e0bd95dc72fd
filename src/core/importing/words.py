"""Words of workbooks: titles, headers and row labels as they are written by many hands, made comparable.

Accounting systems and people write one label in many ways: with full-width spaces, line breaks,
numbers before it (一、 （一） 1. ①), 其中： and units behind it. `plain` takes off what carries no meaning.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

FACTORS = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "百万元": Decimal(1000000),
           "亿元": Decimal(100000000)}
"""How many 元 the units are in which workbooks state amounts."""

_FOLDED = str.maketrans(
    "０１２３４５６７８９（）［］｛｝：，．；／－—–−~～“”„＂‘’＇％【】〔〕",
    "0123456789()()():,.;/----~~\"\"\"\"'''%()()")
_SPACES = re.compile(r"[\s\u3000\u00a0\u200b\ufeff|_]+")
_NUMBERING = re.compile(
    r"(?:[一二三四五六七八九十]{1,4}[、,.．:]|\([一二三四五六七八九十]{1,4}\)|\d{1,2}[.、．](?!\d)|\(\d{1,2}\)|\d{1,2}\)"
    r"|[\u2460-\u2473]|[-*·•]+)")
_UNIT = re.compile(r"\((?:万元|元|千元|亿元|辆|台|套|台、套|台\(套\)|台套|个|人|次|人次|批次|户|%|单位:[^()]*)\)")
_BRACKETS = re.compile(r"\([^()]*\)")
_UNIT_LINE = re.compile(r"(?:金额)?单位[:：]?(?:人民币)?(百万元|千元|万元|亿元|元)")
_UNIT_IN_HEADER = re.compile(r"\((?:单位[:：]?)?(千元|万元|亿元|元)\)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?:度|度)?")
_DEPARTMENT = re.compile(r"(?:部门|单位名称|编制单位|编报单位|填报单位|单位)[:：](.+)")
_TITLE_PREFIX = re.compile(r"(?:(?:附?表|附件|公开表?|预算公开表?)[0-9一二三四五六七八九十-]+[:、.]?)")
_TITLE_SUFFIX = re.compile(r"\((?:公开|财决|预算|附|续|共|表)[^()]*\)")
_OF_WHICH = re.compile(r"(?:其中|其 中)[:,]?")

_NOTES = frozenset("注备说填编单制财审")
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|编制说明|单位负责人|填表人|制表人|财务负责人|审核人)[:：\d一、.]")

BLANKS = frozenset(("", "-", "--", "---", "—", "——", "/", "…", "……", "无", "*", "**", "***", "x", "X", "×"))
"""What is written into a cell that holds no figure."""


def folded(text: str) -> str:
    """A text with half-width signs and without any space."""
    return _SPACES.sub("", text.translate(_FOLDED)) if text else ""


@lru_cache(8192)
def plain(text: str) -> str:
    """A label without numbering, 其中：, units in brackets and marks: what two hands would write alike."""
    word = folded(text)
    while True:
        shorter = _OF_WHICH.sub("", word, count=1) if _OF_WHICH.match(word) else word
        numbered = _NUMBERING.match(shorter)
        if numbered and len(shorter) > numbered.end():
            shorter = shorter[numbered.end():]
        if shorter == word:
            break
        word = shorter
    return _UNIT.sub("", word).replace('"', "").strip(":;,.、。*'")


@lru_cache(8192)
def bare(text: str) -> str:
    """A plain label without anything in brackets, for labels that differ just there."""
    word = plain(text)
    shorter = _BRACKETS.sub("", word)
    return shorter or word


class Title(NamedTuple):
    """A table's title taken apart: the words that name it, and the year it states (0: none)."""

    name: str
    year: int


def title_of(text: str, department: str = "") -> Title:
    """A title without year, department, table number and brackets."""
    word = folded(text)
    year = _YEAR.search(word)
    if year is not None:  # the department, if any, stands before the year
        word = word[year.end():] if word[year.end():] else word[:year.start()]
    department = folded(department)
    if department and word.startswith(department) and len(word) > len(department):
        word = word[len(department):]
    prefix = _TITLE_PREFIX.match(word)
    if prefix and len(word) > prefix.end():
        word = word[prefix.end():]
    word = _TITLE_SUFFIX.sub("", word)
    word = _NUMBERING.sub("", word, count=1) if _NUMBERING.match(word) else word
    return Title(word.replace('"', ""), int(year[1]) if year else 0)


def year_of(text: str) -> int:
    """The year that a frame line states; 0 for none."""
    found = _YEAR.search(folded(text))
    return int(found[1]) if found else 0


def unit_of(text: str) -> str:
    """The unit that a line states (单位：万元); '' for none."""
    word = folded(text)
    found = _UNIT_LINE.search(word) or _UNIT_IN_HEADER.search(word)
    return found[1] if found else ""


def department_of(text: str) -> str:
    """The department that a frame line states (部门：…); '' for none."""
    if "万元" in text or "单位：元" in text.replace(":", "："):
        return ""
    found = _DEPARTMENT.match(text.strip())
    if found is None:
        return ""
    name = re.split(r"[\s\u3000]{2,}|\s*20\d\d\s*年", found[1].strip())[0].strip()
    return "" if name in FACTORS else name


def is_frame(text: str) -> bool:
    """Is it a line of the frame around a table (部门：…, 单位：万元, 公开01表, 2024年度), not of its header?"""
    word = folded(text)
    return bool(_UNIT_LINE.search(word) or re.match(r"(?:部门|编制单位|编报单位|填报单位|单位名称)[:：]", word)
                or code_of(word) or re.fullmatch(r"\(?20\d\d年度?\)?", word) or re.match(r"(?:附件|续表)", word))


_CODE = re.compile(r"(财决公开|财决附|财决|公开)0*(\d{1,2}(?:[-_.]\d)?)表?")


def code_of(text: str) -> str:
    """The official number that a text holds, in one form: 财决08-1, 财决附3, 公开1; '' for none."""
    found = _CODE.search(folded(text))
    if found is None or ("表" not in folded(text) and len(folded(text)) > 12):
        return ""
    family = "公开" if found[1] == "财决公开" else found[1]
    return family + re.sub(r"[_.]", "-", found[2])


def code_text(code: str) -> str:
    """An official number as it is printed: 公开1 is 公开01表."""
    return re.sub(r"(?<![\d-])(\d)(?=\D|$)", r"0\1", code, count=1) + "表" if code else ""


def is_note(text: str) -> bool:
    """Does a row begin with such a text that stands under a table?"""
    if text.lstrip()[:1] not in _NOTES:
        return False
    return bool(_NOTE.match(folded(text)))
