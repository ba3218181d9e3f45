"""What of this app points at an enterprise, for merging two of them."""

from __future__ import annotations

from parks.relations import Relation, same

RELATIONS: tuple[Relation, ...] = (
    Relation("visits.VisitEnterprise", "走访", known=same("visit_id")),
    Relation("visits.Appeal", "诉求"),
)
