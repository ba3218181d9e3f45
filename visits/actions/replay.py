"""The life of an appeal told afterwards, for lists: the steps of the workflow's table in memory, written in bulk.

The same table, clock and needs as `advance_appeal`; only who may take a step is not asked, the import's right is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.models import User
from visits.actions.due import as_text, new_reckoning, tell
from visits.actions.effects import PURE_EFFECTS, stays
from visits.actions.guard import StepRefused
from visits.actions.needs import Facts, check_needs
from visits.actions.ratings import answer_of, said
from visits.choices import AppealStatus, JointStatus, Via
from visits.clock import Reckoning
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent, CallBack, JointUnit
from visits.workflow import STEPS, Step

# Steps that a list can tell of: none that needs another appeal, and none that goes back.
TOLD = (
    "submit",
    "accept",
    "reject",
    "dispatch",
    "sign",
    "pause",
    "answer",
    "close",
    "call_back",
    "archive",
    "withdraw",
)
# Of several sources the one that a list means: who is told of was submitted, what is archived was confirmed.
USUAL_SOURCES = {"withdraw": AppealStatus.SUBMITTED, "archive": AppealStatus.CONFIRMED}
ROWS_PER_WRITE = 1000


@dataclass(frozen=True, slots=True)
class Past:
    """One step that was taken: when, by whom, with what."""

    step: str
    at: datetime
    actor: User
    facts: Facts


@dataclass(slots=True)
class Life:
    """An appeal with everything that hangs on it, not written yet."""

    appeal: Appeal
    reckoning: Reckoning
    events: list[AppealEvent] = field(default_factory=list)
    calls: list[CallBack] = field(default_factory=list)
    joint: list[JointUnit] = field(default_factory=list)


def way_to(status: str) -> tuple[str, ...]:
    """The shortest way of told steps from a draft to a status; raises StepRefused when no list can tell of it."""
    ways: dict[str, tuple[str, ...]] = {AppealStatus.DRAFT.value: ()}
    waiting = [AppealStatus.DRAFT.value]
    for current in waiting:
        for step in (STEPS[key] for key in TOLD):
            follows = current == USUAL_SOURCES.get(step.key, current) and current in step.sources
            if follows and step.target and step.target.value not in ways:
                ways[step.target.value] = (*ways[current], step.key)
                waiting.append(step.target.value)
    if status not in ways or status == AppealStatus.DRAFT:
        raise StepRefused(f"“{AppealStatus(status).label}”的诉求不能从名单导入，请在诉求页办理。")
    return ways[status]


def replay(appeal: Appeal, past: Sequence[Past], limits: LimitTable) -> Life:
    """Take the steps one after the other; raises StepRefused, as the page would, when one may not follow."""
    life = Life(appeal, new_reckoning(appeal, limits))
    before: datetime | None = None
    for one in past:
        if before is not None and one.at < before:
            raise StepRefused(f"{STEPS[one.step].label}的时间早于上一步（{timezone.localtime(before):%Y-%m-%d %H:%M}）")
        _take(life, STEPS[one.step], one)
        before = one.at
    return life


def _take(life: Life, rule: Step, one: Past) -> None:
    row = life.appeal
    if row.status not in rule.sources:
        raise StepRefused(f"“{row.get_status_display()}”的诉求不能“{rule.label}”。")
    check_needs(row, rule, one.facts, one.at, is_told=True)
    before = row.status
    data = _effect(life, rule, one)
    if rule.stamps:
        setattr(row, rule.stamps, one.at)
    if rule.target and not stays(rule, one.facts):
        row.status = rule.target
    note = one.facts.get("note", "").strip()
    event = AppealEvent(
        step=rule.key, from_status=before, to_status=row.status, at=one.at, actor=one.actor, note=note, data=data
    )
    tell(row, life.reckoning, event)
    life.events.append(event)


def _effect(life: Life, rule: Step, one: Past) -> dict[str, Any]:
    if rule.key == "dispatch":
        return _hand_over(life, one.facts)
    if rule.key == "call_back":
        return _call_back(life, one)
    if rule.key == "answer":
        _joint_answered(life, one.at)
    effect = PURE_EFFECTS.get(rule.key)
    return effect(life.appeal, one.facts, one.actor, one.at) if effect else {}


def _hand_over(life: Life, facts: Facts) -> dict[str, Any]:
    lead = life.appeal.lead_unit = facts["lead_unit"]
    life.joint = [JointUnit(unit=unit) for unit in dict.fromkeys(facts.get("joint_units", ())) if unit != lead]
    joint = [row.unit.name for row in life.joint]
    return {"lead": lead.name, "joint": joint, "set_due_at": as_text(facts.get("due_at"))}


def _joint_answered(life: Life, at: datetime) -> None:
    """A list tells of one answer, the lead's for all."""
    for joint in life.joint:
        joint.status, joint.answered_at = JointStatus.ANSWERED, at


def _call_back(life: Life, one: Past) -> dict[str, Any]:
    call = answer_of(None, {**one.facts, "via": Via.LIST}, one.actor, one.at)
    call.round = life.appeal.round
    life.calls.append(call)
    return said(call)


def write_lives(lives: Sequence[Life]) -> list[Any]:
    """Everything that hangs on appeals that are written already, the events last. Returns the rows."""
    joint = [_of(row, life.appeal) for life in lives for row in life.joint]
    calls = [_of(row, life.appeal) for life in lives for row in life.calls]
    events = [_of(row, life.appeal) for life in lives for row in life.events]
    JointUnit.objects.bulk_create(joint, batch_size=ROWS_PER_WRITE)
    CallBack.objects.bulk_create(calls, batch_size=ROWS_PER_WRITE)
    AppealEvent.objects.bulk_create(events, batch_size=ROWS_PER_WRITE)
    return [*joint, *calls, *events]


def _of(row: Any, appeal: Appeal) -> Any:
    row.appeal = appeal
    return row
