"""Lists out, in the columns that the engine reads back: xlsx for people, csv for other systems.

Which rows, and who may have them, is for the caller to say.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from crm.imports.cells import FORMULA_ERROR, INVISIBLE, QUOTED
from crm.imports.columns import Writer, Written
from crm.imports.resource import ImportResource

LONGEST_TEXT = 32_767
FIRST_EXCEL_DAY = dt.date(1900, 3, 1)
WIDEST = 10**15
# What spreadsheets take for the beginning of a formula; Chinese Excel takes the full-width ones too.
_DANGEROUS = tuple("=+-@＝＋－＠\t|%")
# Nearly every text is plain; one search tells, and the careful way is for the others.
_ODD = re.compile(f"[{re.escape(''.join(map(chr, INVISIBLE)))}\r]|\\A[\\s'=#]|\\s\\Z")
XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Export:
    """A list to be written: its rows with all they need, and what is printed above them."""

    resource: ImportResource
    rows: Iterable[Any]
    title: str
    author: str
    filters: str = ""

    @property
    def remarks(self) -> list[str]:
        made = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        return [self.title, f"导出人 {self.author}　{made}　仅供工作使用", f"筛选条件　{self.filters or '无'}"]


def written_columns(resource: ImportResource) -> list[tuple[str, Writer]]:
    """(title, writer) of every column, those that only describe the row last."""
    own = [(column.title, column.write) for column in resource.columns if column.write is not None]
    return [*own, *resource.extras]


def write_csv(target: IO[bytes], export: Export) -> int:
    """UTF-8 with BOM, everything quoted. Returns the number of rows."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    out = csv.writer(text, quoting=csv.QUOTE_ALL)
    columns = written_columns(export.resource)
    out.writerow([title for title, _ in columns])
    count = 0
    for row in export.rows:
        out.writerow([csv_text(write(row)) for _, write in columns])
        count += 1
    text.detach()
    return count


def csv_text(value: Written) -> str:
    if isinstance(value, str):
        text = safe_text(value)
        return f"'{text}" if text.startswith(_DANGEROUS) else text
    if isinstance(value, dt.datetime):
        return f"{_naive(value):%Y-%m-%d %H:%M}"
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def safe_text(text: str) -> str:
    """What a sheet can hold, spelled so that reading it gives the same text again."""
    if not _ODD.search(text):
        return text
    body = text.translate(INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").strip()
    if FORMULA_ERROR.match(body):
        body = f"＃{body[1:]}"
    # Reading takes one ' off, and unwraps ="…".
    return f"'{body}" if body.startswith("'") or QUOTED.match(body) else body


def write_xlsx(target: IO[bytes], export: Export) -> int:
    """Typed cells, a frozen header, who and when above and at the foot of every page. Returns the number of rows."""
    with xlsxwriter.Workbook(target, XLSX_OPTIONS) as book:
        sheet = _Sheet(book, export)
        count = sheet.write_rows(export.rows)
        sheet.finish(count)
    return count


class _Sheet:
    """The one worksheet of an export, written from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, export: Export) -> None:
        self.export, self.columns = export, written_columns(export.resource)
        self.sheet = book.add_worksheet(export.resource.label[:31])
        self.bold = book.add_format({"bold": True, "bg_color": "#f3f4f6", "bottom": 1, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.muted = book.add_format({"font_color": "#6b7280"})
        self.formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "money": book.add_format({"num_format": "#,##0.######"}),
            "text": book.add_format({"num_format": "@"}),
        }
        self._lay_out()

    def _lay_out(self) -> None:
        remarks = self.export.remarks
        self.head = len(remarks)
        for line, text in enumerate(remarks):
            self.sheet.write_string(line, 0, safe_text(text)[:LONGEST_TEXT], self.title if line == 0 else self.muted)
        for number, (title, _) in enumerate(self.columns):
            self.sheet.set_column(number, number, 30 if number == 0 else min(max(len(title) * 2, 12), 24))
            self.sheet.write_string(self.head, number, title, self.bold)
        self.sheet.freeze_panes(self.head + 1, 1)
        self.sheet.repeat_rows(self.head)
        self.sheet.set_landscape()
        self.sheet.set_paper(8)
        self.sheet.fit_to_pages(1, 0)
        mark = self.export.remarks[1].replace("&", "&&")[:200]
        self.sheet.set_footer(f"&L{mark}&R第 &P / &N 页")

    def write_rows(self, rows: Iterable[Any]) -> int:
        line = self.head
        for line, row in enumerate(rows, self.head + 1):
            for number, (_, write) in enumerate(self.columns):
                self._write(line, number, write(row))
        return line - self.head

    def _write(self, line: int, number: int, value: Written) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            self.sheet.write_string(line, number, safe_text(value)[:LONGEST_TEXT], self.formats["text"])
        elif isinstance(value, dt.datetime):
            self.sheet.write_datetime(line, number, _naive(value), self.formats["time"])
        elif isinstance(value, dt.date):
            self._write_date(line, number, value)
        elif isinstance(value, int):
            self.sheet.write_number(line, number, value)
        else:
            self._write_decimal(line, number, value)

    def _write_date(self, line: int, number: int, value: dt.date) -> None:
        """Excel's calendar is wrong before March 1900."""
        if value < FIRST_EXCEL_DAY:
            self.sheet.write_string(line, number, value.isoformat(), self.formats["text"])
        else:
            self.sheet.write_datetime(line, number, value, self.formats["date"])

    def _write_decimal(self, line: int, number: int, value: Decimal) -> None:
        """As a number where a sheet's numbers are exact enough, otherwise in digits."""
        if Decimal(repr(float(value))) == value and abs(value) < WIDEST:
            self.sheet.write_number(line, number, float(value), self.formats["money"])
        else:
            self.sheet.write_string(line, number, f"{value:f}", self.formats["text"])

    def finish(self, count: int) -> None:
        self.sheet.autofilter(self.head, 0, self.head + max(count, 1), len(self.columns) - 1)


def _naive(moment: dt.datetime) -> dt.datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def filter_words(filterset: Any) -> str:
    """What a list was filtered by, in the words of its form: ``园区：甲园；资质：小巨人``."""
    return "；".join(f"{label}：{text}" for label, text in _filters(filterset))


def _filters(filterset: Any) -> Iterator[tuple[str, str]]:
    form = filterset.form
    if not form.is_valid():
        return
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", [], ()):
            yield str(field.label or name), _shown(field, value)


def _shown(field: Any, value: Any) -> str:
    values: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    words = {str(key): str(label) for key, label in getattr(field, "choices", ())} if _has_plain_choices(field) else {}
    return "、".join(words.get(str(item), str(item)) for item in values)


def _has_plain_choices(field: Any) -> bool:
    return hasattr(field, "choices") and not hasattr(field, "queryset")
