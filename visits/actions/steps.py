"""Taking a step of an appeal: lock, guard, facts, status, due times, and the event last."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from crm.models import User
from visits.actions.chasing import chase_parent
from visits.actions.due import reckoning_of, tell
from visits.actions.effects import apply
from visits.actions.guard import StepRefused, check_not_done, check_time, why_not
from visits.actions.handling import keep_files, lapse
from visits.actions.needs import Facts, check_needs
from visits.actions.reminders import tell_of
from visits.models import Appeal, AppealEvent, CallBack
from visits.reminding import PRESSED
from visits.search import index_appeal
from visits.workflow import STEPS, Step


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
    row = locked(appeal, facts.get("parent"))
    if row.deleted_at is not None:
        raise StepRefused("这件诉求已移入回收站，恢复后才能继续办理。")
    check_not_done(row, rule, actor, note, seen)
    reason = why_not(row, rule, actor, at)
    if reason:
        raise StepRefused(reason)
    check_time(row, at)
    check_needs(row, rule, facts, at)
    carry_out(row, rule, facts, actor=actor, at=at)
    return row


def carry_out(row: Appeal, rule: Step, facts: Facts, *, actor: User | None, at: datetime) -> None:
    """Do what the step does, once it is known that it may be taken; its event comes last. Call under the lock."""
    before, said = row.status, row.result_text
    data = apply(row, rule, facts, actor, at)
    if lapsed := lapse(row, before, actor, at):
        data["lapsed"] = lapsed
    if row.result_text != said:
        index_appeal(row, row.enterprise.search_text)
    event = AppealEvent(
        appeal=row, step=rule.key, from_status=before, to_status=row.status, at=at, actor=actor,
        note=facts.get("note", "").strip(), data=data,
    )  # fmt: skip
    tell(row, reckoning_of(row), event)
    row.save()
    event.save()
    keep_files(event, facts.get("files") or ())
    if rule.key == "merge":
        event = chase_parent(event) or event
    if event.step in PRESSED:
        tell_of(event)


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


def locked(appeal: Appeal, parent: Appeal | None = None) -> Appeal:
    """The row under lock; a merge locks both in the order of their keys, so that two merges cannot deadlock."""
    keys = [appeal.pk, parent.pk] if parent else [appeal.pk]
    rows = {row.pk: row for row in Appeal.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    return rows[appeal.pk]
