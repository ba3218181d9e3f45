"""Workbooks made by hand from the XML of their parts, for what no honest program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from itertools import repeat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"


def workbook(
    parts: Mapping[str, Iterable[bytes]], *, sheets: int = 1, main: str = MAIN, links: str = LINKS, more: str = ""
) -> bytes:
    """``parts`` in pieces, so that a bomb need not be held in memory by who makes it."""
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{links}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    related += "".join(
        f'<Relationship Id="{name}" Type="{links}/{name}" Target="{name}.xml"/>'
        for name in ("sharedStrings", "styles")
        if f"xl/{name}.xml" in parts
    )
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{CONTENT_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}">{more}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in written.items():
            archive.writestr(name, text)
        for name, pieces in parts.items():
            with archive.open(name, "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
    return buffer.getvalue()


def sheet(rows: bytes, times: int = 1, *, main: str = MAIN, after: bytes = b"") -> Iterable[bytes]:
    yield f'<worksheet xmlns="{main}"><sheetData>'.encode()
    yield from repeat(rows, times)
    yield b"</sheetData>" + after + b"</worksheet>"


def strings(items: bytes, times: int = 1) -> Iterable[bytes]:
    yield f'<sst xmlns="{MAIN}">'.encode()
    yield from repeat(items, times)
    yield b"</sst>"
