"""Small worlds at random: the same records as plain ones (plain.py) and as rows of the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from parks.actions import Told, record_indicators
from parks.models import Enterprise
from tests.reports.plain import Books, Call, Case, Firm, Meeting, Ticket
from tests.reports.world import World, at
from visits.actions.due import as_text
from visits.models import Appeal, CallBack, Visit, VisitEnterprise

START, END = at("2023-11-01"), at("2023-12-01")
CODES = ("GIANT", "SRDI", "HNTE", "POSTDOC_B", "GREEN_N")
STATUSES = (
    "draft", "submitted", "accepted", "dispatched", "handling", "paused", "shelved", "answered", "closed", "confirmed",
    "confirmed", "archived", "rejected", "merged", "withdrawn",
)  # fmt: skip
ENDED = ("closed", "confirmed", "archived")


def moment(rng: Random, after: datetime | None = None) -> datetime:
    """Around November, the edges of the month among them."""
    if after is None:
        edges = (START, END, START - timedelta(microseconds=1), END - timedelta(microseconds=1))
        return rng.choice(edges) if rng.random() < 0.15 else START + timedelta(hours=rng.randrange(-400, 1000))
    return after + timedelta(hours=rng.choice((0, 1, 30, 200, 400)))


def day(rng: Random) -> date:
    return date(2023, 11, 1) + timedelta(days=rng.choice((-400, -40, -1, 0, 10, 14, 15, 29, 30, 60)))


def maybe(rng: Random, value: Any) -> Any:
    return value if rng.random() < 0.6 else None


def firm(rng: Random) -> Firm:
    joined = min(day(rng), day(rng))
    stage = rng.choice(("settled", "settled", "registered", "moved_out", "closed"))
    left = joined + timedelta(days=rng.choice((0, 1, 30, 410))) if stage in ("moved_out", "closed") else None
    since = min(day(rng), day(rng))
    tier = maybe(rng, (rng.choice(("city", "district", "town")), since, maybe(rng, since + timedelta(days=60))))
    return Firm(
        joined, left, stage, maybe(rng, rng.choice((0, 9_999_999, 10_000_000, 20_000_000))),
        rng.choice(("CNY", "CNY", "USD")), rng.random() < 0.3, tier,
        [(code, day(rng), maybe(rng, date(2023, 11, 30)), maybe(rng, day(rng))) for code in rng.sample(CODES, 2)],
        money(rng),
    )  # fmt: skip


def money(rng: Random) -> list[tuple[str, int, int, str, int]]:
    """Of an indicator and a year either totals, some months of which are missing, or months, or nothing."""
    found = []
    for kind in ("output", "revenue", "tax", "district"):
        for year in (2022, 2023):
            if rng.random() < 0.5:
                months = rng.sample((9, 10, 11, 12), rng.randrange(1, 5))
                found += [(kind, year, month, "total", month * 100 + rng.randrange(90)) for month in months]
            elif rng.random() < 0.5:
                found += [(kind, year, month, "month", rng.randrange(-50, 90)) for month in (10, 11)]
    return found


def meeting(rng: Random, firms: list[Firm]) -> Meeting:
    guests = [(one, rng.random() < 0.8) for one in rng.sample(firms, rng.randrange(1, len(firms) + 1))]
    status = rng.choice(("done", "done", "done", "planned", "cancelled"))
    return Meeting(moment(rng), rng.choice(("visit", "forum", "phone")), status, guests)


def case(rng: Random, books: Books) -> Case:
    status = rng.choice(STATUSES)
    submitted = moment(rng)
    known = status not in ("draft", "submitted", "rejected") and (status != "merged" or rng.random() < 0.5)
    accepted = moment(rng, submitted) if known else None
    made = Case(rng.choice(books.firms), status, submitted, accepted)
    if accepted:
        made.due = moment(rng, accepted)
        made.contact_due, made.first_contact = moment(rng, accepted), maybe(rng, moment(rng, accepted))
    if accepted and (status in ENDED or (status == "handling" and rng.random() < 0.3)):
        closed = moment(rng, accepted)
        made.round = rng.choice((1, 1, 2))
        made.first_closed = maybe(rng, moment(rng, accepted) if made.round > 1 else closed)
        made.first_due = maybe(rng, moment(rng, accepted)) if made.round > 1 else None
        made.first_worked = maybe(rng, rng.randrange(3000))
        made.closed = closed if status in ENDED else None
        made.worked = maybe(rng, rng.randrange(3000)) if made.closed else None
    made.is_excluded = rng.random() < 0.15
    made.review_on = day(rng) if status == "shelved" else None
    made.paused_until = maybe(rng, day(rng)) if status == "paused" else None
    made.merged_into = next((one for one in books.cases if one.accepted), None) if status == "merged" else None
    if status == "merged" and made.merged_into is None:
        made.status = "withdrawn"
    made.visit = maybe(rng, rng.choice(books.meetings))
    steps = ("dispatch", "transfer", "return", "grant_extension")
    made.events = [(step, moment(rng)) for step in steps if rng.random() < 0.5]
    made.calls = [call(rng, made, number) for number in range(rng.choice((0, 1, 1, 2, 3)))]
    return made


def call(rng: Random, case: Case, number: int) -> Call:
    # No two of an appeal at one moment: their order would be that of their keys.
    made = Call(moment(rng) + timedelta(seconds=number + 1), rng.randint(1, case.round), rng.random() < 0.75)
    made.stands, made.is_own = rng.random() < 0.85, rng.random() < 0.2
    made.via = rng.choice(("phone", "link", "list"))
    if made.is_reached:
        made.contacted = rng.choice((True, False, None))
        made.solved = rng.choice(("solved", "solved", "partly", "unsolved", ""))
        made.satisfaction = rng.choice(("satisfied", "satisfied", "basically", "dissatisfied", ""))
    return made


def ticket(rng: Random) -> Ticket:
    return Ticket(
        moment(rng), rng.choice(("enterprise", "enterprise", "resident", "unmatched")),
        rng.choice(("closed", "closed", "cancelled")), rng.choice((True, False, None)), rng.choice((True, False, None)),
        rng.choice(("solved", "partly", "unsolved", "")), rng.choice(("satisfied", "basically", "dissatisfied", "")),
    )  # fmt: skip


def books(rng: Random, now: datetime) -> Books:
    made = Books([firm(rng) for _ in range(rng.randrange(1, 6))], [], [], [], START, END, now)
    made.meetings = [meeting(rng, made.firms) for _ in range(rng.randrange(1, 6))]
    for _ in range(rng.randrange(12)):
        made.cases.append(case(rng, made))
    made.tickets = [ticket(rng) for _ in range(rng.randrange(6))]
    return made


class Writer:
    """Writes plain records as rows of one organisation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.firms: dict[Firm, Enterprise] = {}
        self.visits: dict[Meeting, Visit] = {}
        self.appeals: dict[Case, Appeal] = {}

    def write(self, plain: Books) -> None:
        for one in plain.firms:
            self.firm(one)
        # Whatever names no enterprise is of the first one.
        self.world._firm = next(iter(self.firms.values()))
        for met in plain.meetings:
            self.meeting(met)
        for told in plain.cases:
            self.case(told)
        for rung in plain.tickets:
            self.world.ticket(
                rung.party, called_at=rung.at, status=rung.status, is_valid_call_back=rung.is_valid,
                is_contacted=rung.contacted, solved=rung.solved, satisfaction=rung.satisfaction,
            )  # fmt: skip

    def firm(self, one: Firm) -> None:
        row = self.firms[one] = self.world.enterprise(
            joined_on=one.joined, left_on=one.left, stage=one.stage, registered_capital=one.capital,
            registered_capital_currency=one.currency, tags=["网安"] if one.is_cyber else [],
        )  # fmt: skip
        if one.tier:
            row.service_tiers.create(tier=one.tier[0], starts_on=one.tier[1], ends_on=one.tier[2])
        for code, since, until, gone in one.titles:
            until = max(since, until) if until else None
            self.world.qualified(code, row, valid_from=since, valid_to=until, withdrawn_on=gone)
        record_indicators(
            Told(row, kind, year, month, reach, Decimal(yuan), date(2024, 1, 1))
            for kind, year, month, reach, yuan in one.money
        )

    def meeting(self, met: Meeting) -> None:
        visit = self.visits[met] = Visit.objects.create(
            organisation=self.world.office, kind=met.kind, status=met.status, started_at=met.at, topic="走访",
            created_by=self.world.user,
        )  # fmt: skip
        VisitEnterprise.objects.bulk_create(
            VisitEnterprise(visit=visit, enterprise=self.firms[firm], has_attended=came) for firm, came in met.guests
        )

    def case(self, told: Case) -> None:
        row = self.appeals[told] = self.world.appeal(
            None, enterprise=self.firms[told.firm], status=told.status, submitted_at=told.submitted,
            accepted_at=told.accepted, due_at=told.due, closed_at=told.closed, first_closed_at=told.first_closed,
            worked_minutes=told.worked, first_worked_minutes=told.first_worked, contact_due_at=told.contact_due,
            first_contact_at=told.first_contact, round=told.round,
            excluded_at=START if told.is_excluded else None, excluded_reason="不合理" if told.is_excluded else "",
            shelved_at=START if told.review_on else None, review_on=told.review_on,
            paused_at=START if told.status == "paused" else None, paused_until=told.paused_until,
            merged_into=self.appeals[told.merged_into] if told.merged_into else None,
            visit=self.visits[told.visit] if told.visit else None,
        )  # fmt: skip
        for step, moment in told.events:
            row.events.create(step=step, from_status="accepted", to_status="accepted", at=moment, actor=self.world.user)
        if told.first_closed and told.first_due:
            row.events.create(
                step="close", from_status="answered", to_status="closed", at=told.first_closed, actor=self.world.user,
                data={"judged": {"due_at": as_text(told.first_due), "contact_due_at": None}},
            )  # fmt: skip
        for one in told.calls:
            CallBack.objects.create(
                appeal=row, round=one.round, called_at=one.at, via=one.via, is_own=one.is_own, stands=one.stands,
                called_by=None if one.via == "link" else self.world.user, is_reached=one.is_reached,
                is_contacted=one.contacted, solved=one.solved, satisfaction=one.satisfaction,
            )  # fmt: skip
