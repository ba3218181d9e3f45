"""The lists of rows behind figures."""

from __future__ import annotations

import pytest

from reports.figures.drilldown import LISTINGS, listing_of, rows_behind
from reports.metrics import METRICS


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_every_metric_has_a_list_for_its_rows(world, metric):
    assert listing_of(rows_behind(metric, world.scope())) in LISTINGS.values()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_a_row_has_as_many_cells_as_there_are_columns(full, metric):
    rows = rows_behind(metric, full.scope())
    listing = listing_of(rows)
    assert all(len(listing.cells(row)) == len(listing.columns) for row in rows)
    assert rows
