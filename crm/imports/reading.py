"""Bytes to sheets of plain cells. Refuses what is not a readable table with one clear sentence.

Which row is the header and what the columns mean is decided elsewhere (``headers.py``, ``mapping.py``).
"""

import csv
import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from crm.imports.cells import Cell, text_of
from crm.imports.errors import ImportFileError

MAX_BYTES = 20 * 1024 * 1024
MAX_UNZIPPED_BYTES = 300 * 1024 * 1024
MAX_CELLS = 3_000_000
MAX_GRID = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_SHEETS = 60
BLANK_ROWS_TO_STOP = 50
ACCEPTED_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".csv", ".txt", ".tsv")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NOT_TABLES = {
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"%PDF": "PDF 文件",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
_BAD_QUOTES = f"CSV 文件的引号或分隔符有误。{_SAVE_AS}"
_SCATTERED = "工作表很远的地方有零散内容。请只复制有数据的部分到新表再上传"
_DAMAGED = f"文件已损坏或不是表格，无法打开。{_SAVE_AS}"
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*(?<!/)>')
_FAR_AWAY = re.compile(rb'\br="(?:[A-Z]{3}\d|[A-Z]*\d{5,})')
_ODS_ROW = re.compile(rb"<table:table-row([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)(?<!/)>")
_ODS_ROWS_REPEATED = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_ODS_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_IN_QUOTES = re.compile(r'"[^"]*"')
_WRAPPED = re.compile(r'(?m)(^|[,\t;])="([^"\n]*)"(?=[,\t;\r\n]|$)')


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[0]`` is row 1 of the sheet as Excel numbers it."""

    name: str
    rows: list[list[Cell]]


def read_file(content: bytes, filename: str) -> list[Sheet]:
    """All sheets that hold anything, visible ones first. Raises ``ImportFileError``."""
    _check_size(content)
    for magic, what in _NOT_TABLES.items():
        if content.startswith(magic):
            raise ImportFileError(f"这是{what}，不是表格。请上传 Excel、WPS 表格或 CSV 文件")
    if content.startswith(b"PK") or content.startswith(_OLE):
        sheets = _read_workbook(content)
    else:
        sheets = [Sheet(filename.rsplit("/", 1)[-1], list(_trimmed(_read_csv(content))))]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise ImportFileError("文件里没有内容，请检查是否保存了数据")
    return sheets


def _check_size(content: bytes) -> None:
    if not content.strip(b"\x00\r\n\t "):
        raise ImportFileError("文件是空的，请重新选择")
    if len(content) > MAX_BYTES:
        raise ImportFileError(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆成几个文件")


def _read_workbook(content: bytes) -> list[Sheet]:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise ImportFileError("文件设有打开密码，请去掉密码后另存再上传")
    else:
        _check_archive(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return _read_sheets(book)
    except CalamineError as error:
        if "assword" in str(error):
            raise ImportFileError("文件设有打开密码，请去掉密码后另存再上传") from None
        raise ImportFileError(_DAMAGED) from None


def _check_archive(content: bytes) -> None:
    """Sizes as declared first, then every member read once: a lying size fails its checksum."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(entry.flag_bits & 0x1 for entry in archive.infolist()):
                raise ImportFileError("压缩内容设有密码，请去掉密码后再上传")
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNZIPPED_BYTES:
                raise ImportFileError("文件解压后过大，可能含有大量空白格式。请只复制有数据的部分到新表再上传")
            if not any(name.startswith(("xl/", "content.xml")) for name in names):
                raise ImportFileError("这是压缩包或文档，不是表格。请解压后上传其中的 Excel 文件")
            if archive.testzip() is not None:
                raise ImportFileError(_DAMAGED)
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(archive.read(name))
                elif name == "content.xml":
                    _check_repeats(archive.read(name))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise ImportFileError(_DAMAGED) from None


def _check_extent(xml: bytes) -> None:
    """The reader fills the rectangle up to the last filled cell; one stray cell can make it huge."""
    if not _FAR_AWAY.search(xml):
        return
    last_row, last_column = 0, 0
    for found in _FILLED_CELL.finditer(xml):
        last_row = max(last_row, int(found[2]))
        last_column = max(last_column, _column_number(found[1]))
    if last_row * last_column > MAX_GRID:
        raise ImportFileError(_SCATTERED)


def _check_repeats(xml: bytes) -> None:
    """An .ods file says "this row a million times" in a few bytes."""
    rows, columns = 0, 0
    for attributes, body in _ODS_ROW.findall(xml):
        cells = _ODS_CELL.findall(body)
        if cells:
            rows += _repeats(_ODS_ROWS_REPEATED, attributes)
            columns = max(columns, sum(_repeats(_ODS_COLUMNS_REPEATED, cell) for cell in cells))
    if rows * columns > MAX_GRID:
        raise ImportFileError(_SCATTERED)


def _repeats(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_sheets(book: CalamineWorkbook) -> list[Sheet]:
    sheets, cells = [], 0
    listed = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    listed.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    for metadata in listed[:MAX_SHEETS]:
        source = book.get_sheet_by_name(metadata.name)
        if source.start is None:
            continue
        rows = list(_trimmed(source.iter_rows()))
        cells += sum(map(len, rows))
        if cells > MAX_CELLS:
            raise ImportFileError(f"表格超过 {MAX_CELLS // 10000} 万个单元格，请拆成几个文件")
        sheets.append(Sheet(metadata.name, rows))
    return sheets


def _trimmed(rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    """Plain cells up to the last row with content; 50 blank rows end a sheet."""
    waiting = 0
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise ImportFileError(f"表格超过 {MAX_ROWS // 10000} 万行，请拆成几个文件")
        plain = _plain_row(row)
        if not plain:
            waiting += 1
            if waiting >= BLANK_ROWS_TO_STOP:
                return
            continue
        if len(plain) > MAX_COLUMNS:
            raise ImportFileError(f"第 {count + 1} 行超过 {MAX_COLUMNS} 列，请只保留有用的列再上传")
        yield from ([] for _ in range(waiting))
        waiting = 0
        yield plain


def _plain_row(row: Sequence[Any]) -> list[Cell]:
    cells = [_plain_cell(value) for value in row]
    while cells and (cells[-1] is None or text_of(cells[-1]) == ""):
        cells.pop()
    return cells


def _plain_cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.replace("\x00", "") or None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _read_csv(content: bytes) -> Iterator[list[str]]:
    text = _WRAPPED.sub(r'\1"\2"', _decode(content))
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<table", "<?xml", "<meta")):
        raise ImportFileError(f"这是网页格式的表格。{_SAVE_AS}")
    csv.field_size_limit(200_000)
    delimiter = _delimiter(text)
    if _ends_inside_quotes(text, delimiter):
        raise ImportFileError(_BAD_QUOTES)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise ImportFileError(_BAD_QUOTES) from None


def _ends_inside_quotes(text: str, delimiter: str) -> bool:
    """A quote that is never closed swallows every row after it into one cell."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if b"\x00" in content:
            raise ImportFileError(_DAMAGED)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFileError(f"无法识别文字编码。{_SAVE_AS}")


def _delimiter(text: str) -> str:
    """The separator that gives the most columns in the most lines of the beginning."""
    bare = _IN_QUOTES.sub("", text[:20_000])
    lines = [line for line in bare.splitlines()[:30] if line.strip()]
    return max(",\t;", key=lambda mark: sum(min(line.count(mark), 100) for line in lines))
