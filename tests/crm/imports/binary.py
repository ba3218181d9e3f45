"""The two binary forms of workbooks in their least: .xls (and WPS's .et, the same inside) and .xlsb."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

SECTOR = 512
# Formula errors: in every second row what a formula gave, in the others a value of their own.
ERROR_CODES = {
    "#DIV/0!": 0x07,
    "#VALUE!": 0x0F,
    "#REF!": 0x17,
    "#NAME?": 0x1D,
    "#NUM!": 0x24,
    "#N/A": 0x2A,
    "#NULL!": 0,
}
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(rows: Sequence[Sequence[Any]], *, size: tuple[int, int] | None = None, before: bytes = b"") -> bytes:
    """BIFF8 in its container. ``size`` is what the sheet says of its rows and columns; ``before`` goes first."""
    return container("Workbook", xls_stream(rows, size=size, before=before))


def xls_stream(
    rows: Sequence[Sequence[Any]], *, size: tuple[int, int] | None = None, before: bytes = b"", cells: bytes = b""
) -> bytes:
    height, width = size or (len(rows), max(map(len, rows), default=0))
    sheet = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += biff(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    for number, row in enumerate(rows):
        sheet += b"".join(_xls_cell(number, column, value) for column, value in enumerate(row) if value is not None)
    sheet += cells + biff(0x000A, b"")
    start = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + before
    name = "名单".encode("utf-16-le")
    size_of_rest = 4 + 4 + 1 + 1 + 2 + len(name) + 4
    offset = len(start) + size_of_rest
    listed = biff(0x0085, struct.pack("<IBBBB", offset, 0, 0, 2, 1) + name)
    return start + listed + biff(0x000A, b"") + sheet


def _xls_cell(row: int, column: int, value: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if value in ERROR_CODES and row % 2:
        return biff(0x0006, place + struct.pack("<BBBBBBH", 2, 0, ERROR_CODES[value], 0, 0, 0, 0xFFFF) + bytes(8))
    if value in ERROR_CODES:
        return biff(0x0205, place + bytes([ERROR_CODES[value], 1]))
    if isinstance(value, str):
        return biff(0x0204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return biff(0x0203, place + struct.pack("<d", value))


def biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def container(name: str, stream: bytes) -> bytes:
    """A compound file of one stream, kept long enough for ordinary sectors."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // SECTOR)
    per_sector = SECTOR // 4
    tables = -(-(sectors + 2) // (per_sector - 1))
    chain = [FAT] * tables + [END] + [*range(tables + 2, tables + 1 + sectors), END]
    chain += [FREE] * (tables * per_sector - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    root = _entry("Root Entry", 5, END, 0, child=1)
    directory = (root + _entry(name, 2, tables + 1, len(stream))).ljust(SECTOR, b"\0")
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream.ljust(sectors * SECTOR, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


def xlsb(rows: Sequence[Sequence[Any]]) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    sheet = _brt(129) + _brt(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + _brt(145)
    for number, row in enumerate(rows):
        sheet += _brt(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if value in ERROR_CODES:
                code = bytes([ERROR_CODES[value]])
                sheet += _brt(11, place + code + bytes(12)) if number % 2 else _brt(3, place + code)
            elif isinstance(value, str):
                sheet += _brt(6, place + _wide(value))
            elif value is not None:
                sheet += _brt(5, place + struct.pack("<d", value))
    sheet += _brt(146) + _brt(130)
    listed = _brt(131) + _brt(143) + _brt(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("名单"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", listed + _brt(144) + _brt(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{relations}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _brt(kind: int, body: bytes = b"") -> bytes:
    return _varying(kind) + _varying(len(body)) + body


def _varying(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)
