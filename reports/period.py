"""Periods that people name ("2023-11") as half-open spans of days in local time. No queries here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crm.moments import moment
from reports.formats import chinese_date
from visits.months import Month, month_of

QUARTERS = "一二三四"
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
ONE_DAY = timedelta(days=1)


class BadPeriod(ValueError):
    """The text names no period; the message is Chinese and meant for the user."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; `key` is what stands in an address."""

    key: str
    label: str
    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        for pattern, make in FORMS:
            if match := pattern.fullmatch(text.strip()):
                check_year(int(match[1][:4]))
                return make(*match.groups())
        raise BadPeriod(f"看不懂的统计期间“{text[:40]}”。请写成 2023、2023-Q4、2023-11 或 2023-11-01..2023-11-30。")

    @property
    def start_at(self) -> datetime:
        return moment(self.start)

    @property
    def end_at(self) -> datetime:
        return moment(self.end)

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    def previous(self) -> Period:
        """The month before a month, the quarter before a quarter; before a span of days as many days."""
        kind, year, part = parts_of(self.key)
        if kind == "year":
            return year_period(str(year - 1))
        if kind == "quarter":
            return quarter_period(*(str(n) for n in step(year, part, 4)))
        if kind == "month":
            return month_period(*(str(n) for n in step(year, part, 12)))
        return span_of(self.start - (self.end - self.start), self.start)

    def following(self) -> Period | None:
        """The next month, quarter or year; None for a span of days."""
        kind, year, part = parts_of(self.key)
        if kind == "year":
            return year_period(str(year + 1))
        if kind == "quarter":
            return quarter_period(str(year + part // 4), str(part % 4 + 1))
        if kind == "month":
            return month_period(str(year + part // 12), str(part % 12 + 1))
        return None

    def first_days(self, days: int) -> Period:
        """Its first days only, to compare a period that is still running with the same span before it."""
        return replace(self, end=min(self.end, self.start + timedelta(days=days)))


def step(year: int, part: int, parts: int) -> tuple[int, int]:
    """The part of a year before this one, parts counted from 1."""
    return (year, part - 1) if part > 1 else (year - 1, parts)


def months_from(year: int, month: int, months: int) -> tuple[date, date]:
    last = month + months
    return Month(year, month).start, Month(year + (last - 1) // 12, (last - 1) % 12 + 1).start


def check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year < LATEST_YEAR:
        raise BadPeriod(f"年份 {year} 不在 {EARLIEST_YEAR} 至 {LATEST_YEAR - 1} 之间。")


def year_period(text: str) -> Period:
    year = int(text)
    return Period(f"{year}", f"{year}年", *months_from(year, 1, 12))


def quarter_period(year_text: str, quarter_text: str) -> Period:
    year, quarter = int(year_text), int(quarter_text)
    label = f"{year}年第{QUARTERS[quarter - 1]}季度"
    return Period(f"{year}-Q{quarter}", label, *months_from(year, quarter * 3 - 2, 3))


def month_period(year_text: str, month_text: str) -> Period:
    year, month = int(year_text), int(month_text)
    if not 1 <= month <= 12:
        raise BadPeriod(f"没有 {month} 月，月份应为 1 至 12。")
    return Period(f"{year}-{month:02}", f"{year}年{month}月", *months_from(year, month, 1))


def span_period(first: str, last: str) -> Period:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise BadPeriod(f"“{first}..{last}”里有不存在的日期。") from None
    if end < start:
        raise BadPeriod("统计期间的结束日期早于开始日期。")
    check_year(end.year)
    return span_of(start, end + ONE_DAY)


def span_of(start: date, end: date) -> Period:
    last = end - ONE_DAY
    label = chinese_date(start) if start == last else f"{chinese_date(start)}至{chinese_date(last)}"
    return Period(f"{start}..{last}", label, start, end)


def parts_of(key: str) -> tuple[str, int, int]:
    """("month", 2023, 11) for "2023-11"; ("span", 0, 0) for days."""
    if ".." in key:
        return "span", 0, 0
    year, _, part = key.partition("-")
    if not part:
        return "year", int(year), 0
    return ("quarter", int(year), int(part[1:])) if part.startswith("Q") else ("month", int(year), int(part))


FORMS: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = (
    (re.compile(r"([0-9]{4})"), year_period),
    (re.compile(r"([0-9]{4})-?[Qq]([1-4])"), quarter_period),
    (re.compile(r"([0-9]{4})-([0-9]{1,2})"), month_period),
    (re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})"), span_period),
)


def current_month(today: date) -> Period:
    """The month of figures that holds this day."""
    month = month_of(today)
    return month_period(str(month.year), str(month.number))
