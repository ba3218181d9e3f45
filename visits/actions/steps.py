"""Taking a step of an appeal: lock, guard, facts, status, and the event last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.calendar import add_working_days, working_days_between
from crm.models import Organisation, User
from visits.actions.guard import StepRefused, check_not_done, check_time, why_not
from visits.models import Appeal, AppealEvent, CallBack, JointUnit
from visits.workflow import STEPS, Clock, Need, Step


class Facts(TypedDict, total=False):
    """What may be said with a step; `Step.needs` says which of it must be."""

    note: str
    appeal_class: str
    category: str
    lead_unit: Organisation
    joint_units: Sequence[Organisation]
    due_at: datetime | None
    parent: Appeal
    result: str
    result_text: str
    is_reached: bool
    is_contacted: bool | None
    solved: str
    satisfaction: str
    respondent: str


@transaction.atomic
def advance_appeal(
    appeal: Appeal,
    step: str,
    *,
    actor: User,
    at: datetime | None = None,
    seen: int | None = None,
    **facts: Unpack[Facts],
) -> Appeal:
    """Take a step and return the appeal as it then is; StepRefused says why not, and then nothing has changed.

    `seen` is the id of the last event the actor had before the eyes; it tells a double press from a second step.
    """
    rule, at, note = STEPS[step], at or timezone.now(), facts.get("note", "").strip()
    row = _locked(appeal, facts.get("parent"))
    check_not_done(row, rule, actor, note, seen)
    reason = why_not(row, rule, actor)
    if reason:
        raise StepRefused(reason)
    check_time(row, at)
    _check_needs(row, rule, facts)
    before = row.status
    data = _apply(row, rule, facts, actor, at)
    row.save()
    AppealEvent.objects.create(
        appeal=row, step=step, from_status=before, to_status=row.status, at=at, actor=actor, note=note, data=data
    )
    return row


def record_call_back(
    appeal: Appeal,
    *,
    actor: User,
    is_reached: bool,
    is_contacted: bool | None = None,
    solved: str = "",
    satisfaction: str = "",
    respondent: str = "",
    comment: str = "",
    at: datetime | None = None,
) -> CallBack:
    """Record one attempt to call the enterprise; only full answers make the appeal 已回访."""
    with transaction.atomic():
        row = advance_appeal(
            appeal, "call_back", actor=actor, at=at, note=comment, is_reached=is_reached, is_contacted=is_contacted,
            solved=solved, satisfaction=satisfaction, respondent=respondent,
        )  # fmt: skip
        return row.call_backs.order_by("-pk")[0]


def _locked(appeal: Appeal, parent: Appeal | None) -> Appeal:
    """The row under lock; a merge locks both in the order of their keys, so that two merges cannot deadlock."""
    keys = [appeal.pk, parent.pk] if parent else [appeal.pk]
    rows = {row.pk: row for row in Appeal.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    return rows[appeal.pk]


def _check_needs(row: Appeal, rule: Step, facts: Facts) -> None:
    for need in rule.needs:
        _CHECKS[need](row, rule, facts)


def _check_note(row: Appeal, rule: Step, facts: Facts) -> None:
    if not facts.get("note", "").strip():
        raise StepRefused({"note": f"请填写{rule.note_label}。"})


def _check_parent(row: Appeal, rule: Step, facts: Facts) -> None:
    parent = facts.get("parent")
    if parent is None:
        raise StepRefused({"parent": "请选择合并到哪一件诉求。"})
    parent = Appeal.objects.get(pk=parent.pk)
    if parent.pk == row.pk:
        raise StepRefused({"parent": "诉求不能合并到它自己。"})
    if parent.organisation_id != row.organisation_id:
        raise StepRefused({"parent": "只能合并到本机构的诉求。"})
    if parent not in Appeal.objects.counted():
        raise StepRefused({"parent": f"{parent}{parent.get_status_display()}，不能作为合并的目标。"})


def _check_units(row: Appeal, rule: Step, facts: Facts) -> None:
    if facts.get("lead_unit") is None:
        raise StepRefused({"lead_unit": "请选择领办单位。"})
    due_at = facts.get("due_at")
    if due_at and row.accepted_at and due_at < row.accepted_at:
        accepted = timezone.localtime(row.accepted_at)
        raise StepRefused({"due_at": f"办理时限不能早于受理时间（{accepted:%Y-%m-%d %H:%M}）。"})


def _check_result(row: Appeal, rule: Step, facts: Facts) -> None:
    if not facts.get("result"):
        raise StepRefused({"result": "请选择办理结果。"})
    if not facts.get("result_text", "").strip():
        raise StepRefused({"result_text": "请填写答复内容：做了什么、依据和佐证。"})


def _check_answers(row: Appeal, rule: Step, facts: Facts) -> None:
    if facts.get("is_reached") is None:
        raise StepRefused({"is_reached": "请选择是否接通。"})
    said = facts.get("solved") or facts.get("satisfaction") or facts.get("is_contacted") is not None
    if not facts.get("is_reached") and said:
        raise StepRefused({"is_reached": "未接通的回访不能填写回访结果。"})


def _anything_goes(row: Appeal, rule: Step, facts: Facts) -> None:
    """The class has a default: the one with which the appeal came."""


_CHECKS: dict[Need, Callable[[Appeal, Step, Facts], None]] = {
    Need.NOTE: _check_note,
    Need.CLASS: _anything_goes,
    Need.UNITS: _check_units,
    Need.PARENT: _check_parent,
    Need.RESULT: _check_result,
    Need.ANSWERS: _check_answers,
}


def _apply(row: Appeal, rule: Step, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    """Set times, clock, facts and status; returns what the event should keep for readers."""
    data = _EFFECTS[rule.key](row, facts, actor, at) if rule.key in _EFFECTS else {}
    if rule.clock:
        data |= _CLOCKS[rule.clock](row, at)
    if rule.stamps:
        setattr(row, rule.stamps, at)
    for name in rule.clears:
        setattr(row, name, None)
    if rule.target and not _stays(rule, facts):
        row.status = rule.target
    return data


def _stays(rule: Step, facts: Facts) -> bool:
    """A call-back without full answers leaves the appeal waiting for the next attempt."""
    return Need.ANSWERS in rule.needs and not (facts.get("solved") and facts.get("satisfaction"))


def _start(row: Appeal, at: datetime) -> dict[str, Any]:
    row.contact_due_at = add_working_days(at, settings.YQT["FIRST_CONTACT_WORKING_DAYS"])
    row.due_at = _limit(row, at)
    return {"due_at": row.due_at.isoformat()}


def _restart(row: Appeal, at: datetime) -> dict[str, Any]:
    """A new round has a limit of its own; the old one stays in the event."""
    old, row.due_at = row.due_at, _limit(row, at)
    row.round += 1
    row.result = ""
    row.result_text = ""
    return {"round": row.round, "due_at": row.due_at.isoformat(), "old_due_at": old.isoformat() if old else None}


def _resume(row: Appeal, at: datetime) -> dict[str, Any]:
    """Give back the working days for which the clock stood still."""
    days = working_days_between(row.paused_at, at) if row.paused_at else 0
    if days and row.due_at:
        row.due_at = add_working_days(row.due_at, days)
    if days and row.contact_due_at and not row.first_contact_at:
        row.contact_due_at = add_working_days(row.contact_due_at, days)
    return {"paused_working_days": days, "due_at": row.due_at.isoformat() if row.due_at else None}


def _no_change(row: Appeal, at: datetime) -> dict[str, Any]:
    return {}


_CLOCKS: dict[Clock, Callable[[Appeal, datetime], dict[str, Any]]] = {
    Clock.START: _start,
    Clock.PAUSE: _no_change,
    Clock.RESUME: _resume,
    Clock.STOP: _no_change,
    Clock.RESTART: _restart,
}


def _limit(row: Appeal, at: datetime) -> datetime:
    return add_working_days(at, settings.YQT["CLOSE_WORKING_DAYS"][row.appeal_class])


def _classify(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    row.appeal_class = facts.get("appeal_class") or row.appeal_class
    row.category = facts.get("category") or row.category
    return {"class": row.get_appeal_class_display(), "category": row.get_category_display()}


def _hand_over(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    lead = facts["lead_unit"]
    joint = [unit for unit in dict.fromkeys(facts.get("joint_units", ())) if unit != lead]
    row.lead_unit = lead
    row.due_at = facts.get("due_at") or row.due_at
    JointUnit.objects.filter(appeal=row).delete()
    JointUnit.objects.bulk_create(JointUnit(appeal=row, unit=unit) for unit in joint)
    due = row.due_at.isoformat() if row.due_at else None
    return {"lead": lead.name, "joint": [unit.name for unit in joint], "due_at": due}


def _take_back(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    """The unit that sends an appeal back is no longer its lead; the event remembers which it was."""
    lead = row.lead_unit
    row.lead_unit = None
    JointUnit.objects.filter(appeal=row).delete()
    return {"lead": lead.name if lead else ""}


def _merge(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    row.merged_into = facts["parent"]
    # Duplicates of a duplicate follow it, so that one look is enough to find what is being handled.
    row.duplicates.update(merged_into=row.merged_into)
    return {"parent": row.merged_into.number}


def _answer(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    row.result = facts["result"]
    row.result_text = facts["result_text"].strip()
    return {"result": row.get_result_display(), "result_text": row.result_text}


def _call_back(row: Appeal, facts: Facts, actor: User, at: datetime) -> dict[str, Any]:
    call = CallBack.objects.create(
        appeal=row, round=row.round, called_at=at, called_by=actor, is_reached=facts["is_reached"],
        is_contacted=facts.get("is_contacted"), solved=facts.get("solved", ""),
        satisfaction=facts.get("satisfaction", ""), respondent=facts.get("respondent", ""),
        comment=facts.get("note", "").strip(),
    )  # fmt: skip
    return {
        "is_reached": call.is_reached,
        "solved": call.get_solved_display(),
        "satisfaction": call.get_satisfaction_display(),
    }


_EFFECTS: dict[str, Callable[[Appeal, Facts, User, datetime], dict[str, Any]]] = {
    "accept": _classify,
    "dispatch": _hand_over,
    "return": _take_back,
    "merge": _merge,
    "answer": _answer,
    "call_back": _call_back,
}
