"""What a step does to the appeal: times, units, result, status; returned is what its event keeps.

Due times follow from the events: visits.actions.due.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm.models import User
from visits.actions import handling
from visits.actions.chasing import as_told
from visits.actions.due import as_text
from visits.actions.needs import Facts
from visits.actions.ratings import answer_of, attempts, is_own, said, standing
from visits.models import Appeal, CallBack, JointUnit
from visits.workflow import Need, Step, Verb


def apply(row: Appeal, rule: Step, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """Set times, facts and status; returns what the event should keep for readers and for the clock."""
    data = _effect(row, rule, facts, actor, at)
    if rule.stamps:
        setattr(row, rule.stamps, at)
    for name in rule.clears:
        setattr(row, name, None)
    if rule.target and not stays(rule, facts):
        row.status = rule.target
    return data


def _effect(row: Appeal, rule: Step, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    if rule.verb is not None:
        return (handling.ask if rule.verb == Verb.ASK else handling.decide)(row, rule, facts, actor, at)
    effect = _EFFECTS.get(rule.key)
    return effect(row, facts, actor, at) if effect else {}


def stays(rule: Step, facts: Facts) -> bool:
    """A call-back without full answers leaves the appeal waiting for the next attempt."""
    return Need.ANSWERS in rule.needs and not (facts.get("solved") and facts.get("satisfaction"))


def _classify(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.appeal_class = facts.get("appeal_class") or row.appeal_class
    row.category = facts.get("category") or row.category
    return {"class": row.get_appeal_class_display(), "category": row.get_category_display()}


def _hand_over(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    lead = facts["lead_unit"]
    row.lead_unit = lead
    joint = handling.set_joint(row, facts.get("joint_units", ()), facts.get("joint_due_at"))
    return {"lead": lead.name, "joint": joint, "set_due_at": as_text(facts.get("due_at"))}


def _take_back(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """The unit that sends an appeal back is no longer its lead; the event remembers which it was."""
    lead = row.lead_unit
    row.lead_unit = None
    JointUnit.objects.filter(appeal=row).delete()
    return {"lead": lead.name if lead else ""}


def _hand_back(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """Another is to lead; who joined has begun and stays."""
    lead = row.lead_unit
    row.lead_unit = None
    return {"lead": lead.name if lead else ""}


def _merge(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.merged_into = facts["parent"]
    # Duplicates of a duplicate follow it, so that one look is enough to find what is being handled.
    row.duplicates.update(merged_into=row.merged_into)
    return {"parent": row.merged_into.number}


def _answer(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.result = facts["result"]
    row.result_text = facts["result_text"].strip()
    return {"result": row.get_result_display(), "result_text": row.result_text}


def _redo(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.round += 1
    row.result = ""
    row.result_text = ""
    handling.ask_joint_again(row)
    return {"round": row.round}


def _call_back(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    call = answer_of(row, facts, actor, at)
    call.is_own = actor is not None and is_own(row, actor, at)
    call.save()
    if call.is_valid:
        row.out_of_reach_at = None
    elif not row.out_of_reach_at and attempts(row).is_out_of_reach:
        row.out_of_reach_at = at
    return said(call)


def _recheck(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """The first answer stays as history; the one given to the second person counts."""
    assert actor is not None
    first = standing(row)
    call = answer_of(row, {**facts, "is_reached": True, "note": facts.get("comment", "")}, actor, at)
    call.rechecks, call.reason, call.is_own = first, facts["note"].strip(), is_own(row, actor, at)
    CallBack.objects.filter(pk=first.pk).update(stands=False) if first else None
    call.save()
    return said(call)


# Those that touch the appeal alone; visits.actions.replay takes them in memory.
PURE_EFFECTS: dict[str, handling.Effect] = {"accept": _classify, "answer": _answer, **handling.PURE}
_EFFECTS: dict[str, handling.Effect] = {
    **PURE_EFFECTS,
    **handling.EFFECTS,
    "dispatch": _hand_over,
    "transfer": _hand_over,
    "hand_back": _hand_back,
    "return": _take_back,
    "merge": _merge,
    "chase": as_told,
    "call_back": _call_back,
    "redo": _redo,
    "recheck": _recheck,
}
