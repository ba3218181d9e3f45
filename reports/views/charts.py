"""The charts of a period, and any figure in parts: both with their tables and the rows behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from crm.http import typed
from reports.evaluation.ranking import build_ranking
from reports.figures import charts
from reports.figures.address import query_of, rows_address
from reports.figures.tally import figure, tallies
from reports.metrics import METRIC_BY_KEY, METRICS, Metric
from reports.report import Chart, Figure
from reports.rows.dimensions import DIMENSIONS, Dimension
from reports.rows.scope import Scope
from reports.screens.charts import data_of, ranked
from reports.views.dashboard import PiecePage, ScopedReport, linked_table, picker_context

FIRST = "appeals_received"


def shown(chart: Chart) -> dict[str, Any]:
    return {"chart": chart, "linked": linked_table(chart.table), "data": data_of(chart)}


def charts_of(scope: Scope) -> list[Chart]:
    """Units are ranked by all of their work, not by one part of it."""
    months = charts.months_until(scope)
    ranking = [] if scope.by else [ranked(scope, build_ranking(scope))]
    return [
        charts.trend(scope, months, charts.VOLUMES, "trend", "走访和诉求趋势", ""),
        charts.trend(scope, months, charts.RATES, "rates", "解决率和满意率趋势", "%"),
        charts.steps(scope),
        *ranking,
        charts.parted(scope, METRIC_BY_KEY["appeals_received"], "category"),
        charts.parted(scope, METRIC_BY_KEY["registered_enterprises"], "capital"),
        charts.gradient(scope),
    ]


class ChartsPage(PiecePage):
    title = "图表"
    template = "reports/_charts.html"

    def piece(self, scope: Scope, **kwargs: Any) -> dict[str, Any]:
        return {"charts": [shown(one) for one in charts_of(scope)]}


class BreakdownPage(ScopedReport):
    """One figure by one of its dimensions."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        metric = METRIC_BY_KEY.get(typed(self.request, "figure") or FIRST)
        if metric is None or not metric.dimensions:
            raise Http404
        # The dimension is what is parted here, not a part that the scope is narrowed to.
        scope = replace(scope, by="", value="")
        dimension, changed = self.dimension_of(metric)
        context = {
            "metric": metric,
            "dimension": dimension,
            "dimensions": [DIMENSIONS[key] for key in metric.dimensions],
            "offered": offered(),
            "changed": changed,
            "figure": total(scope, metric),
            "chart": shown(charts.parted(scope, metric, dimension.key)),
            "query": query_of(scope),
            **picker_context(scope),
        }
        return render(self.request, "reports/breakdown.html", context)

    def dimension_of(self, metric: Metric) -> tuple[Dimension, str]:
        """As asked for; another where this figure cannot be parted so, with a word about it."""
        wanted, first = typed(self.request, "dimension"), DIMENSIONS[metric.dimensions[0]]
        if not wanted or wanted in metric.dimensions:
            return DIMENSIONS.get(wanted, first), ""
        if wanted not in DIMENSIONS:
            raise Http404
        return first, f"“{metric.label}”不能按{DIMENSIONS[wanted].label}分，改为按{first.label}。"


def offered() -> dict[str, list[Metric]]:
    sections: dict[str, list[Metric]] = {}
    for metric in METRICS:
        if metric.dimensions:
            sections.setdefault(metric.section, []).append(metric)
    return sections


def total(scope: Scope, metric: Metric) -> Figure:
    found = tallies(scope, [metric])[metric.key]
    return replace(figure(metric, found, found), address=rows_address(scope, metric.key))
