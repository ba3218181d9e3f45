"""The one reckoning of an appeal's time limits: events in, due times out. It knows no models and asks no database.

What AppealEvent.data holds for it, by what the step does to the clock (`Step.clock`):

- START, RESTART: ``limit`` and ``contact_limit``, each ``{"amount": 10, "unit": "working_day"}``: the limits in force
  when the round began. Later changes of the settings do not reach it. Events of releases that did not keep them are
  read with the limits that were in force then (`usual`).
- EXTEND: ``extension``, written the same way.
- PAUSE: ``still_until``, the moment at which the clock goes on by itself unless somebody resumes earlier, or nothing.
- STOP: ``judged``, the due times by which the end was judged; a calendar edited afterwards does not judge again.
- dispatch, and any other step that may: ``set_due_at``, a moment agreed instead of the limit, or None.

SHELVE and the ends of standing still need nothing: the time between is given back. Of a limit in working days it is
given back as working time to the minute, of one in hours or days as time of the clock on the wall, because that is
what the pause took away: what was left when the clock stopped is left when it goes on, neither half a day more nor
less, whether it stopped over lunch, on a Friday evening or for three weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from crm.worktime import Limit, Unit, WorkingCalendar
from visits.worked import Handled, Happening
from visits.workflow import STEPS, Clock

NATURAL = (Unit.HOUR, Unit.NATURAL_DAY)


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits of one round: to close, and to speak with the enterprise first."""

    close: Limit
    contact: Limit

    def as_data(self) -> dict[str, Any]:
        return {"limit": limit_data(self.close), "contact_limit": limit_data(self.contact)}


# The terms of an appeal whose round began at a moment, for events that do not say.
Usual: TypeAlias = Callable[[datetime], Terms]


@dataclass(frozen=True, slots=True)
class DueTimes:
    """`next_due_at` is the earliest thing the lead still owes, None while the clock stands still or has ended."""

    contact_due_at: datetime | None = None
    due_at: datetime | None = None
    next_due_at: datetime | None = None


def fold(events: Iterable[Happening], calendar: WorkingCalendar, usual: Usual) -> DueTimes:
    """The due times after these events, which come in the order in which they happened."""
    reckoning = Reckoning(calendar, usual)
    for event in events:
        reckoning.take(event)
    return reckoning.due_times()


