"""The report as a workbook: `render(report, copy)`; it prints and computes nothing."""

from reports.xlsx.workbook import render

__all__ = ["render"]
