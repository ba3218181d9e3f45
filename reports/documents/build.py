"""Puts the report together: every number of the page, the endpoint, the commands and the documents comes from here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from reports.documents.kinds import EVALUATION, Kind
from reports.documents.material import Given, Material
from reports.figures.address import rows_address
from reports.figures.drilldown import part_label
from reports.figures.shown import alike, change_of
from reports.figures.tally import Tally, figure, over
from reports.formats import chinese_date
from reports.metrics import METRICS, Metric
from reports.report import Change, Figure, Report
from reports.rows.scope import Scope
from visits.choices import AppealCategory

BEFORE = {"year": "上年", "quarter": "上季度", "month": "上月", "week": "上周", "day": "前一日", "span": "前一时段"}
MONTH_TO_DATE = re.compile(r"\d{4}-\d{2}-to")
# Kinds that are compared, while they run, with as much of the one before.
RUNNING = ("year", "quarter", "month", "week")
NOTHING = Given()


def build_figures(
    scope: Scope, metrics: Sequence[Metric] = METRICS, *, with_last_year: bool = True
) -> tuple[Figure, ...]:
    """With the change against the period before and, unless left out, the year before, counted together."""
    compared = [scope, scope.previous(), *([scope.last_year()] if with_last_year else [])]
    several = list(dict.fromkeys(one.period for one in compared))
    counted = dict(zip(several, over([replace(scope, period=period) for period in several], metrics), strict=True))
    tallied = [counted[one.period] for one in compared]
    figures = (
        replace(figure(metric, *(one[metric.key] for one in tallied)), address=address_of(scope, metric))
        for metric in metrics
    )
    growths = grown_alike(scope, metrics, tallied[0])
    return tuple(told_alike(one, growths[one.key]) if one.key in growths else one for one in figures)


def address_of(scope: Scope, metric: Metric) -> str:
    """None where the figure cannot be parted as the scope is: it has no rows there, nor a page of them."""
    return rows_address(scope, metric.key) if not scope.by or scope.by in metric.dimensions else ""


def grown_alike(scope: Scope, metrics: Sequence[Metric], now: Mapping[str, Tally]) -> dict[str, Change]:
    """Of figures of the same firms in both years the growth since; a query more where there is any."""
    shown = [one for one in metrics if one.same_as_in and now[one.key].rows and not now[one.key].is_hidden]
    if not shown:
        return {}
    (before,) = over([scope.last_year()], [metric.seen_from(scope) for metric in shown])
    return {metric.key: change_of(metric, now[metric.key], before[metric.key]) for metric in shown}


def told_alike(one: Figure, growth: Change) -> Figure:
    """Growth is what such a figure is for."""
    return replace(one, change=alike(growth), last_year=growth, is_of_few=one.is_of_few or growth.is_of_few)


def build_report(scope: Scope, kind: Kind = EVALUATION, given: Given = NOTHING) -> Report:
    """`given` is what a person typed or picked: cases, next steps, the red header."""
    figures = build_figures(scope, [metric for metric in METRICS if kind.prints(metric)])
    material = Material(scope, figures, compared_label(scope), as_of_label(scope), given)
    return Report(
        kind=kind.key,
        title=kind.title,
        period_key=scope.period.key,
        period_label=scope.period.label,
        compared_label=material.compared,
        organisation=scope.user.organisation.name if scope.user.organisation else "",
        issued_by=str(scope.user),
        issued_on=timezone.localdate(scope.now),
        as_of=scope.as_of,
        as_of_label=material.as_of,
        figures=material.figures,
        parts=tuple(part for make in kind.parts if (part := make(material)) is not None),
        narrowed_to=narrowed_to(scope, is_named=any(one.value for one in figures)),
        header=given.header,
    )


def narrowed_to(scope: Scope, *, is_named: bool) -> tuple[str, ...]:
    """What a paper is about where it is not about everything, a part of a breakdown too: said under its title."""
    category = str(AppealCategory(scope.category).label) if scope.category else ""
    told = (scope.park, scope.unit, category, scope.matter, part_label(scope, is_named=is_named))
    return tuple(str(one) for one in told if one)


def compared_label(scope: Scope) -> str:
    kind = scope.period.kind
    if kind == "to_date":
        return "上月同期" if MONTH_TO_DATE.match(scope.period.key) else "上年同期"
    return f"{BEFORE[kind]}同期" if scope.is_running and kind in RUNNING else BEFORE[kind]


def as_of_label(scope: Scope) -> str:
    """“截至…”: the last day of the period, or the moment of reading while it is still running."""
    if not scope.is_running:
        return f"截至{chinese_date(scope.cutoff)}"
    return f"截至{chinese_date(scope.cutoff)}{timezone.localtime(scope.now):%H:%M}"
