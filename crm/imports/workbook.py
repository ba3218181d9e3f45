"""Excel, WPS and OpenDocument workbooks to rows of plain cells, some at a time. No guard against hostile files."""

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from crm.imports.cells import Cell
from crm.imports.errors import ImportFileError
from crm.imports.sheets import Sheet, Tally, trimmed

MAX_SHEETS = 60
ROWS_AT_ONCE = 2000
SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传"
DAMAGED = f"文件已损坏或不是表格，无法打开。{SAVE_AS}"
UNFOLDS_TOO_FAR = "表格展开后过大，可能在很远的地方有零散内容，或有大片重复的格式。请只复制有数据的部分到新表再上传"
LOCKED = "文件设有打开密码，请去掉密码后另存再上传"

# (name of the sheet, merged cells when it begins, rows)
Block: TypeAlias = tuple[str, list[tuple[int, int, int, int]], list[list[Cell]]]


def blocks(content: bytes) -> Iterator[Block]:
    """The sheets in turn, visible ones first, each in blocks of rows. Raises ``ImportFileError``."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        yield from _sheets(book)
    except (CalamineError, OSError) as error:
        raise ImportFileError(LOCKED if "assword" in str(error) else DAMAGED) from None
    except BaseException as error:
        # The reader panics over some damaged files, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise ImportFileError(UNFOLDS_TOO_FAR if "capacity" in str(error) else DAMAGED) from None


def _sheets(book: CalamineWorkbook) -> Iterator[Block]:
    tally = Tally()
    listed = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    listed.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    for metadata in listed[:MAX_SHEETS]:
        source = book.get_sheet_by_name(metadata.name)
        if source.start is None:
            continue
        merged = _merged(source)
        every = tally.counted(trimmed(source.iter_rows()))
        while rows := list(islice(every, ROWS_AT_ONCE)):
            yield metadata.name, merged, sharing(rows)
            merged = []
        # Before the next sheet is opened: only one is in memory at a time.
        del source


def _merged(source: CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(top, left, bottom, right) for (top, left), (bottom, right) in source.merged_cell_ranges or ()]


def sharing(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """Lists repeat themselves; equal texts are one text in memory."""
    known: dict[str, str] = {}
    share = known.setdefault
    return [[share(cell, cell) if type(cell) is str else cell for cell in row] for row in rows]


def collect(found: Iterable[Block]) -> list[Sheet]:
    """Whole sheets from their blocks."""
    sheets: dict[str, Sheet] = {}
    for name, merged, rows in found:
        sheet = sheets.setdefault(name, Sheet(name, []))
        sheet.merged += merged
        sheet.rows += rows
    return list(sheets.values())
