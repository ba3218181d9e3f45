"""Limits: the arithmetic of working time, all due times of 200 000 appeals reckoned anew from 500 000 events; queues.

`make bench TOPICS=appeals`, on PostgreSQL by DATABASE_URL; SQLite takes a tenth of the data.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.appeal_data import NOW, make_appeals
from bench.table import Measured, p95
from crm.calendar import current
from crm.models import User
from crm.worktime import Limit, Unit
from visits.actions import remind
from visits.actions.rebuild import rebuild_due_times
from visits.models import Appeal
from visits.queues import QUEUES

APPEALS = {"postgresql": 200_000, "sqlite": 20_000}
CALLS = 100_000
# A million calls may take a minute, and so may all due times.
MOST_SECONDS = 60
READERS = ("district", "office", "unit", "steward")
PAGES, PAGE_LIMIT = 20, 80


def run() -> Iterator[Measured]:
    """Each figure as it is measured."""
    yield from _arithmetic()
    total = APPEALS[connection.vendor]
    events = make_appeals(total)
    note = f"{total} appeals, {events} events"
    owed = Appeal.objects.filter(accepted_at__isnull=False).count()
    yield _rebuilt("all due times, every one to be written", owed, note)
    yield _rebuilt("all due times again, nothing to be written", 0, note)
    yield from pages()
    yield _reminded("reminders after a year without a run")
    yield _reminded("reminders again")


def pages() -> Iterator[Measured]:
    """Of one who sees all, of an office, of a member of a unit and of a steward."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE visits_appeal")
    for username in READERS:
        client, reader = Client(), User.objects.get(username=username)
        client.force_login(reader)
        for queue in QUEUES:
            yield _page(client, f"queue {queue.key} ({username})", f"/appeals/?queue={queue.key}")
        yield _page(client, f"all appeals ({username})", "/appeals/")
        yield _page(client, f"counts of the queues ({username})", "/appeals/queues/")
        yield _page(client, f"the bell ({username})", "/reminders/count/")
        if reader.has_perm("visits.add_visit"):
            yield _page(client, f"today ({username})", "/today/")


def _page(client: Client, what: str, address: str) -> Measured:
    """A page, or the part of one that is asked for after it."""
    times, queries = [], set()
    for number in range(PAGES + 1):
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            response = client.get(address)
            spent = (time.perf_counter() - began) * 1000
        assert response.status_code == 200
        if number:
            times.append(spent)
            queries.add(len(captured))
    waited = sum(float(query["time"]) for query in captured) * 1000
    note = f"median {median(times):.1f}, database {waited:.0f}, {queries} queries"
    return Measured(f"{what}, p95", p95(times), PAGE_LIMIT, note=note)


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
