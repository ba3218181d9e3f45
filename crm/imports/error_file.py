"""The rows that did not go in, as a workbook in the columns of the original with the reason beside them."""

from __future__ import annotations

import io

import xlsxwriter
from django.db.models import Q

from crm.imports.cells import Cell
from crm.models.imports import ImportBatch, ImportRow, Outcome, Verdict

NOT_IMPORTED = Q(verdict__in=[Verdict.ERROR, Verdict.DUPLICATE]) | Q(outcome__in=[Outcome.CONFLICT, Outcome.SKIPPED])


def error_workbook(batch: ImportBatch) -> bytes:
    """Cells are written as text or numbers only: nothing of the file can run as a formula."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("未导入")
        bold = book.add_format({"bold": True, "bg_color": "#f3f4f6"})
        sheet.freeze_panes(1, 0)
        titles = [*batch.headings, "原文件行号", "未导入原因"]
        for column, title in enumerate(titles):
            sheet.write_string(0, column, str(title), bold)
        sheet.set_column(0, max(len(titles) - 3, 0), 18)
        sheet.set_column(len(titles) - 1, len(titles) - 1, 60)
        rows = batch.rows.filter(NOT_IMPORTED).order_by("number")
        for line, row in enumerate(rows.iterator(chunk_size=1000), 1):
            _write_row(sheet, line, row, len(batch.headings))
    return buffer.getvalue()


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, line: int, row: ImportRow, width: int) -> None:
    for column, cell in enumerate(row.cells[:width]):
        _write_cell(sheet, line, column, cell)
    sheet.write_number(line, width, row.number)
    sheet.write_string(line, width + 1, reason_of(row))


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e15:
        sheet.write_number(line, column, cell)
    elif cell is not None:
        sheet.write_string(line, column, str(cell)[:32_767])


def reason_of(row: ImportRow) -> str:
    """Why the row stayed out, for the workbook and the screen."""
    reasons = [
        f"{message['column']}：{message['message']}" if message["column"] else str(message["message"])
        for message in row.messages
        if message["kind"] != "warning"
    ]
    if row.outcome == Outcome.CONFLICT:
        reasons.append("核对之后名册中的这家企业又被改过，请重新导入这一行")
    if row.outcome == Outcome.SKIPPED and not reasons:
        reasons.append("按所选方式不更新已有企业")
    return "；".join(reasons)
