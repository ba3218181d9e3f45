"""Working time: lunch, holidays, make-up days and pauses, against a plain count minute by minute."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.calendar import published_days
from crm.worktime import DAY_OFF, Limit, Unit, WorkingCalendar, parse_hours

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
USUAL = parse_hours("09:00-12:00 13:30-17:30")
WEEK = [USUAL] * 5 + [DAY_OFF] * 2
# As the State Council set them for the three years, make-up days and all; and a day with hours of its own.
DAYS = {day.date: DAY_OFF if day.kind == "off" else USUAL for day in published_days([2024, 2025, 2026])} | {
    date(2025, 12, 31): parse_hours("09:00-12:00")
}
CALENDAR = WorkingCalendar(WEEK, DAYS, ZONE)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(ZONE))
on_the_minute = moments.map(lambda moment: moment.replace(second=0, microsecond=0))
limits = st.one_of(
    st.builds(Limit, st.integers(0, 60_000), st.just(Unit.MINUTE)),
    st.builds(Limit, st.integers(0, 200), st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.HOUR])),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2025-03-03 11:30", Limit(60, Unit.MINUTE), "2025-03-03 14:00"),  # over lunch
        ("2025-03-03 11:30", Limit(30, Unit.MINUTE), "2025-03-03 12:00"),  # ends with the interval, not after lunch
        ("2025-03-03 12:40", Limit(30, Unit.MINUTE), "2025-03-03 14:00"),  # from lunch
        ("2025-03-07 17:00", Limit(60, Unit.MINUTE), "2025-03-10 09:30"),  # over a weekend
        ("2025-02-07 17:00", Limit(60, Unit.MINUTE), "2025-02-08 09:30"),  # onto a make-up Saturday
        ("2025-01-27 17:30", Limit(1, Unit.MINUTE), "2025-02-05 09:01"),  # over the Spring Festival
        ("2025-12-31 11:50", Limit(20, Unit.MINUTE), "2026-01-04 09:10"),  # own hours, New Year, a made-up Sunday
        ("2025-03-03 11:30", Limit(0, Unit.MINUTE), "2025-03-03 11:30"),
        ("2025-02-07 09:00", Limit(1, Unit.WORKING_DAY), "2025-02-08 17:30"),
        ("2025-12-30 09:00", Limit(1, Unit.WORKING_DAY), "2025-12-31 12:00"),
        ("2025-03-08 10:00", Limit(0, Unit.WORKING_DAY), "2025-03-08 17:30"),  # said on a Saturday, for that day
        ("2025-03-07 18:20", Limit(2, Unit.HOUR), "2025-03-07 20:20"),  # the hotline never sleeps
        ("2025-01-27 10:00", Limit(7, Unit.NATURAL_DAY), "2025-02-03 10:00"),
    ],
)
def test_a_limit_ends_where_a_person_with_a_calendar_would_say(start, limit, end):
    assert CALENDAR.add_working(local(start), limit) == local(end)


def test_the_days_hold_make_up_days_of_all_three_years():
    made_up = {day for day, hours in DAYS.items() if hours and day.weekday() >= 5}
    assert {day.year for day in made_up} == {2024, 2025, 2026}
    assert {date(2025, 1, 26), date(2025, 2, 8), date(2024, 9, 29), date(2024, 10, 12)} <= made_up


@given(start=moments, limit=limits)
def test_a_limit_is_as_far_away_as_the_time_it_was_given(start, limit):
    end = CALENDAR.add_working(start, limit)
    assert end >= start or (limit.amount == 0 and limit.unit == Unit.WORKING_DAY)
    assert CALENDAR.working_between(start, end, limit.unit) == limit.amount


@given(start=moments, later=st.timedeltas(timedelta(0), timedelta(days=40)), limit=limits)
def test_who_starts_later_is_never_due_earlier(start, later, limit):
    assert CALENDAR.add_working(start + later, limit) >= CALENDAR.add_working(start, limit)


@given(start=moments, limit=limits, more=st.integers(0, 500))
def test_a_longer_limit_never_ends_earlier(start, limit, more):
    longer = Limit(limit.amount + more, limit.unit)
    assert CALENDAR.add_working(start, longer) >= CALENDAR.add_working(start, limit)


@given(start=moments, end=moments, later=st.timedeltas(timedelta(0), timedelta(days=40)), unit=st.sampled_from(Unit))
def test_who_ends_later_never_took_less(start, end, later, unit):
    assert CALENDAR.working_between(start, end + later, unit) >= CALENDAR.working_between(start, end, unit)


@given(
    day=st.sampled_from(sorted(day for day, hours in DAYS.items() if hours and day.weekday() >= 5)),
    before=st.integers(0, 5_000),
    amount=st.integers(0, 5_000),
)
def test_minutes_run_through_make_up_days_like_through_any_other(day, before, amount):
    """From a moment so many minutes before the make-up day begins."""
    start = datetime.combine(day, time(9), ZONE) - before * MINUTE
    end = CALENDAR.add_working(start, Limit(amount, Unit.MINUTE))
    assert CALENDAR.working_between(start, end, Unit.MINUTE) == amount
    walked = sum(_is_worked(start + n * MINUTE) for n in range(int((end - start) / MINUTE)))
    assert walked == amount


@given(a=moments, b=moments, c=moments)
def test_working_time_adds_up_and_turns_round(a, b, c):
    assert CALENDAR.worked(a, b) + CALENDAR.worked(b, c) == CALENDAR.worked(a, c)
    assert CALENDAR.worked(a, b) == -CALENDAR.worked(b, a)


@settings(max_examples=40)
@given(start=on_the_minute, minutes=st.integers(0, 6 * 24 * 60))
def test_minutes_worked_are_those_that_a_walk_through_them_counts(start, minutes):
    walked = sum(_is_worked(start + n * MINUTE) for n in range(minutes))
    assert CALENDAR.working_between(start, start + minutes * MINUTE, Unit.MINUTE) == walked


def _is_worked(moment: datetime) -> bool:
    minute = (moment.hour * 60 + moment.minute) * 60_000_000
    hours = DAYS.get(moment.date(), WEEK[moment.weekday()])
    return any(start <= minute < end for start, end in hours)


@given(
    start=moments,
    amount=st.integers(1, 5_000),
    wait=st.integers(0, 5_000),
    stood=st.timedeltas(timedelta(0), timedelta(days=12)),
)
def test_a_pause_gives_back_exactly_the_working_time_it_took(start, amount, wait, stood):
    """Also when it begins or ends at night, at lunch or over a weekend: what is left then is left afterwards."""
    due = CALENDAR.add_working(start, Limit(amount, Unit.MINUTE))
    paused = CALENDAR.add_working(start, Limit(min(wait, amount), Unit.MINUTE))
    resumed = paused + stood
    moved = CALENDAR.add_worked(due, CALENDAR.worked(paused, resumed))
    assert CALENDAR.worked(resumed, moved) == CALENDAR.worked(paused, due)


def test_moments_of_other_zones_are_the_same_moments():
    at = local("2025-03-03 11:30")
    limit = Limit(90, Unit.MINUTE)
    assert CALENDAR.add_working(at.astimezone(ZoneInfo("UTC")), limit) == CALENDAR.add_working(at, limit)


@pytest.mark.parametrize("text", ["9-12", "12:00-09:00", "09:00-12:00 11:00-13:00", "上午", "09:00", "25:00-26:00"])
def test_hours_that_cannot_be_are_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="时段"):
        parse_hours(text)


def test_a_day_may_be_worked_to_its_end():
    night = WorkingCalendar([parse_hours("00:00-24:00")] * 7, {}, ZONE)
    assert night.add_working(local("2025-03-03 23:30"), Limit(60, Unit.MINUTE)) == local("2025-03-04 00:30")
    assert night.end_of_day(date(2025, 3, 3)) == local("2025-03-04 00:00")


def test_a_week_without_work_is_refused():
    with pytest.raises(ValueError, match="至少有一天上班"):
        WorkingCalendar([DAY_OFF] * 7, {}, ZONE)


def test_moments_that_no_calendar_covers_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="超出日历的范围"):
        CALENDAR.add_working(local("2099-12-30 10:00"), Limit(10, Unit.WORKING_DAY))
    with pytest.raises(ValueError, match="超出日历的范围"):
        CALENDAR.working_between(local("1999-12-30 10:00"), local("2025-01-01 10:00"), Unit.MINUTE)
