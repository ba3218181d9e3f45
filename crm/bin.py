"""Marking a record as deleted and taking the mark away, with its history. Who may, and what else follows, is the
business of each app's actions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

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
