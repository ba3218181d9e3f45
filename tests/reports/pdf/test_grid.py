"""Rows of the tables."""

from __future__ import annotations

import pytest

from reports.documents.widths import FIXED
from reports.pdf.fonts import Face
from reports.pdf.grid import LEADING, PAD_Y, band, column_widths


@pytest.mark.parametrize("face", [Face.SONG, Face.HEADING])
def test_the_counts_and_rates_of_a_busy_year_stay_on_one_line(face):
    counts = ("5367", "5367", "5300", "5300", "5200", "5100", "1200", "100.00%", "100.00%", "100.00%", "100.0")
    row = band(("10", "经济发展办公室", *counts), column_widths(FIXED["by_unit"]), face)
    assert row.height == LEADING + 2 * PAD_Y
