"""Every figure counted a second time, in plain Python over plain records, by the words of the domain (§2.4, §2.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

from django.conf import settings
from django.utils import timezone

OPEN = {"submitted", "accepted", "dispatched", "handling", "paused", "shelved", "answered"}
NOT_COUNTED = {"draft", "merged", "withdrawn", "rejected"}


@dataclass(eq=False)
class Firm:
    joined: date
    left: date | None = None
    stage: str = "settled"
    capital: int | None = None
    currency: str = "CNY"
    is_cyber: bool = False
    # The list, from a day until before another.
    tier: tuple[str, date, date | None] | None = None
    # Code, first and last day, day of withdrawal.
    titles: list[tuple[str, date, date | None, date | None]] = field(default_factory=list)
    # Indicator, year, month, its reach, and yuan.
    money: list[tuple[str, int, int, str, int]] = field(default_factory=list)

    def is_on_register(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or self.left > day)

    def tier_on(self, day: date) -> tuple[str, date, date | None] | None:
        tier = self.tier
        return tier if tier and tier[1] <= day and (tier[2] is None or tier[2] > day) else None


@dataclass(eq=False)
class Meeting:
    at: datetime
    kind: str
    status: str
    # Who was invited, and whether they came.
    guests: list[tuple[Firm, bool]]

    @property
    def pairs(self) -> list[Firm]:
        counts = self.kind not in ("phone", "online") or settings.YQT["CONTACTS_COUNT_AS_VISITS"]
        return [firm for firm, came in self.guests if came] if self.status == "done" and counts else []


@dataclass(eq=False)
class Call:
    at: datetime
    round: int
    is_reached: bool
    contacted: bool | None = None
    solved: str = ""
    satisfaction: str = ""
    via: str = "phone"
    is_own: bool = False
    stands: bool = True

    @property
    def is_valid(self) -> bool:
        is_silent = not self.satisfaction and settings.YQT["NO_ANSWER_ON_SATISFACTION"] == "out"
        return bool(self.is_reached and self.stands and self.solved and not is_silent)


@dataclass(eq=False)
class Case:
    firm: Firm
    status: str
    submitted: datetime
    accepted: datetime | None
    due: datetime | None = None
    # By what the first closing was judged, of one that was reopened.
    first_due: datetime | None = None
    closed: datetime | None = None
    first_closed: datetime | None = None
    worked: int | None = None
    first_worked: int | None = None
    contact_due: datetime | None = None
    first_contact: datetime | None = None
    round: int = 1
    is_excluded: bool = False
    review_on: date | None = None
    paused_until: date | None = None
    merged_into: Case | None = None
    visit: Meeting | None = None
    # Steps and their times.
    events: list[tuple[str, datetime]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def is_counted(self) -> bool:
        return self.status not in NOT_COUNTED and self.is_in

    @property
    def is_in(self) -> bool:
        return not (self.is_excluded and settings.YQT["EXCLUDED_DROP"] == "all")

    @property
    def last_closing(self) -> datetime | None:
        return None if self.status in OPEN else self.closed

    @property
    def closing(self) -> datetime | None:
        return (self.first_closed if settings.YQT["REOPENED_BY"] == "first" else None) or self.last_closing

    @property
    def is_judged_by_first(self) -> bool:
        return settings.YQT["REOPENED_BY"] == "first" and self.first_closed is not None and self.round > 1

    @property
    def limit(self) -> datetime | None:
        return (self.first_due if self.is_judged_by_first else None) or self.due

    @property
    def judged_round(self) -> int:
        return 1 if self.is_judged_by_first else self.round

    @property
    def minutes(self) -> int | None:
        return self.first_worked if settings.YQT["REOPENED_BY"] == "first" else self.worked

    def stands_still(self, day: date) -> bool:
        if self.status == "shelved":
            return True
        return self.status == "paused" and (self.paused_until is None or self.paused_until >= day)

    @property
    def call(self) -> Call | None:
        """The one that counts."""
        valid = [call for call in self.calls if call.is_valid]
        if not valid and settings.YQT["UNREACHABLE_COUNTS"] != "out":
            valid = [call for call in self.calls if call.stands]
        return max(valid, key=lambda call: call.at, default=None)


@dataclass(eq=False)
class Ticket:
    at: datetime
    party: str
    status: str
    is_valid: bool | None
    contacted: bool | None
    solved: str
    satisfaction: str


@dataclass
class Books:
    """All records, and the period they are asked about."""

    firms: list[Firm]
    meetings: list[Meeting]
    cases: list[Case]
    tickets: list[Ticket]
    start: datetime
    end: datetime
    now: datetime

    @property
    def as_of(self) -> datetime:
        return min(self.end, self.now)

    @property
    def last_day(self) -> date:
        return timezone.localdate(self.end) - timedelta(days=1)

    @property
    def cutoff(self) -> date:
        return min(self.last_day, timezone.localdate(self.now))

    def has(self, moment: datetime | None) -> bool:
        return moment is not None and self.start <= moment < self.end

    @property
    def counted(self) -> list[Case]:
        return [case for case in self.cases if case.is_counted]

    @property
    def closed(self) -> list[Case]:
        return [case for case in self.counted if self.has(case.closing)]

    @property
    def due(self) -> list[Case]:
        return [case for case in self.counted if self.has(case.limit)]

    @property
    def merged(self) -> list[Case]:
        found = [case for case in self.cases if case.status == "merged" and case.is_in]
        return [case for case in found if self.has(case.accepted or case.submitted)]

    @property
    def received(self) -> list[Case]:
        found = [case for case in self.counted if self.has(case.accepted)]
        return found + self.merged if settings.YQT["MERGED_COUNT"] == "each" else found

    @property
    def judged(self) -> list[tuple[Case, Call]]:
        found = [(case, case.call) for case in self.counted]
        return [(case, call) for case, call in found if call and self.has(call.at)]

    @property
    def valid(self) -> list[Call]:
        return [call for _, call in self.judged if call.is_valid]

    @property
    def called(self) -> list[Case]:
        return [case for case in self.counted if any(c.stands and self.has(c.at) for c in case.calls)]

    def answered(self, case: Case) -> bool:
        return any(call.is_valid and self.has(call.at) for call in case.calls)

    @property
    def pairs(self) -> list[tuple[Meeting, Firm]]:
        return [(one, firm) for one in self.meetings if self.has(one.at) for firm in one.pairs]

    @property
    def registered(self) -> list[Firm]:
        return [firm for firm in self.firms if firm.is_on_register(self.cutoff)]

    @property
    def listed(self) -> list[Firm]:
        return [firm for firm in self.registered if firm.tier_on(self.cutoff)]

    @property
    def visited(self) -> set[Firm]:
        return {firm for _, firm in self.pairs}

    def seen_lately(self, firm: Firm) -> bool:
        tier = firm.tier_on(self.cutoff)
        assert tier
        since = self.cutoff - timedelta(days=settings.YQT["VISIT_INTERVAL_DAYS"][tier[0]])
        days = [timezone.localdate(one.at) for one in self.meetings if firm in one.pairs]
        return any(since <= day <= self.cutoff for day in days)

    def is_shelved(self, case: Case) -> bool:
        return case.status == "shelved" and bool(case.review_on) and case.review_on >= timezone.localdate(self.now)

    def is_late(self, case: Case) -> bool:
        if not (case.limit and case.limit < self.as_of):
            return False
        return case.closing > case.limit if case.closing else not self.still(case)

    def still(self, case: Case) -> bool:
        return case.stands_still(timezone.localdate(self.as_of))

    @property
    def open_then(self) -> list[Case]:
        found = [case for case in self.counted if case.accepted and case.accepted < self.as_of]
        return [case for case in found if not (case.last_closing and case.last_closing < self.as_of)]

    def happened(self, case: Case, *steps: str) -> bool:
        return any(step in steps and self.has(at) for step, at in case.events)

    def holders(self, code: str = "") -> set[Firm]:
        day = self.cutoff
        return {
            firm
            for firm in self.registered
            for kind, since, until, gone in firm.titles
            if (not code or kind == code) and since <= day and (not until or until >= day) and (not gone or gone > day)
        }


def number(rows: Iterable[Any]) -> int | None:
    return len(list(rows)) or None


def share(rows: Iterable[Any], counts: Callable[[Any], Any]) -> Fraction | None:
    every = list(rows)
    return sum((Fraction(counts(row)) for row in every), Fraction(0)) / len(every) if every else None


def is_good(call: Call) -> bool:
    """Counted as all well though nobody was reached."""
    return not call.is_valid and settings.YQT["UNREACHABLE_COUNTS"] == "solved"


def contacted(pair: tuple[Case, Call]) -> bool:
    return pair[1].contacted is True or is_good(pair[1])


def solved(pair: tuple[Case, Call]) -> Fraction:
    part = Fraction(settings.YQT["PARTLY_SOLVED_COUNTS"])
    return Fraction(1) if is_good(pair[1]) else {"solved": Fraction(1), "partly": part}.get(pair[1].solved, Fraction(0))


def satisfied(pair: tuple[Case, Call]) -> Fraction:
    said = {"satisfied": Fraction(1), "basically": Fraction(settings.YQT["BASICALLY_SATISFIED_COUNTS"])}
    is_silent = pair[1].is_valid and not pair[1].satisfaction
    return Fraction(1) if is_good(pair[1]) or is_silent else said.get(pair[1].satisfaction, Fraction(0))


def for_satisfaction(books: Books) -> list[tuple[Case, Call]]:
    return [(case, call) for case, call in books.judged if not case.is_excluded]


def for_solving(books: Books) -> list[tuple[Case, Call]]:
    drops = settings.YQT["SHELVED_DROP"]
    return [(case, call) for case, call in for_satisfaction(books) if not (drops and books.is_shelved(case))]


def score(books: Books) -> Fraction | None:
    rates = (
        share(books.judged, contacted),
        share(for_solving(books), solved),
        share(for_satisfaction(books), satisfied),
    )
    if any(rate is None for rate in rates):
        return None
    return 100 * sum(
        Fraction(w) * r for w, r in zip(settings.YQT["SCORE_WEIGHTS"], rates, strict=True) if r is not None
    )


def closed_by_now(books: Books) -> Callable[[Case], bool]:
    def is_closed(case: Case) -> bool:
        if case.merged_into:
            closing = case.merged_into.last_closing
            return closing is not None and closing <= books.now
        return case.closing is not None and case.closing <= books.now

    return is_closed


def tickets(books: Books, party: str) -> list[Ticket]:
    return [t for t in books.tickets if t.party == party and t.status != "cancelled" and books.has(t.at)]


def ticket_rate(books: Books, name: str, worth: dict[Any, Any]) -> Fraction | None:
    asked = [
        t for t in tickets(books, "enterprise") if t.is_valid or (t.is_valid is None and t.solved and t.satisfaction)
    ]
    said = [t for t in asked if getattr(t, name) not in ("", None)]
    return share(said, lambda ticket: worth.get(getattr(ticket, name), 0))


def hours(books: Books, of: Callable[[list[Fraction]], Fraction]) -> Fraction | None:
    minutes = [Fraction(case.minutes) for case in books.closed if case.minutes is not None]
    return of(minutes) / 60 if minutes else None


def november(firm: Firm, kind: str, year: int) -> int | None:
    """The month's own: told, or the total up to it less the total before it."""
    values = {(month, reach): yuan for name, of, month, reach, yuan in firm.money if (name, of) == (kind, year)}
    if (11, "month") in values:
        return values[11, "month"]
    if (11, "total") in values and (10, "total") in values:
        return values[11, "total"] - values[10, "total"]
    return None


