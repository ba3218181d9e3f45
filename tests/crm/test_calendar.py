"""The calendar in force: seeded, edited, and in force at once."""

from __future__ import annotations

from datetime import date, datetime
from threading import Thread

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.calendar import ask_again, current, forget, published_days, year_to_enter
from crm.models import CalendarDay, WeekdayHours
from crm.worktime import Limit, Unit

pytestmark = pytest.mark.django_db


def local(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 2), True),  # Monday
        (date(2026, 11, 7), False),  # Saturday
        (date(2023, 10, 2), False),  # National Day
        (date(2023, 10, 7), True),  # a Saturday made up for the holiday
        (date(2004, 1, 17), True),  # the first make-up day that is seeded
        (date(2031, 10, 1), True),  # no schedule yet: a Wednesday
        (date(2031, 10, 4), False),  # no schedule yet: a Saturday
    ],
)
def test_working_days_follow_the_published_schedule(day, is_worked):
    assert current().is_working_day(day) is is_worked


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
    assert current().add_working(local(start), Limit(days, Unit.WORKING_DAY)) == local(end)


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
    assert current().working_between(local(start), local(end), Unit.WORKING_DAY) == days


def test_every_year_from_2004_to_2026_is_seeded_as_published():
    seeded = CalendarDay.objects.filter(kind="off").values_list("date__year", flat=True)
    assert set(seeded) == set(range(2004, 2027))
    assert [str(day) for day in published_days([2026])][:2] == ["2026-01-01 休 元旦", "2026-01-02 休 元旦"]


def test_a_make_up_day_has_the_hours_of_an_ordinary_one():
    WeekdayHours.objects.update(hours="08:30-12:00 14:00-18:00")
    forget()
    assert current().end_of_day(date(2023, 10, 7)) == local("2023-10-07 18:00")


def test_a_weekday_that_nobody_named_has_the_usual_hours():
    WeekdayHours.objects.all().delete()
    forget()
    assert current().end_of_day(date(2026, 11, 2)) == local("2026-11-02 17:30")
    assert not current().is_working_day(date(2026, 11, 7))


def test_a_day_with_hours_of_its_own_is_worked_in_them():
    CalendarDay.objects.create(date=date(2026, 12, 31), kind="own", hours="09:00-11:00", name="年终")
    forget()
    end = current().add_working(local("2026-12-31 10:30"), Limit(60, Unit.MINUTE))
    assert end == local("2027-01-01 09:30")


@pytest.mark.parametrize("wrong", [{"kind": "own"}, {"kind": "off", "hours": "09:00-11:00"}])
def test_hours_belong_to_days_of_their_own_hours_only(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(date=date(2027, 1, 4), **wrong)


def test_asking_again_costs_no_query_until_the_next_request(django_assert_num_queries, client):
    current()
    client.get("/accounts/login/")
    with django_assert_num_queries(1):
        current()
        current()


def test_a_request_in_another_thread_takes_nobodys_calendar_away(django_assert_num_queries):
    current()
    other = Thread(target=ask_again)
    other.start()
    other.join()
    with django_assert_num_queries(0):
        current()


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2027, 3, 1), 2027),
        (date(2025, 12, 31), None),
    ],
)
def test_from_november_the_next_year_is_missed(today, year):
    assert year_to_enter(today) == year
