"""Charts of figures, for pages and documents alike: a breakdown, a series or a row of figures, each with its table and
the rows behind every mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from reports.figures.address import rows_address
from reports.figures.breakdown import breakdown, series
from reports.figures.tally import Tally, tallies, text_of, value_of
from reports.formats import percent
from reports.metrics import METRIC_BY_KEY, Metric
from reports.metrics.drawn import STEPS, TIERS
from reports.period import QUARTERS, Period, current_month, parts_of
from reports.report import Chart, Column, Row, Series, Table, Value
from reports.rows.dimensions import DIMENSIONS
from reports.rows.scope import Scope

MONTHS = 12
VOLUMES = ("enterprise_visits", "appeals_received", "appeals_closed")
RATES = ("solving_rate", "satisfaction_rate")
EMPTY_CHART = "这一期间没有可画的记录。"


def chart_of(
    key: str,
    title: str,
    kind: Any,
    first: str,
    lines: Iterable[tuple[str, Sequence[tuple[Value, str, str]]]],
    labels: Sequence[str],
    unit: str = "",
    note: str = "",
) -> Chart:
    """`lines` are categories with (value, text, address) of each series; `labels` name the series."""
    found = list(lines)
    columns = (Column("name", first), *(Column(f"c{n}", label, "end") for n, label in enumerate(labels)))
    has_any = any(value for _, cells in found for value, _, _ in cells)
    rows = tuple(
        Row((name, *(text for _, text, _ in cells)), addresses=("", *(address for _, _, address in cells)))
        for name, cells in found
    )
    table = Table(key, title, columns, rows if has_any else (), None, EMPTY_CHART, note)
    drawn = tuple(
        Series(label, tuple(cells[n][0] for _, cells in found), tuple(cells[n][1] for _, cells in found))
        for n, label in enumerate(labels)
    )
    addresses = tuple(cells[0][2] for _, cells in found)
    return Chart(key, title, kind, tuple(name for name, _ in found), drawn, unit, table, addresses)


def cell(metric: Metric, found: Tally, address: str) -> tuple[Value, str, str]:
    """As it is drawn: a rate in percent; zero leads nowhere."""
    value = value_of(metric, found)
    shown = value * 100 if metric.style == "percent" and value is not None else value
    return shown, text_of(metric, found), address if found.rows else ""


def parted(scope: Scope, metric: Metric, by: str, kind: str = "bar") -> Chart:
    """A figure by one of its dimensions."""
    dimension, parts = DIMENSIONS[by], breakdown(scope, [metric], by)[metric.key]
    lines = [(part.label, [cell(metric, part.tally, part.address)]) for part in parts]
    title = f"{metric.label}（按{dimension.label}）"
    unit = "%" if metric.style == "percent" else metric.unit
    return chart_of(f"{metric.key}_{by}", title, kind, dimension.label, lines, [metric.label], unit, dimension.remark)


def months_until(scope: Scope) -> list[Period]:
    """Twelve months up to that in which the period, or what has passed of it, ends."""
    return current_month(scope.cutoff).leading_up(MONTHS)


def trend(scope: Scope, periods: Sequence[Period], keys: Sequence[str], key: str, title: str, unit: str) -> Chart:
    metrics = [METRIC_BY_KEY[one] for one in keys]
    found = series(scope, metrics, periods)
    lines = [
        (
            short_label(period),
            [cell(m, found[m.key][n], rows_address(replace(scope, period=period), m.key)) for m in metrics],
        )
        for n, period in enumerate(periods)
    ]
    return chart_of(key, title, "line", "期间", lines, [metric.label for metric in metrics], unit)


def short_label(period: Period) -> str:
    kind, year, number = parts_of(period.key)
    if kind not in ("month", "quarter"):
        return period.label
    return f"{year % 100:02}年{number}月" if kind == "month" else f"{year % 100:02}年{QUARTERS[number - 1]}季度"


def drawn_or_said(chart: Chart) -> Chart | Table:
    """In a document: the chart, or where there is nothing to draw its table, which says so."""
    return chart if chart.table.rows else chart.table


def steps(scope: Scope) -> Chart:
    """How far the appeals accepted in the period have come; all of them in one query."""
    metrics = (METRIC_BY_KEY["appeals_received"], *STEPS)
    found = tallies(scope, metrics)
    base = found[metrics[0].key].rows
    lines = [
        (m.label, [counted(scope, m, found[m.key]), (None, percent(found[m.key].rows, base), "")]) for m in metrics
    ]
    note = "同一批诉求：期内受理的，到查询时各走到哪一步。"
    chart = chart_of("steps", "诉求办理漏斗", "funnel", "环节", lines, ["件数", "占受理"], "件", note)
    return replace(chart, series=chart.series[:1])


def counted(scope: Scope, metric: Metric, found: Tally) -> tuple[Value, str, str]:
    return found.rows, str(found.rows), rows_address(scope, metric.key) if found.rows else ""


def gradient(scope: Scope) -> Chart:
    found = tallies(scope, TIERS)
    lines = [(metric.label, [counted(scope, metric, found[metric.key])]) for metric in TIERS]
    note = "截止日有效的资质，一家企业可列入多级。"
    return chart_of("gradient", "优质中小企业梯度", "pyramid", "级别", lines, ["企业数"], "家", note)
