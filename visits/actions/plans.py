"""Plans of several visits at once, and the address of a person's calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from crm.models import User
from parks.models import Enterprise
from visits.actions.bin import delete_visit
from visits.actions.visits import create_visit
from visits.choices import VisitStatus
from visits.models import CalendarFeed, Visit

PLAN_TOPIC = "例行走访"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One line of a plan."""

    enterprise: Enterprise
    start_at: datetime


@transaction.atomic
def plan_visits(lines: Sequence[PlannedVisit], *, actor: User, staff: User, client_id: UUID) -> list[Visit]:
    """Plan a visit for each line; the same actor, client_id and enterprise give the same visit, never a second."""
    return [
        create_visit(
            actor=actor, started_at=line.start_at, enterprises=[line.enterprise], staff=[staff], topic=PLAN_TOPIC,
            client_id=uuid5(client_id, str(line.enterprise.pk)),
        )
        for line in lines
    ]  # fmt: skip


@transaction.atomic
def take_back_plans(visits: Iterable[Visit], *, actor: User) -> int:
    """Put plans into the bin that are still as they were made; returns how many."""
    untouched = [visit for visit in visits if visit.status == VisitStatus.PLANNED and visit.version == 1]
    for visit in untouched:
        delete_visit(visit, actor=actor)
    return len(untouched)


@transaction.atomic
def renew_feed(*, actor: User) -> CalendarFeed:
    """A new secret address; the one before stops working."""
    feed, is_new = CalendarFeed.objects.select_for_update(no_key=True).get_or_create(user=actor)
    if not is_new:
        feed.number += 1
        feed.save()
    return feed
