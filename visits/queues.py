"""The queues of appeals: which rows each holds, in which order, and how many stand in it.

Nothing is sorted that is not shown: each order is that of an index, and counting stops at COUNTED.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from django.db.models import Count, Q
from django.utils import timezone

from crm.keyset import FinerSort, Part, PartedPage, Sort, counts_up_to
from crm.models import User
from crm.moments import moment
from crm.scoping import Scope
from visits.choices import AppealStatus
from visits.querysets import DUE_ORDER, OPEN, WITHOUT_LIMIT, AppealQuerySet
from visits.querysets.appeals import (
    awaiting_decision,
    awaiting_review,
    due_within,
    overdue,
    running,
    standing_still,
    to_do_for,
)

Condition: TypeAlias = Callable[[datetime, User], Q]


# Limits in working days end when work does, many of them at once: of these the one that came first.
DUE = FinerSort("due", "时限", "due_at", expression=DUE_ORDER, when_empty=WITHOUT_LIMIT, then="created_at")
CREATED = Sort("created", "登记时间", "created_at")
CLOSED = Sort("closed", "办结时间", "closed_at")


@dataclass(frozen=True, slots=True)
class Queue:
    """A saved view of appeals with its count."""

    key: str
    label: str
    holds: Condition
    # What to do with those in it, in one line.
    hint: str = ""
    is_alarming: bool = False
    sort: Sort = DUE
    # Where one order does not do: what stands together, one after another, and each in an order of its own.
    stages: Sequence[tuple[Condition, Sort]] = ()

    def page(self, rows: AppealQuerySet, user: User, size: int, after: str = "", before: str = "") -> PartedPage:
        """Some of these rows, those of the queue, the most pressing first."""
        now, stages = timezone.now(), self.stages or [(self.holds, self.sort)]
        parts = [Part(partial(_narrowed, rows, holds, now, user), sort) for holds, sort in stages]
        return PartedPage(rows, parts, size, after, before)

    def rows(self, rows: AppealQuerySet, now: datetime, user: User) -> AppealQuerySet:
        """Those of the rows that are in the queue."""
        return _narrowed(rows, self.holds, now, user)


def _narrowed(rows: AppealQuerySet, holds: Condition, now: datetime, user: User) -> AppealQuerySet:
    return rows.filter(holds(now, user))


def _in(*statuses: AppealStatus) -> Condition:
    return lambda now, user: Q(status__in=statuses)


def _to_do(*statuses: AppealStatus) -> Condition:
    return lambda now, user: to_do_for(user, statuses)


def _midnight_after(now: datetime) -> datetime:
    return moment(timezone.localtime(now).date() + timedelta(days=1))


# The counts of queues go no further.
COUNTED = 1000

S = AppealStatus
QUEUES = (
    Queue(
        "mine",
        "我的/本单位",
        lambda now, user: to_do_for(user),
        "与您或您单位有关、还没有办完的，最急的在前。",
        stages=(
            # Open ones, those whose clock stands still last, for an old due time does not press them; then what
            # nobody has sent off yet; then the closed, longest waiting first.
            (lambda now, user: to_do_for(user, OPEN) & running(now), DUE),
            (lambda now, user: to_do_for(user, (S.PAUSED, S.SHELVED)) & standing_still(now), DUE),
            (_to_do(S.DRAFT), CREATED),
            (_to_do(S.CLOSED), CLOSED),
            (_to_do(S.CONFIRMED, S.ARCHIVED), CLOSED),
        ),
    ),
    Queue(
        "submitted",
        "待受理",
        _in(S.SUBMITTED),
        "看清是否属于本级职权：受理并定类别，或说明理由不予受理，重复的合并。",
        sort=CREATED,
    ),
    Queue("accepted", "待派单", _in(S.ACCEPTED), "选定领办单位和联办单位，24 小时内派出。"),
    Queue("dispatched", "待签收", _in(S.DISPATCHED), "领办单位核对是否归自己办：签收，或说明理由退回。"),
    Queue("handling", "办理中", _in(S.HANDLING), "先在首次联系时限内联系企业，再办理，有进展随时补充。"),
    Queue(
        "overdue",
        "已超期",
        lambda now, user: overdue(now),
        "已过时限还没有办结：催办领办单位，必要时请领导督办。",
        is_alarming=True,
    ),
    Queue(
        "supervised",
        "督办中",
        lambda now, user: Q(supervised_at__isnull=False, status__in=OPEN),
        "领导督办的，办结或解除前每天过问。",
        is_alarming=True,
    ),
    Queue(
        "today",
        "今日到期",
        lambda now, user: due_within(now, _midnight_after(now)),
        "今天下班前到期：能办结的提交答复，办不完的现在申请延期。",
    ),
    Queue("answered", "待审核", _in(S.ANSWERED), "看答复和佐证：通过即办结，不行的退回并写明缺什么。"),
    Queue(
        "asked",
        "待审批",
        lambda now, user: awaiting_decision(),
        "有人申请延期、挂账或剔除：同意或驳回，驳回要写理由。",
    ),
    Queue("closed", "待回访", _in(S.CLOSED), "打电话或发回访链接，问企业是否联系、是否解决、是否满意。", sort=CLOSED),
    Queue(
        "unreached",
        "无效回访",
        lambda now, user: Q(status=S.CLOSED, out_of_reach_at__isnull=False),
        "三次两天都没有接通：可再试一次，或归档。",
        sort=CLOSED,
    ),
    Queue("paused", "挂起", _in(S.PAUSED), "等外部条件、时钟停着；条件具备就恢复办理。"),
    Queue("shelved", "挂账", _in(S.SHELVED), "市、区认可的长期问题，时钟停着；到复核日再看。"),
    Queue(
        "review",
        "挂账待复核",
        lambda now, user: awaiting_review(timezone.localdate(now)),
        "复核日已到：续挂写明下次日期，或销账恢复办理。",
    ),
    Queue("finished", "已办", _in(S.CONFIRMED, S.ARCHIVED), "企业已回访或已归档的，供查阅。", sort=CLOSED),
)
BY_KEY = {queue.key: queue for queue in QUEUES}


def queue_counts(rows: AppealQuerySet, user: User, queues: Sequence[Queue] = QUEUES) -> dict[str, int]:
    """How many of the rows stand in each queue, up to one more than COUNTED, in one query.

    A person or a unit sees some thousands, which are read once and put into their queues. Of all of an institution
    each queue finds its own along its index and stops.
    """
    now = timezone.now()
    conditions = {queue.key: queue.holds(now, user) for queue in queues}
    if user.scope == Scope.ORGANISATION:
        return dict(zip(conditions, counts_up_to(COUNTED, map(rows.filter, conditions.values())), strict=True))
    found = rows.aggregate(**{key: Count("pk", filter=condition) for key, condition in conditions.items()})
    return {key: min(count, COUNTED + 1) for key, count in found.items()}


def shown(count: int) -> str:
    """A count of a queue in words."""
    return f"{COUNTED}+" if count > COUNTED else str(count)
