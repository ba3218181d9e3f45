"""Reading documents back: the text of a Word file without its breaks, and the cells of a workbook as shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import docx
from openpyxl import load_workbook

from reports.formats import half_up


def docx_text(content: bytes) -> str:
    """Paragraphs and cells in their order, in one piece."""
    body = docx.Document(BytesIO(content)).element.body
    return "".join("".join(node.itertext()) for node in body.iter() if node.tag.endswith("}t")).replace(" ", "")


def sheets(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def shown(cell: Any) -> str:
    """The text that a reader sees: the number in its format."""
    value, form = cell.value, cell.number_format
    if isinstance(value, int | float):
        places = len(form.partition(".")[2].rstrip("%"))
        exact = Decimal(str(value)) * (100 if form.endswith("%") else 1)
        return f"{half_up(Fraction(exact), places)}{'%' if form.endswith('%') else ''}"
    return "" if value is None else str(value)


def lines_of(sheet: Any) -> Iterator[tuple[str, ...]]:
    for row in sheet.iter_rows():
        yield tuple(shown(cell) for cell in row)


def docx_head(content: bytes) -> str:
    """What stands at the head of every page."""
    return "".join(line.text for line in docx.Document(BytesIO(content)).sections[0].header.paragraphs)


def docx_body(content: bytes) -> Any:
    return docx.Document(BytesIO(content)).element.body
