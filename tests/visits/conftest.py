"""The people and units of the tests of visits and appeals."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine

from tests.visits.factories import Cast


@pytest.fixture
def cast(office) -> Cast:
    return Cast(office)


@pytest.fixture
def others(other_office) -> Cast:
    """The same posts in another town."""
    return Cast(other_office)


@pytest.fixture
def time_machine_at():
    """Move the clock to a moment for the rest of the test; the last call counts."""
    running: list[time_machine.travel] = []

    def go(moment: datetime) -> None:
        _stop(running)
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        running.append(traveller)

    yield go
    _stop(running)


def _stop(running: list[time_machine.travel]) -> None:
    while running:
        running.pop().stop()
