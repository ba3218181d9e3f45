"""How figures are rounded and written in Chinese, the same on page, endpoint and PDF. No queries here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeAlias

from django.utils import timezone

EMPTY = "—"
HUNDREDTH = Decimal("0.01")
HUNDRED = Decimal(100)

Number: TypeAlias = int | Decimal


def half_up(value: Fraction, places: int) -> Decimal:
    """Round an exact fraction half up; `round()` would turn 88.25 into 88.2."""
    scale = 10**places
    return Decimal(floor(value * scale + Fraction(1, 2))).scaleb(-places)


def ratio(numerator: Number, denominator: Number) -> Fraction | None:
    """The exact share, or None when there is nothing to divide by."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def percent_points(share: Fraction) -> Decimal:
    """A share in percent with two decimals; 100.00 and 0.00 are kept for all and none."""
    rounded = half_up(share * 100, 2)
    if rounded == HUNDRED and share < 1:
        return HUNDRED - HUNDREDTH
    if rounded == 0 and share > 0:
        return HUNDREDTH
    return rounded


def percent(numerator: Number, denominator: Number) -> str:
    share = ratio(numerator, denominator)
    return EMPTY if share is None else f"{percent_points(share):.2f}%"


def count(value: Number | None) -> str:
    """No thousands separator: GB/T 9704 has none in prose, and a figure reads the same everywhere."""
    return EMPTY if value is None else str(value)


def weighted(value: Number) -> str:
    """A weighted count such as 13.8, without trailing zeros."""
    return f"{Decimal(value).normalize():f}" if value else "0"


def chinese_date(day: date) -> str:
    """GB/T 9704: Arabic numerals, not padded."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(moment: datetime | date | None) -> str:
    if moment is None:
        return EMPTY
    return f"{local_day(moment):%Y-%m-%d}"


def local_day(moment: datetime | date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
