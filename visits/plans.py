"""Which enterprises want a visit by the end of a month, and when one could go. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from crm.calendar import current
from crm.models import User
from crm.moments import moment
from parks.models import Enterprise, ServiceTier, Stewardship
from parks.querysets import EnterpriseQuerySet, on_date
from visits.models import Visit, VisitEnterprise
from visits.querysets import due_for_visit

# The hours proposed for the visits of one day, in the order in which they are given out.
HOURS = (time(9, 30), time(14, 0), time(15, 30), time(10, 30), time(16, 30))


@dataclass(frozen=True, slots=True)
class Proposal:
    """An enterprise that is due, since when, and when one could go."""

    enterprise: Enterprise
    tier: str
    steward: User | None
    last_visit_on: date | None
    # None: never visited.
    due_on: date | None
    start_at: datetime

    @property
    def is_late(self) -> bool:
        return self.due_on is None or self.due_on < timezone.localdate()


def due_in(enterprises: EnterpriseQuerySet, last: date) -> EnterpriseQuerySet:
    """Enterprises whose interval ends by `last` and for which no visit is planned; the longest waiting first."""
    planned = VisitEnterprise.objects.living().filter(visit__in=Visit.objects.planned().values("pk"))
    return due_for_visit(enterprises, last).exclude(pk__in=planned.values("enterprise_id"))


def proposals(rows: EnterpriseQuerySet, slots: Iterable[datetime]) -> list[Proposal]:
    """One slot each, in the order of `rows` (from `due_in`), until either runs out."""
    today = on_date(timezone.localdate())
    tiers = Prefetch("service_tiers", ServiceTier.objects.filter(today), to_attr="tiers_now")
    stewards = Prefetch(
        "stewardships", Stewardship.objects.filter(today).select_related("user"), to_attr="stewards_now"
    )
    free = list(slots)
    found = rows.prefetch_related(tiers, stewards)[: len(free)]
    return [_proposal(row, start_at) for row, start_at in zip(found, free, strict=False)]


def _proposal(row: Enterprise, start_at: datetime) -> Proposal:
    tiers: list[ServiceTier] = row.tiers_now  # type: ignore[attr-defined]
    stewards: list[Stewardship] = row.stewards_now  # type: ignore[attr-defined]
    seen: datetime | None = row.last_visit_at  # type: ignore[attr-defined]
    last = timezone.localtime(seen).date() if seen else None
    days = settings.YQT["VISIT_INTERVAL_DAYS"][tiers[0].tier if tiers else "none"]
    return Proposal(
        enterprise=row,
        tier=tiers[0].get_tier_display() if tiers else "",
        steward=stewards[0].user if stewards else None,
        last_visit_on=last,
        due_on=last + timedelta(days=days) if last else None,
        start_at=start_at,
    )


def free_slots(now: datetime, first: date, last: date, taken: Iterable[datetime]) -> Iterator[datetime]:
    """Times for visits on the working days from `first` to `last`: one a day, then a second round, and so on.

    What is past or taken is left out; a day holds YQT["PLANNED_VISITS_PER_DAY"] visits, those taken among them.
    """
    busy: dict[date, set[time]] = {}
    for at in map(timezone.localtime, taken):
        busy.setdefault(at.date(), set()).add(at.time())
    per_day, working = settings.YQT["PLANNED_VISITS_PER_DAY"], current()
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = {day: _hours_left(busy.get(day, set()), per_day) for day in span if working.is_working_day(day)}
    for turn in range(per_day):
        for day, hours in days.items():
            if turn < len(hours) and (at := moment(day, hours[turn])) > now:
                yield at


def _hours_left(taken: set[time], per_day: int) -> list[time]:
    return sorted([hour for hour in HOURS if hour not in taken][: max(per_day - len(taken), 0)])
