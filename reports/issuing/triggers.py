"""Whether the database still holds the triggers that keep issued reports as they are, and putting them back.

SQLite drops the triggers of a table when a migration makes the table anew. So they are looked for after every migration
and made again where they are missing; what they are stands in migration 0002.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

MADE_BY = ("reports", "0002_issued_is_final")
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The statements that make what is not there. Databases of other kinds have none."""
    made: dict[str, dict[str, str]] = import_module(".".join(("reports.migrations", MADE_BY[1]))).TRIGGERS
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return [statement for name, statement in made[connection.vendor].items() if name not in there]


def put_back(using: str = "default", **_: Any) -> None:
    """After a migration; nothing where 0002 has not been applied, or was taken back."""
    connection = connections[using]
    if connection.vendor not in NAMES or MADE_BY not in MigrationRecorder(connection).applied_migrations():
        return
    with connection.cursor() as cursor:
        for statement in missing(connection):
            cursor.execute(statement)
