"""Statistical months: the calendar's, or those that begin on another day (setting MONTH_STARTS_ON)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from crm.moments import moment

_KEY = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Month:
    """Named by the month in which it ends; days from `start` up to, not including, `end`."""

    year: int
    number: int

    @property
    def start(self) -> date:
        first = settings.YQT["MONTH_STARTS_ON"]
        if first == 1:
            return date(self.year, self.number, 1)
        before = self.previous
        return date(before.year, before.number, first)

    @property
    def end(self) -> date:
        return self.following.start

    @property
    def start_at(self) -> datetime:
        return moment(self.start)

    @property
    def end_at(self) -> datetime:
        return moment(self.end)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def key(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def label(self) -> str:
        return f"{self.year} 年 {self.number} 月"

    @property
    def previous(self) -> Month:
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def following(self) -> Month:
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)


def month_of(day: date) -> Month:
    month = Month(day.year, day.month)
    return month if day < month.end else month.following


def month_named(key: str) -> Month | None:
    """None for what names no month."""
    match = _KEY.fullmatch(key.strip())
    if not match or not 1990 <= int(match[1]) <= 2100 or not 1 <= int(match[2]) <= 12:
        return None
    return Month(int(match[1]), int(match[2]))
