"""回访评价: what enterprises answered, and the score of it."""

from __future__ import annotations

from reports import definitions, rates, rows
from reports.metrics.metric import ANSWERS, Metric

METRICS = (
    Metric(
        "valid_call_backs",
        "有效回访",
        "件",
        ANSWERS,
        definitions.valid_definition,
        rows.call_backs,
        asides=rows.by_whom,
    ),
    Metric(
        "unreachable_call_backs",
        "未联系上",
        "件",
        ANSWERS,
        definitions.missed_definition,
        rows.not_reached,
        asides=rows.out_of_reach,
    ),
    Metric(
        "response_rate",
        "响应率",
        "",
        ANSWERS,
        "有效回访中企业确认承办单位联系过的占比；分母为有效回访。",
        rows.call_backs,
        parts=rates.response_parts,
        style="percent",
    ),
    Metric(
        "solving_rate",
        "解决率",
        "",
        ANSWERS,
        definitions.solving_definition,
        rows.call_backs,
        rates.counts_as_solving,
        asides=rates.left_out_of_solving,
        parts=rates.solving_parts,
        style="percent",
    ),
    Metric(
        "satisfaction_rate",
        "满意率",
        "",
        ANSWERS,
        definitions.satisfaction_definition,
        rows.call_backs,
        rates.counts_as_satisfaction,
        asides=rates.left_out_of_satisfaction,
        parts=rates.satisfaction_parts,
        style="percent",
    ),
    Metric(
        "composite_score",
        "综合成绩",
        "分",
        ANSWERS,
        definitions.score_definition,
        rows.call_backs,
        parts=rates.score_parts,
        has_bases=True,
        style="score",
    ),
)
