"""Due times as columns: after every step the events are reckoned anew by visits.clock and the outcome is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from crm.calendar import current
from crm.worktime import Limit
from visits.clock import NATURAL, Reckoning
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent
from visits.workflow import STEPS, Clock

BEGINS = (Clock.START, Clock.RESTART)
GOES_ON = (Clock.RESUME, Clock.UNSHELVE)


def reckoning_of(appeal: Appeal) -> Reckoning:
    """The clock of an appeal after all its events so far; one query."""
    reckoning = new_reckoning(appeal)
    for event in appeal.events.order_by("at", "pk"):
        reckoning.take(event)
    return reckoning


def limit_of_round(appeal: Appeal) -> Limit:
    """The limit that this round began with; an extension is measured by it."""
    terms = reckoning_of(appeal).terms or LimitTable().usual(appeal)(appeal.accepted_at or timezone.now())
    return terms.close


def new_reckoning(appeal: Appeal, limits: LimitTable | None = None) -> Reckoning:
    return Reckoning(current(), (limits or LimitTable()).usual(appeal))


def tell(appeal: Appeal, reckoning: Reckoning, event: AppealEvent) -> None:
    """Let the clock take an event that just happened; its outcome is stored in the appeal, and noted in the event."""
    clock = STEPS[event.step].clock
    if clock in BEGINS:
        event.data |= reckoning.usual(event.at).as_data()
    before = appeal.due_at
    reckoning.take(event)
    store(appeal, reckoning)
    event.data |= _noted(clock, reckoning, before)
    if event.step == "close":
        event.data["worked_minutes"] = reckoning.handled.minutes
    if (appeal.due_at and clock not in (None, Clock.STOP)) or "set_due_at" in event.data:
        event.data["due_at"] = as_text(appeal.due_at)


def store(appeal: Appeal, reckoning: Reckoning) -> None:
    times = reckoning.due_times()
    appeal.contact_due_at, appeal.due_at, appeal.next_due_at = times.contact_due_at, times.due_at, times.next_due_at
    handled = reckoning.handled
    appeal.worked_minutes = handled.minutes
    appeal.first_closed_at, appeal.first_worked_minutes = handled.first_closed_at, handled.first_minutes


def _noted(clock: Clock | None, reckoning: Reckoning, before: datetime | None) -> dict[str, Any]:
    """What readers and later reckonings want to know of the outcome."""
    if clock == Clock.STOP and reckoning.due_at:
        judged = {"due_at": as_text(reckoning.due_at), "contact_due_at": as_text(reckoning.contact_due_at)}
        return {"judged": judged}
    if clock in GOES_ON and reckoning.terms:
        is_natural = reckoning.terms.close.unit in NATURAL
        return {"given_back": spell(reckoning.given_back) + ("" if is_natural else "（工作时间）")}
    return {"old_due_at": as_text(before)} if clock == Clock.RESTART else {}


def as_text(moment: datetime | None) -> str | None:
    """As events hold moments: in local time, so that one moment has one spelling."""
    return timezone.localtime(moment).isoformat() if moment else None


def spell(span: timedelta) -> str:
    """Hours and minutes, because a working day has as many hours as its calendar says."""
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    parts = [f"{hours} 小时"] if hours else []
    return " ".join([*parts, f"{minutes} 分钟"] if minutes or not hours else parts)
