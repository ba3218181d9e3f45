"""Bytes to sheets of plain cells. Refuses what is not a readable table with one clear sentence.

Which row is the header and what the columns mean is decided elsewhere (``headers.py``, ``mapping.py``).
A formula's error (#N/A) comes out of the workbook reader as an empty cell. In .xlsx archive.py finds it in the XML, in
.xls, .xlsb and .ods formula_errors.py does; both put it back.
"""

import io
import re
import struct
import zipfile
from collections.abc import Iterable
from itertools import islice

from crm.imports.apart import GoOn, blocks_apart, whatever_comes
from crm.imports.archive import Contents, look_into
from crm.imports.cells import Cell
from crm.imports.errors import ImportFileError
from crm.imports.formula_errors import Errors, of_xls, of_zip
from crm.imports.sheets import Sheet, Tally, trimmed
from crm.imports.text_tables import read_text
from crm.imports.workbook import DAMAGED, LOCKED, ROWS_AT_ONCE, UNFOLDS_TOO_FAR, Block, blocks, collect, sharing

MEGABYTE = 1024 * 1024
MAX_BYTES = 40 * MEGABYTE
# Text is not packed: a list of 100 000 firms with all columns has some 70 MB.
MAX_TEXT_BYTES = 120 * MEGABYTE
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
ACCEPTED_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", *TEXT_SUFFIXES)
# What holds no more than this, whatever it says of itself, is read at once; the rest in a process of its own.
SMALL_CELLS, SMALL_TEXT = 100_000, 100_000_000
LARGE_UNZIPPED = 60 * MEGABYTE

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The record of a sheet's size in .xls: first and last row, first and last column.
_XLS_SIZE = re.compile(rb"\x00\x02\x0e\x00(.{14})", re.DOTALL)
_XLS_SIZE_UNKNOWN = b"\x00\x02\x0e\x00" + bytes(14)
MODEST_SIZE = 2_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# In .xls the beginning of the workbook, at most a write protection, and then the record of how it is encrypted.
_XLS_ENCRYPTED = re.compile(rb"\x09\x08(?:\x10\x00.{16}|\x08\x00.{8})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_NOT_TABLES = {
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"%PDF": " PDF 文件",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}


def read_file(content: bytes, filename: str, go_on: GoOn = whatever_comes) -> list[Sheet]:
    """All sheets that hold anything, visible ones first. Raises ``ImportFileError``, and what ``go_on`` raises."""
    _check_size(content)
    for magic, what in _NOT_TABLES.items():
        if content.startswith(magic):
            raise ImportFileError(f"这是{what}，不是表格。请上传 Excel、WPS 表格或 CSV 文件")
    if content.startswith(b"PK"):
        sheets = _read_archive(content, go_on)
    elif content.startswith(_OLE):
        if _ENCRYPTED in content or _XLS_ENCRYPTED.search(content):
            raise ImportFileError(LOCKED)
        sheets = collect(blocks_apart(_without_false_sizes(content), go_on))
        _show(of_xls(content), sheets)
    else:
        sheets = [Sheet(filename.rsplit("/", 1)[-1], _read_rows(content, go_on))]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise ImportFileError("文件里没有内容，请检查是否保存了数据")
    return sheets


def trouble_with_size(filename: str, size: int) -> str:
    """Why a file of this name need not be looked into, "" when it may be."""
    limit = MAX_TEXT_BYTES if filename.lower().endswith(TEXT_SUFFIXES) else MAX_BYTES
    return _too_large(limit) if size > limit else ""


def _too_large(limit: int) -> str:
    return f"文件超过 {limit // MEGABYTE} MB，请拆成几个文件，或另存为 .xlsx 再上传"


def _check_size(content: bytes) -> None:
    if not content[:1_000_000].strip(b"\x00\r\n\t "):
        raise ImportFileError("文件是空的，请重新选择")
    limit = MAX_BYTES if content.startswith((b"PK", _OLE)) else MAX_TEXT_BYTES
    if len(content) > limit:
        raise ImportFileError(_too_large(limit))


def _read_rows(content: bytes, go_on: GoOn) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    every = Tally().counted(trimmed(read_text(content)))
    while part := list(islice(every, ROWS_AT_ONCE)):
        rows += sharing(part)
        go_on()
    return rows


def _without_false_sizes(content: bytes) -> bytes:
    """Some .xls say of every sheet that it is full; the reader would make room for all of it."""
    return _XLS_SIZE.sub(lambda found: found[0] if _is_modest(found[1]) else _XLS_SIZE_UNKNOWN, content)


def _is_modest(size: bytes) -> bool:
    first, last, left, right = struct.unpack("<IIHHxx", size)
    return not (first <= last and left <= right and (last - first) * (right - left) > MODEST_SIZE)


def _read_archive(content: bytes, go_on: GoOn) -> list[Sheet]:
    contents = look_into(content, go_on)
    try:
        sheets = collect(_blocks(content, contents, go_on))
    except ImportFileError as error:
        # Repeated too often, an OpenDocument sheet is taken for none at all.
        raise ImportFileError(UNFOLDS_TOO_FAR) if contents.is_far and str(error) == DAMAGED else error from None
    contents.annotate(sheets)
    if contents.may_hide_errors:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _show(of_zip(archive), sheets)
    return sheets


def _show(found: Errors, sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        sheet.show(found.get(sheet.name, {}))


def _blocks(content: bytes, contents: Contents, go_on: GoOn) -> Iterable[Block]:
    if contents.sheets and not contents.is_far and contents.cells <= SMALL_CELLS and contents.most_text <= SMALL_TEXT:
        return blocks(content)
    return blocks_apart(content, go_on, is_large=contents.unzipped > LARGE_UNZIPPED)
