"""The figures people quote, each defined once: its rows, which of them count, and the 口径 printed under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q, QuerySet

from reports import definitions, hotline, rates, rows
from reports.rows import every_row, nothing_set_apart
from reports.scope import Scope
from visits.choices import TicketParty

VISITS, APPEALS, ANSWERS, REGISTER, ATTENTION = ("走访", "诉求办理", "回访评价", "企业与资质", "需要关注")
HOTLINE = "热线工单"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure is a set of rows and a way to count them; total, breakdown and drill-down use the same pair.

    The rows are `rows(scope)` limited by `where(scope)`. Without `parts` the figure is their number. With `parts` it is
    a rate: the weighted number of rows that meet each part's condition, over the number of rows.
    """

    key: str
    label: str
    unit: str
    section: str
    definition: str | Callable[[], str]
    rows: Callable[[Scope], QuerySet[Any]]
    where: Callable[[Scope], Q] = every_row
    parts: Callable[[], Mapping[str, Decimal]] | None = None
    conditions: Callable[[Scope], Mapping[str, Q]] = rates.answers
    asides: Callable[[Scope], Mapping[str, Q]] = nothing_set_apart
    style: Literal["count", "percent", "score"] = "count"
    # Conditions over which single parts are measured, where that is not all the rows (`rates.BASES`).
    has_bases: bool = False

    @property
    def definition_text(self) -> str:
        return self.definition if isinstance(self.definition, str) else self.definition()

    def drill_down(self, scope: Scope) -> QuerySet[Any]:
        return self.rows(scope).filter(self.where(scope))


def qualification(code: str, key: str, label: str, remark: str = "") -> Metric:
    text = f"截止日在册、该项资质在有效期内且未撤销的企业数，一家计一次；按类别统计，一家企业可列入多类{remark}。"
    return Metric(key, label, "家", REGISTER, text, rows.registered, rows.qualified(code))


def hotline_rate(key: str, label: str, definition: str | Callable[[], str], answered: Q, parts: Any) -> Metric:
    return Metric(
        key,
        label,
        "",
        HOTLINE,
        definition,
        hotline.tickets,
        hotline.answered(answered),
        parts=parts,
        conditions=hotline.answers,
        asides=hotline.others,
        style="percent",
    )


METRICS: tuple[Metric, ...] = (
    Metric("enterprise_visits", "走访家次", "家次", VISITS, definitions.visits_definition, rows.visit_pairs),
    Metric(
        "enterprises_visited",
        "走访企业",
        "家",
        VISITS,
        "期内走访过的企业数，同一企业走访多次计一家。",
        rows.visit_pairs,
        rows.one_visit_per_enterprise,
    ),
    Metric(
        "visit_coverage",
        "走访覆盖率",
        "",
        VISITS,
        definitions.coverage_definition,
        rows.registered,
        rows.listed_for_some_time,
        parts=rates.all_visited,
        conditions=rows.visited,
        style="percent",
    ),
    Metric(
        "visits_in_time",
        "按期走访率",
        "",
        VISITS,
        definitions.in_time_definition,
        rows.registered,
        rows.listed,
        parts=rates.all_in_time,
        conditions=rows.visited_in_time,
        style="percent",
    ),
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
    Metric(
        "hotline_enterprise_tickets",
        "企业工单",
        "件",
        HOTLINE,
        hotline.ENTERPRISE,
        hotline.tickets,
        hotline.of(TicketParty.ENTERPRISE),
        asides=hotline.unmatched,
    ),
    Metric(
        "hotline_resident_tickets",
        "居民工单",
        "件",
        HOTLINE,
        hotline.RESIDENT,
        hotline.tickets,
        hotline.of(TicketParty.RESIDENT),
    ),
    hotline_rate("hotline_response_rate", "热线响应率", hotline.RESPONSE, hotline.SAYS_CONTACTED, rates.response_parts),
    hotline_rate(
        "hotline_solving_rate", "热线解决率", hotline.solving_definition, hotline.SAYS_SOLVED, rates.solving_parts
    ),
    hotline_rate(
        "hotline_satisfaction_rate",
        "热线满意率",
        hotline.satisfaction_definition,
        hotline.SAYS_SATISFIED,
        rates.satisfaction_parts,
    ),
    Metric("registered_enterprises", "在册企业", "家", REGISTER, definitions.JOINED, rows.registered),
    Metric(
        "cyber_enterprises",
        "网安企业",
        "家",
        REGISTER,
        "截止日在册企业中带“网安”标签的企业数。",
        rows.registered,
        rows.cyber,
    ),
    Metric(
        "capital_10m_share",
        "注册资本千万以上占比",
        "",
        REGISTER,
        definitions.capital_definition,
        rows.registered,
        rows.known_in_yuan,
        parts=rates.all_large,
        conditions=rows.large_capital,
        asides=rows.not_in_yuan,
        style="percent",
    ),
    qualification("GIANT", "giants", "国家级“小巨人”"),
    qualification("SRDI", "srdi_municipal", "市级专精特新", "，“小巨人”企业另持市级资质的在此也计入"),
    qualification("HNTE", "hnte", "国家高新技术企业"),
    qualification("POSTDOC_B", "postdoc_branches", "博士后工作站分站"),
    qualification("GREEN_N", "green_factories", "国家级绿色工厂"),
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
        definitions.SHELVED,
        rows.still_open,
        rows.on_the_long_list,
    ),
    Metric(
        "package_not_visited",
        "重点企业未走访",
        "家",
        ATTENTION,
        definitions.UNVISITED,
        rows.registered,
        rows.listed_but_not_visited,
    ),
)
METRIC_BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}
