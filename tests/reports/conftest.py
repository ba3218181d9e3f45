"""The world of figures, filled or empty, and a second organisation with the same records."""

from __future__ import annotations

import pytest

from tests.crm.factories import make_user
from tests.reports.world import World, everything, many_kinds
from tests.visits.conftest import time_machine_at  # noqa: F401  (a fixture)


@pytest.fixture
def world(office) -> World:
    return World(office)


@pytest.fixture
def full(world) -> World:
    everything(world)
    return world


@pytest.fixture
def elsewhere(other_office) -> World:
    """Another organisation, full of records that must change nothing."""
    other = World(other_office)
    everything(other)
    return other


@pytest.fixture
def spread(full, elsewhere) -> World:
    many_kinds(elsewhere)
    return many_kinds(full)


@pytest.fixture
def leader(world):
    return make_user("leader1", world.office, role="leader")


@pytest.fixture
def browser(client, leader):
    client.force_login(leader)
    return client
