"""The report as a PDF: `render(report)`; the page and its fonts are apart from what stands on it."""

from reports.pdf.document import render
from reports.pdf.fonts import FontsMissing

__all__ = ["FontsMissing", "render"]
