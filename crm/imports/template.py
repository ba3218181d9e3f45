"""An empty list to fill in: the columns of a resource with drop-downs, examples and notes on sheets of their own."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from crm.imports.columns import Column
from crm.imports.resource import ImportResource

ROWS_TO_FILL = 1000
A4 = 9
NOTE_TITLES = ("列", "必填", "怎么填", "可填", "也认得的表头")
NOTE_WIDTHS = (18, 8, 40, 40, 60)
LINE_HEIGHT = 15
FILL_IN, EXAMPLES, NOTES, LISTS = "填写", "示例", "说明", "选项"


def template_columns(resource: ImportResource) -> list[Column]:
    """Every column under its one best name; the register's own number is for exports."""
    return [column for column in resource.columns if not column.alias_of and column.key != "record"]


def template(resource: ImportResource, choices: Mapping[str, Sequence[str]]) -> bytes:
    """``choices`` are the words a column offers, by its key, beside those of its declaration."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheets = {name: book.add_worksheet(name) for name in (FILL_IN, EXAMPLES, NOTES, LISTS)}
        columns = template_columns(resource)
        offered = {column.key: list(choices.get(column.key) or column.words) for column in columns}
        formats = _Formats(book)
        for name in (FILL_IN, EXAMPLES):
            _write_header(sheets[name], columns, resource, formats)
        _write_examples(sheets[EXAMPLES], columns, offered)
        _write_notes(sheets[NOTES], columns, resource, formats)
        _write_lists(sheets[LISTS], columns, offered)
        _add_checks(sheets[FILL_IN], columns, offered)
    return buffer.getvalue()


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.plain = book.add_format({})
        self.bold = book.add_format({"bold": True, "bg_color": "#f3f4f6", "bottom": 1})
        self.needed = book.add_format({"bold": True, "bg_color": "#dbeafe", "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})


def _is_needed(column: Column, resource: ImportResource) -> bool:
    return column.key == resource.required or column.is_needed


def _print_well(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)


def _write_header(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column], resource: ImportResource, formats: _Formats
) -> None:
    """Cells to fill are text, so that codes and phones keep their digits; money stays a number."""
    sheet.freeze_panes(1, 1)
    _print_well(sheet)
    sheet.repeat_rows(0)
    for number, column in enumerate(columns):
        widest = max(len(column.title), len(column.example))
        width = 30 if number == 0 else min(max(widest * 2 + 2, 12), 24)
        sheet.set_column(number, number, width, formats.plain if column.unit else formats.text)
        sheet.write_string(0, number, column.title, formats.needed if _is_needed(column, resource) else formats.bold)


def _write_examples(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]
) -> None:
    """One row with everything, one with the least."""
    for number, column in enumerate(columns):
        words = offered[column.key]
        full = column.example or (words[0] if words else "")
        short = (words[1] if len(words) > 1 else column.example) if number < 2 or column.is_needed else ""
        for line, text in enumerate((full, short), 1):
            sheet.write_string(line, number, text)


def _write_notes(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column], resource: ImportResource, formats: _Formats
) -> None:
    lines = (
        f"在“{FILL_IN}”一页逐行填写{resource.noun}，蓝底的列必填，其余可以空着；空着的不会覆盖名册里已有的内容。",
        "不必用这份模板：任何 Excel、WPS 或 CSV 名单都可以直接上传，表头认得下面这些写法。",
        f"“{EXAMPLES}”一页只供参考，不会导入。",
    )
    _print_well(sheet)
    sheet.fit_to_pages(1, 0)
    for number, text in enumerate(lines):
        sheet.write_string(number, 0, text)
    top = len(lines) + 1
    for number, (title, width) in enumerate(zip(NOTE_TITLES, NOTE_WIDTHS, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(top, number, title, formats.bold)
    for line, column in enumerate(columns, top + 1):
        needed = "是" if _is_needed(column, resource) else ""
        known = "、".join((*column.strong, *column.weak))
        texts = (column.title, needed, column.hint, "、".join(column.words), known)
        # Not every programme makes a row as high as its wrapped text.
        sheet.set_row(
            line, LINE_HEIGHT * max(-(-2 * len(text) // width) for text, width in zip(texts, NOTE_WIDTHS, strict=True))
        )
        for number, text in enumerate(texts):
            sheet.write_string(line, number, text, formats.wrapped)


def _write_lists(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]
) -> None:
    for number, column in enumerate(columns):
        for line, word in enumerate(offered[column.key]):
            sheet.write_string(line, number, word)
    sheet.hide()


def _add_checks(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]
) -> None:
    """Drop-downs that advise and do not forbid, and what to mind beside the cell."""
    for number, column in enumerate(columns):
        words = offered[column.key]
        check: dict[str, object] = {"validate": "any"}
        if words:
            last = xlsxwriter.utility.xl_rowcol_to_cell(len(words) - 1, number, row_abs=True, col_abs=True)
            first = xlsxwriter.utility.xl_rowcol_to_cell(0, number, row_abs=True, col_abs=True)
            check = {"validate": "list", "source": f"={LISTS}!{first}:{last}", "error_type": "information"}
        if column.hint:
            check |= {"input_title": column.label[:32], "input_message": column.hint[:255]}
        if words or column.hint:
            sheet.data_validation(1, number, ROWS_TO_FILL, number, check)
