"""By which due time an appeal is judged: its present one, or that of its first closing where this is what counts.

A reopened appeal has a new limit. What its first closing was judged by is kept in the event of that closing alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DateTimeField, F, Func, OuterRef, Q, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from reports.rows.common import counts_by_first_closing
from reports.rows.scope import Scope
from visits.models import AppealEvent
from visits.querysets import AppealQuerySet

# Reopened, and the first closing is on record.
AGAIN = Q(round__gt=1, first_closed_at__isnull=False)


class Moment(Func):
    """A moment that an event keeps as ISO text, as the database compares moments."""

    output_field = DateTimeField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)::timestamptz", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """In UTC without an offset, the fraction only where there is one: so Django writes moments."""
        text, params = compiler.compile(self.source_expressions[0])
        second = f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', substr({text}, 1, 19) || substr({text}, -6))"
        fraction = f"CASE WHEN substr({text}, 20, 1) = '.' THEN substr({text}, 20, 7) ELSE '' END"
        return f"({second} || {fraction})", [*params] * 4


def due_field() -> str:
    return "judged_due_at" if counts_by_first_closing() else "due_at"


def with_due(scope: Scope) -> AppealQuerySet:
    """The base set with its `due_field`; appeals closed by releases that kept no such times have their present one."""
    rows = scope.appeals()
    if not counts_by_first_closing():
        return rows
    closings = AppealEvent.objects.filter(appeal_id=OuterRef("pk"), step="close").order_by("at", "pk")
    kept = closings.annotate(due=Moment(KT("data__judged__due_at"))).values("due")[:1]
    first = Coalesce(Subquery(kept), F("due_at"))
    return rows.annotate(judged_due_at=Case(When(AGAIN, then=first), default=F("due_at")))