@dataclass(slots=True)
class Reckoning:
    """Where the clock of one appeal stands after the events taken so far."""

    calendar: WorkingCalendar
    usual: Usual
    terms: Terms | None = None
    contact_due_at: datetime | None = None
    due_at: datetime | None = None
    is_running: bool = False
    still_since: datetime | None = None
    still_until: datetime | None = None
    began_at: datetime | None = None
    # In this round altogether, and by the last resumption.
    stood: timedelta = timedelta(0)
    given_back: timedelta = timedelta(0)
    is_contacted: bool = False
    is_answered: bool = False
    # What a release that kept no limits last wrote down as due; None where limits are kept.
    written: datetime | None = None
    handled: Handled = field(default_factory=Handled)

    def take(self, event: Happening) -> None:
        rule = STEPS.get(event.step)
        if rule is None:
            return
        self.handled.take(event, self.calendar)
        if rule.clock:
            _EFFECTS[rule.clock](self, event)
        self._agree(event)
        if rule.stamps == "first_contact_at":
            self.is_contacted = True
        elif rule.stamps == "answered_at" or "answered_at" in rule.clears:
            self.is_answered = rule.stamps == "answered_at"

    def due_times(self) -> DueTimes:
        """Of a pause that ends by itself: what will be due unless somebody resumes earlier."""
        goes_on_at = self.still_until
        if goes_on_at is None:
            return DueTimes(self.contact_due_at, self.due_at, self._next())
        ahead = replace(self)
        ahead._go_on_at(goes_on_at)
        owed = ahead._next()
        # Before the clock goes on nothing is owed, however late it was when it stopped.
        return DueTimes(ahead.contact_due_at, ahead.due_at, owed and max(owed, goes_on_at))

    def used_percent(self, now: datetime) -> int | None:
        """How much of the time to close is used up, rounded down; more than 100 as soon as it is late.

        In the time the limit is counted in; what the clock stood still is not in it. None while it stands still.
        """
        if not self.is_running or self.still_since or not (self.terms and self.began_at and self.due_at):
            return None
        limit = self.terms.close
        total = self._stood(limit, self.began_at, self.due_at) - self.stood
        left = self._stood(limit, now, self.due_at) if now < self.due_at else -self._stood(limit, self.due_at, now)
        percent = int((total - left) * 100 // total) if total else 100
        return max(percent, 101) if now > self.due_at else percent

    def _next(self) -> datetime | None:
        """Who has answered owes no first contact, unless the answer is sent back."""
        if not self.is_running or self.still_since:
            return None
        if self.is_contacted or self.is_answered or self.contact_due_at is None or self.due_at is None:
            return self.due_at
        return min(self.contact_due_at, self.due_at)

    def begin(self, event: Happening) -> Terms:
        """A round: by the limits that the event kept, or by those in force then."""
        said = event.data
        kept = "limit" in said
        self.terms = Terms(limit_of(said["limit"]), limit_of(said["contact_limit"])) if kept else self.usual(event.at)
        self.due_at = self.calendar.add_working(event.at, self.terms.close)
        self.is_running, self.still_since, self.still_until = True, None, None
        self.began_at, self.stood = event.at, timedelta(0)
        self.written = None if kept else _moment(said.get("due_at"))
        return self.terms

    def go_on(self, event: Happening) -> None:
        """Give back the time for which the clock stood still."""
        days = event.data.get("paused_working_days")
        if days is None:
            self._go_on_at(event.at if self.still_until is None else min(event.at, self.still_until))
        elif self.still_since is not None:
            self.still_since = None
            # Releases that gave back whole days promised what they promised.
            self._promise(Limit(days, Unit.WORKING_DAY))

    def _go_on_at(self, at: datetime) -> None:
        since, self.still_since, self.still_until = self.still_since, None, None
        if since is not None and self.terms is not None:
            self._give_back(self.terms, since, at)

    def _promise(self, more: Limit) -> None:
        self.due_at = self.due_at and self.calendar.add_working(self.due_at, more)
        if not self.is_contacted:
            self.contact_due_at = self.contact_due_at and self.calendar.add_working(self.contact_due_at, more)

    def _give_back(self, terms: Terms, since: datetime, until: datetime) -> None:
        self.given_back = self._stood(terms.close, since, until)
        self.stood += self.given_back
        self.due_at = self.due_at and self._later(self.due_at, terms.close, since, until)
        if not self.is_contacted:
            self.contact_due_at = self.contact_due_at and self._later(self.contact_due_at, terms.contact, since, until)

    def _later(self, due: datetime, limit: Limit, since: datetime, until: datetime) -> datetime:
        span = self._stood(limit, since, until)
        return due + span if limit.unit in NATURAL else self.calendar.add_worked(due, span)

    def _stood(self, limit: Limit, since: datetime, until: datetime) -> timedelta:
        return until - since if limit.unit in NATURAL else self.calendar.worked(since, until)

    def _agree(self, event: Happening) -> None:
        """A due time agreed instead of the limit. Old dispatches wrote down one always, agreed or not."""
        if said := event.data.get("set_due_at"):
            self.due_at = _moment(said)
        elif self.written and "set_due_at" not in event.data and (now := _moment(event.data.get("due_at"))):
            if event.step == "dispatch" and now != self.written:
                self.due_at = now
            self.written = now


def _start(reckoning: Reckoning, event: Happening) -> None:
    terms = reckoning.begin(event)
    reckoning.contact_due_at = reckoning.calendar.add_working(event.at, terms.contact)


def _restart(reckoning: Reckoning, event: Happening) -> None:
    """A new round has a limit of its own; a first contact belongs to the first one and is not owed any more."""
    reckoning.begin(event)
    reckoning.is_contacted = True


def _stand_still(reckoning: Reckoning, event: Happening) -> None:
    if reckoning.is_running and reckoning.still_since is None:
        reckoning.still_since = event.at
        reckoning.still_until = _moment(event.data.get("still_until"))


def _extend(reckoning: Reckoning, event: Happening) -> None:
    more = event.data.get("extension")
    if more and reckoning.due_at:
        reckoning.due_at = reckoning.calendar.add_working(reckoning.due_at, limit_of(more))


def _stop(reckoning: Reckoning, event: Happening) -> None:
    """The end, also of a clock that stands still: what it stood is given back before anyone judges."""
    reckoning.go_on(event)
    reckoning.is_running = False
    if judged := event.data.get("judged"):
        reckoning.due_at = _moment(judged["due_at"])
        reckoning.contact_due_at = _moment(judged["contact_due_at"])


_EFFECTS: dict[Clock, Callable[[Reckoning, Happening], None]] = {
    Clock.START: _start,
    Clock.PAUSE: _stand_still,
    Clock.RESUME: Reckoning.go_on,
    Clock.EXTEND: _extend,
    Clock.SHELVE: _stand_still,
    Clock.UNSHELVE: Reckoning.go_on,
    Clock.STOP: _stop,
    Clock.RESTART: _restart,
}


def limit_data(limit: Limit) -> dict[str, Any]:
    return {"amount": limit.amount, "unit": limit.unit.value}


def limit_of(data: Mapping[str, Any]) -> Limit:
    return Limit(data["amount"], Unit(data["unit"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
