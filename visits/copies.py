"""Columns that the database itself copies from a record to what hangs on it, so that years are counted from one index.

Of a 家次 whose it is, its form, and when the enterprise was met: nowhere while planned, once cancelled, absent, or in
the bin. Of a call-back whose it is, and whether it is the last valid one of its appeal. No other code writes these,
however a row is written: form, import, undo, bin. A migration that makes one of the tables anew on SQLite takes the
triggers with it and runs `install` again (tests/visits/test_copies.py says so).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("sql")
# Each row is written as it is, and the triggers do the rest.
FILL = ("UPDATE visits_visitenterprise SET kind = kind", "UPDATE visits_callback SET is_last = is_last")


def install(connection: Any) -> None:
    _execute(connection, statements(connection.vendor))


def remove(connection: Any) -> None:
    made, how = {"postgresql": ("FUNCTION", " CASCADE"), "sqlite": ("TRIGGER", "")}[connection.vendor]
    names = (re.match(rf"CREATE {made} (\w+)", statement) for statement in statements(connection.vendor))
    _execute(connection, [f"DROP {made} {name[1]}{how}" for name in names if name])


def fill(connection: Any) -> None:
    """For rows that were written before, or while the triggers were off."""
    _execute(connection, FILL)


def statements(vendor: str) -> Iterator[str]:
    text = (FOLDER / f"copies.{vendor}.sql").read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        if statement := re.sub(r"^--.*\n?", "", block, flags=re.MULTILINE).strip():
            yield statement


def _execute(connection: Any, asked: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(statement)
