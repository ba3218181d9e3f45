"""The report as a Word file: `render(report, copy)`; it prints and computes nothing."""

from reports.docx.document import render

__all__ = ["render"]
