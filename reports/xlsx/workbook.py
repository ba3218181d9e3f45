"""From a report to sheets: the words, the figures, one sheet a table, the 口径."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from math import ceil
from typing import Any, TypeAlias

import xlsxwriter

from reports.documents.copy import PLAIN, Copy
from reports.documents.widths import LOOKED_AT, width
from reports.documents.words import printable, source_of, subtitle_of
from reports.figures.exact import json_number
from reports.report import Chart, Numbered, Part, Prose, Report, Table
from reports.xlsx.cells import typed
from reports.xlsx.charts import chart_over, has_something

FONT = "宋体"
WIDEST, NARROWEST = 44, 8
LINE = 13.5  # points a line of 10 pt type takes
HEAD_ROWS = 3
WORDS_WIDTH = 110
LONGEST_SHEET_NAME = 31
# What stands in the cells of a row, with number format and side.
Line: TypeAlias = tuple[tuple[Any, str, str], ...]
FIGURE_COLUMNS = ("部分", "指标", "数值", "单位", "显示", "变动", "本期计入", "分母", "口径", "本期说明", "明细地址")


def render(report: Report, copy: Copy = PLAIN) -> bytes:
    target = BytesIO()
    # Text is text: nothing that was typed becomes a formula, a link or a number by looking like one.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties(
        {
            "title": f"{report.title}（{report.period_label}）",
            "author": report.organisation,
            "subject": report.as_of_label,
            "keywords": copy.proof.code if copy.proof else "",
            "created": datetime.combine(report.issued_on, datetime.min.time()),
        }
    )
    Writer(book, report, copy).write()
    book.close()
    return target.getvalue()


class Writer:
    def __init__(self, book: Any, report: Report, copy: Copy) -> None:
        self.book, self.report, self.copy = book, report, copy
        self.formats: dict[tuple[str, str, bool], Any] = {}
        self.names: set[str] = set()

    def write(self) -> None:
        if self.copy.proof or any(said_in(part) for part in self.report.parts):
            self.words()
        if self.report.figures:
            self.figures()
        for part in self.report.parts:
            for block in part.blocks:
                if isinstance(block, Chart):
                    self.table(block.table, block)
                elif isinstance(block, Table):
                    self.table(block)
        if self.report.definitions:
            self.definitions()

    def style(self, form: str = "@", align: str = "left", *, is_head: bool = False) -> Any:
        """Formats are made once: a workbook may hold 64 000."""
        key = (form, align, is_head)
        if key not in self.formats:
            look = {"num_format": form, "align": align, "font_name": FONT, "font_size": 10, "valign": "vcenter"}
            look |= {"border": 1, "border_color": "#BFBFBF", "text_wrap": align == "left" or is_head}
            if is_head:
                look |= {"bold": True, "bg_color": "#EDEFF4"}
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def sheet(self, name: str, title: str, across: int) -> Any:
        """A sheet with what it is about above the header: title, period, what narrows it, who printed it."""
        sheet = self.book.add_worksheet(self.free_name(name))
        bold = self.book.add_format({"bold": True, "font_name": FONT, "font_size": 14})
        plain = self.book.add_format({"font_name": FONT, "font_size": 9, "font_color": "#595959"})
        sheet.write_string(0, 0, printable(title), bold)
        told = f"{self.report.title}{subtitle_of(self.report)}　{self.report.as_of_label}　{self.report.organisation}"
        sheet.write_string(1, 0, printable(told), plain)
        sheet.write_string(2, 0, printable(self.copy.mark or source_of(self.report)), plain)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROWS)
        sheet.freeze_panes(HEAD_ROWS + 1, min(across, 1))
        sheet.set_footer("&C— &P —")
        return sheet

    def free_name(self, name: str) -> str:
        """Names of sheets are short, unlike one another and without []:*?/\\ ."""
        base = "".join(c for c in name if c not in "[]:*?/\\'")[: LONGEST_SHEET_NAME - 3] or "表"
        found, number = base, 1
        while found in self.names:
            number += 1
            found = f"{base}{number}"
        self.names.add(found)
        return found

    def words(self) -> None:
        sheet = self.sheet("说明", self.report.title, 0)
        sheet.set_column(0, 0, WORDS_WIDTH)
        head, text = self.style(is_head=True), self.style()
        row = HEAD_ROWS
        for part in self.report.parts:
            told = said_in(part)
            for number, line in enumerate((part.title, *told) if told else ()):
                sheet.write_string(row, 0, printable(line), text if number else head)
                sheet.set_row(row, lines_in(line, WORDS_WIDTH) * LINE + 2)
                row += 1
        for line in self.copy.proof.lines if self.copy.proof else ():
            sheet.write_string(row, 0, line, text)
            row += 1

    def figures(self) -> None:
        sheet = self.sheet("关键指标", "关键指标", 2)
        lines = []
        for one in self.report.figures:
            number, form = typed(one.text)
            lines.append(
                (
                    (one.section, "@", "left"), (one.label, "@", "left"), (number, form, "right"),
                    (one.shown_unit, "@", "left"), (one.text + one.shown_unit, "@", "right"),
                    (one.change.text, "@", "left"), (json_number(one.numerator), "General", "right"),
                    (json_number(one.denominator), "General", "right"), (one.definition, "@", "left"),
                    (one.note, "@", "left"), (self.link(one.address), "@", "left"),
                )
            )  # fmt: skip
        self.grid(sheet, FIGURE_COLUMNS, lines)

    def link(self, address: str) -> str:
        return f"{self.copy.site}{address}" if self.copy.site and address else ""

    def table(self, data: Table, chart: Chart | None = None) -> None:
        sheet = self.sheet(data.title, data.title, len(data.columns))
        rows = data.lines
        self.grid(sheet, [column.label for column in data.columns], (self.cells(data, row) for row in rows))
        after = HEAD_ROWS + 1 + len(rows)
        if not rows:
            self.note(sheet, after, len(data.columns), data.empty)
        for place, row in enumerate(rows):
            for column, address in enumerate(row.addresses):
                if data.columns[column].align == "end":
                    self.linked(sheet, HEAD_ROWS + 1 + place, column, row.cells[column], address)
        if data.note:
            self.note(sheet, after + 1, len(data.columns), data.note)
        if chart and chart.table.rows:
            self.draw(sheet, data, chart, after + 3)

    def note(self, sheet: Any, row: int, across: int, text: str) -> None:
        """Wrapped under the table: a long line would make the printed page as wide as itself."""
        style = self.book.add_format({"font_name": FONT, "font_size": 9, "text_wrap": True, "valign": "top"})
        sheet.merge_range(row, 0, row, max(across - 1, 1), printable(text), style)
        sheet.set_row(row, lines_in(text, across * NARROWEST) * LINE + 2)

    def cells(self, data: Table, row: Any) -> Line:
        return tuple(
            (*typed(text), "right") if column.align == "end" else (text, "@", "left")
            for column, text in zip(data.columns, row.cells, strict=True)
        )

    def linked(self, sheet: Any, row: int, column: int, text: str, address: str) -> None:
        """The number stays a number; the address of its rows hangs on it."""
        value, form = typed(text)
        if self.link(address) and isinstance(value, Decimal):
            style = self.style(form, "right")
            sheet.write_url(row, column, self.link(address), style)
            sheet.write_number(row, column, float(value), style)

    def grid(self, sheet: Any, labels: Sequence[str], lines: Iterable[Line], widest: float = WIDEST) -> None:
        """The first lines say how wide the columns are; no more of them are held at a time, for there may be many."""
        head, rest = self.style(align="center", is_head=True), iter(lines)
        first = list(islice(rest, LOOKED_AT))
        room = [column_room(label, [line[n][0] for line in first], widest) for n, label in enumerate(labels)]
        for column, (label, wide) in enumerate(zip(labels, room, strict=True)):
            sheet.write_string(HEAD_ROWS, column, label, head)
            sheet.set_column(column, column, wide)
        row = HEAD_ROWS
        for row, line in enumerate(chain(first, rest), start=HEAD_ROWS + 1):
            for column, (value, form, align) in enumerate(line):
                put(sheet, row, column, value, self.style(form, align))
            tallest = max(lines_in(value, wide) for (value, _, _), wide in zip(line, room, strict=True))
            if tallest > 1:
                sheet.set_row(row, tallest * LINE + 2)
        if row > HEAD_ROWS:
            sheet.autofilter(HEAD_ROWS, 0, row, len(labels) - 1)

    def draw(self, sheet: Any, data: Table, chart: Chart, row: int) -> None:
        """A chart over the cells of the same sheet; only columns that the table has are drawn."""
        columns = [n for n, column in enumerate(data.columns) if column.label in {s.label for s in chart.series}]
        name = next((n for n, column in enumerate(data.columns) if column.key == "name"), 0)
        if len(columns) != len(chart.series) or not has_something(chart):
            return
        drawn = chart_over(self.book, chart, sheet.name, HEAD_ROWS + 1, name, columns)
        drawn.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 12}})
        # No page break runs through the chart.
        sheet.fit_to_pages(1, 1)
        sheet.insert_chart(row, 0, drawn, {"x_scale": 1.5, "y_scale": max(1, len(chart.categories) / 12)})

    def definitions(self) -> None:
        sheet = self.sheet("口径", "口径说明", 2)
        self.grid(
            sheet,
            ("指标", "口径"),
            [((one.label, "@", "left"), (one.text, "@", "left")) for one in self.report.definitions],
            widest=WORDS_WIDTH,
        )


def said_in(part: Part) -> list[str]:
    """The prose and the numbered entries of a part; definitions have a sheet of their own."""
    told: list[str] = []
    for block in part.blocks:
        if isinstance(block, Prose):
            told += block.paragraphs
        elif isinstance(block, Numbered) and part.key != "definitions":
            told += [f"{n}. {e.label}{'：' if e.label else ''}{e.text}" for n, e in enumerate(block.entries, start=1)]
    return told


def column_room(label: str, values: Sequence[Any], most: float) -> float:
    """In characters as Excel counts them: a Chinese one is two."""
    widest = max((width(str(value or "")) for value in values), default=0.0)
    return min(max(max(widest, width(label)) * 2 + 2, NARROWEST), most)


def lines_in(value: Any, room: float) -> int:
    # Most cells are one line however wide their characters, which then need no measuring.
    if isinstance(value, str) and len(value) * 2 + 1 <= room:
        return 1
    return ceil((width(value) * 2 + 1) / room) if isinstance(value, str) and value else 1


def put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, printable(value), style)
    else:
        sheet.write_number(row, column, float(value), style)
