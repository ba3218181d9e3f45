"""Search, list and page at a million enterprises on PostgreSQL, 20 000 on SQLite; and at half of that."""

from __future__ import annotations

import time
from random import Random
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import register
from bench.table import Measured, p95, timed
from crm.models import User
from crm.search import best
from parks.models import Enterprise

REPEATS = 60
FULL = {"postgresql": 1_000_000, "sqlite": 20_000}
LIMITS = {"postgresql": {"search": 20, "suggest": 15, "list": 60, "page": 60}}
SQLITE_LIMIT = 80
GROWTH = 1.2
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
ORDERS = ("", "-joined", "-capital", "name")


def run() -> list[Measured]:
    full = FULL[connection.vendor]
    district, office = register.make_offices()
    start = time.perf_counter()
    register.add_enterprises(1, full // 2)
    register.add_service()
    _analyse()
    half = _measure(district, office)
    register.add_enterprises(full // 2 + 1, full)
    register.add_service()
    _analyse()
    rows = [Measured(f"{full} enterprises made", time.perf_counter() - start, unit="s")]
    return rows + [_judged(key, value, half[key]) for key, value in _measure(district, office).items()]


def _judged(key: str, value: float, half: float) -> Measured:
    kind = key.partition(" ")[0]
    if kind == "queries":
        return Measured(key, value, half, "")
    limit = LIMITS.get(connection.vendor, {}).get(kind, SQLITE_LIMIT)
    return Measured(
        f"{key}, p95", value, limit, note=f"half the data {half:.2f}, ×{value / max(half, 0.01):.2f} (≤ {GROWTH})"
    )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _measure(district: User, office: User) -> dict[str, float]:
    figures: dict[str, float] = {}
    for who in (district, office):
        client = Client()
        client.force_login(who)
        figures |= {f"{name} ({who.username})": value for name, value in _of(client, who).items()}
    return figures


def _of(client: Client, who: User) -> dict[str, float]:
    rng = Random(7)
    pairs = ["".join(rng.sample(register.HEADS, 2)) for _ in range(REPEATS)]
    rows = Enterprise.objects.visible_to(who)
    keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:REPEATS])
    addresses = [f"/enterprises/?{query}&ordering={order}" for query in FILTERS for order in ORDERS for _ in range(3)]
    return {
        "search two characters": p95(timed(lambda t=t: best(rows, t, 8) for t in pairs)),
        "search a word in most names": p95(timed(lambda: best(rows, "有限", 8) for _ in range(20))),
        "suggest while typing": p95(timed(_get(client, f"/search/suggestions/?q={t}") for t in pairs)),
        "list filtered and sorted": p95(timed(_get(client, address) for address in addresses)),
        **{
            f"list {a[14:] or 'plain'}": p95(timed(_get(client, a) for _ in range(8)))
            for a in addresses[::3]
            if VERBOSE
        },
        "page of an enterprise": p95(timed(_get(client, f"/enterprises/{pk}/") for pk in keys)),
        "queries of a list": _queries(client, "/enterprises/?capital=1000-5000"),
    }


VERBOSE = False


def _get(client: Client, address: str) -> Any:
    def call() -> None:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)

    return call


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
