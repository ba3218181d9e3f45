"""The periods that the picker offers: recent ones of every kind, those up to today, and the one that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.period import NAMED, Period, current_month, parts_of, quarter_period, year_period

MONTHS, QUARTERS, YEARS, WEEKS, DAYS = 15, 5, 4, 5, 3


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str
    is_chosen: bool


def choices(today: date, chosen: Period) -> list[Choice]:
    month = current_month(today)
    _, year, number = parts_of(month.key)
    quarter = quarter_period(str(year), str((number + 2) // 3))
    offered = [*back(month, MONTHS), *back(quarter, QUARTERS), *back(year_period(str(year)), YEARS)]
    offered += [NAMED["ytd"](today), NAMED["mtd"](today), *back(NAMED["week"](today), WEEKS)]
    offered += back(NAMED["day"](today), DAYS)
    if chosen.key not in {period.key for period in offered}:
        offered.insert(0, chosen)
    return [Choice(period.key, period.label, period.key == chosen.key) for period in offered]


def back(period: Period, count: int) -> list[Period]:
    """The period and those before it, the newest first."""
    found = [period]
    while len(found) < count:
        found.append(found[-1].previous())
    return found
