"""One measurement and the table of all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure against its limit; `ratio` compares with half the data in the same run."""

    what: str
    value: float
    limit: float | None = None
    unit: str = "ms"
    note: str = ""

    def line(self) -> str:
        limit = "" if self.limit is None else f"≤ {self.limit:g}"
        state = "" if self.limit is None else ("ok" if self.value <= self.limit else "OVER")
        return f"{self.what:<52} {self.value:>10.2f} {self.unit:<4} {limit:>8} {state:<5} {self.note}"


def print_table(title: str, rows: Iterable[Measured]) -> None:
    print(f"\n{title}\n{'-' * len(title)}")
    for row in rows:
        # As it is measured: who waits for a bench, or breaks it off, sees how far it is.
        print(row.line(), flush=True)


def timed(calls: Iterable[Callable[[], Any]]) -> list[float]:
    """Milliseconds of each call, after one that warms up."""
    times = []
    for number, call in enumerate(calls):
        start = time.perf_counter()
        call()
        if number:
            times.append((time.perf_counter() - start) * 1000)
    return times


def p95(times: list[float]) -> float:
    return sorted(times)[max(int(len(times) * 0.95) - 1, 0)]
