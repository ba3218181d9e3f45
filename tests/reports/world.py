"""A park office with November 2023 as users would have recorded it; dates are local days."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from crm.models import Organisation, User
from parks.actions import Told, record_indicators
from parks.models import Enterprise, Qualification
from reports.period import Period
from reports.rows.scope import Scope
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_enterprise, make_kind, make_park
from visits.models import Appeal, CallBack, HotlineTicket, Visit, VisitEnterprise
from visits.standing import copy_standing

_numbers = count(1)


def at(text: str) -> datetime:
    """ "2023-11-05" or "2023-11-05 14:30" in local time."""
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = "2024-01-15 09:00"
NOVEMBER = "2023-11"


class World:
    """Makes records of one organisation with as little said as possible."""

    def __init__(self, office: Organisation) -> None:
        self.office = office
        self.user: User = make_user(f"u{office.pk}", office)
        self.unit = make_organisation("产业科", "unit", parent=office)
        self._firm: Enterprise | None = None

    def scope(self, period: str = NOVEMBER, now: str = NOW, user: User | None = None) -> Scope:
        return Scope(user or self.user, Period.parse(period), at(now))

    @property
    def firm(self) -> Enterprise:
        self._firm = self._firm or self.enterprise()
        return self._firm

    def enterprise(self, **fields: Any) -> Enterprise:
        return make_enterprise(self.office, **fields)

    def qualified(self, code: str, enterprise: Enterprise | None = None, **fields: Any) -> Enterprise:
        enterprise = enterprise or self.enterprise()
        dates = {"valid_from": date(2022, 1, 1), "valid_to": date(2025, 1, 1)} | fields
        Qualification.objects.create(enterprise=enterprise, kind=make_kind(code), **dates)
        return enterprise

    def visit(self, day: str = "2023-11-10", *firms: Enterprise, kind: str = "visit", status: str = "done") -> Visit:
        visit = Visit.objects.create(
            organisation=self.office,
            kind=kind,
            status=status,
            started_at=at(day),
            topic="走访",
            created_by=self.user,
        )
        pairs = [VisitEnterprise(visit=visit, enterprise=firm) for firm in firms or (self.firm,)]
        copy_standing(pairs)
        VisitEnterprise.objects.bulk_create(pairs)
        return visit

    def appeal(self, accepted: str | None = "2023-11-01", **fields: Any) -> Appeal:
        """An accepted appeal being handled; `due`, `closed` are local days."""
        due, closed = fields.pop("due", None), fields.pop("closed", None)
        values: dict[str, Any] = {
            "organisation": self.office,
            "number": f"SQ{next(_numbers):06}",
            "enterprise": self.firm,
            "content": "房租补贴何时到账",
            "category": "policy",
            "lead_unit": self.unit,
            "status": "closed" if closed else "handling",
            "accepted_at": at(accepted) if accepted else None,
            "due_at": at(due) if due else None,
            "closed_at": at(closed) if closed else None,
            "created_by": self.user,
        }
        return Appeal.objects.create(**(values | fields))

    def call(self, appeal: Appeal | None = None, day: str = "2023-11-20", **answers: Any) -> CallBack:
        """A call-back; without answers the enterprise was contacted, solved and satisfied."""
        values: dict[str, Any] = {
            "is_reached": True,
            "is_contacted": True,
            "solved": "solved",
            "satisfaction": "satisfied",
            "called_by": self.user,
        }
        return CallBack.objects.create(
            appeal=appeal or self.appeal(closed="2023-11-15"),
            round=1,
            called_at=at(day),
            **(values | answers),
        )

    def ticket(self, party: str = "enterprise", day: str = "2023-11-08", **fields: Any) -> HotlineTicket:
        """A ticket of the hotline, called back, solved and satisfied."""
        values: dict[str, Any] = {
            "organisation": self.office,
            "number": f"BJ{next(_numbers):06}",
            "called_at": at(day),
            "title": "班车太早",
            "party": party,
            "enterprise": self.firm if party == "enterprise" else None,
            "status": "closed",
            "is_valid_call_back": True,
            "is_contacted": True,
            "solved": "solved",
            "satisfaction": "satisfied",
            "created_by": self.user,
        }
        return HotlineTicket.objects.create(**(values | fields))

    def no_answer(self, appeal: Appeal | None = None, day: str = "2023-11-20") -> CallBack:
        return self.call(appeal, day, is_reached=False, is_contacted=None, solved="", satisfaction="")


def november(world: World) -> None:
    """The vector of the domain: 20 accepted, 16 answered, 4 unreachable, 14 solved, 12 satisfied, 2 basically so."""
    for number in range(20):
        appeal = world.appeal("2023-11-01", due="2023-11-10", closed="2023-11-09", status="confirmed")
        if number >= 16:
            world.no_answer(appeal)
            continue
        satisfaction = "satisfied" if number < 12 else "basically" if number < 14 else "dissatisfied"
        world.call(appeal, solved="solved" if number < 14 else "unsolved", satisfaction=satisfaction)


def hotline(world: World) -> None:
    """Of enterprises: four called back, one of which does not say whether it was contacted, and one in vain."""
    world.ticket()
    world.ticket(satisfaction="basically", is_valid_call_back=None)
    world.ticket(solved="partly", satisfaction="dissatisfied", is_contacted=False)
    world.ticket(solved="unsolved", satisfaction="", is_contacted=None)
    world.ticket(is_valid_call_back=False, solved="", satisfaction="", is_contacted=None)
    world.ticket("resident")
    world.ticket("resident", solved="unsolved", satisfaction="dissatisfied")
    world.ticket("unmatched", firm_name="查无公司", solved="unsolved", satisfaction="dissatisfied")
    world.ticket(status="cancelled")
    world.ticket(day="2023-12-01", solved="unsolved", satisfaction="dissatisfied")


def course(world: World) -> None:
    """What happened to some of November's appeals on their way, and what came of a visit."""
    first, second, *others = Appeal.objects.filter(organisation=world.office, status="confirmed").order_by("pk")
    for appeal, step in ((first, "dispatch"), (first, "return"), (second, "transfer"), (second, "grant_extension")):
        appeal.events.create(step=step, from_status="accepted", to_status="dispatched", at=at("2023-11-02"),
                             actor=world.user)  # fmt: skip
    times = {first: 60, second: 120, others[0]: 420}
    for appeal, minutes in times.items():
        Appeal.objects.filter(pk=appeal.pk).update(worked_minutes=minutes, first_worked_minutes=minutes)
    Appeal.objects.filter(pk=first.pk).update(
        contact_due_at=at("2023-11-02"), first_contact_at=at("2023-11-01 10:00"), visit=world.visit("2023-11-01 09:00")
    )
    Appeal.objects.filter(pk=second.pk).update(contact_due_at=at("2023-11-02"), first_contact_at=at("2023-11-03"))
    Appeal.objects.filter(pk=others[0].pk).update(round=2)
    CallBack.objects.filter(appeal=others[0]).update(round=2)
    CallBack.objects.filter(appeal=first).update(via="link", called_by=None)
    CallBack.objects.filter(appeal__in=(second, others[0])).update(is_own=True)
    world.appeal("2023-11-03", status="merged", merged_into=first)


