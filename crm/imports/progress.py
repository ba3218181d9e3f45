"""How far a run through a batch has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

# Told (rows done, rows in all) as a run goes on; raises ``ImportCancelled`` when somebody wants it to end.
Report: TypeAlias = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """For runs that nobody watches."""
