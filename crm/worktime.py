"""Working time as pure arithmetic: hours of the week, days that differ, and how limits run through them.

Nothing here reads the database or the clock; ``crm/calendar.py`` gives the calendar that is in force.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import TypeAlias

from django.db.models import TextChoices

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
_MINUTE = 60_000_000
_ONE_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)

# Half-open intervals of one day, as microseconds after midnight: [start, end), in order, apart from each other.
Hours: TypeAlias = tuple[tuple[int, int], ...]
DAY_OFF: Hours = ()


class Unit(TextChoices):
    """What a limit is counted in. Minutes and working days stand still outside working time, the others never do."""

    MINUTE = "minute", "工作分钟"
    WORKING_DAY = "working_day", "个工作日"
    HOUR = "hour", "小时"
    NATURAL_DAY = "natural_day", "天"


_NEVER_STOPS = {Unit.HOUR: timedelta(hours=1), Unit.NATURAL_DAY: _ONE_DAY}


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time that somebody has; never negative."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("时限不能是负数")

    def __str__(self) -> str:
        return f"{self.amount} {Unit(self.unit).label}"


def parse_hours(text: str) -> Hours:
    """``09:00-12:00 13:30-17:30`` → intervals; an empty text is a day off. Raises ``ValueError`` in Chinese."""
    parts = text.replace("，", " ").replace(",", " ").replace("—", "-").replace("：", ":").split()
    hours = tuple(_interval(part) for part in parts)
    for (_, end), (start, _) in pairwise(hours):
        if start < end:
            raise ValueError("时段要按先后写，不能重叠，例如 09:00-12:00 13:30-17:30")
    return hours


def _interval(text: str) -> tuple[int, int]:
    start, _, end = text.partition("-")
    try:
        first = _minutes(start)
        # A day that is worked to its end ends at 24:00, which the clock does not have.
        last = 24 * 60 if end == "24:00" else _minutes(end)
    except ValueError:
        raise ValueError(f"看不懂的时段“{text[:20]}”，请写成 09:00-12:00") from None
    if first >= last:
        raise ValueError(f"时段“{text[:20]}”的结束要晚于开始")
    return first * _MINUTE, last * _MINUTE


def _minutes(text: str) -> int:
    moment = time.fromisoformat(text.zfill(5))
    return moment.hour * 60 + moment.minute


class WorkingCalendar:
    """Working hours of every day from 2000 to 2099; every question costs microseconds, however far apart the moments.

    ``week`` holds the hours of Monday (0) to Sunday (6), ``days`` those of the dates that differ; ``zone`` says which
    moments are 09:00. Moments given and returned are aware; outside the years above they raise ``ValueError``.
    """

    def __init__(self, week: Sequence[Hours], days: Mapping[date, Hours], zone: tzinfo) -> None:
        if len(week) != 7 or not any(week):
            raise ValueError("一周七天都要有工作时间的安排，并且至少有一天上班")
        self._zone = zone
        self._hours: list[Hours] = []
        # Before each day: microseconds worked, and days worked.
        self._worked, self._days = [0], [0]
        for number in range(FIRST.toordinal(), LAST.toordinal() + 1):
            day = date.fromordinal(number)
            hours = days.get(day, week[day.weekday()])
            self._hours.append(hours)
            self._worked.append(self._worked[-1] + sum(end - start for start, end in hours))
            self._days.append(self._days[-1] + bool(hours))
        # When a day off is over that nevertheless is somebody's last day: as late as work ever ends in a week.
        self._closing = max(hours[-1][1] for hours in week if hours)

    def hours_of(self, day: date) -> Hours:
        return self._hours[_index(day)]

    def is_working_day(self, day: date) -> bool:
        return bool(self.hours_of(day))

    def is_working_time(self, moment: datetime) -> bool:
        """Whether work is under way at a moment; intervals are half-open."""
        index, instant = self._place(moment)
        return any(start <= instant < end for start, end in self._hours[index])

    def end_of_day(self, day: date) -> datetime:
        """The moment at which work ends on a day, and with it a limit that falls on that day."""
        hours = self.hours_of(day)
        return self._moment(_index(day), hours[-1][1] if hours else self._closing)

    def add_working(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that runs from ``start`` ends.

        Minutes: the first moment by which so many were worked. Working days: end of work on the n-th one after the day
        of ``start``, which itself does not count. Hours and natural days: by the clock.
        """
        if step := _NEVER_STOPS.get(limit.unit):
            return start + step * limit.amount
        if limit.amount == 0 and limit.unit == Unit.MINUTE:
            return start
        if limit.unit == Unit.MINUTE:
            return self._after(self._worked_before(start) + limit.amount * _MINUTE)
        index = self._place(start)[0]
        if limit.amount:
            index = self._found(self._days, self._days[index + 1] + limit.amount)
        return self.end_of_day(FIRST + _ONE_DAY * index)

    def working_between(self, start: datetime, end: datetime, unit: Unit) -> int:
        """Whole units from ``start`` to ``end``, negative when ``end`` is earlier.

        Working days: those after the day of ``start`` up to and with the day of ``end``.
        """
        if end < start:
            return -self.working_between(end, start, unit)
        if step := _NEVER_STOPS.get(unit):
            return (end - start) // step
        if unit == Unit.MINUTE:
            return (self._worked_before(end) - self._worked_before(start)) // _MINUTE
        return self._days[self._place(end)[0] + 1] - self._days[self._place(start)[0] + 1]

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``, exact; negative when ``end`` is earlier."""
        return _MICROSECOND * (self._worked_before(end) - self._worked_before(start))

    def add_worked(self, start: datetime, span: timedelta) -> datetime:
        """The first moment by which ``span`` of working time has passed since ``start``."""
        return self._after(self._worked_before(start) + span // _MICROSECOND) if span else start

    def _worked_before(self, moment: datetime) -> int:
        index, instant = self._place(moment)
        return self._worked[index] + sum(
            min(instant, end) - start for start, end in self._hours[index] if instant > start
        )

    def _after(self, target: int) -> datetime:
        index = self._found(self._worked, target)
        left = target - self._worked[index]
        for start, end in self._hours[index]:
            if left <= end - start:
                return self._moment(index, start + left)
            left -= end - start
        raise AssertionError("the sums of the days disagree with their hours")

    @staticmethod
    def _found(sums: Sequence[int], target: int) -> int:
        """The day on which a sum reaches the target."""
        index = bisect_left(sums, target) - 1
        if index + 1 >= len(sums):
            raise ValueError(f"时限超出日历的范围（{FIRST.year}—{LAST.year} 年）")
        return index

    def _place(self, moment: datetime) -> tuple[int, int]:
        """(index of the local day, microseconds after its midnight)."""
        local = moment.astimezone(self._zone)
        return _index(local), ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond

    def _moment(self, index: int, instant: int) -> datetime:
        midnight = datetime.combine(FIRST + _ONE_DAY * index, time(), self._zone)
        return midnight + timedelta(microseconds=instant)


def _index(day: date) -> int:
    index = day.toordinal() - FIRST.toordinal()
    if not 0 <= index <= LAST.toordinal() - FIRST.toordinal():
        raise ValueError(f"{day:%Y-%m-%d} 超出日历的范围（{FIRST.year}—{LAST.year} 年）")
    return index
