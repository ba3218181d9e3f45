"""回访评价: what enterprises answered, and the score of it."""

from __future__ import annotations

from functools import partial

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import ANSWERS, Metric, rate
from reports.rows import rates

share = partial(rate, ANSWERS)
METRICS = (
    Metric(
        "valid_call_backs",
        "有效回访",
        "件",
        ANSWERS,
        definitions.valid_definition,
        rows.call_backs,
        rows.is_answered,
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
    share("answer_rate", "回访答复率", definitions.answer_definition, rows.attempted, "answered", rows.has_answered),
    Metric(
        "response_rate",
        "响应率",
        "",
        ANSWERS,
        definitions.response_definition,
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
    share("link_share", "企业自填占比", definitions.LINK_SHARE, rows.call_backs, "by_link", rows.by_link,
          where=rows.is_answered),
    share("own_share", "经办人自录占比", definitions.OWN_SHARE, rows.call_backs, "own", rows.by_own_people,
          where=rows.is_answered),
)  # fmt: skip
