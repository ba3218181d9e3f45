"""The same hand-made report as for the PDF."""

from __future__ import annotations

from tests.reports.pdf.conftest import report  # noqa: F401  (a fixture)
