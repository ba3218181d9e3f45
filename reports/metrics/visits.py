"""走访: visits, coverage and who is due."""

from __future__ import annotations

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import VISITS, Metric
from reports.rows import rates

METRICS = (
    Metric("enterprise_visits", "走访家次", "家次", VISITS, definitions.visits_definition, rows.visit_pairs),
    Metric(
        "enterprises_visited",
        "走访企业",
        "家",
        VISITS,
        definitions.VISITED,
        rows.visit_pairs,
        distinct="enterprise_id",
    ),
    Metric(
        "visit_coverage",
        "走访覆盖率",
        "",
        VISITS,
        definitions.coverage_definition,
        rows.on_list,
        rows.listed_for_some_time,
        parts=rates.whole("visited"),
        conditions=rows.visited,
        style="percent",
    ),
    Metric(
        "visits_in_time",
        "按期走访率",
        "",
        VISITS,
        definitions.in_time_definition,
        rows.on_list,
        rows.listed,
        parts=rates.whole("in_time"),
        conditions=rows.visited_in_time,
        style="percent",
    ),
    Metric(
        "appeals_from_visits", "走访收集诉求", "件", VISITS, definitions.came_of_visits_definition, rows.from_visits
    ),
    Metric(
        "appeals_per_visit", "诉求率", "件/家次", VISITS, definitions.per_visit_definition, rows.visit_pairs,
        amount=rows.appeals_of_pair, style="each",
    ),
)  # fmt: skip
