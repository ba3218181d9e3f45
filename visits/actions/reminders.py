"""Reminding: rungs of the ladder that were reached, notices for people, one digest a person a day.

A run may come late, twice or at the same moment as another: what was told is known by unique rows, not by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from crm.calendar import current
from crm.models import User
from visits.actions.due import new_reckoning
from visits.choices import ReminderKind
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent, Digest, Notice, Reminder
from visits.querysets import OPEN
from visits.reminding import ALSO, PRESSED, People, rungs_reached

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a run did."""

    reminders: int = 0
    digests: int = 0
    is_working_time: bool = True


def remind(*, now: datetime | None = None) -> Reminded:
    """Raise what has become due for a reminder and hand out today's digests; outside working time nothing happens."""
    now = now or timezone.now()
    if not current().is_working_time(now):
        return Reminded(is_working_time=False)
    raised = sum(_raise(appeals, now) for appeals in _to_look_at())
    return Reminded(raised, hand_out(now))


def _to_look_at() -> Iterator[list[Appeal]]:
    """Open appeals with a clock that have not been told to be overdue in this round, a few thousand at a time."""
    told = Reminder.objects.filter(kind=ReminderKind.OVERDUE, event__isnull=True, round=F("appeal__round"))
    rows = Appeal.objects.living().open().filter(next_due_at__isnull=False).exclude(pk__in=told.values("appeal_id"))
    rows, last = rows.select_related("organisation", "lead_unit").order_by("pk"), 0
    while found := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        yield found
        last = found[-1].pk


@transaction.atomic
def _raise(appeals: Sequence[Appeal], now: datetime) -> int:
    reached = [
        Reminder(appeal=appeal, round=appeal.round, kind=rung.kind, made_at=now)
        for appeal, percent in _used(appeals, now)
        for rung in rungs_reached(percent)
    ]
    known = set(Reminder.objects.filter(appeal__in=appeals, event=None).values_list("appeal_id", "round", "kind"))
    new = [one for one in reached if (one.appeal_id, one.round, one.kind) not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    _tell({appeal.pk: appeal for appeal in appeals}, Q(appeal__in=appeals, made_at=now, event=None))
    return len(new)


def _used(appeals: Sequence[Appeal], now: datetime) -> Iterator[tuple[Appeal, int]]:
    limits, by_key = LimitTable(), {appeal.pk: appeal for appeal in appeals}
    events = AppealEvent.objects.filter(appeal__in=appeals).order_by("appeal_id", "at", "pk")
    for key, own in groupby(events, attrgetter("appeal_id")):
        reckoning = new_reckoning(by_key[key], limits)
        for event in own:
            reckoning.take(event)
        percent = reckoning.used_percent(now)
        if percent is not None:
            yield by_key[key], percent


def tell_of(event: AppealEvent) -> None:
    """Somebody pressed for an appeal: a notice at once, for whose turn it is."""
    kind = PRESSED[event.step][0]
    appeal = Appeal.objects.select_related("organisation", "lead_unit").get(pk=event.appeal_id)
    one = Reminder.objects.create(appeal=appeal, round=appeal.round, kind=kind, event=event, made_at=event.at)
    _tell({appeal.pk: appeal}, Q(pk=one.pk))


def _tell(appeals: dict[int, Appeal], which: Q) -> None:
    people = People.of_today()
    notices = [
        Notice(reminder=reminder, user=user)
        for reminder in Reminder.objects.filter(which)
        for user in people.for_appeal(appeals[reminder.appeal_id], ALSO[reminder.kind])
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


@transaction.atomic
def hand_out(now: datetime) -> int:
    """Put what waits into a digest for everybody who has had none today; returns how many digests.

    What came after somebody's digest of today waits for tomorrow's. What has been dealt with meanwhile is told nobody.
    """
    over = ~Q(reminder__appeal__status__in=OPEN) | ~Q(reminder__round=F("reminder__appeal__round"))
    Notice.objects.waiting().filter(over).delete()
    today = timezone.localdate(now)
    waiting = User.objects.filter(is_active=True, pk__in=Notice.objects.waiting().values("user_id"))
    without = list(waiting.exclude(digests__day=today).order_by("pk"))
    Digest.objects.bulk_create([Digest(user=user, day=today, made_at=now) for user in without], ignore_conflicts=True)
    # Those that another run made a moment earlier keep what that run put into them.
    made = list(Digest.objects.filter(day=today, made_at=now, user__in=without))
    for digest in made:
        Notice.objects.waiting().filter(user=digest.user_id).update(digest=digest)
    return len(made)


def mark_read(user: User, *, now: datetime | None = None) -> int:
    """The person has seen the own notices."""
    return Notice.objects.visible_to(user).unread().update(read_at=now or timezone.now())
