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
from parks.querysets import QualificationQuerySet

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
    """A list of enterprises that want something, with its count: by a condition of their own or by their awards."""

    key: str
    label: str
    hint: str
    condition: Q | None = None
    awards: Callable[[date], QualificationQuerySet] | None = None


def _expiring(today: date) -> QualificationQuerySet:
    """The same awards as the 资质到期 page, but for those that have ended."""
    rows: QualificationQuerySet = Qualification.objects.due_or_expired(today, EXPIRES_WITHIN_DAYS)
    return rows.filter(valid_to__gte=today)


QUEUES = (
    Queue(
        "no_code",
        "缺信用代码",
        "在册而没有统一社会信用代码的企业",
        condition=Q(uscc="", left_on__isnull=True),
    ),
    Queue("expiring", "资质将到期", f"有资质在 {EXPIRES_WITHIN_DAYS} 天内到期、尚未续办的企业", awards=_expiring),
)
QUEUES_BY_KEY = {queue.key: queue for queue in QUEUES}
