"""How long an appeal was handled in working time, from acceptance to closing, without what stood still; no database.

The event that closes keeps the minutes as ``worked_minutes``: a calendar edited afterwards does not count them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from crm.worktime import WorkingCalendar
from visits.workflow import STEPS, Clock

MINUTE = timedelta(minutes=1)
BEGINS = (Clock.START, Clock.RESTART)
STANDS = (Clock.PAUSE, Clock.SHELVE)
GOES_ON = (Clock.RESUME, Clock.UNSHELVE)


class Happening(Protocol):
    """What reckonings read of an event."""

    @property
    def step(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Handled:
    """`minutes` up to the last closing, None while the appeal is open; `first_…` tell of the first closing."""

    minutes: int | None = None
    first_closed_at: datetime | None = None
    first_minutes: int | None = None
    _ran: timedelta = timedelta(0)
    _since: datetime | None = None
    _still_until: datetime | None = None
    _has_begun: bool = False

    def take(self, event: Happening, calendar: WorkingCalendar) -> None:
        clock = STEPS[event.step].clock
        if clock in BEGINS:
            self._since, self._has_begun, self.minutes = event.at, True, None
        elif clock in STANDS:
            self._run_to(event.at, calendar)
            until = event.data.get("still_until")
            self._still_until = datetime.fromisoformat(until) if until else None
        elif clock in GOES_ON and self._since is None:
            self._since = min(event.at, self._still_until) if self._still_until else event.at
        elif event.step == "close":
            self._close(event, calendar)

    def _run_to(self, at: datetime, calendar: WorkingCalendar) -> None:
        if self._since is not None:
            self._ran += calendar.worked(self._since, at)
            self._since = None

    def _close(self, event: Happening, calendar: WorkingCalendar) -> None:
        self._run_to(event.at, calendar)
        kept = event.data.get("worked_minutes")
        if kept is not None:
            self._ran = MINUTE * kept
        if self._has_begun:
            self.minutes = self._ran // MINUTE
        if self.first_closed_at is None:
            self.first_closed_at, self.first_minutes = event.at, self.minutes
