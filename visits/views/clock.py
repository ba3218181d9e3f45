"""Why an appeal is due when it is due: the steps that moved its clock, told from the same reckoning that moved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from visits.actions.due import new_reckoning, spell
from visits.clock import NATURAL, Reckoning, limit_of
from visits.models import Appeal, AppealEvent
from visits.workflow import STEPS, Clock


@dataclass(frozen=True, slots=True)
class ClockLine:
    """What happened to the clock, and when it was due then; the last line is what is stored."""

    at: datetime
    text: str
    due_at: datetime | None


def clock_lines(appeal: Appeal) -> list[ClockLine]:
    """Of the events and calendar edits, which are prefetched; no line before acceptance."""
    reckoning, lines = new_reckoning(appeal), []
    for event in appeal.events.all():
        before = reckoning.due_times().due_at
        reckoning.take(event)
        due = reckoning.due_times().due_at
        clock = STEPS[event.step].clock if event.step in STEPS else None
        if due and (clock or due != before):
            lines.append(ClockLine(event.at, f"{event.label}：{_what(event, clock, reckoning)}", due))
    return sorted([*lines, *_calendar_edits(appeal)], key=lambda line: line.at)


def _what(event: AppealEvent, clock: Clock | None, reckoning: Reckoning) -> str:
    if clock in (Clock.START, Clock.RESTART) and reckoning.terms:
        return f"时限 {reckoning.terms.close}"
    if clock == Clock.EXTEND and event.data.get("extension"):
        return f"延长 {limit_of(event.data['extension'])}"
    if clock in (Clock.PAUSE, Clock.SHELVE):
        until = reckoning.still_until
        return f"停止计时，至 {timezone.localtime(until):%m-%d %H:%M} 恢复" if until else "停止计时"
    if clock in (Clock.RESUME, Clock.UNSHELVE):
        return f"恢复计时，顺延 {_given_back(event, reckoning)}"
    return "停止计时" if clock == Clock.STOP else "约定时限"


def _given_back(event: AppealEvent, reckoning: Reckoning) -> str:
    days = event.data.get("paused_working_days")
    if days is not None:
        return f"{days} 个工作日"
    is_natural = reckoning.terms is not None and reckoning.terms.close.unit in NATURAL
    return spell(reckoning.given_back) + ("" if is_natural else "（工作时间）")


def _calendar_edits(appeal: Appeal) -> list[ClockLine]:
    return [
        ClockLine(move.edit.at, f"工作日历修改：原 {timezone.localtime(move.old_due_at):%m-%d %H:%M}", move.new_due_at)
        for move in appeal.due_moves.all()
        if move.old_due_at and move.old_due_at != move.new_due_at
    ]
