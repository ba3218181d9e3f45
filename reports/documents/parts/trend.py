"""The part that sets a period beside those before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db.models import Count, Q, QuerySet

from reports.documents.material import Material
from reports.documents.parts.counting import lines_chart
from reports.period import Period, month_period, parts_of
from reports.report import Part
from reports.rows import closed_in
from reports.rows.scope import Scope

MONTHS, QUARTERS = 12, 8


def trend(material: Material) -> Part | None:
    """The months of a year, or the months or quarters that lead to this one; None for days and spans."""
    scopes = [replace(material.scope, period=period) for period in shown_periods(material.scope)]
    if not scopes:
        return None
    chart = lines_chart(
        "trend",
        "走访和诉求趋势",
        [one.period.label for one in scopes],
        {
            "走访家次": counts(material.scope.all_visit_pairs(), scopes, lambda one: one.within("visit__started_at")),
            "受理诉求": counts(material.scope.appeals(), scopes, lambda one: one.within("accepted_at")),
            "办结诉求": counts(material.scope.appeals(), scopes, closed_in),
        },
        first="期间",
        empty="这些期间没有走访和诉求。",
    )
    return Part("trend", chart.title, (chart,) if chart.table.rows else (chart.table,))


def shown_periods(scope: Scope) -> list[Period]:
    kind, year, _ = parts_of(scope.period.key)
    if kind == "year":
        months = [month_period(str(year), str(month)) for month in range(1, 13)]
        return [month for month in months if month.start_at <= scope.now]
    number = {"month": MONTHS, "quarter": QUARTERS}.get(kind, 0)
    found = [scope.period] if number else []
    while len(found) < number:
        found.insert(0, found[0].previous())
    return found


def counts(rows: QuerySet, scopes: Sequence[Scope], within: Callable[[Scope], Q]) -> list[int]:  # type: ignore[type-arg]
    """One query however many periods."""
    conditions = [within(one) for one in scopes]
    anywhere = Q()
    for condition in conditions:
        anywhere |= condition
    wanted = {f"n{number}": Count("pk", filter=condition) for number, condition in enumerate(conditions)}
    found = rows.filter(anywhere).order_by().aggregate(**wanted)
    return [found[name] for name in wanted]
