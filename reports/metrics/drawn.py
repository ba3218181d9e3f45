"""Figures that stand in charts only: how far appeals have come, and the tiers of the gradient of small firms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db.models import Exists, OuterRef, Q

from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import APPEALS, Metric
from reports.metrics.register import METRICS as REGISTERED
from reports.metrics.register import qualification
from reports.rows import rates
from reports.rows.scope import Scope
from reports.rows.validity import answered
from visits.choices import Satisfaction, Solved


def step(key: str, label: str, text: str | Callable[[], str], where: Callable[[Scope], Q]) -> Metric:
    return Metric(f"received_{key}", label, "件", APPEALS, partial(definitions.step_definition, text), rows.accepted,
                  where)  # fmt: skip


def is_set(field: str) -> Callable[[Scope], Q]:
    return lambda scope: Q(**{f"{field}__isnull": False})


def closed(scope: Scope) -> Q:
    return rows.closed_by_now(scope)["closed"]


def called_back(scope: Scope, *answers: Q) -> Q:
    """By the call-back that counts; asked of each that was accepted, because those of every period are many more."""
    return Q(Exists(scope.call_backs().filter(answered(), *answers, appeal_id=OuterRef("pk"))))


def solved(scope: Scope) -> Q:
    return called_back(scope, Q(solved=Solved.SOLVED))


def satisfied(scope: Scope) -> Q:
    return called_back(scope, Q(satisfaction=Satisfaction.SATISFIED) | rates.silent_as_satisfied())


# After 受理诉求 itself.
STEPS = (
    step("dispatched", "已派单", "已派单", is_set("dispatched_at")),
    step("signed", "已签收", "承办单位已签收", is_set("signed_at")),
    step("contacted", "已联系", "承办单位已联系企业", is_set("first_contact_at")),
    step("closed", "已办结", definitions.step_closed, closed),
    step("called_back", "已回访", "已有有效回访", called_back),
    step("solved", "已解决", "最近一次有效回访确认已解决（不含部分解决）", solved),
    step("satisfied", "满意", definitions.step_satisfied, satisfied),
)
# From the top of the gradient down (domain §7.1); the upper two are figures of their own.
TIERS = (
    *(metric for metric in REGISTERED if metric.key in ("giants", "srdi_municipal")),
    qualification("INNO_SME", "innovative_smes", "创新型中小企业"),
    qualification("TECH_SME", "technology_smes", "科技型中小企业"),
)
DRAWN_BY_KEY = {metric.key: metric for metric in (*STEPS, *TIERS)}
