"""Puts the report together: every number of the page, the endpoint, the commands and the PDF comes from here."""

from __future__ import annotations

from django.utils import timezone

from reports import tables
from reports.formats import chinese_date
from reports.metrics import METRICS
from reports.period import parts_of
from reports.report import Definition, Figure, Report
from reports.scope import Scope
from reports.summary import paragraphs
from reports.tally import figure, tallies

TITLE = "诉求办结与满意情况报告"
BEFORE = {"year": "上年", "quarter": "上季度", "month": "上月", "span": "前一时段"}


def build_figures(scope: Scope) -> tuple[Figure, ...]:
    now, before = tallies(scope), tallies(scope.previous())
    return tuple(figure(metric, now[metric.key], before[metric.key]) for metric in METRICS)


def build_report(scope: Scope) -> Report:
    figures = build_figures(scope)
    by_key = {one.key: one for one in figures}
    found = tables.groups(scope)
    compared, as_of = compared_label(scope), as_of_label(scope)
    return Report(
        title=TITLE,
        period_key=scope.period.key,
        period_label=scope.period.label,
        compared_label=compared,
        organisation=scope.user.organisation.name if scope.user.organisation else "",
        issued_by=str(scope.user),
        issued_on=timezone.localdate(scope.now),
        as_of=scope.as_of,
        as_of_label=as_of,
        summary=paragraphs(by_key, scope.period.label, compared, as_of),
        figures=figures,
        by_unit=tables.by_unit(scope, found),
        by_category=tables.by_category(found),
        open_appeals=tables.open_appeals(scope),
        definitions=tuple(Definition(one.label, defined(one)) for one in figures),
    )


def defined(one: Figure) -> str:
    return f"{one.definition}（本期{one.note}。）" if one.note else one.definition


def compared_label(scope: Scope) -> str:
    kind, _, _ = parts_of(scope.period.key)
    return f"{BEFORE[kind]}同期" if scope.is_running and kind != "span" else BEFORE[kind]


def as_of_label(scope: Scope) -> str:
    """“截至…”: the last day of the period, or the moment of reading while it is still running."""
    if not scope.is_running:
        return f"截至{chinese_date(scope.cutoff)}"
    return f"截至{chinese_date(scope.cutoff)}{timezone.localtime(scope.now):%H:%M}"
