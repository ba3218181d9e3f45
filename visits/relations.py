"""What of this app points at an enterprise, for merging two of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from parks.relations import Relation, same


def open_there(rows: QuerySet[Any], field: str, survivor: int) -> Q:
    """The row is open, and the survivor has an open one of the same kind."""
    is_open = Q(handled_at__isnull=True)
    return is_open & Q(kind__in=rows.order_by().filter(is_open, **{field: survivor}).values("kind"))


RELATIONS: tuple[Relation, ...] = (
    Relation("visits.VisitEnterprise", "走访", known=same("visit_id")),
    Relation("visits.Appeal", "诉求"),
    Relation("visits.WarningFlag", "预警", known=open_there),
    Relation("visits.Suggestion", "建议"),
    Relation("visits.HotlineTicket", "热线工单"),
)
