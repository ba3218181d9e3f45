"""What else stands in the way of a step, beyond status, permission and unit: reasons in words, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from django.conf import settings

from crm.calendar import current
from crm.models import User
from crm.roles import ROLES
from crm.worktime import Unit
from visits.actions.ratings import attempts, why_no_recheck
from visits.choices import AppealStatus, JointStatus, RequestKind
from visits.models import Appeal, AppealRequest, JointUnit
from visits.reaching import rule
from visits.workflow import Step, Verb

Condition: TypeAlias = Callable[[Appeal, Step, User, datetime], str]


def conditions_of(step: Step) -> Iterator[Condition]:
    if step.verb is not None:
        yield _REQUESTS[step.verb]
    if step.key in _CONDITIONS:
        yield _CONDITIONS[step.key]


def joint_rows(appeal: Appeal) -> list[JointUnit]:
    """The joint units, in memory when the page fetched them before."""
    fetched = getattr(appeal, "_prefetched_objects_cache", {})
    return list(appeal.joint_rows.all() if "joint_rows" in fetched else appeal.joint_rows.select_related("unit"))


def joint_row_of(appeal: Appeal, user: User) -> JointUnit | None:
    """The part of the unit in which the user works; of two such units the nearer one."""
    own = [row for row in joint_rows(appeal) if row.is_of(user)]
    return max(own, key=lambda row: len(row.unit.path), default=None)


def pending(appeal: Appeal, kind: RequestKind | None) -> AppealRequest | None:
    return next((row for row in appeal.requests.all() if row.kind == kind and row.is_pending), None)


def _nothing_asked_yet(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    assert step.request is not None
    if pending(appeal, step.request):
        return f"{step.request.label}申请正在等待审批，不用再提。"
    if step.request == RequestKind.EXTENSION and _was_extended(appeal):
        return "这一轮办理已经延期过一次，不能再延。"
    if step.request == RequestKind.EXCLUSION and appeal.excluded_at:
        return "这件诉求已经剔除。"
    return ""


def _was_extended(appeal: Appeal) -> bool:
    return any(
        row.kind == RequestKind.EXTENSION and row.round == appeal.round and row.is_granted
        for row in appeal.requests.all()
    )


def _somebody_else_asked(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    """A request is decided by another person; only where nobody else could, an extension or 挂账 by the same."""
    assert step.request is not None
    asked = pending(appeal, step.request)
    if asked is None:
        return f"没有等待审批的{step.request.label}申请。"
    if asked.asked_by_id != user.pk:
        return ""
    if step.request != RequestKind.EXCLUSION and not _others_may(appeal, step, user):
        return ""
    return f"{step.request.label}申请是您自己提的，请由另一位有审核权限的同事审批。"


def _others_may(appeal: Appeal, step: Step, user: User) -> bool:
    roles = [key for key, role in ROLES.items() if step.permission in role.permissions]
    people = User.objects.filter(role__in=roles, is_active=True).exclude(pk=user.pk)
    return bool(people.filter(organisation__path__startswith=appeal.organisation.institution_path).exists())


_REQUESTS: dict[Verb, Condition] = {
    Verb.ASK: _nothing_asked_yet,
    Verb.GRANT: _somebody_else_asked,
    Verb.DENY: _somebody_else_asked,
}


def _not_contacted_yet(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    return "首次联系已有记录，后续联系请用“补充进展”。" if appeal.first_contact_at else ""


def _enterprise_asks_for_more(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    last = appeal.call_backs.valid().order_by("-called_at", "-pk").first()
    return "" if last and last.asks_for_more else "企业确认已解决并且满意的诉求不需要重新办理。"


def _answered_or_out_of_reach(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    if appeal.status == AppealStatus.CONFIRMED or appeal.out_of_reach_at or attempts(appeal).is_out_of_reach:
        return ""
    return f"请先回访；{rule()}的为无效回访，可直接归档。"


def _may_be_checked_again(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    return why_no_recheck(appeal, user)


def _still_in_time_to_return(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    """A unit that kept an appeal for longer than that has taken it (setting RETURN_WORKING_HOURS, 0: no limit)."""
    hours = settings.YQT["RETURN_WORKING_HOURS"]
    if not hours or not appeal.dispatched_at:
        return ""
    if current().working_between(appeal.dispatched_at, at, Unit.MINUTE) <= hours * 60:
        return ""
    return f"派单已超过 {hours} 个工作小时，不能再退回；请签收，确需换单位的签收后“申请转办”。"


def _has_not_signed(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    own = joint_row_of(appeal, user)
    return "" if own and own.status == JointStatus.WAITING else "本单位已经签收。"


def _has_signed(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    own = joint_row_of(appeal, user)
    if own and own.status == JointStatus.WAITING:
        return "请先“联办签收”，再反馈。"
    return "" if own and own.is_open else "本单位已经反馈，补充情况请用“补充进展”。"


def _is_excluded(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    return "" if appeal.excluded_at else "这件诉求没有剔除。"


def _not_supervised_yet(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    return "这件诉求已经在督办。" if appeal.supervised_at else ""


def _is_supervised(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    return "" if appeal.supervised_at else "这件诉求没有在督办。"


_CONDITIONS: dict[str, Condition] = {
    "supervise": _not_supervised_yet,
    "lift": _is_supervised,
    "contact": _not_contacted_yet,
    "recheck": _may_be_checked_again,
    "redo": _enterprise_asks_for_more,
    "archive": _answered_or_out_of_reach,
    "return": _still_in_time_to_return,
    "joint_sign": _has_not_signed,
    "joint_answer": _has_signed,
    "include": _is_excluded,
}
