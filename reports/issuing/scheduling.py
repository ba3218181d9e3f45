"""When a scheduled report falls due and over which period it runs: one table of rules. No queries here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.moments import moment
from crm.worktime import WorkingCalendar
from reports.period import Period, current_month, quarter_period, year_period
from reports.period.forms import NOON, day_period, week_with
from visits.months import Month, month_of

ONE_DAY = timedelta(days=1)
# Of slots that were missed while nothing ran, the latest so many are made up for.
MOST_MISSED = 40
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` are those on which it may fall due, `period` the last finished one; `most` the largest day to choose."""

    key: str
    label: str
    days: Callable[[date, date, int, WorkingCalendar], Iterator[date]]
    period: Callable[[date, time], Period]
    most: int = 0

    def told(self, day: int | None, at: time) -> str:
        """In words, as the page says it."""
        chosen = WEEKDAYS[day - 1] if self.most == 7 and day else str(day or "")
        return f"{self.label.replace('N', chosen)} {at:%H:%M}"


def first_working_days(months: int) -> Callable[[date, date, int, WorkingCalendar], Iterator[date]]:
    """The first working day of every month, quarter or year of figures."""

    def days(first: date, last: date, chosen: int, calendar: WorkingCalendar) -> Iterator[date]:
        # Holidays may carry the day far into the month: begin with the month before.
        month = month_of(first).previous
        while month.start <= last:
            if (month.number - 1) % months == 0:
                yield first_working_day(month, calendar)
            month = month.following

    return days


def first_working_day(month: Month, calendar: WorkingCalendar) -> date:
    day = month.start
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def days_of_months(first: date, last: date, chosen: int, calendar: WorkingCalendar) -> Iterator[date]:
    """A day of the calendar's month; of a month that has no such day the last."""
    return (day for day in all_days(first, last) if day.day == chosen or is_last_before(day, chosen))


def is_last_before(day: date, chosen: int) -> bool:
    return day.day < chosen and (day + ONE_DAY).day == 1


def days_of_weeks(first: date, last: date, chosen: int, calendar: WorkingCalendar) -> Iterator[date]:
    return (day for day in all_days(first, last) if day.isoweekday() == chosen)


def every_day(first: date, last: date, chosen: int, calendar: WorkingCalendar) -> Iterator[date]:
    return all_days(first, last)


def all_days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def last_month(day: date, at: time) -> Period:
    return current_month(day).previous()


def last_quarter(day: date, at: time) -> Period:
    month = month_of(day)
    return quarter_period(str(month.year), str((month.number + 2) // 3)).previous()


def last_year(day: date, at: time) -> Period:
    return year_period(str(month_of(day).year)).previous()


def last_week(day: date, at: time) -> Period:
    return week_with(day).previous()


def last_day(day: date, at: time) -> Period:
    """From noon to noon: before noon the day that ended yesterday."""
    return day_period(str(day if at.hour >= NOON else day - ONE_DAY))


_ALL = (
    Rule("month_first", "每月首个工作日", first_working_days(1), last_month),
    Rule("month_day", "每月 N 日", days_of_months, last_month, 31),
    Rule("quarter_first", "每季度首个工作日", first_working_days(3), last_quarter),
    Rule("year_first", "每年首个工作日", first_working_days(12), last_year),
    Rule("week", "每周N", days_of_weeks, last_week, 7),
    Rule("day", "每天", every_day, last_day),
)
RULES: dict[str, Rule] = {rule.key: rule for rule in _ALL}


def slots(
    rule: Rule, day: int | None, at: time, calendar: WorkingCalendar, since: datetime, until: datetime
) -> list[datetime]:
    """The moments after `since` and not after `until` at which it falls due, the latest MOST_MISSED of them."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    found = (moment(one, at) for one in rule.days(first, last, day or 0, calendar))
    return [one for one in found if since < one <= until][-MOST_MISSED:]


def next_slot(rule: Rule, day: int | None, at: time, calendar: WorkingCalendar, now: datetime) -> datetime | None:
    """The next after now, within a year and a bit."""
    today = timezone.localdate(now)
    found = (moment(one, at) for one in rule.days(today, today + timedelta(days=400), day or 0, calendar))
    return next((one for one in found if one > now), None)
