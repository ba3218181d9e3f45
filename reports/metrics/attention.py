"""需要关注: what somebody has to look after."""

from __future__ import annotations

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import ATTENTION, Metric

METRICS = (
    Metric(
        "overdue_appeals",
        "超期未办结诉求",
        "件",
        ATTENTION,
        "截止时已受理、未办结且超过办理时限的诉求数；挂起期内的和挂账的不计。",
        rows.still_open,
        rows.overdue,
    ),
    Metric(
        "shelved_appeals",
        "挂账诉求",
        "件",
        ATTENTION,
        definitions.shelved_definition,
        rows.still_open,
        rows.on_the_long_list,
    ),
    Metric(
        "package_not_visited",
        "重点企业未走访",
        "家",
        ATTENTION,
        definitions.UNVISITED,
        rows.on_list,
        rows.listed_but_not_visited,
    ),
)
