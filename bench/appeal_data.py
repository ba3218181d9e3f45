"""Appeals with their events, and the people who look at them: in the offices of `bench.register`, without due times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection

from bench import register
from crm.actions import create_organisation
from crm.bulk import insert_rows
from crm.models import Organisation, User
from crm.scoping import Scope
from parks.models import Enterprise, Stewardship
from visits.choices import AppealCategory, AppealClass, AppealSource, JointStatus, RequestKind
from visits.choices import AppealStatus as S
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent, AppealRequest, JointUnit
from visits.querysets import OPEN
from visits.workflow import STEPS

FIRMS = 2_000
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
ROWS_AT_ONCE = 10_000
UNITS, CLERKS, LOOKED_AFTER = 3, 5, 100
# Two events and a half for an appeal: most are over, half of all wait for a call-back, some stand at every step.
WAYS = (
    [(S.CLOSED, ("accept", "close"))] * 10
    + [(S.CLOSED, ("accept", "contact", "close"))] * 10
    + [(S.CONFIRMED, ("accept", "contact", "close"))] * 5
    + [(S.ARCHIVED, ("accept", "close", "archive"))] * 5
    + [(S.HANDLING, ("accept", "pause", "resume"))] * 2
    + [(S.HANDLING, ("accept", "dispatch", "sign"))] * 2
    + [(S.SUBMITTED, ("submit",)), (S.ACCEPTED, ("submit", "accept")), (S.DISPATCHED, ("accept", "dispatch"))]
    + [(S.PAUSED, ("accept", "contact", "pause")), (S.ANSWERED, ("accept", "contact", "answer"))]
    + [(S.SHELVED, ("accept", "ask_shelving", "grant_shelving"))]
)
WITH_UNIT = (S.DISPATCHED, S.HANDLING, S.PAUSED, S.SHELVED, S.ANSWERED, S.CLOSED, S.CONFIRMED, S.ARCHIVED)


@dataclass(slots=True)
class Made:
    """What hangs on the appeals of one batch."""

    appeals: list[Appeal] = field(default_factory=list)
    events: list[AppealEvent] = field(default_factory=list)
    joint: list[JointUnit] = field(default_factory=list)
    requests: list[AppealRequest] = field(default_factory=list)

    def write(self) -> None:
        for rows in (self.appeals, self.events, self.joint, self.requests):
            insert_rows(rows)


def make_appeals(total: int) -> int:
    """Returns how many events there are."""
    if not Organisation.objects.filter(kind="park_office").exists():
        register.make_offices()
        register.add_enterprises(1, FIRMS)
    maker, count = Maker(), 0
    for start in range(1, total + 1, ROWS_AT_ONCE):
        made = Made()
        for number in range(start, min(start + ROWS_AT_ONCE, total + 1)):
            maker.add(number, made)
        made.write()
        count += len(made.events)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('visits_appeal', 'id'), %s)", [total])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return count


class Maker:
    """Units, clerks, a member of a unit and a steward for every run of numbers; then one appeal after another."""

    def __init__(self) -> None:
        self.rng, self.limits = Random(7), LimitTable()
        offices = list(Organisation.objects.filter(kind="park_office").order_by("pk"))
        self.units = {place.pk: [_unit(place, n) for n in range(UNITS)] for place in offices}
        self.clerks = {place.pk: [_person(f"clerk{place.pk}-{n}", place, "desk") for n in range(CLERKS)]
                       for place in offices}  # fmt: skip
        self.offices = {place.pk: place for place in offices}
        self.firms = list(Enterprise.objects.order_by("pk").values_list("organisation_id", flat=True))
        _person("unit", self.units[offices[0].pk][0], "unit", Scope.UNIT)
        steward = _person("steward", offices[0], "steward", Scope.OWN)
        own = Enterprise.objects.filter(organisation=offices[0]).order_by("pk")[:LOOKED_AFTER]
        Stewardship.objects.bulk_create(
            Stewardship(enterprise=firm, user=steward, role="park", is_primary=False, starts_on=date(2026, 8, 1))
            for firm in own
        )

    def add(self, number: int, made: Made) -> None:
        rng = self.rng
        status, way = WAYS[rng.randrange(len(WAYS))]
        # What is over lies anywhere in ten years, what is open in the last weeks.
        at = NOW - timedelta(minutes=rng.randrange(60, 40_000 if status in OPEN else 5_000_000))
        firm = number % len(self.firms)
        office = self.offices[self.firms[firm]]
        appeal = Appeal(
            pk=number, organisation=office, number=f"SQ{number:09d}", enterprise_id=firm + 1, status=status,
            source=rng.choice(AppealSource.values), appeal_class=rng.choice(AppealClass.values),
            category=rng.choice(AppealCategory.values), content="园区班车末班太早，员工加班后无法回家。",
            created_by=rng.choice(self.clerks[office.pk]), created_at=at, submitted_at=at,
        )  # fmt: skip
        made.appeals.append(appeal)
        made.events += self._events(appeal, way, at)
        self._hang(appeal, made)

    def _events(self, appeal: Appeal, way: tuple[str, ...], at: datetime) -> list[AppealEvent]:
        events = []
        for step in way:
            rule = STEPS[step]
            data = self.limits.usual(appeal)(at).as_data() if step == "accept" else {}
            events.append(
                AppealEvent(
                    appeal=appeal, step=step, from_status=appeal.status, to_status=appeal.status, at=at,
                    actor=appeal.created_by, data=data,
                )
            )  # fmt: skip
            for name in rule.clears:
                setattr(appeal, name, None)
            if rule.stamps:
                setattr(appeal, rule.stamps, at)
            at += timedelta(minutes=self.rng.randrange(30, 8_000))
        return events

    def _hang(self, appeal: Appeal, made: Made) -> None:
        """Units for those that were handed over; for few of them a joint unit, a request, 督办, 无效回访."""
        rng, status = self.rng, appeal.status
        if status in WITH_UNIT:
            appeal.lead_unit = rng.choice(self.units[appeal.organisation_id])
        if status in WITH_UNIT and rng.random() < 0.1:
            other = rng.choice(self.units[appeal.organisation_id])
            is_over = status not in OPEN
            made.joint.append(JointUnit(appeal=appeal, unit=other, answered_at=NOW if is_over else None,
                status=JointStatus.ANSWERED if is_over else rng.choice([JointStatus.WAITING, JointStatus.WORKING])))  # fmt: skip
        if status == S.SHELVED:
            appeal.review_on = NOW.date() + timedelta(days=rng.randrange(-30, 90))
        if status == S.HANDLING and rng.random() < 0.1:
            made.requests.append(AppealRequest(appeal=appeal, kind=RequestKind.EXTENSION, round=1, amount=2,
                unit="working_day", asked_by=appeal.created_by, asked_at=NOW, reason="等方案"))  # fmt: skip
        if status in OPEN and rng.random() < 0.02:
            appeal.supervised_at = NOW
        if status == S.CLOSED and rng.random() < 0.02:
            appeal.out_of_reach_at = NOW


def _unit(office: Organisation, number: int) -> Organisation:
    return create_organisation(name=f"科室{number}", kind="unit", parent=office)


def _person(name: str, place: Organisation, role: str, scope: str = Scope.ORGANISATION) -> User:
    return User.objects.create_user(username=name, name=name, role=role, scope=scope, organisation=place)
