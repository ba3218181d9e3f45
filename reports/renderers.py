"""The formats in which a report is printed: one table. Each takes a finished report and computes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports import docx, pdf, xlsx
from reports.documents.copy import Copy
from reports.report import Report


@dataclass(frozen=True, slots=True)
class Renderer:
    label: str
    content_type: str
    render: Callable[[Report, Copy], bytes]


OFFICE = "application/vnd.openxmlformats-officedocument"
RENDERERS: dict[str, Renderer] = {
    "pdf": Renderer("PDF", "application/pdf", pdf.render),
    "docx": Renderer("Word", f"{OFFICE}.wordprocessingml.document", docx.render),
    "xlsx": Renderer("Excel", f"{OFFICE}.spreadsheetml.sheet", xlsx.render),
}
