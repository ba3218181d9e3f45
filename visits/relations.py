"""What of this app points at an enterprise, for merging two of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull

from parks.relations import Relation, same


def open_there(rows: QuerySet[Any], field: str, survivor: int) -> Exists:
    """The row is open, and the survivor has an open one of the same kind."""
    mine = Q(handled_at__isnull=True, kind=OuterRef("kind"), **{field: survivor})
    return Exists(rows.order_by().filter(mine, IsNull(OuterRef("handled_at"), True)))


RELATIONS: tuple[Relation, ...] = (
    Relation("visits.VisitEnterprise", "走访", known=same("visit_id")),
    Relation("visits.Appeal", "诉求"),
    Relation("visits.WarningFlag", "预警", known=open_there),
    Relation("visits.Suggestion", "建议"),
)
