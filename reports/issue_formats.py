"""The formats in which a report is printed: one table. Each takes a finished report and computes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports import pdf
from reports.proof import Proof
from reports.report import Report


@dataclass(frozen=True, slots=True)
class Renderer:
    label: str
    content_type: str
    render: Callable[[Report, Proof | None], bytes]


RENDERERS: dict[str, Renderer] = {
    "pdf": Renderer("PDF", "application/pdf", pdf.render),
}
