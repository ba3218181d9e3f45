"""How far a run through a batch has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

# Told (rows done, rows in all) as a run goes on; raises ``ImportCancelled`` when somebody wants it to end.
Report: TypeAlias = Callable[[int, int], None]
ROWS_PER_REPORT = 500
_Row = TypeVar("_Row")


def silent(done: int, total: int) -> None:
    """For runs that nobody watches."""


def reported(rows: Iterable[_Row], total: int, report: Report) -> Iterator[_Row]:
    """The rows, told of as they are taken."""
    for count, row in enumerate(rows, 1):
        yield row
        if count % ROWS_PER_REPORT == 0 or count == total:
            report(count, total)
