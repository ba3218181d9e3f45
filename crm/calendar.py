"""The working calendar in force: what the tables say, compiled once and kept until they change.

The arithmetic is in ``crm/worktime.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from asgiref.local import Local
from django.core.signals import request_started
from django.utils import timezone
from django_tasks.signals import task_started

from crm.models.calendar import CalendarDay, CalendarEdit, DayKind, WeekdayHours
from crm.worktime import DAY_OFF, Hours, WorkingCalendar, parse_hours

# From this month on the schedule of the next year is out; the State Council publishes it in autumn.
PUBLISHED_BY_MONTH = 11
# A weekday that the table does not name.
USUAL, SATURDAY = "09:00-12:00 13:30-17:30", 5

# The calendar that this request or task asked for; requests of other threads ask for themselves.
_asked = Local()
# The one compiled last, with the edit it stands for.
_compiled: tuple[int | None, WorkingCalendar] | None = None


def current() -> WorkingCalendar:
    """The calendar in force; one small query the first time in a request or task, none afterwards."""
    calendar: WorkingCalendar | None = getattr(_asked, "calendar", None)
    if calendar is None:
        calendar = _asked.calendar = _in_force()
    return calendar


def _in_force() -> WorkingCalendar:
    global _compiled
    kept, edit = _compiled, CalendarEdit.objects.values_list("pk", flat=True).first()
    if kept is None or kept[0] != edit:
        kept = _compiled = edit, _compile()
    return kept[1]


def ask_again(**kwargs: Any) -> None:
    """A new request or task asks anew: another process may have changed the calendar."""
    _asked.calendar = None


def forget() -> None:
    """Compile it anew, too: what was compiled may have been rolled back."""
    global _compiled
    ask_again()
    _compiled = None


request_started.connect(ask_again)
task_started.connect(ask_again)


def _compile() -> WorkingCalendar:
    hours = dict(WeekdayHours.objects.values_list("weekday", "hours"))
    week = [parse_hours(hours.get(weekday, USUAL if weekday < SATURDAY else "")) for weekday in range(7)]
    usual = next((hours for hours in week if hours), DAY_OFF)
    days = {
        day: _hours(kind, text, usual) for day, kind, text in CalendarDay.objects.values_list("date", "kind", "hours")
    }
    return WorkingCalendar(week, days, timezone.get_default_timezone())


def _hours(kind: str, hours: str, usual: Hours) -> Hours:
    if kind == DayKind.OFF:
        return DAY_OFF
    return parse_hours(hours) if kind == DayKind.OWN else usual


def year_to_enter(today: date) -> int | None:
    """The year whose holidays somebody has to enter, None while all is well."""
    year = today.year + (today.month >= PUBLISHED_BY_MONTH)
    return None if CalendarDay.objects.filter(date__year=year).exists() else year


def published_days(years: Iterable[int]) -> list[CalendarDay]:
    """The State Council's schedules as ``chinesecalendar`` has them: every date that differs from Monday to Friday.

    Years that the package does not know are left out.
    """
    import chinese_calendar

    known = {day.year for day in chinese_calendar.holidays}
    days = []
    for day, holiday in sorted({**chinese_calendar.holidays, **chinese_calendar.workdays}.items()):
        if day.year not in known.intersection(years):
            continue
        is_worked = day in chinese_calendar.workdays
        if is_worked == (day.weekday() >= SATURDAY):
            kind = DayKind.WORK if is_worked else DayKind.OFF
            days.append(CalendarDay(date=day, kind=kind, name=chinese_calendar.Holiday(holiday).chinese))
    return days
