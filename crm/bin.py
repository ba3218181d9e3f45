"""Marking a record as deleted and taking the mark away, with its history. Who may, and what else follows, is the
business of each app's actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from crm.bulk import update_with_history
from crm.models import User
from crm.models.bin import Binnable

DELETED, RESTORED = "删除", "恢复"


def mark_deleted(row: Binnable, actor: User, reason: str = DELETED) -> None:
    row.deleted_at, row.deleted_by = timezone.now(), actor
    _save(row, actor, reason)


def unmark_deleted(row: Binnable, actor: User, reason: str = RESTORED) -> None:
    row.deleted_at = row.deleted_by = None
    _save(row, actor, reason)


def _save(row: Any, actor: User, reason: str) -> None:
    if hasattr(row, "version"):
        row.version += 1
    # The history package's hooks for the author and the reason.
    row._history_user, row._change_reason = actor, reason
    row.save()


def mark_all_deleted(rows: Sequence[Any], actor: User, reason: str) -> None:
    """The same for many rows of one model at once."""
    names = {"deleted_at", "deleted_by"}
    now = timezone.now()
    for row in rows:
        row.deleted_at, row.deleted_by = now, actor
        if hasattr(row, "version"):
            row.version, row.updated_at = row.version + 1, now
            names |= {"version", "updated_at"}
    update_with_history(rows, sorted(names), actor=actor, reason=reason)
