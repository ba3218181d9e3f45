"""Rows of visits: 家次, and the appeals that came of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from reports.rows.common import IN_TIME, OF_FIRM, appeals, during
from reports.scope import Scope
from reports.source import Source
from visits.models import VisitEnterprise


def came_of_visits(scope: Scope) -> Q:
    return Q(visit__in=scope.visit_pairs().values("visit_id"))


def appeals_of_pair(scope: Scope) -> Any:
    """How many appeals the enterprise raised on the visit."""
    raised = scope.appeals().filter(visit_id=OuterRef("visit_id"), enterprise_id=OuterRef("enterprise_id"))
    number = raised.order_by().values("visit_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


visit_pairs = Source(
    "visit_pairs",
    VisitEnterprise,
    Scope.all_visit_pairs,
    during("visit__started_at"),
    ("kind", *OF_FIRM, *IN_TIME),
)
from_visits = appeals("from_visits", came_of_visits)