def economy(world: World) -> None:
    """Totals and months of three firms; what of them is November's."""
    firms = list(Enterprise.objects.filter(organisation=world.office, left_on=None).order_by("pk")[:3])
    day = date(2023, 12, 15)
    for number, firm in enumerate(firms, start=1):
        totals = [(10, 1_000_000), (11, 1_000_000 + number * 5_000_000), (12, 90_000_000)]
        told = [Told(firm, "tax", 2023, month, "total", Decimal(value), day) for month, value in totals]
        told += [Told(firm, "output", 2023, 11, "month", Decimal(100_000_000), day)]
        record_indicators(told)
    record_indicators([Told(world.firm, "tax", 2022, 11, "month", Decimal(30_000_000), day)])
    for kind in ("output", "revenue", "district"):
        record_indicators([Told(world.firm, kind, 2022, 11, "month", Decimal(3), day)])
    record_indicators([Told(world.firm, "revenue", 2023, 11, "month", Decimal(1), day)])
    record_indicators([Told(world.firm, "district", 2023, 11, "month", Decimal(7), day)])
    # January and February as one are in neither.
    record_indicators([Told(world.firm, "district", 2023, 2, "total", Decimal(5), day)])


def everything(world: World) -> None:
    """At least one record behind every figure, and some that must not count."""
    november(world)
    course(world)
    world.visit("2023-11-03", world.firm, world.enterprise(tags=["网安"], registered_capital=10_000_000))
    world.visit("2023-11-05", kind="phone")
    world.enterprise(joined_on=date(2022, 3, 1), left_on=date(2023, 11, 3), stage="moved_out")
    for day in (1, 30):
        world.enterprise(joined_on=date(2022, 3, 1), left_on=date(2023, 11, day), stage="closed")
    for code in ("GIANT", "SRDI", "HNTE", "POSTDOC_B", "GREEN_N"):
        world.qualified(code)
    world.enterprise(registered_capital=9_999_999, joined_on=date(2023, 11, 30))
    world.enterprise(registered_capital=5_000_000, registered_capital_currency="USD")
    world.appeal("2023-11-02", due="2023-11-20")
    world.appeal(
        "2022-05-02", due="2022-05-20", status="shelved", shelved_at=at("2022-05-10"), review_on=date(2025, 1, 1)
    )
    hotline(world)
    listed = world.enterprise()
    economy(world)
    listed.service_tiers.create(tier="town", starts_on=date(2023, 1, 1))
    world.firm.service_tiers.create(tier="town", starts_on=date(2023, 1, 1))


def many_kinds(world: World) -> World:
    """`everything`, spread over units, categories, parks, tiers, stewards and months."""
    other = make_organisation("服务科", "unit", parent=world.office)
    steward = make_user(f"管家{other.pk}", other)
    park = make_park(world.office)
    firm = world.enterprise(park=park, registered_capital=3_000_000, stage="settled")
    User.objects.filter(pk=steward.pk).update(name="管家")
    firm.stewardships.create(user=steward, starts_on=date(2023, 1, 1))
    firm.service_tiers.create(tier="city", starts_on=date(2023, 1, 1))
    for month in ("03", "06", "11"):
        world.visit(f"2023-{month}-07", firm, world.firm, kind="forum")
        fields = {"category": "space", "source": "hotline", "lead_unit": other, "appeal_class": "consult"}
        appeal = world.appeal(f"2023-{month}-01", due=f"2023-{month}-20", closed=f"2023-{month}-09", enterprise=firm,
                              **fields)  # fmt: skip
        world.call(appeal, f"2023-{month}-12", solved="partly", satisfaction="basically")
        world.no_answer(world.appeal(f"2023-{month}-02", due=f"2023-{month}-25", **fields), f"2023-{month}-13")
        world.ticket(day=f"2023-{month}-08", enterprise=firm, lead_unit="服务科", category="交通")
    world.appeal("2023-11-02", due="2023-11-20", lead_unit=None, urgency="urgent")
    return world
