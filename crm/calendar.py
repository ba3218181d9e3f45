"""Working time: which days are worked and when a limit of n working days ends. Limits themselves are settings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
from django.utils import timezone

DAY_STARTS = time(9, 0)
DAY_ENDS = time(17, 30)
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """By the State Council's schedule (holidays and make-up days); years it does not cover yet run Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def end_of_day(day: date) -> datetime:
    """The moment at which work ends on a day, and with it a limit that falls on that day."""
    return timezone.make_aware(datetime.combine(day, DAY_ENDS))


def add_working_days(start: datetime, days: int) -> datetime:
    """End of work on the n-th working day after `start`; the day of `start` itself does not count."""
    day = _local_day(start)
    for _ in range(days):
        day = _next_working_day(day)
    return end_of_day(day)


def working_days_between(start: datetime, end: datetime) -> int:
    """Working days after the day of `start` up to and with the day of `end`; negative when `end` is earlier."""
    first, last = _local_day(start), _local_day(end)
    if last < first:
        return -working_days_between(end, start)
    days = (first + _ONE_DAY * n for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def _next_working_day(day: date) -> date:
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def _local_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
