"""Due times of many appeals reckoned anew from their events: a few queries per thousand, writing what differs only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction

from crm.bulk import Mould, update_rows
from crm.calendar import current
from visits.clock import DueTimes, Reckoning
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent
from visits.querysets import AppealQuerySet

ROWS_AT_ONCE = 5_000
DUE = ("contact_due_at", "due_at", "next_due_at")
HANDLED = ("worked_minutes", "first_closed_at", "first_worked_minutes")
STORED = (*DUE, *HANDLED)
# Not through `only()`: half a million models take longer to make than their limits to reckon.
_READ = ("pk", "number", "source", "appeal_class", "category", *STORED)


class _Stored(NamedTuple):
    pk: int
    number: str
    source: str
    appeal_class: str
    category: str
    contact_due_at: datetime | None
    due_at: datetime | None
    next_due_at: datetime | None
    worked_minutes: int | None
    first_closed_at: datetime | None
    first_worked_minutes: int | None

    @property
    def due(self) -> DueTimes:
        return DueTimes(self.contact_due_at, self.due_at, self.next_due_at)


class _Happened(NamedTuple):
    appeal_id: int
    step: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """An appeal whose due times, or the time it was handled, are others than were stored."""

    pk: int
    number: str
    old: DueTimes
    new: DueTimes
    handled: tuple[Any, ...] = ()


def rebuild_due_times(
    rows: AppealQuerySet, *, write: bool = True, note: Callable[[Sequence[Moved]], None] | None = None
) -> Iterator[Moved]:
    """Reckon these appeals anew and yield those that moved; `write` stores the outcome, a few thousand at a time.

    `note` keeps what moved, in the transaction that moves it. Appeals that were never accepted, or whose events are
    not on record, keep what they have.
    """
    limits, mould, last = LimitTable(), Mould(Appeal), 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        with transaction.atomic():
            moved = list(_moved(keys, limits, lock=write))
            if write:
                update_rows([_row(mould, one) for one in moved], STORED)
            if note:
                note(moved)
        yield from moved
        last = keys[-1]


def _moved(keys: Sequence[int], limits: LimitTable, *, lock: bool) -> Iterator[Moved]:
    rows = Appeal.objects.filter(pk__among=keys).order_by("pk")
    # A step takes the same lock: between reading the events and writing no other can come.
    rows = rows.select_for_update(no_key=True) if lock else rows
    stored = {row.pk: row for row in map(_Stored._make, rows.values_list(*_READ))}
    for pk, events in groupby(_events(keys), attrgetter("appeal_id")):
        row = stored.get(pk)
        reckoning = row and _reckoned(row, events, limits)
        if row and reckoning:
            one = Moved(pk, row.number, row.due, reckoning.due_times(), _handled(reckoning))
            if (one.old, row[-len(HANDLED) :]) != (one.new, one.handled):
                yield one


def _events(keys: Sequence[int]) -> Iterable[_Happened]:
    found = AppealEvent.objects.filter(appeal__among=keys).order_by("appeal_id", "at", "pk")
    return map(_Happened._make, found.values_list("appeal_id", "step", "at", "data"))


def _reckoned(row: _Stored, events: Iterable[_Happened], limits: LimitTable) -> Reckoning | None:
    reckoning = Reckoning(current(), limits.usual(row))
    for event in events:
        reckoning.take(event)
    return reckoning if reckoning.terms else None


def _handled(reckoning: Reckoning) -> tuple[Any, ...]:
    handled = reckoning.handled
    return handled.minutes, handled.first_closed_at, handled.first_minutes


def _row(mould: Mould, moved: Moved) -> Any:
    new = moved.new
    due = {"contact_due_at": new.contact_due_at, "due_at": new.due_at, "next_due_at": new.next_due_at}
    return mould.row(id=moved.pk, **due, **dict(zip(HANDLED, moved.handled, strict=True)))
