"""The ways to write a period ("2023-11"), one line of a table each. No queries here.

Months, and with them quarters and years, begin where the setting MONTH_STARTS_ON says; a day of reports runs from noon
to noon (domain §2.3), a week is that of ISO 8601, a span is any days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from reports.formats import chinese_date
from reports.period.base import FORMS, ONE_DAY, BadPeriod, Form, Period, check_year, form_of, span_of, year_before
from visits.months import Month, month_of

QUARTERS = "一二三四"
ONE_WEEK = timedelta(days=7)
NOON = 12
LAST_SAFE_WEEK = 52


def months_from(year: int, month: int, months: int) -> tuple[date, date]:
    last = month + months
    return Month(year, month).start, Month(year + (last - 1) // 12, (last - 1) % 12 + 1).start


def of_months(key: str, name: str, start: date, end: date) -> Period:
    """Named with its days where months begin on another day than the calendar's: the name alone would mislead."""
    if start.day == 1:
        return Period(key, name, start, end)
    last = end - ONE_DAY
    since, until = (short(day) if start.year == last.year else chinese_date(day) for day in (start, last))
    return Period(key, f"{name}（{since}至{until}）", start, end)


def year_period(text: str) -> Period:
    year = int(text)
    return of_months(f"{year}", f"{year}年", *months_from(year, 1, 12))


def quarter_period(year_text: str, quarter_text: str) -> Period:
    year, quarter = int(year_text), int(quarter_text)
    name = f"{year}年第{QUARTERS[quarter - 1]}季度"
    return of_months(f"{year}-Q{quarter}", name, *months_from(year, quarter * 3 - 2, 3))


def month_period(year_text: str, month_text: str) -> Period:
    year, month = int(year_text), int(month_text)
    if not 1 <= month <= 12:
        raise BadPeriod(f"没有 {month} 月，月份应为 1 至 12。")
    return of_months(f"{year}-{month:02}", f"{year}年{month}月", *months_from(year, month, 1))


def week_period(year_text: str, week_text: str) -> Period:
    year, week = int(year_text), int(week_text)
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise BadPeriod(f"{year} 年没有第 {week} 周。") from None
    days = f"{short(monday)}至{short(monday + ONE_WEEK - ONE_DAY)}"
    return Period(f"{year}-W{week:02}", f"{year}年第{week}周（{days}）", monday, monday + ONE_WEEK)


def day_period(text: str) -> Period:
    day = day_of(text)
    label = f"{chinese_date(day)}（前一日{NOON}时至当日{NOON}时）"
    return Period(f"{day}", label, day - ONE_DAY, day, NOON)


def to_date_period(year: str, month: str | None, last: str) -> Period:
    whole, day = month_period(year, month) if month else year_period(year), day_of(last)
    if not whole.start <= day < whole.end:
        raise BadPeriod(f"{chinese_date(day)}不在{whole.label}之内。")
    label = f"{whole.label.partition('（')[0]}累计（{since(whole)}至{short(day)}）"
    return Period(f"{whole.key}-to-{day}", label, whole.start, day + ONE_DAY)


def since(whole: Period) -> str:
    """From when, where that is not the first of the calendar's month."""
    return "" if whole.start.day == 1 else chinese_date(whole.start)


def span_period(first: str, last: str) -> Period:
    start, end = day_of(first), day_of(last)
    if end < start:
        raise BadPeriod("统计期间的结束日期早于开始日期。")
    check_year(end.year)
    return span_of(start, end + ONE_DAY)


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadPeriod(f"“{text}”不是存在的日期。") from None


def short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def step_part(parts: int, make: Callable[[str, str], Period]) -> Callable[..., Period]:
    """From a part of a year to another, parts counted from 1."""

    def step(by: int, year: str, part: str) -> Period:
        number = int(year) * parts + int(part) - 1 + by
        return make(str(number // parts), str(number % parts + 1))

    return step


def step_week(by: int, year: str, week: str) -> Period:
    return week_with(week_period(year, week).start + ONE_WEEK * by)


def week_with(day: date) -> Period:
    year, week, _ = day.isocalendar()
    return week_period(str(year), str(week))


def week_a_year_ago(year: str, week: str) -> Period:
    """Not every year has a week 53."""
    return week_period(str(int(year) - 1), str(min(int(week), LAST_SAFE_WEEK)))


def step_to_date(by: int, year: str, month: str | None, last: str) -> Period:
    """Of a year up to the same date, of a month up to the same day of it."""
    if month is None:
        day = day_of(last)
        for _ in range(-by):
            day = year_before(day)
        return to_date_period(str(int(year) + by), None, str(day))
    whole = step_part(12, month_period)(by, year, month)
    days = (day_of(last) - month_period(year, month).start).days
    return up_to(whole, min(whole.start + timedelta(days=days), whole.last_day))


def up_to(whole: Period, day: date) -> Period:
    """A year or a month up to a day of it."""
    year, _, month = whole.key.partition("-")
    return to_date_period(year, month or None, str(day))


def to_date_a_year_ago(year: str, month: str | None, last: str) -> Period:
    return to_date_period(str(int(year) - 1), month, str(year_before(day_of(last))))


_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
FORMS[:] = (
    Form("year", re.compile(r"([0-9]{4})"), year_period, lambda by, year: year_period(str(int(year) + by)), 1),
    Form("quarter", re.compile(r"([0-9]{4})-?[Qq]([1-4])"), quarter_period, step_part(4, quarter_period), 4),
    Form("month", re.compile(r"([0-9]{4})-([0-9]{1,2})"), month_period, step_part(12, month_period), 12),
    Form(
        "week", re.compile(r"([0-9]{4})-?[Ww]([0-9]{1,2})"), week_period, step_week, year_ago=week_a_year_ago
    ),
    Form(
        "day", re.compile(_DAY), day_period, lambda by, day: day_period(str(day_of(day) + ONE_DAY * by)),
        year_ago=lambda day: day_period(str(year_before(day_of(day)))),
    ),
    Form(
        "to_date", re.compile(rf"([0-9]{{4}})(?:-([0-9]{{2}}))?-to-{_DAY}"), to_date_period, step_to_date,
        year_ago=to_date_a_year_ago,
    ),
    Form("span", re.compile(rf"{_DAY}\.\.{_DAY}"), span_period),
)  # fmt: skip


def parts_of(key: str) -> tuple[str, int, int]:
    """("month", 2023, 11) for "2023-11", a year with part 0; (its kind, 0, 0) of what is no part of a year."""
    form, match = form_of(key)
    if form.kind not in ("year", "quarter", "month"):
        return form.kind, 0, 0
    return form.kind, int(match[1]), int(match[2]) if form.kind != "year" else 0


def current_month(today: date) -> Period:
    """The month of figures that holds this day."""
    month = month_of(today)
    return month_period(str(month.year), str(month.number))


def current_year(today: date) -> Period:
    return year_period(str(month_of(today).year))


# What people ask for without a date.
NAMED: dict[str, Callable[[date], Period]] = {
    "ytd": lambda today: up_to(current_year(today), today),
    "mtd": lambda today: up_to(current_month(today), today),
    "week": week_with,
    "day": lambda today: day_period(str(today)),
}


def period_named(text: str, today: date) -> Period:
    """As written, or by one of the names; the month of today when nothing is said."""
    text = text.strip()
    named = NAMED.get(text.lower(), current_month if not text else None)
    return named(today) if named else Period.parse(text)
