"""Rows of economic indicators: values of whole months, told or derived from totals, that lie inside the period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q

from parks.models import Indicator
from reports.period import Period, parts_of
from reports.rows.common import IN_TIME, OF_FIRM
from reports.rows.dimensions import months_of
from reports.rows.scope import Scope
from reports.rows.source import Source


def whole_months(period: Period) -> list[tuple[int, int]]:
    """Year and number of the months that lie inside a period."""
    inside = [one for one in months_of(period) if period.start <= one.start and one.end <= period.end]
    return [parts_of(one.key)[1:] for one in inside]


def is_inside(scope: Scope) -> Q:
    """Of months of one year that are all inside; what comes together with a month outside counts in neither."""
    by_year: dict[int, list[int]] = {}
    for year, month in whole_months(scope.period):
        by_year.setdefault(year, []).append(month)
    inside = Q(pk__in=())
    for year, months in by_year.items():
        inside |= Q(year=year, first_month__gte=months[0], month__lte=months[-1])
    return inside


def indicator_is(kind: str) -> Callable[[Scope], Q]:
    return lambda scope: Q(indicator=kind)


def of_same_firms(kind: str, other: Scope) -> tuple[Q, Q]:
    """Values of firms that have some in the other period as well, and those of firms that have none there."""
    there = Q(
        enterprise__in=other.indicators().filter(is_inside(other), indicator=kind).order_by().values("enterprise")
    )
    return Q(indicator=kind) & there, Q(indicator=kind) & ~there


def value(scope: Scope) -> Any:
    return F("value")


indicators = Source("indicators", Indicator, Scope.indicators, is_inside, (*OF_FIRM, *IN_TIME))