def money(books: Books, kind: str, *, in_both_years: bool = False) -> Fraction | None:
    amounts = []
    # A month that is still running is compared with as many days of the year before, which are no whole month.
    is_over = books.now >= books.end
    for firm in books.firms:
        now, before = november(firm, kind, 2023), november(firm, kind, 2022) if is_over else None
        if now is not None and (before is not None or not in_both_years):
            amounts.append(now)
    return Fraction(sum(amounts)) if amounts else None


PLAIN: dict[str, Callable[[Books], Any]] = {
    "enterprise_visits": lambda b: number(b.pairs),
    "enterprises_visited": lambda b: number(b.visited),
    "visit_coverage": lambda b: share(
        [f for f in b.listed if f.tier[1] <= b.cutoff - timedelta(days=15)], lambda f: f in b.visited
    ),
    "visits_in_time": lambda b: share(b.listed, b.seen_lately),
    "appeals_from_visits": lambda b: number(c for c in b.counted if c.visit in {m for m, _ in b.pairs}),
    "appeals_per_visit": lambda b: share(
        b.pairs, lambda pair: sum(c.visit is pair[0] and c.firm is pair[1] for c in b.counted)
    ),
    "appeals_received": lambda b: number(b.received),
    "appeals_closed": lambda b: number(b.closed),
    "closing_rate_due": lambda b: share(
        [c for c in b.counted if b.has(c.closing) or (b.has(c.limit) and c.limit < b.as_of)],
        lambda c: c.closing is not None and c.closing < b.end,
    ),
    "closing_rate_accepted": lambda b: share(b.received, closed_by_now(b)),
    "contact_in_time": lambda b: share(
        [c for c in b.counted if b.has(c.contact_due)
         and (c.contact_due < b.as_of or (c.first_contact and c.first_contact < b.as_of))],
        lambda c: c.first_contact is not None and c.first_contact <= c.contact_due,
    ),
    "closing_in_time": lambda b: share(
        [c for c in b.due if c.limit < b.as_of or (c.closing and c.closing < b.as_of)],
        lambda c: c.closing is not None and c.closing <= c.limit,
    ),
    "late_rate": lambda b: share(b.due, b.is_late),
    "called_back": lambda b: share(b.closed, lambda c: any(k.is_valid and k.round == c.judged_round for k in c.calls)),
    "done_again": lambda b: share(b.closed, lambda c: c.round > 1),
    "returned": lambda b: share(dispatched(b), lambda c: b.happened(c, "return")),
    "extended": lambda b: share(dispatched(b), lambda c: b.happened(c, "grant_extension")),
    "mean_hours": lambda b: hours(b, lambda minutes: sum(minutes, Fraction(0)) / len(minutes)),
    "median_hours": lambda b: hours(b, lambda minutes: Fraction(median(minutes))),
    "merged_appeals": lambda b: number(b.merged),
    "valid_call_backs": lambda b: number(b.valid),
    "unreachable_call_backs": lambda b: number(c for c in b.called if not b.answered(c)),
    "answer_rate": lambda b: share(b.called, b.answered),
    "link_share": lambda b: share(b.valid, lambda call: call.via == "link"),
    "own_share": lambda b: share(b.valid, lambda call: call.is_own),
    "response_rate": lambda b: share(b.judged, contacted),
    "solving_rate": lambda b: share(for_solving(b), solved),
    "satisfaction_rate": lambda b: share(for_satisfaction(b), satisfied),
    "composite_score": score,
    "hotline_tickets": lambda b: number(
        [*tickets(b, "enterprise"), *tickets(b, "resident"), *tickets(b, "unmatched")]
    ),
    "hotline_enterprise_tickets": lambda b: number(tickets(b, "enterprise")),
    "hotline_resident_tickets": lambda b: number(tickets(b, "resident")),
    "hotline_response_rate": lambda b: ticket_rate(b, "contacted", {True: 1}),
    "hotline_solving_rate": lambda b: ticket_rate(
        b, "solved", {"solved": 1, "partly": settings.YQT["PARTLY_SOLVED_COUNTS"]}
    ),
    "hotline_satisfaction_rate": lambda b: ticket_rate(
        b, "satisfaction", {"satisfied": 1, "basically": settings.YQT["BASICALLY_SATISFIED_COUNTS"]}
    ),
    "registered_enterprises": lambda b: number(b.registered),
    "cyber_enterprises": lambda b: number(f for f in b.registered if f.is_cyber),
    "capital_10m_share": lambda b: share(
        [f for f in b.registered if f.capital is not None and f.currency == "CNY"], lambda f: f.capital >= 10_000_000
    ),
    "giants": lambda b: number(b.holders("GIANT")),
    "srdi_municipal": lambda b: number(b.holders("SRDI")),
    "hnte": lambda b: number(b.holders("HNTE")),
    "postdoc_branches": lambda b: number(b.holders("POSTDOC_B")),
    "green_factories": lambda b: number(b.holders("GREEN_N")),
    "qualified_enterprises": lambda b: number(b.holders()),
    "joined_enterprises": lambda b: number(f for f in b.firms if in_days(b, f.joined)),
    "moved_out_enterprises": lambda b: number(f for f in b.firms if f.stage == "moved_out" and in_days(b, f.left)),
    "closed_enterprises": lambda b: number(f for f in b.firms if f.stage == "closed" and in_days(b, f.left)),
    "industrial_output": lambda b: money(b, "output"),
    "business_revenue": lambda b: money(b, "revenue"),
    "tax_paid": lambda b: money(b, "tax"),
    "district_revenue": lambda b: money(b, "district"),
    "comparable_output": lambda b: money(b, "output", in_both_years=True),
    "comparable_revenue": lambda b: money(b, "revenue", in_both_years=True),
    "comparable_tax": lambda b: money(b, "tax", in_both_years=True),
    "comparable_district": lambda b: money(b, "district", in_both_years=True),
    "overdue_appeals": lambda b: number(
        c for c in b.open_then if c.due and c.due < b.as_of and not b.still(c)
    ),
    "shelved_appeals": lambda b: number(c for c in b.open_then if b.is_shelved(c)),
    "package_not_visited": lambda b: number(f for f in b.listed if f not in b.visited),
}  # fmt: skip


def rung(case: Case) -> Call | None:
    """The call that counts, where it is an answer."""
    return case.call if case.call and case.call.is_valid else None


# What stands in the funnel only: no rows are none, not nothing.
STEPS: dict[str, Callable[[Books], int]] = {
    "received_dispatched": lambda b: 0,
    "received_signed": lambda b: 0,
    "received_contacted": lambda b: sum(c.first_contact is not None for c in b.received),
    "received_closed": lambda b: sum(map(closed_by_now(b), b.received)),
    "received_called_back": lambda b: sum(bool(c.is_counted and rung(c)) for c in b.received),
    "received_solved": lambda b: sum(
        bool(c.is_counted and (k := rung(c)) and k.solved == "solved") for c in b.received
    ),
    "received_satisfied": lambda b: sum(
        bool(c.is_counted and (k := rung(c)) and k.satisfaction in ("satisfied", "")) for c in b.received
    ),
}  # fmt: skip


def dispatched(books: Books) -> list[Case]:
    return [case for case in books.counted if books.happened(case, "dispatch", "transfer")]


def in_days(books: Books, day: date | None) -> bool:
    return day is not None and timezone.localdate(books.start) <= day <= books.last_day
