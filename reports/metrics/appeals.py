"""诉求办理: what came in and was closed."""

from __future__ import annotations

from reports import definitions, rates, rows
from reports.metrics.metric import APPEALS, Metric

METRICS = (
    Metric(
        "appeals_received",
        "受理诉求",
        "件",
        APPEALS,
        "期内受理的诉求数；草稿、不予受理、已合并和已撤回的不计。",
        rows.accepted,
    ),
    Metric("appeals_closed", "办结诉求", "件", APPEALS, "期内办结的诉求数；重办件以最后一次办结为准。", rows.closed),
    Metric(
        "closing_rate_due",
        "应办结率",
        "",
        APPEALS,
        definitions.DUE,
        rows.due_or_closed,
        rows.due_by_now,
        parts=rates.all_closed,
        conditions=rows.closed_by_the_end,
        asides=rows.not_due_yet,
        style="percent",
    ),
    Metric(
        "closing_rate_accepted",
        "受理件办结率",
        "",
        APPEALS,
        definitions.ACCEPTED,
        rows.accepted,
        parts=rates.all_closed,
        conditions=rows.closed_by_now,
        style="percent",
    ),
)
