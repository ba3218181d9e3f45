"""Visits, appeals and call-backs of ten years on a register of any size: what a dashboard of a district counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from bench import register
from crm.actions import create_organisation
from crm.models import Organisation, User
from parks.choices import Tier
from parks.models import Enterprise, Qualification, QualificationKind, ServiceTier, Tag
from parks.querysets import CYBER_TAG
from visits.choices import AppealCategory, AppealSource, Satisfaction, Solved, Via, VisitKind
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, CallBack, Visit, VisitEnterprise

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
YEARS = 10
ROWS_AT_ONCE = 50_000
TABLES = ("visits_visit", "visits_visitenterprise", "visits_appeal", "visits_callback", "visits_appealevent")
# Of a hundred appeals, in which state they are now.
STATES = [S.CLOSED] * 20 + [S.CONFIRMED] * 40 + [S.ARCHIVED] * 30 + [S.WITHDRAWN, S.MERGED] * 2 + [S.HANDLING] * 6


@dataclass(slots=True)
class Sheet:
    """Rows of one table, with a model's defaults in every column that is not named."""

    model: type[Model]
    names: tuple[str, ...]

    def write(self, rows: list[tuple[Any, ...]]) -> None:
        usual = ((f, self._usual(f)) for f in self.model._meta.concrete_fields if f.column not in self.names)
        filled = [(f.column, value) for f, value in usual if value is not None]
        rest = tuple(value for _, value in filled)
        register.insert(
            self.model._meta.db_table, [*self.names, *(column for column, _ in filled)], [(*row, *rest) for row in rows]
        )

    def _usual(self, field: Any) -> Any:
        if field.primary_key:
            return None
        return (
            NOW if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) else field.get_default()
        )


VISITS = Sheet(
    Visit,
    ("id", "organisation_id", "client_id", "kind", "status", "started_at", "topic", "created_by_id", "created_at"),
)
# What the database copies by itself stands here too: its triggers are off while so many rows are written.
PAIRS = Sheet(VisitEnterprise, ("visit_id", "enterprise_id", "tier", "organisation_id", "kind", "met_at"))
APPEALS = Sheet(
    Appeal,
    (
        "id", "organisation_id", "number", "client_id", "source", "enterprise_id", "content", "category", "status",
        "lead_unit_id", "merged_into_id", "accepted_at", "dispatched_at", "contact_due_at", "first_contact_at", "due_at",
        "closed_at", "first_closed_at", "worked_minutes", "first_worked_minutes", "created_by_id", "created_at",
    ),
)  # fmt: skip
CALLS = Sheet(
    CallBack,
    (
        "appeal_id",
        "round",
        "is_reached",
        "is_contacted",
        "solved",
        "satisfaction",
        "called_at",
        "called_by_id",
        "via",
        "organisation_id",
        "is_last",
    ),
)
EVENTS = Sheet(AppealEvent, ("appeal_id", "step", "from_status", "to_status", "at", "actor_id"))


def make(enterprises: int, visits: int, appeals: int) -> None:
    """The register, then visits and appeals over the last ten years, evenly."""
    district, _ = register.make_offices()
    User.objects.create_user(username="leader", name="leader", role="leader", organisation=district.organisation)
    register.add_enterprises(1, enterprises)
    maker = Maker(enterprises)
    maker.add_tiers()
    maker.add_giants()
    maker.add_tags()
    with register.indexes_made_afterwards(TABLES):
        for first in range(1, visits + 1, ROWS_AT_ONCE):
            maker.add_visits(first, min(first + ROWS_AT_ONCE - 1, visits), visits)
        for first in range(1, appeals + 1, ROWS_AT_ONCE):
            maker.add_appeals(first, min(first + ROWS_AT_ONCE - 1, appeals), appeals)
    register.run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


