"""可比口径: growth over the year before of those firms alone that have values in both years (domain §8.4)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet, Sum

from reports.figures.sensitive import PERMISSION, is_sensitive
from reports.figures.shown import growth
from reports.metrics import Metric
from reports.rows.scope import Scope


def comparable_note(metric: Metric, scope: Scope) -> str:
    """In words, beside the growth of all; empty where no firm, or too few for this reader, has both."""
    now, before = metric.drill_down(scope), metric.drill_down(scope.last_year())
    firms, current = added(now, before)
    if not firms or (is_sensitive(firms) and not scope.user.has_perm(PERMISSION)):
        return ""
    _, past = added(before, now)
    change = growth(current, past)
    return f"可比口径同比{change.text}（{firms}家两年都有数）"


def added(rows: QuerySet[Any], others: QuerySet[Any]) -> tuple[int, Fraction]:
    """Of the firms that have others, too: how many they are and what they add up to."""
    both = rows.filter(enterprise__in=others.values("enterprise")).order_by()
    found = both.aggregate(firms=Count("enterprise", distinct=True), total=Sum("value"))
    return found["firms"], Fraction(found["total"] or 0)
