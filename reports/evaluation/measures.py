"""What a scheme counts, of all together and of each unit: the same metrics, a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.evaluation.schemes import Scheme
from reports.figures.breakdown import breakdown
from reports.figures.tally import Tally, tallies
from reports.metrics import METRIC_BY_KEY, Metric
from reports.rows.dimensions import NONE
from reports.rows.scope import Scope

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
    return "unit" in metric.dimensions


def measure(scope: Scope, scheme: Scheme) -> Measures:
    wanted = {metric.key: metric for metric in [*(METRIC_BY_KEY[key] for key in TASKS), *scheme.metrics]}
    shared = [metric for metric in wanted.values() if belongs_to_units(metric)]
    nothing = {metric.key: Tally(0) for metric in shared}
    units = {unit: {**nothing, **found} for unit, found in by_unit(scope, shared).items()}
    return Measures(tallies(scope, wanted.values()), units, nothing)


def by_unit(scope: Scope, metrics: Sequence[Metric]) -> dict[int | None, dict[str, Tally]]:
    found: dict[int | None, dict[str, Tally]] = defaultdict(dict)
    for key, parts in breakdown(scope, metrics, "unit").items():
        for part in parts:
            found[None if part.key == NONE else int(part.key)][key] = part.tally
    return found
