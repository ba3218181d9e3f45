"""The orders, columns and queues of the register's list, as tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from crm.keyset import Column, Sort
from parks.models import Qualification

UNKNOWN_CAPITAL = Decimal(-1)
# As the index has it, so that a band of capital is a range of that index.
CAPITAL_ORDER = Coalesce("registered_capital", Value(UNKNOWN_CAPITAL))
SORTS = (
    Sort("-updated", "最近更新", "updated_at", is_descending=True),
    Sort("-joined", "最近入园", "joined_on", is_descending=True),
    Sort(
        "-capital",
        "注册资本高到低",
        "registered_capital",
        is_descending=True,
        expression=CAPITAL_ORDER,
        when_empty=UNKNOWN_CAPITAL,
    ),
    Sort("name", "按名称", "name_key"),
)
COLUMNS = (
    Column("uscc", "统一社会信用代码"),
    Column("capital", "注册资本（万元）"),
    Column("qualifications", "资质"),
    Column("industry", "行业"),
    Column("steward", "管家"),
    Column("stage", "阶段"),
    Column("joined", "入园日期"),
    Column("legal", "法定代表人", is_usual=False),
    Column("established", "成立日期", is_usual=False),
    Column("phone", "电话", is_usual=False),
    Column("park", "园区与房间", is_usual=False),
    Column("updated", "更新时间", is_usual=False),
)
EXPIRES_WITHIN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Queue:
    """A list of enterprises that want something, with its count."""

    key: str
    label: str
    condition: Callable[[date], Q]
    hint: str


def _expiring(today: date) -> Q:
    """The same awards as the 资质到期 page, but for those that have ended."""
    soon = Qualification.objects.due_or_expired(today, EXPIRES_WITHIN_DAYS).filter(valid_to__gte=today)
    return Q(pk__in=soon.values("enterprise_id"))


QUEUES = (
    Queue("no_code", "缺信用代码", lambda today: Q(uscc="", left_on__isnull=True), "在册而没有统一社会信用代码的企业"),
    Queue("expiring", "资质将到期", _expiring, f"有资质在 {EXPIRES_WITHIN_DAYS} 天内到期、尚未续办的企业"),
)
QUEUES_BY_KEY = {queue.key: queue for queue in QUEUES}
