"""Rows of visits: 家次, and the appeals that came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from reports.rows.common import IN_TIME, OF_FIRM, appeals, during, from_first_to_last
from reports.rows.scope import Scope
from reports.rows.source import Source
from visits.models import Visit, VisitEnterprise


def came_of_visits(scope: Scope) -> Q:
    return Q(visit__in=scope.visit_pairs().values("visit_id"))


def came_of_any(scopes: Sequence[Scope]) -> Q:
    periods = reduce(or_, (scope.within("started_at") for scope in scopes))
    return Q(visit__in=Visit.objects.filter(periods).values("pk"))


def appeals_of_pair(scope: Scope) -> Any:
    """How many appeals the enterprise raised on the visit."""
    raised = scope.appeals().filter(visit_id=OuterRef("visit_id"), enterprise_id=OuterRef("enterprise_id"))
    number = raised.order_by().values("visit_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


visit_pairs = Source(
    "visit_pairs",
    VisitEnterprise,
    Scope.all_visit_pairs,
    during("met_at"),
    ("kind", *OF_FIRM, *IN_TIME),
    from_first_to_last("met_at"),
)
from_visits = replace(appeals("from_visits", came_of_visits), among=came_of_any)
