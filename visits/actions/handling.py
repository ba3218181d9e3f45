"""What the steps of handling do beside the appeal itself: joint units, requests, and the files that came along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import uuid4

from django.core.files.storage import default_storage

from crm.calendar import current
from crm.models import Organisation, User
from visits.actions.conditions import joint_row_of, pending
from visits.actions.due import as_text, limit_of_round
from visits.actions.needs import Facts, NewFile
from visits.choices import JointStatus, RequestKind
from visits.clock import limit_data
from visits.models import Appeal, AppealEvent, AppealFile, AppealRequest, JointUnit
from visits.workflow import STEPS, Step, Verb

Effect: TypeAlias = Callable[[Appeal, Facts, User | None, datetime], dict[str, Any]]


def set_joint(row: Appeal, units: Iterable[Organisation], due_at: datetime | None) -> list[str]:
    """Name the joint units; one that was named before keeps what it has done. Returns their names."""
    wanted = [unit for unit in dict.fromkeys(units) if unit != row.lead_unit]
    row.joint_rows.exclude(unit__in=wanted).delete()
    there = set(row.joint_rows.values_list("unit_id", flat=True))
    new = [JointUnit(appeal=row, unit=unit) for unit in wanted if unit.pk not in there]
    JointUnit.objects.bulk_create(new)
    row.joint_rows.update(due_at=due_at)
    return [unit.name for unit in wanted]


def whistle(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """Ask units to come; one that had answered already is asked again."""
    helpers = list(dict.fromkeys(facts["helpers"]))
    for unit in helpers:
        JointUnit.objects.update_or_create(
            appeal=row, unit=unit, defaults=_FROM_THE_START | {"asked_for": facts["note"].strip()}
        )
    return {"helpers": [unit.name for unit in helpers]}


_FROM_THE_START: dict[str, Any] = {
    "status": JointStatus.WAITING,
    "signed_at": None,
    "answered_at": None,
    "answer": "",
    "due_at": None,
}


def ask_joint_again(row: Appeal) -> None:
    """A new round is a new task for all; what they answered before stays in the events."""
    row.joint_rows.update(**_FROM_THE_START)


def joint_sign(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    own = _own(row, actor)
    own.status, own.signed_at = JointStatus.WORKING, at
    own.save()
    return {"unit": own.unit.name}


def joint_answer(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    own = _own(row, actor)
    own.status, own.answered_at, own.answer = JointStatus.ANSWERED, at, facts["note"].strip()
    own.save()
    return {"unit": own.unit.name}


def _own(row: Appeal, actor: User | None) -> JointUnit:
    own = joint_row_of(row, actor) if actor else None
    assert own is not None  # the guard has asked
    return own


def ask(row: Appeal, rule: Step, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    assert rule.request is not None
    assert actor is not None
    asked = AppealRequest.objects.create(
        appeal=row, kind=rule.request, round=row.round, asked_by=actor, asked_at=at, reason=facts["note"].strip(),
        amount=facts.get("amount"), unit=limit_of_round(row).unit if facts.get("amount") else "",
        until=facts.get("until"),
    )  # fmt: skip
    return _told(asked)


def decide(row: Appeal, rule: Step, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    asked = pending(row, rule.request)
    assert asked is not None  # the guard has asked
    _close(asked, actor, at, facts.get("note", "").strip(), is_granted=rule.verb == Verb.GRANT)
    if asked.is_granted and asked.kind == RequestKind.SHELVING:
        row.review_on = asked.until
    if asked.is_granted and asked.kind == RequestKind.EXCLUSION:
        row.excluded_reason = asked.reason
    return _told(asked)


def lapse(row: Appeal, before: str, actor: User | None, at: datetime) -> list[str]:
    """Requests that nobody can grant any more, because the appeal went on to another status, are over."""
    if row.status == before:
        return []
    lapsed = [asked for asked in row.requests.pending() if not _is_grantable(asked.kind, row.status)]
    for asked in lapsed:
        _close(asked, actor, at, "诉求状态已变，申请自动失效。", is_granted=False)
    return [asked.get_kind_display() for asked in lapsed]


def _is_grantable(kind: str, status: str) -> bool:
    return any(step.request == kind and step.verb == Verb.GRANT and status in step.sources for step in STEPS.values())


def _close(asked: AppealRequest, actor: User | None, at: datetime, note: str, *, is_granted: bool) -> None:
    asked.decided_by, asked.decided_at, asked.note, asked.is_granted = actor, at, note, is_granted
    asked.save()


def _told(asked: AppealRequest) -> dict[str, Any]:
    """The facts of a request, for the event that asks and for the one that decides."""
    told: dict[str, Any] = {"until": asked.until.isoformat()} if asked.until else {}
    if more := asked.more_time:
        told["asked_for"] = str(more)
        # The clock reads it where the extension is granted.
        told["extension"] = limit_data(more)
    return told


def reshelve(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.review_on = facts["until"]
    return _until(facts)


def pause(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    until = row.paused_until = facts.get("until")
    return _until(facts) | ({"still_until": as_text(current().end_of_day(until))} if until else {})


def _until(facts: Facts) -> dict[str, Any]:
    until = facts.get("until")
    return {"until": until.isoformat()} if until else {}


def include(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    row.excluded_reason = ""
    return {}


# By step; those that touch the appeal alone may be taken in memory (visits.actions.replay).
PURE: dict[str, Effect] = {"pause": pause, "reshelve": reshelve, "include": include}
EFFECTS: dict[str, Effect] = {
    **PURE,
    "whistle": whistle,
    "joint_sign": joint_sign,
    "joint_answer": joint_answer,
}


def keep_files(event: AppealEvent, files: Sequence[NewFile]) -> None:
    """Files are written last; when the transaction fails after all, those written are taken away again."""
    written: list[str] = []
    try:
        for new in files:
            kept = AppealFile(
                appeal=event.appeal, event=event, name=new.name, content_type=new.content_type,
                size=new.content.size, uploaded_by=event.actor,
            )  # fmt: skip
            kept.file.save(uuid4().hex, new.content, save=False)
            written.append(str(kept.file.name))
            kept.save()
    except Exception:
        for name in written:
            default_storage.delete(name)
        raise
