"""Formula errors (#N/A, #REF! …) of .xls, .xlsb and .ods, which the reader of workbooks gives out as empty cells.

Asked after a file was read, and looked for only where a sign says that there may be one. What is not understood here is
passed over: the file is read all the same.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import TypeAlias

from crm.imports.compound import stream_of
from crm.imports.sheets import MAX_COLUMNS, MAX_ROWS

# Name of the sheet → (row, column) from 0 → what the cell shows.
Errors: TypeAlias = dict[str, dict[tuple[int, int], str]]

# Nobody looks through more; a few letters can say "this error, in a million cells".
MOST_ERRORS = 50_000
MOST_BYTES = 200 * 1024 * 1024
CHUNK = 1024 * 1024
LONGEST_ROW = 16 * CHUNK
ERROR_SAID = b'value-type="error"'
_TEXTS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_CODES = b"[\x00\x07\x0f\x17\x1d\x24\x2a]"

_XLS_SIGN = re.compile(
    b"\x05\x02\x08\x00.{6}" + _CODES + b"\x01|\x06\x00.{2}.{6}\x02." + _CODES + b".{3}\xff\xff", re.DOTALL
)
_NO_NUMBER = b"\xff\xff"
_BEGIN, _END, _SHEET, _VALUE, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006

_XLSB_SIGN = re.compile(b"(?:\x03\x09|\x0b.{1,2}).[\x00\x01]\x00\x00.{3}[\x00\x01]" + _CODES, re.DOTALL)
_BRT_ROW, _BRT_VALUE, _BRT_FORMULA, _BRT_SHEET = 0, 3, 11, 156
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")

# Possessive: a quotation mark without its fellow must not make the search try every way to read the rest.
_TAG = rb'(?:[^>"]++|"[^"]*+")*+'
_ODS_PLACE = re.compile(rb"<table:table(-row)?(?=[\s/>])(" + _TAG + rb")>")
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])(" + _TAG + rb")>")
_ODS_TEXT = re.compile(rb"<text:p[^>]*>(.*?)</text:p>", re.DOTALL)
_ODS_MARK = re.compile(rb"<[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:-]+)\s*=\s*"([^"]*)"')


def of_xls(content: bytes) -> Errors:
    """Those of a compound file; none where it is not understood."""
    try:
        stream = stream_of(content, "Workbook", "Book")
        return _of_biff(stream) if _XLS_SIGN.search(stream) else {}
    except (ValueError, struct.error):
        return {}


def _of_biff(stream: bytes) -> Errors:
    found: Errors = {}
    for kind, start, size in _biff_records(stream, 0):
        if kind == _SHEET and size > 8:
            at, _, length, is_wide = struct.unpack_from("<IHBB", stream, start)
            name = stream[start + 8 : start + 8 + length * (2 if is_wide else 1)]
            found[name.decode("utf-16-le" if is_wide else "latin-1", "replace")] = _of_biff_sheet(stream, at)
    return found


def _of_biff_sheet(stream: bytes, at: int) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for kind, start, size in _biff_records(stream, at):
        code = None
        if kind == _VALUE and size >= 8 and stream[start + 7] == 1:
            code = stream[start + 6]
        elif (
            kind == _FORMULA
            and size >= 14
            and stream[start + 6] == 2
            and stream[start + 12 : start + 14] == b"\xff\xff"
        ):
            code = stream[start + 8]
        if code in _TEXTS and len(found) < MOST_ERRORS:
            found[struct.unpack_from("<HH", stream, start)] = _TEXTS[code]
    return found


def _biff_records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its body begins, length of it) up to the end of the part that begins here, charts inside it too."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            return
        yield kind, at + 4, size
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        at += 4 + size


def of_zip(archive: zipfile.ZipFile) -> Errors:
    """Those of .xlsb and .ods."""
    names = archive.namelist()
    try:
        if "content.xml" in names:
            with archive.open("content.xml") as member:
                return _of_ods(iter(lambda: member.read(CHUNK), b""))
        return _of_xlsb(archive) if "xl/workbook.bin" in names else {}
    except (KeyError, ValueError, struct.error, IndexError):
        return {}


def _of_xlsb(archive: zipfile.ZipFile) -> Errors:
    found: Errors = {}
    for name, member in _xlsb_sheets(archive):
        if archive.getinfo(member).file_size <= MOST_BYTES:
            content = archive.read(member)
            found[name] = _of_brt(content) if _XLSB_SIGN.search(content) else {}
    return found


def _xlsb_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace")):
        said = dict(_ATTRIBUTE.findall(relation))
        target = said.get("Target", "")
        targets[said.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    book = archive.read("xl/workbook.bin")
    for kind, start, _ in _brt_records(book):
        if kind == _BRT_SHEET:
            relation, after = _wide(book, start + 8)
            if relation in targets:
                yield _wide(book, after)[0], targets[relation]


def _wide(content: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * struct.unpack_from("<I", content, at)[0]
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def _of_brt(content: bytes) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    row = 0
    for kind, start, _ in _brt_records(content):
        if kind == _BRT_ROW:
            (row,) = struct.unpack_from("<I", content, start)
        elif (
            kind in (_BRT_VALUE, _BRT_FORMULA) and (text := _TEXTS.get(content[start + 8])) and len(found) < MOST_ERRORS
        ):
            found[row, struct.unpack_from("<I", content, start)[0]] = text
    return found


def _brt_records(content: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at + 1 < len(content):
        kind, at = _varying(content, at)
        size, at = _varying(content, at)
        yield kind, at, size
        at += size


def _varying(content: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80 or shift > 28:
            return number, at


def _of_ods(chunks: Iterator[bytes]) -> Errors:
    found: Errors = defaultdict(dict)
    name, row = "", 0
    for place, inside in _ods_places(chunks):
        said = _said(place[2])
        if not place[1]:
            name, row = unescape(said.get("table:name", "")), 0
            continue
        again = int(said.get("table:number-rows-repeated", "1"))
        if ERROR_SAID in inside:
            _note_ods_row(found[name], range(row, min(row + again, MAX_ROWS)), inside)
        row += again
    return found


def _ods_places(chunks: Iterator[bytes]) -> Iterator[tuple[re.Match[bytes], bytes]]:
    """Where sheets and rows begin, each with what stands up to the next."""
    kept = b""
    for chunk in chunks:
        kept += chunk
        begun: re.Match[bytes] | None = None
        for place in _ODS_PLACE.finditer(kept):
            if begun:
                yield begun, kept[begun.end() : place.start()]
            begun = place
        kept = kept[begun.start() :] if begun else kept[-CHUNK:]
        if len(kept) > LONGEST_ROW:
            return
    if last := _ODS_PLACE.match(kept):
        yield last, kept[last.end() :]


def _note_ods_row(found: dict[tuple[int, int], str], rows: range, inside: bytes) -> None:
    column = 0
    for cell in _ODS_CELL.finditer(inside):
        again = int(_said(cell[1]).get("table:number-columns-repeated", "1"))
        if ERROR_SAID in cell[1]:
            text = _ods_text(inside, cell.end())
            places = ((row, at) for row in rows for at in range(column, min(column + again, MAX_COLUMNS)))
            found.update((place, text) for place in islice(places, MOST_ERRORS - len(found)))
        column += again
        if column >= MAX_COLUMNS:
            return


def _ods_text(inside: bytes, at: int) -> str:
    shown = _ODS_TEXT.search(inside, at, max(inside.find(b"</table:table-cell", at), at))
    return unescape(_ODS_MARK.sub(b"", shown[1]).decode("utf-8", "replace")) if shown else "#VALUE!"


def _said(attributes: bytes) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(attributes.decode("utf-8", "replace")))
