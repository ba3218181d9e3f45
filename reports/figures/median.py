"""The middle of many amounts, found by the database: PostgreSQL and SQLite know it by no common name."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber


def medians(rows: QuerySet[Any], amount: Any, part: Any) -> dict[Any, Fraction]:
    """Part → the median of an amount; of an even number of rows the mean of the two in the middle."""
    counted = rows.order_by().annotate(
        amount=amount,
        belongs_to=part,
        twice=Window(RowNumber(), partition_by=F("belongs_to"), order_by=[F("amount"), F("pk")]) * 2,
        size=Window(Count("pk"), partition_by=F("belongs_to")),
    )
    middle = counted.filter(twice__gte=F("size"), twice__lte=F("size") + 2).values_list("belongs_to", "amount")
    found: dict[Any, list[Any]] = defaultdict(list)
    for belongs_to, value in middle:
        found[belongs_to].append(value)
    return {belongs_to: Fraction(sum(values)) / len(values) for belongs_to, values in found.items()}
