"""The people and units of the tests of visits and appeals."""

from __future__ import annotations

import pytest

from tests.visits.factories import Cast


@pytest.fixture
def cast(office) -> Cast:
    return Cast(office)


@pytest.fixture
def others(other_office) -> Cast:
    """The same posts in another town."""
    return Cast(other_office)
