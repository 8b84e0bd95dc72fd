"""The parts of a Word document in one file, with the same bytes for the same parts."""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file can tell: no clock is read


class Member(NamedTuple):
    """A part that the text refers to: its name under word/, its kind ('STYLES', 'FOOTER', …), the
    name by which the text calls it, its XML."""

    name: str
    kind: str
    id: str
    xml: str


_TYPES = {
    "STYLES": CONTENT_TYPE.WML_STYLES, "SETTINGS": CONTENT_TYPE.WML_SETTINGS, "FOOTER": CONTENT_TYPE.WML_FOOTER,
    "HEADER": CONTENT_TYPE.WML_HEADER,
    "FONT_TABLE": CONTENT_TYPE.WML_FONT_TABLE, "CHART": CONTENT_TYPE.DML_CHART,
    "THEME": CONTENT_TYPE.OFC_THEME,
}  # fmt: skip


def package(document: str, properties: str, members: list[Member]) -> bytes:
    """The bytes of a document: its text, its core properties, the parts that the text refers to."""
    whole = Package()
    main = Part(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, document.encode(), whole)
    whole.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    about = Part(PackURI("/docProps/core.xml"), CONTENT_TYPE.OPC_CORE_PROPERTIES, properties.encode(), whole)
    whole.relate_to(about, RELATIONSHIP_TYPE.CORE_PROPERTIES)
    for member in members:
        part = Part(PackURI(f"/word/{member.name}"), _TYPES[member.kind], member.xml.encode(), whole)
        main.load_rel(getattr(RELATIONSHIP_TYPE, member.kind), part, member.id)
    written = BytesIO()
    whole.save(written)
    return _without_dates(written)


def _without_dates(file: BytesIO) -> bytes:
    """The same archive, its members dated alike."""
    dated = BytesIO()
    with ZipFile(file) as old, ZipFile(dated, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, _EPOCH)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return dated.getvalue()
