"""Every metric equals a second, plain count of the same records, whatever the records and the settings are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import count
from random import Random

import pytest
from django.conf import settings as configured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY
from reports.figures.tables import IDLE
from reports.figures.tally import Tally, figure, tallies, value_of
from reports.formats import EMPTY
from reports.metrics import METRIC_BY_KEY, METRICS
from reports.metrics.drawn import STEPS as DRAWN
from reports.report import Figure, Report, Table
from tests.crm.factories import make_organisation
from tests.reports.plain import PLAIN, STEPS
from tests.reports.small_worlds import Writer, books
from tests.reports.world import NOW, World, at
from visits.models import Appeal

pytestmark = pytest.mark.django_db

# Every open question of domain §2.4, its default first.
OPTIONS = {
    "UNREACHABLE_COUNTS": ("out", "solved", "unsolved"),
    "NO_ANSWER_ON_SATISFACTION": ("out", "satisfied"),
    "MERGED_COUNT": ("once", "each"),
    "EXCLUDED_DROP": ("rates", "all"),
    "SHELVED_DROP": (True, False),
    "REOPENED_BY": ("last", "first"),
    "CONTACTS_COUNT_AS_VISITS": (False, True),
}
RUNNING = "2023-11-20 12:00"
numbers = count(1)
few = settings(
    max_examples=12, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def compare(rng: Random, now: datetime, option: dict[str, object]) -> Iterator[tuple[str, object, object]]:
    """(metric, as the product counts, as it is counted plainly) in a world of its own organisation."""
    world = World(make_organisation(f"第{next(numbers)}园区办", "park_office"))
    plain = books(rng, now)
    Writer(world).write(plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(configured, "YQT", configured.YQT | option)
        scope = world.scope(now=f"{now:%Y-%m-%d %H:%M}")
        found = tallies(scope)
        for metric in METRICS:
            yield metric.key, value_of(metric, found[metric.key]), PLAIN[metric.key](plain)
        steps = tallies(scope, DRAWN)
        for metric in DRAWN:
            yield metric.key, steps[metric.key].rows, STEPS[metric.key](plain)


def test_every_metric_is_counted_plainly_too():
    assert PLAIN.keys() == METRIC_BY_KEY.keys()


@few
@given(st.randoms(use_true_random=False), st.sampled_from((NOW, RUNNING)), st.data())
def test_every_metric_equals_a_plain_count_of_the_same_records(rng, now, data):
    option = {name: data.draw(st.sampled_from(values), name) for name, values in OPTIONS.items()}
    for key, counted, plainly in compare(rng, at(now), option):
        assert counted == plainly, (key, option)


@pytest.mark.parametrize(("name", "value"), [(name, v) for name, values in OPTIONS.items() for v in values])
def test_every_option_gives_what_is_counted_plainly(name, value):
    for seed in range(2):
        for key, counted, plainly in compare(Random(seed), at(NOW), {name: value}):
            assert counted == plainly, (key, seed)
    assert Appeal.objects.exists()


@pytest.mark.parametrize(("name", "value"), [(name, v) for name, values in OPTIONS.items() for v in values])
def test_the_totals_of_the_tables_are_those_of_the_figures_under_every_option(settings, world, name, value):
    Writer(world).write(books(Random(7), at(NOW)))
    settings.YQT = settings.YQT | {name: value}
    report = build_report(world.scope(), KIND_BY_KEY["monthly"])
    compared = [cell for table in report.tables for cell in total_cells(table, report)]
    assert len(compared) > 12
    for column, cell, expected in compared:
        assert cell == expected, column


def total_cells(table: Table, report: Report) -> Iterator[tuple[str, str, str]]:
    """The total of a table, which pools its lines, beside the figure that each column names."""
    for column, cell in zip(table.columns, table.total.cells if table.total else (), strict=bool(table.total)):
        if column.figure and column.part not in ("satisfied", "basically"):
            yield f"{table.key}.{column.key}", cell, said(report.figure(column.figure), cell, is_part=bool(column.part))


def said(figure: Figure, cell: str, *, is_part: bool) -> str:
    """A table counts to nought where a figure has nothing to tell."""
    if is_part:
        return EMPTY if cell == EMPTY and not figure.numerator else str(figure.numerator or 0)
    if not cell.isdigit():
        return IDLE if (cell, figure.text) == (IDLE, EMPTY) else figure.text
    return str((figure.value if figure.denominator is None else figure.denominator) or 0)


# Which figures print the option in their 口径.
PRINTED = {
    "UNREACHABLE_COUNTS": ("response_rate", "solving_rate", "satisfaction_rate", "unreachable_call_backs"),
    "NO_ANSWER_ON_SATISFACTION": ("valid_call_backs", "answer_rate", "satisfaction_rate"),
    "MERGED_COUNT": ("appeals_received", "closing_rate_accepted"),
    "EXCLUDED_DROP": ("appeals_received", "appeals_closed", "response_rate", "valid_call_backs", "late_rate"),
    "SHELVED_DROP": ("solving_rate", "shelved_appeals"),
    "REOPENED_BY": ("appeals_closed", "closing_rate_due", "closing_in_time", "late_rate", "mean_hours", "median_hours",
                    "called_back", "done_again", "closing_rate_accepted"),
    "CONTACTS_COUNT_AS_VISITS": ("enterprise_visits", "appeals_per_visit"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, keys in PRINTED.items() for key in keys])
def test_every_option_prints_a_口径_of_its_own(settings, name, key):
    told = set()
    for value in OPTIONS[name]:
        settings.YQT = settings.YQT | {name: value}
        told.add(METRIC_BY_KEY[key].definition_text)
    assert len(told) == len(OPTIONS[name])


def test_99_996_percent_is_not_all(world):
    nearly = Tally(25_000, 24_999, {}, Fraction(24_999, 25_000))
    assert figure(METRIC_BY_KEY["done_again"], nearly, nearly).text == "99.99%"
