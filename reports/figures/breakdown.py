"""Figures in parts, and over several periods: one query for each source of rows, drill-down included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from reports.figures.address import rows_address
from reports.figures.sensitive import PERMISSION, hidden_groups
from reports.figures.shown import tells_of_few
from reports.figures.tally import Counters, Tally, by_source, hidden, medians_of, over, tally
from reports.metrics import METRICS, Metric
from reports.period import Period
from reports.rows.dimensions import DIMENSIONS, NONE, Dimension
from reports.rows.scope import Scope
from reports.rows.source import Source

# So many periods are counted in one query; more would make it slow to read.
AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure; `address` leads to exactly its rows."""

    key: str
    label: str
    tally: Tally
    address: str


def breakdown(scope: Scope, metrics: Iterable[Metric], by: str) -> dict[str, tuple[Part, ...]]:
    """Metric → its parts by a dimension, those without rows left out; a metric that has no such parts has none."""
    wanted = list(metrics)
    having = [metric for metric in wanted if by in metric.dimensions]
    counted = {key: parts for source, sharing in by_source(having) for key, parts in parted(scope, source, sharing, by)}
    dimension = DIMENSIONS[by]
    labels = labels_of(dimension, scope, {key for parts in counted.values() for key in parts})
    return {
        metric.key: tuple(
            Part(str(key), labels[key], parts[key], rows_address(scope, metric.key, by=by, value=str(key)))
            for key in labels
            if key in parts
        )
        for metric in wanted
        for parts in [counted.get(metric.key, {})]
    }


def parted(scope: Scope, source: Source, metrics: list[Metric], by: str) -> list[tuple[str, dict[Any, Tally]]]:
    """Of each metric the parts with rows."""
    counters = Counters()
    counters.add(metrics, scope, Q())
    part_of = DIMENSIONS[by].part_of(source, scope)
    rows = source(scope).order_by().annotate(falls_in=part_of)
    found: dict[str, dict[Any, Tally]] = {metric.key: {} for metric in metrics}
    middles = {metric.key: medians_of(metric, scope, part_of) for metric in metrics if metric.is_median}
    for row in rows.values("falls_in").annotate(**counters.asked):
        (counts,) = counters.read(row)
        key = NONE if row["falls_in"] is None else row["falls_in"]
        for metric in metrics:
            counted = tally(metric, scope, counts[metric.key], middles.get(metric.key, {}).get(row["falls_in"]))
            if counted.rows:
                found[metric.key][key] = counted
    return [(metric.key, guarded(metric, scope, found[metric.key])) for metric in metrics]


def guarded(metric: Metric, scope: Scope, parts: dict[Any, Tally]) -> dict[Any, Tally]:
    """Money of few firms is hidden from readers without the right, and so much more that no sum gives it away."""
    if metric.style != "yuan" or scope.user.has_perm(PERMISSION):
        return parts
    keys = sorted(parts, key=str)
    firms = [1 if tells_of_few(metric, parts[key]) else parts[key].rows for key in keys]
    secret = {keys[place] for place in hidden_groups(firms)}
    return {key: hidden(counted) if key in secret else counted for key, counted in parts.items()}


def labels_of(dimension: Dimension, scope: Scope, keys: set[Any]) -> dict[Any, str]:
    """The parts in their order, what belongs to none at the end."""
    named = dimension.labels(scope, keys - {NONE})
    rest = {key: str(key) for key in sorted(keys - {NONE} - named.keys(), key=str)}
    return {**named, **rest, **({NONE: dimension.none} if NONE in keys else {})}


def series(scope: Scope, metrics: Iterable[Metric], periods: Sequence[Period]) -> dict[str, tuple[Tally, ...]]:
    """Metric → its tallies in these periods, for trends."""
    wanted = list(metrics)
    scopes = [replace(scope, period=period) for period in periods]
    starts = range(0, len(scopes), AT_ONCE)
    found = [tallied for start in starts for tallied in over(scopes[start : start + AT_ONCE], wanted)]
    return {metric.key: tuple(tallied[metric.key] for tallied in found) for metric in wanted}


def dimensions_of(metrics: Iterable[Metric] = METRICS) -> dict[str, Dimension]:
    """The dimensions that any of these metrics has, in the order of the table."""
    had = {key for metric in metrics for key in metric.dimensions}
    return {key: dimension for key, dimension in DIMENSIONS.items() if key in had}
