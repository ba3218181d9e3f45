"""Figures that stand in charts only: how far appeals have come, and the tiers of the gradient of small firms."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from reports import rows
from reports.metrics.metric import APPEALS, Metric
from reports.metrics.register import METRICS as REGISTERED
from reports.metrics.register import qualification
from reports.rows.scope import Scope
from visits.choices import Satisfaction
from visits.models import CallBack
from visits.querysets import OPEN


def step(key: str, label: str, text: str, where: Callable[[Scope], Q]) -> Metric:
    definition = f"期内受理的诉求中，到查询时{text}的件数；草稿、不予受理、已合并和已撤回的不计。"
    return Metric(f"received_{key}", label, "件", APPEALS, definition, rows.accepted, where)


def is_set(field: str) -> Callable[[Scope], Q]:
    return lambda scope: Q(**{f"{field}__isnull": False})


def closed(scope: Scope) -> Q:
    return Q(closed_at__lte=scope.now) & ~Q(status__in=OPEN)


def called_back(scope: Scope, **answers: str) -> Q:
    calls = CallBack.objects.visible_to(scope.user).latest_valid().filter(**answers)
    return Q(pk__in=calls.values("appeal_id"))


def satisfied(scope: Scope) -> Q:
    return called_back(scope, satisfaction=Satisfaction.SATISFIED)


# After 受理诉求 itself.
STEPS = (
    step("dispatched", "已派单", "已派单", is_set("dispatched_at")),
    step("signed", "已签收", "承办单位已签收", is_set("signed_at")),
    step("closed", "已办结", "已办结；重办件以最后一次办结为准", closed),
    step("called_back", "已回访", "已有有效回访", called_back),
    step("satisfied", "满意", "最近一次有效回访表示满意（不含基本满意）", satisfied),
)
# From the top of the gradient down (domain §7.1); the upper two are figures of their own.
TIERS = (
    *(metric for metric in REGISTERED if metric.key in ("giants", "srdi_municipal")),
    qualification("INNO_SME", "innovative_smes", "创新型中小企业"),
    qualification("TECH_SME", "technology_smes", "科技型中小企业"),
)
DRAWN_BY_KEY = {metric.key: metric for metric in (*STEPS, *TIERS)}
