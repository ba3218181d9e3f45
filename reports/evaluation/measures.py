"""What a scheme counts, of all together and of each unit: the same metrics, a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet

from reports import rows
from reports.evaluation.schemes import Scheme
from reports.metrics import METRIC_BY_KEY, Metric
from reports.scope import Scope
from reports.tally import Tally, counters, tallies, tally

# Of these rows it is known which unit answers for each: the one that leads the appeal.
UNIT_OF: dict[Callable[[Scope], QuerySet[Any]], str] = {
    rows.accepted: "lead_unit",
    rows.closed: "lead_unit",
    rows.due_or_closed: "lead_unit",
    rows.still_open: "lead_unit",
    rows.not_reached: "lead_unit",
    rows.call_backs: "appeal__lead_unit",
}
# Without any of these a unit had no task; the first breaks ties.
TASKS = ("appeals_received", "appeals_closed", "valid_call_backs")

ByMetric = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Measures:
    """Tallies by metric: of all, and of each unit by its key; None stands for what has no unit yet."""

    total: ByMetric
    units: Mapping[int | None, ByMetric]
    # Of a unit without any rows.
    nothing: ByMetric


def belongs_to_units(metric: Metric) -> bool:
    return metric.rows in UNIT_OF


def measure(scope: Scope, scheme: Scheme) -> Measures:
    wanted = {metric.key: metric for metric in [*(METRIC_BY_KEY[key] for key in TASKS), *scheme.metrics]}
    shared = [metric for metric in wanted.values() if belongs_to_units(metric)]
    nothing = {metric.key: Tally(0) for metric in shared}
    units = {unit: {**nothing, **found} for unit, found in by_unit(scope, shared).items()}
    return Measures(tallies(scope, wanted.values()), units, nothing)


def by_unit(scope: Scope, metrics: Sequence[Metric]) -> dict[int | None, dict[str, Tally]]:
    found: dict[int | None, dict[str, Tally]] = defaultdict(dict)
    for source, group in groupby(sorted(metrics, key=lambda m: m.rows.__name__), key=lambda m: m.rows):
        sharing = list(group)
        counts = {name: count for metric in sharing for name, count in counters(metric, scope).items()}
        for row in source(scope).order_by().values(in_unit=F(UNIT_OF[source])).annotate(**counts):
            found[row["in_unit"]] |= {metric.key: tally(metric, scope, row) for metric in sharing}
    return found
