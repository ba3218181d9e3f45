"""The figures people quote, each defined once, one file a section."""

from __future__ import annotations

from reports.metrics import answers, appeals, attention, economy, register, tickets, visits
from reports.metrics.metric import ANSWERS, APPEALS, ATTENTION, ECONOMY, HOTLINE, REGISTER, VISITS, Metric

METRICS: tuple[Metric, ...] = (
    *visits.METRICS,
    *appeals.METRICS,
    *answers.METRICS,
    *tickets.METRICS,
    *register.METRICS,
    *economy.METRICS,
    *attention.METRICS,
)
METRIC_BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}

__all__ = ["ANSWERS", "APPEALS", "ATTENTION", "ECONOMY", "HOTLINE", "METRICS", "METRIC_BY_KEY", "REGISTER", "VISITS",
           "Metric"]  # fmt: skip
