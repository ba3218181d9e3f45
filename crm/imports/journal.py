"""What an import did to each row of the register, kept so that it can be undone: old values, and rows of other tables.

A value is kept as its field writes it in a fixture: exact, and JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from crm.search import SearchText


class Journal:
    """Rows of other tables that were made, changed or removed, by the row of the register that they hang on."""

    def __init__(self, reason: str = "导入") -> None:
        # What the history of rows of other tables says of the import.
        self.reason = reason
        # Rows that several rows of the register may use, such as a tag.
        self.shared: list[Any] = []
        self._made: dict[int, list[Any]] = defaultdict(list)
        self._changed: dict[int, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
        self._removed: dict[int, list[Any]] = defaultdict(list)

    def made(self, owner: int, row: Any) -> None:
        self._made[owner].append(row)

    def changed(self, owner: int, row: Any, before: dict[str, Any]) -> None:
        """``before`` is a ``snapshot`` of what was changed; the row holds the new values once the import is written."""
        self._changed[owner].append((row, before))

    def removed(self, owner: int, row: Any) -> None:
        self._removed[owner].append(row)

    def of(self, owner: int) -> dict[str, Any]:
        """As kept on the staged row; empty parts are left out."""
        parts = {
            "made": [[row._meta.label, row.pk, stamp(row)] for row in self._made.get(owner, ())],
            "changed": [[row._meta.label, row.pk, stamp(row), old] for row, old in self._changed.get(owner, ())],
            "removed": [[row._meta.label, snapshot(row)] for row in self._removed.get(owner, ())],
        }
        return {name: part for name, part in parts.items() if part}


def snapshot(row: Any, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Column → value of these fields, of all when none are named."""
    fields = row._meta.concrete_fields if names is None else _fields(row._meta, tuple(names))
    return {field.attname: _stored(field, row) for field in fields}


@cache
def _fields(meta: Any, names: tuple[str, ...]) -> list[Any]:
    return [meta.get_field(name) for name in names]


def _stored(field: Any, row: Any) -> Any:
    value = getattr(row, field.attname)
    kind = type(value)
    if value is None or kind is str or kind is int:
        return value
    if isinstance(value, str):
        # A choice is a text with a class of its own until it is read again.
        return str(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        # One moment, whether it was just typed here or comes from the database.
        return value.astimezone(dt.UTC).isoformat()
    return value if isinstance(value, int) else field.value_to_string(row)


def put_back(row: Any, kept: dict[str, Any]) -> None:
    """Set, without saving, what a ``snapshot`` kept."""
    for name, value in kept.items():
        field = row._meta.get_field(name)
        plain = field.target_field if field.is_relation else field
        setattr(row, name, plain.to_python(value))


def made_again(label: str, kept: dict[str, Any]) -> Any:
    """A removed row as it was, with its key; not saved."""
    row: Any = apps.get_model(label)()
    put_back(row, kept)
    return row


def stamp(row: Any) -> int:
    """Another number after every change of the row but those that follow from others."""
    kept = [_stored(field, row) for field in told_apart(row._meta)]
    return zlib.crc32(json.dumps(kept, sort_keys=True, default=str).encode())


@cache
def told_apart(meta: Any) -> list[Any]:
    """The fields of a model that do not follow from others: what an import compares."""
    return [field for field in meta.concrete_fields if not _follows(field)]


def _follows(field: models.Field[Any, Any]) -> bool:
    # What the database copies stands in no row that was just made, and changes with another row.
    is_copied = field.name in getattr(field.model, "COPIED_BY_DATABASE", ())
    return is_copied or isinstance(field, SearchText) or getattr(field, "auto_now", False)
