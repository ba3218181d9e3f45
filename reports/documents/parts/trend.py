"""The part that sets a period beside those before it."""

from __future__ import annotations

from reports.documents.material import Material
from reports.figures import charts
from reports.period import Period
from reports.report import Part
from reports.rows.dimensions import months_of
from reports.rows.scope import Scope

# How many of a kind lead up to the one that the document is about.
LEADING = {"month": 12, "quarter": 8}


def trend(material: Material) -> Part | None:
    """The months of a year, or the months or quarters that lead to this one; None for days and spans."""
    periods = shown_periods(material.scope)
    if not periods:
        return None
    chart = charts.trend(material.scope, periods, charts.VOLUMES, "trend", "走访和诉求趋势", "")
    return Part("trend", chart.title, (charts.drawn_or_said(chart),))


def shown_periods(scope: Scope) -> list[Period]:
    if scope.period.kind == "year":
        return [month for month in months_of(scope.period) if month.start_at <= scope.now]
    number = LEADING.get(scope.period.kind, 0)
    return scope.period.leading_up(number) if number else []
