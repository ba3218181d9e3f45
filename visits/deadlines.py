"""How much time an appeal has left, in the words of the pages. No rules about who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from crm.calendar import current
from crm.worktime import Unit
from visits.choices import AppealStatus as S

# Remaining working days at which a limit turns amber.
NEARLY_DUE = 1
_NOT_RUNNING = (S.DRAFT, S.REJECTED, S.MERGED, S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class DueState:
    """A word and how it looks (`state-…` of the style sheet)."""

    text: str
    look: str


def due_state(
    status: str,
    due_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
    paused_until: date | None = None,
) -> DueState | None:
    """The state of the limit; None while no clock runs (before acceptance, after rejection)."""
    if due_at is None or status in _NOT_RUNNING:
        return None
    if closed_at is not None:
        return DueState("按时办结", "good") if closed_at <= due_at else DueState("超期办结", "bad")
    if stands_still(status, paused_until, now):
        return DueState("停止计时", "off")
    return _late(due_at, now) if due_at < now else _left(due_at, now)


def stands_still(status: str, paused_until: date | None, now: datetime) -> bool:
    """A pause ends by itself with its last day, whether somebody resumes or not (the same rule as standing_still)."""
    if status == S.SHELVED:
        return True
    return status == S.PAUSED and (paused_until is None or timezone.localtime(now).date() <= paused_until)


def _late(due_at: datetime, now: datetime) -> DueState:
    days = current().working_between(due_at, now, Unit.WORKING_DAY)
    return DueState(f"逾期 {days} 个工作日" if days else "刚刚逾期", "bad")


def _left(due_at: datetime, now: datetime) -> DueState:
    days = current().working_between(now, due_at, Unit.WORKING_DAY)
    if timezone.localtime(due_at).date() == timezone.localtime(now).date():
        return DueState(f"今日 {timezone.localtime(due_at):%H:%M} 到期", "warn")
    if not days:
        # A limit in natural time that ends before anybody works again.
        return DueState(f"{timezone.localtime(due_at):%m-%d %H:%M} 到期", "warn")
    return DueState(f"剩 {days} 个工作日", "warn" if days <= NEARLY_DUE else "calm")
