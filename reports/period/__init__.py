"""Periods that people name ("2023-11") as half-open spans in local time."""

from __future__ import annotations

from reports.period.base import HELP, BadPeriod, Period, year_before
from reports.period.forms import (
    NAMED,
    QUARTERS,
    current_month,
    month_period,
    parts_of,
    period_named,
    quarter_period,
    year_period,
)

__all__ = [
    "HELP",
    "NAMED",
    "QUARTERS",
    "BadPeriod",
    "Period",
    "current_month",
    "month_period",
    "parts_of",
    "period_named",
    "quarter_period",
    "year_before",
    "year_period",
]
