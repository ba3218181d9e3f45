"""A period: days with a name, and what comes before and after them. How it is written: reports.period.forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from crm.moments import moment
from reports.formats import chinese_date

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
ONE_DAY = timedelta(days=1)
HELP = (
    "2023、2023-Q4、2023-11、2023-W45（周）、2023-11-05（日，前一日12时起）、2023-11-01..2023-11-30，"
    "或 ytd、mtd（至今日累计）"
)
UP_TO_A_DAY = ("to_date", "span")


class BadPeriod(ValueError):
    """The text names no period; the message is Chinese and meant for the user."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; `key` is what stands in an address.

    With `hour` it begins at that hour of `start` and ends at that hour of `end`.
    """

    key: str
    label: str
    start: date
    end: date
    hour: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        form, match = form_of(text.strip())
        check_year(int(match[1][:4]))
        return form.make(*match.groups())

    @property
    def start_at(self) -> datetime:
        return moment(self.start, time(self.hour))

    @property
    def end_at(self) -> datetime:
        return moment(self.end, time(self.hour))

    @property
    def last_day(self) -> date:
        return self.end if self.hour else self.end - ONE_DAY

    @property
    def kind(self) -> str:
        return form_of(self.key)[0].kind

    def previous(self) -> Period:
        """The month before a month, the week before a week; before a span of days as many days."""
        found = self.step(-1)
        return found or span_of(self.start - (self.end - self.start), self.start)

    def leading_up(self, number: int) -> list[Period]:
        """So many of its kind, from the earliest up to itself."""
        found = [self]
        while len(found) < number:
            found.append(found[-1].previous())
        return found[::-1]

    def following(self) -> Period | None:
        """The next of its kind; None for what has none: days chosen freely, and all that runs up to a day."""
        return None if self.kind in UP_TO_A_DAY else self.step(1)

    def last_year(self) -> Period:
        """The same period of the year before: of a week that of the same number, of days the same dates."""
        form, match = form_of(self.key)
        if form.year_ago:
            return form.year_ago(*match.groups())
        found = self.step(-form.in_a_year) if form.in_a_year else None
        return found or span_of(year_before(self.start), year_before(self.last_day) + ONE_DAY)

    def step(self, by: int) -> Period | None:
        form, match = form_of(self.key)
        return form.step(by, *match.groups()) if form.step else None

    def first_days(self, days: int) -> Period:
        """Its first days only, to compare a period that is still running with the same span before it."""
        return self.until(self.start + timedelta(days=days))

    def until(self, end: date) -> Period:
        return replace(self, end=max(self.start, min(self.end, end)))


def year_before(day: date) -> date:
    """The same date a year earlier; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year < LATEST_YEAR:
        raise BadPeriod(f"年份 {year} 不在 {EARLIEST_YEAR} 至 {LATEST_YEAR - 1} 之间。")


def span_of(start: date, end: date) -> Period:
    last = end - ONE_DAY
    label = chinese_date(start) if start == last else f"{chinese_date(start)}至{chinese_date(last)}"
    return Period(f"{start}..{last}", label, start, end)


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a period: what its pattern finds is given to all the functions."""

    kind: str
    pattern: re.Pattern[str]
    make: Callable[..., Period]
    step: Callable[..., Period] | None = None
    # How many of it are a year, where that is always the same; else a function.
    in_a_year: int = 0
    year_ago: Callable[..., Period] | None = None


# Filled by reports.period.forms, which needs the class above.
FORMS: list[Form] = []


def form_of(text: str) -> tuple[Form, re.Match[str]]:
    for form in FORMS:
        if match := form.pattern.fullmatch(text):
            return form, match
    raise BadPeriod(f"看不懂的统计期间“{text[:40]}”。请写成 {HELP}。")
