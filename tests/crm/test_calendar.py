"""Working days: holidays, make-up days, weekends, and years that no schedule covers yet."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from crm.calendar import add_working_days, is_working_day, working_days_between


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 2), True),  # Monday
        (date(2026, 11, 7), False),  # Saturday
        (date(2023, 10, 2), False),  # National Day
        (date(2023, 10, 7), True),  # a Saturday made up for the holiday
        (date(2031, 10, 1), True),  # no schedule yet: a Wednesday
        (date(2031, 10, 4), False),  # no schedule yet: a Saturday
    ],
)
def test_working_days_follow_the_published_schedule(day, is_worked):
    assert is_working_day(day) is is_worked


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-02 09:30", 1, "2026-11-03 17:30"),
        ("2026-11-02 23:50", 1, "2026-11-03 17:30"),
        ("2026-11-06 10:00", 1, "2026-11-09 17:30"),  # over a weekend
        ("2026-11-07 10:00", 1, "2026-11-09 17:30"),  # from a Saturday
        ("2023-09-28 10:00", 2, "2023-10-08 17:30"),  # over the holiday, onto a made-up Sunday
        ("2026-11-02 09:30", 10, "2026-11-16 17:30"),
    ],
)
def test_a_limit_ends_with_the_work_of_its_last_day(start, days, end):
    assert add_working_days(local(start), days) == local(end)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-02 09:00", "2026-11-02 17:30", 0),
        ("2026-11-02 18:00", "2026-11-03 08:00", 1),
        ("2026-11-06 10:00", "2026-11-08 10:00", 0),
        ("2026-11-06 10:00", "2026-11-09 10:00", 1),
        ("2026-11-09 10:00", "2026-11-06 10:00", -1),
    ],
)
def test_days_between_count_worked_days_only(start, end, days):
    assert working_days_between(local(start), local(end)) == days


def test_a_limit_is_as_far_away_as_the_days_it_was_given():
    start = local("2026-11-04 15:00")
    for days in range(30):
        assert working_days_between(start, add_working_days(start, days)) == days
