"""The dashboard of a district: a million enterprises, two million visits and appeals of ten years; PostgreSQL, a hundredth on SQLite."""

from __future__ import annotations

import time
from statistics import median

from django.db import connection
from django.test import Client

from bench import figure_data
from bench.search import Times, get
from bench.table import Measured
from crm.models import User
from reports.screens import boards

FULL = {"postgresql": 1_000_000, "sqlite": 10_000}
LIMITS = {"month": 300, "year": 800}
PERIODS = {
    "month": ("2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05"),
    "year": ("2025", "2024", "2023"),
}


# What the page asks for after it is shown, piece by piece.
PIECES = (*(f"sections/{one.key}" for one in boards.PIECES), "tables", "charts", "workloads")
READERS = ("leader", "district", "office")


def run() -> list[Measured]:
    full = FULL[connection.vendor]
    start = time.perf_counter()
    figure_data.make(full, full * 2, full * 2)
    rows = [Measured(f"{full} enterprises, {full * 2} visits and appeals", time.perf_counter() - start, unit="s")]
    return rows + dashboards()


def dashboards() -> list[Measured]:
    rows = []
    for username in READERS:
        client = Client()
        client.force_login(User.objects.get(username=username))
        for address in ("", *(f"{piece}/" for piece in PIECES)):
            # Code and templates are loaded, the figures of the others are not.
            get(client, f"/reports/{address}?period=2022")()
            rows += [measured(client, kind, username, address) for kind in PERIODS]
    return rows


def measured(client: Client, kind: str, username: str, address: str) -> Measured:
    """Every period is asked once: nothing can have been kept of it. Of the pieces only the first periods."""
    times = Times()
    for period in PERIODS[kind][: 2 if address else None]:
        times.take(get(client, f"/reports/{address}?period={period}"))
    note = (
        f"median {median(times.wall):.0f} (own {median(times.own):.0f}, database {median(times.database):.0f}), "
        f"{min(times.queries)}–{max(times.queries)} queries"
    )
    what = f"then {address.strip('/')}" if address else "dashboard"
    return Measured(
        f"{what} of a {kind} ({username}), worst", max(times.wall), None if address else LIMITS[kind], note=note
    )
