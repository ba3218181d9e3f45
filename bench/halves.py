"""A copy of the database as it stands, to be asked in turns with the one that grows on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


def copy_database() -> Any:
    """A connection to a copy of the default database."""
    name = str(connection.settings_dict["NAME"])
    other = f"{name}_half"
    if connection.vendor == "postgresql":
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{other}"')
            cursor.execute(f'CREATE DATABASE "{other}" TEMPLATE "{name}" STRATEGY = FILE_COPY')
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(name, other)
    return type(connections["default"])({**connection.settings_dict, "NAME": other}, "default")


def drop_copy(copy: Any) -> None:
    name = copy.settings_dict["NAME"]
    copy.close()
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
    else:
        Path(name).unlink()


@contextmanager
def instead(other: Any) -> Iterator[None]:
    """Whatever asks the default database asks the other one."""
    usual = connections["default"]
    connections["default"] = other
    try:
        yield
    finally:
        connections["default"] = usual
