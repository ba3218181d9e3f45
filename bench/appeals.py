"""Limits: the arithmetic of working time, all due times of 200 000 appeals reckoned anew from 500 000 events; queues.

`make bench TOPICS=appeals`, on PostgreSQL by DATABASE_URL; SQLite takes a tenth of the data.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import register
from bench.table import Measured, p95
from crm.bulk import insert_rows
from crm.calendar import current
from crm.models import Organisation, User
from crm.worktime import Limit, Unit
from visits.actions import remind
from visits.actions.rebuild import rebuild_due_times
from visits.choices import AppealCategory, AppealClass, AppealSource
from visits.choices import AppealStatus as S
from visits.filters import QUEUES
from visits.limits import LimitTable
from visits.models import Appeal, AppealEvent
from visits.workflow import STEPS

APPEALS = {"postgresql": 200_000, "sqlite": 20_000}
FIRMS = 2_000
CALLS = 100_000
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
ROWS_AT_ONCE = 10_000
# A million calls may take a minute, and so may all due times.
MOST_SECONDS = 60
PAGES, PAGE_LIMIT = 20, 80
# Two events and a half for an appeal: most are over, some wait at every step, some were paused.
WAYS = (
    [(S.CLOSED, ("accept", "close"))] * 10
    + [(S.CONFIRMED, ("accept", "contact", "close"))] * 6
    + [(S.HANDLING, ("accept", "pause", "resume"))] * 2
    + [(S.PAUSED, ("accept", "contact", "pause")), (S.ANSWERED, ("accept", "contact", "answer"))]
)


def run() -> list[Measured]:
    rows = [*_arithmetic()]
    total = APPEALS[connection.vendor]
    events = make_appeals(total)
    note = f"{total} appeals, {events} events"
    rows.append(_rebuilt("all due times, every one to be written", total, note))
    rows.append(_rebuilt("all due times again, nothing to be written", 0, note))
    rows += [_queue(username, queue.key) for username in ("district", "office") for queue in QUEUES]
    return [*rows, _reminded("reminders after a year without a run"), _reminded("reminders again")]


def _queue(username: str, key: str) -> Measured:
    """The page of a queue, with the counts of all queues on it."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    times, queries = [], set()
    for number in range(PAGES + 1):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            response = client.get(f"/appeals/?queue={key}")
            spent = (time.perf_counter() - began) * 1000
        assert response.status_code == 200
        if number:
            times.append(spent)
            queries.add(len(captured))
    waited = sum(float(query["time"]) for query in captured) * 1000
    count = response.context["paginator"].count_text
    note = f"median {median(times):.1f}, database {waited:.0f}, {queries} queries, {count} in it"
    return Measured(f"queue {key} ({username}), p95", p95(times), PAGE_LIMIT, note=note)


def _reminded(what: str) -> Measured:
    began = time.perf_counter()
    done = remind(now=NOW + timedelta(hours=1))
    assert done.is_working_time
    return Measured(
        what, time.perf_counter() - began, unit="s", note=f"{done.reminders} raised, {done.digests} digests"
    )


def _arithmetic() -> Iterator[Measured]:
    """Seconds for a million calls; the ratio says how often the limit of a million a minute is reached."""
    working, rng = current(), Random(1)
    starts = [NOW - timedelta(minutes=rng.randrange(1_000_000)) for _ in range(CALLS)]
    ends = [start + timedelta(minutes=rng.randrange(100_000)) for start in starts]
    for unit, amount in ((Unit.MINUTE, 2_000), (Unit.WORKING_DAY, 10), (Unit.NATURAL_DAY, 7)):
        limit = Limit(amount, unit)
        yield _million(f"add_working, {unit}", lambda limit=limit: [working.add_working(at, limit) for at in starts])
    for unit in (Unit.MINUTE, Unit.WORKING_DAY):
        pairs = list(zip(starts, ends, strict=True))
        yield _million(
            f"working_between, {unit}",
            lambda unit=unit, pairs=pairs: [working.working_between(a, b, unit) for a, b in pairs],
        )


def _million(what: str, calls: Callable[[], Any]) -> Measured:
    began = time.perf_counter()
    calls()
    seconds = (time.perf_counter() - began) * 1_000_000 / CALLS
    return Measured(
        f"a million calls of {what}", seconds, MOST_SECONDS, "s", f"{MOST_SECONDS / seconds:.1f} x the limit"
    )


def _rebuilt(what: str, expected: int, note: str) -> Measured:
    began = time.perf_counter()
    moved = sum(1 for _ in rebuild_due_times(Appeal.objects.all()))
    assert moved == expected, moved
    return Measured(what, time.perf_counter() - began, MOST_SECONDS, "s", note)


def make_appeals(total: int) -> int:
    """Appeals with their events and without due times, in the offices of `bench.register`; returns how many events."""
    if not Organisation.objects.filter(kind="park_office").exists():
        register.make_offices()
        register.add_enterprises(1, FIRMS)
    offices = list(Organisation.objects.filter(kind="park_office").order_by("pk"))
    actor, limits, rng, count = User.objects.get(username="office"), LimitTable(), Random(7), 0
    for start in range(1, total + 1, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, total + 1))
        pairs = [_appeal(number, offices, actor, limits, rng) for number in numbers]
        insert_rows([appeal for appeal, _ in pairs])
        events = list(chain.from_iterable(events for _, events in pairs))
        insert_rows(events)
        count += len(events)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence('visits_appeal', 'id'), %s)", [total])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return count


def _appeal(
    number: int, offices: list[Organisation], actor: User, limits: LimitTable, rng: Random
) -> tuple[Appeal, list[AppealEvent]]:
    status, way = WAYS[rng.randrange(len(WAYS))]
    is_over = status in (S.CLOSED, S.CONFIRMED)
    # What is over lies anywhere in ten years, what is open in the last weeks.
    at = NOW - timedelta(minutes=rng.randrange(60, 5_000_000 if is_over else 40_000))
    office = offices[rng.randrange(len(offices))]
    appeal = Appeal(
        pk=number, organisation=office, lead_unit=office, number=f"SQ{number:09d}", enterprise_id=1 + number % FIRMS,
        source=rng.choice(AppealSource.values), appeal_class=rng.choice(AppealClass.values), created_by=actor,
        category=rng.choice(AppealCategory.values), content="园区班车末班太早，员工加班后无法回家。", status=status,
        created_at=at, submitted_at=at, accepted_at=at, dispatched_at=at, signed_at=at,
    )  # fmt: skip
    events = []
    for step in way:
        rule = STEPS[step]
        data = limits.usual(appeal)(at).as_data() if step == "accept" else {}
        events.append(
            AppealEvent(appeal=appeal, step=step, from_status=status, to_status=status, at=at, actor=actor, data=data)
        )
        if rule.stamps:
            setattr(appeal, rule.stamps, at)
        at += timedelta(minutes=rng.randrange(30, 8_000))
    if status == S.HANDLING:
        appeal.paused_at = None
    return appeal, events