class Maker:
    def __init__(self, enterprises: int) -> None:
        self.rng, self.total = Random(11), enterprises
        self.offices = list(Organisation.objects.filter(kind="park_office").order_by("pk"))
        self.units = {o.pk: [create_organisation(name=f"科室{n}", kind="unit", parent=o).pk for n in range(5)]
                      for o in self.offices}  # fmt: skip
        self.of_firm = [0, *Enterprise.objects.order_by("pk").values_list("organisation_id", flat=True)]
        self.author = User.objects.select_related("organisation").get(username="district")

    def add_tiers(self) -> None:
        """One enterprise in fifty is served."""
        ServiceTier.objects.bulk_create(
            ServiceTier(enterprise_id=pk, tier=self.rng.choice(Tier.values), starts_on=date(2020, 1, 1))
            for pk in range(1, self.total + 1, 50)
        )

    def add_giants(self) -> None:
        kinds = dict(QualificationKind.objects.values_list("code", "pk"))
        Qualification.objects.bulk_create(
            Qualification(enterprise_id=pk, organisation_id=self.of_firm[pk], kind_id=kinds[code], batch="一",
                          valid_from=date(2025, 1, 1), valid_to=date(2028, 1, 1))
            for number, code in enumerate(("GIANT", "SRDI", "HNTE", "GREEN_N"))
            for pk in range(1 + number, self.total + 1, 1000 >> number)
        )  # fmt: skip

    def add_tags(self) -> None:
        """One in fifty is of cyber-security."""
        tag = Tag.objects.create(name=CYBER_TAG, organisation=self.author.organisation).pk
        register.insert(
            Enterprise.tags.through._meta.db_table, ["enterprise_id", "tag_id"],
            [(pk, tag) for pk in range(7, self.total + 1, 50)],
        )  # fmt: skip

    def at(self, number: int, total: int) -> datetime:
        """One after another, as they were written down, give or take two days."""
        minutes = YEARS * 365 * 1440
        return NOW - timedelta(minutes=minutes * (total - number) // total + self.rng.randrange(2880))

    def firm(self) -> int:
        return self.rng.randrange(1, self.total + 1)

    def add_visits(self, first: int, last: int, total: int) -> None:
        visits, pairs = [], []
        for pk in range(first, last + 1):
            at, firm = self.at(pk, total), self.firm()
            kind, status = self.rng.choice(VisitKind.values), "done" if self.rng.random() < 0.95 else "cancelled"
            visits.append((pk, self.of_firm[firm], UUID(int=pk).hex, kind, status, at, "走访", self.author.pk, at))
            pairs.append((pk, firm, "", self.of_firm[firm], kind, at if status == "done" else None))
        VISITS.write(visits)
        PAIRS.write(pairs)

    def add_appeals(self, first: int, last: int, total: int) -> None:
        rows = list(self._appeals(first, last, total))
        APPEALS.write(rows)
        CALLS.write(list(self._calls(rows)))
        EVENTS.write([event for row in rows for event in self._events(row)])

    def _appeals(self, first: int, last: int, total: int) -> Iterator[tuple[Any, ...]]:
        rng = self.rng
        for pk in range(first, last + 1):
            firm, at, status = self.firm(), self.at(pk, total), rng.choice(STATES)
            office = self.of_firm[firm]
            # What is not over is of the last weeks.
            status = S.CLOSED if status == S.HANDLING and at < NOW - timedelta(days=30) else status
            closed = None if status == S.HANDLING else min(at + timedelta(hours=rng.randrange(2, 600)), NOW)
            worked = None if closed is None else int((closed - at).total_seconds()) // 180
            merged = rng.randrange(1, max(first, 2)) if status == S.MERGED else None
            yield (
                pk, office, f"SQ{pk:09d}", UUID(int=pk).hex, rng.choice(AppealSource.values), firm, "班车末班太早。",
                rng.choice(AppealCategory.values), status, rng.choice(self.units[office]), merged, at, at,
                at + timedelta(days=1), at + timedelta(hours=rng.randrange(1, 30)), at + timedelta(days=14), closed,
                closed, worked, worked, self.author.pk, at,
            )  # fmt: skip

    def _events(self, row: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """Handed over as it came in; of a hundred, three are sent back and handed over again, five given more time."""
        pk, at, luck = row[0], row[11], self.rng.random()
        yield pk, "dispatch", S.ACCEPTED, S.DISPATCHED, at, self.author.pk
        if luck < 0.03:
            yield pk, "return", S.DISPATCHED, S.ACCEPTED, at + timedelta(hours=3), self.author.pk
            yield pk, "dispatch", S.ACCEPTED, S.DISPATCHED, at + timedelta(hours=5), self.author.pk
        elif luck < 0.08:
            yield pk, "grant_extension", S.HANDLING, S.HANDLING, at + timedelta(days=2), self.author.pk

    def _calls(self, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Of those called back, one in ten was not reached the first time."""
        for row in rows:
            status, closed = row[8], row[16]
            if status not in (S.CONFIRMED, S.ARCHIVED):
                continue
            at = closed + timedelta(days=1)
            if self.rng.random() < 0.1:
                yield row[0], 1, False, None, "", "", at, self.author.pk, Via.PHONE, row[1], False
            solved = self.rng.choice([Solved.SOLVED] * 8 + [Solved.PARTLY, Solved.UNSOLVED])
            said = self.rng.choice([Satisfaction.SATISFIED] * 8 + [Satisfaction.BASICALLY, Satisfaction.DISSATISFIED])
            heard = at + timedelta(hours=5)
            yield row[0], 1, True, True, solved, said, heard, self.author.pk, Via.PHONE, row[1], True
