"""The rows that did not go in, as a workbook in the columns of the original with the reason beside them."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from crm.imports.cells import Cell, text_of
from crm.imports.errors import ImportFileError
from crm.imports.headers import ADDED_HEADINGS, Table
from crm.imports.mapping import about, units
from crm.imports.resource import get_resource
from crm.imports.staging import sheets_of, table_of
from crm.models.imports import ImportBatch, ImportRow, Outcome, Verdict

# Comments are heavy; beyond these the colour and the last column tell.
COMMENTED_ROWS = 2000
SHEET, LONGEST_SHEET_NAME = "未导入", 31
NOT_IMPORTED = Q(verdict__in=[Verdict.ERROR, Verdict.DUPLICATE]) | Q(outcome__in=[Outcome.CONFLICT, Outcome.SKIPPED])


def error_workbook(batch: ImportBatch) -> bytes:
    """Cells are written as text or numbers only: nothing of the file can run as a formula."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        table = _table(batch)
        sheet = book.add_worksheet(f"{SHEET} {_said_around(batch, table)}".strip()[:LONGEST_SHEET_NAME])
        bold = book.add_format({"bold": True, "bg_color": "#f3f4f6"})
        bad = book.add_format({"bg_color": "#fde2e2"})
        titles = [*headings_with_units(batch, table), *ADDED_HEADINGS]
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, str(title), bold)
        sheet.set_column(0, max(len(titles) - 3, 0), 18)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60)
        rows = batch.rows.filter(NOT_IMPORTED).order_by("number")
        for line, row in enumerate(rows.iterator(chunk_size=1000), 1):
            _write_row(sheet, line, row, len(titles) - len(ADDED_HEADINGS), bad)
    return buffer.getvalue()


def _table(batch: ImportBatch) -> Table | None:
    """None where the file is not kept any more."""
    try:
        return table_of(batch, sheets_of(batch))
    except (ImportFileError, ObjectDoesNotExist):
        return None


def _said_around(batch: ImportBatch, table: Table | None) -> str:
    """What stood in the title or the file's name: without it, the rows alone would not be understood again."""
    if table is None:
        return ""
    resource = get_resource(batch.resource)
    resource.told(about(batch.options, batch.filename, table, _mapping(batch)))
    return resource.said_around()


def _mapping(batch: ImportBatch) -> dict[int, str]:
    return {int(index): key for index, key in batch.mapping.items()}


def headings_with_units(batch: ImportBatch, table: Table | None) -> list[str]:
    """The headings as they were; a unit that stood above the table, or followed from all its rows, goes into them."""
    headings = [str(heading) for heading in batch.headings]
    # An error file that was sent again has its own two columns already.
    while headings and headings[-1] in ADDED_HEADINGS:
        headings.pop()
    if table is None:
        return headings
    for index, unit in units(table, _mapping(batch), get_resource(batch.resource)).items():
        if unit and index < len(headings) and not table.headings[index].unit:
            headings[index] = f"{headings[index]}（{unit}）"
    return headings


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, line: int, row: ImportRow, width: int, bad: Any) -> None:
    """The row as it came; cells that are to blame are coloured and say why."""
    blamed = _reasons_by_cell(row)
    for column in range(max(min(len(row.cells), width), max(blamed, default=-1) + 1)):
        cell = row.cells[column] if column < len(row.cells) else None
        _write_cell(sheet, line, column, cell, bad if column in blamed else None)
    if line <= COMMENTED_ROWS:
        for column, reason in blamed.items():
            sheet.write_comment(line, column, reason[:500], {"author": "园企通"})
    sheet.write_number(line, width, row.number)
    sheet.write_string(line, width + 1, reason_of(row))


def _reasons_by_cell(row: ImportRow) -> dict[int, str]:
    blamed: dict[int, str] = {}
    for message in row.messages:
        if message["kind"] != "warning" and message["index"] is not None:
            earlier = f"{blamed[message['index']]}；" if message["index"] in blamed else ""
            blamed[message["index"]] = earlier + str(message["message"])
    return blamed


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e15:
        sheet.write_number(line, column, cell, form)
    elif cell is not None:
        sheet.write_string(line, column, (text_of(cell) if isinstance(cell, bool) else str(cell))[:32_767], form)
    elif form is not None:
        sheet.write_blank(line, column, None, form)


def reason_of(row: ImportRow) -> str:
    """Why the row stayed out, for the workbook and the screen."""
    reasons = [
        f"{message['column']}：{message['message']}" if message["column"] else str(message["message"])
        for message in row.messages
        if message["kind"] != "warning"
    ]
    if row.outcome == Outcome.CONFLICT:
        reasons.append("核对之后名册中的这一条又被改过，请重新导入这一行")
    if row.outcome == Outcome.SKIPPED and not reasons:
        reasons.append("按所选方式不更新名册里已有的")
    return "；".join(reasons)
