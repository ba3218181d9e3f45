"""Search, list and page at a million enterprises on PostgreSQL, 20 000 on SQLite; and in turns with half of that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from bench import register
from bench.halves import copy_database, drop_copy, instead
from bench.table import Measured, p95
from crm.models import User
from crm.search import best, shares_of_pieces
from parks.models import Enterprise

FULL = {"postgresql": 1_000_000, "sqlite": 20_000}
LIMITS = {"postgresql": {"search": 20, "suggestions": 15, "list": 60, "page": 60}}
SQLITE_LIMIT = 80
GROWTH = 1.2
REPEATS = 40
WARMING = 4
FILTERS = (
    "",
    "capital=1000-5000",
    "industry=I",
    "capital=500-1000&industry=I",
    "q=图维",
    "q=网络",
    "q=twwl",
    "stage=settled",
)
RARE = (
    "stage=moved_out",
    "status=revoked",
    "queue=no_code",
    "queue=expiring",
    "qualification=GIANT",
    "missing=capital",
)
ORDERS = ("", "-joined", "-capital", "name")
Call = Callable[[], Any]


@dataclass(slots=True)
class Times:
    """Milliseconds of each call: of the clock, of this process, of the database as waited for; and its queries."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)

    def take(self, call: Call) -> None:
        with _waiting() as waited:
            start, own = time.perf_counter(), time.thread_time()
            call()
            self.wall.append((time.perf_counter() - start) * 1000)
            self.own.append((time.thread_time() - own) * 1000)
        self.database.append(sum(waited) * 1000)
        self.queries.append(len(waited))


@contextmanager
def _waiting() -> Iterator[list[float]]:
    waited: list[float] = []

    def wrap(execute: Any, *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            waited.append(time.perf_counter() - start)

    with connection.execute_wrapper(wrap):
        yield waited


def run() -> list[Measured]:
    full = FULL[connection.vendor]
    register.make_offices()
    start = time.perf_counter()
    register.add_enterprises(1, full // 2)
    half = copy_database()
    register.add_enterprises(full // 2 + 1, full)
    rows = [Measured(f"{full} enterprises made, and half of them", time.perf_counter() - start, unit="s")]
    shares_of_pieces.cache_clear()
    try:
        for username in ("district", "office"):
            rows += [_judged(f"{what} ({username})", *pair) for what, *pair in _in_turns(username, half)]
    finally:
        drop_copy(half)
    return rows


def _in_turns(username: str, half: Any) -> Iterator[tuple[str, Times, Times]]:
    """Every call of a topic is made on the half and on the whole before the next."""
    ours = _topics(username)
    with instead(half):
        theirs = _topics(username)
    for what, calls in ours.items():
        whole, part = Times(), Times()
        for number, (call, other) in enumerate(zip(calls, theirs[what], strict=True)):
            if number == min(WARMING, len(calls) // 2):
                whole, part = Times(), Times()
            with instead(half):
                part.take(other)
            whole.take(call)
        yield what, whole, part


def _judged(what: str, whole: Times, part: Times) -> Measured:
    asked_for = connection.vendor == "sqlite" or what.partition(" ")[0] in LIMITS["postgresql"]
    limit = LIMITS.get(connection.vendor, {}).get(what.partition(" ")[0], SQLITE_LIMIT) if asked_for else None
    growth = [whole_ms / max(part_ms, 0.01) for whole_ms, part_ms in _pairs(whole, part)]
    state = "ok" if growth[0] <= GROWTH else "OVER"
    queries = f"{min(whole.queries)}–{max(whole.queries)}".replace(f"{max(whole.queries)}–", "")
    note = (
        f"median {median(whole.wall):6.1f} (own {median(whole.own):5.1f}, database {median(whole.database):6.1f}, "
        f"{queries} queries); ×half: median {growth[0]:.2f} {state}, own {growth[1]:.2f}, p95 {growth[2]:.2f} (≤ {GROWTH})"
    )
    return Measured(f"{what}, p95", p95(whole.wall), limit, note=note)


def _pairs(whole: Times, part: Times) -> list[tuple[float, float]]:
    return [
        (median(whole.wall), median(part.wall)),
        (median(whole.own), median(part.own)),
        (p95(whole.wall), p95(part.wall)),
    ]


def _topics(username: str) -> dict[str, list[Call]]:
    who = User.objects.select_related("organisation").get(username=username)
    client, rng = Client(), Random(7)
    client.force_login(who)
    pairs = ["".join(rng.sample(register.HEADS, 2)) for _ in range(REPEATS)]
    rows = Enterprise.objects.visible_to(who)
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:REPEATS])
    listed = [f"/enterprises/?{query}&ordering={order}" for query in FILTERS for order in ORDERS for _ in range(2)]
    rare = [f"/enterprises/?{query}&ordering={order}" for query in RARE for order in ORDERS]
    rng.shuffle(listed)
    return {
        "search two characters": [_best(rows, text) for text in pairs],
        "search a word in all names": [_best(rows, "有限")] * 20,
        "search a word in a twelfth": [_best(rows, "网络")] * 20,
        "four initials": [_best(rows, text) for text in ("twwl", "bjtw", "ycwl", "yxgs", "rjkf") * 4],
        "suggestions while typing": [get(client, f"/search/suggestions/?q={text}") for text in pairs],
        "list filtered and sorted": [get(client, address) for address in listed],
        "list by what is rare": [get(client, address) for address in rare],
        "page of an enterprise": [get(client, f"/enterprises/{pk}/") for pk in keys],
        "queues with counts": [get(client, "/enterprises/queues/")] * 8,
        "duplicates": [get(client, "/enterprises/duplicates/")] * 4,
    }


def _best(rows: Any, text: str) -> Call:
    return lambda: best(rows, text, 8)


def get(client: Client, address: str) -> Call:
    def call() -> None:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)

    return call
