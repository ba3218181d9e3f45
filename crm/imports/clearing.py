"""Batches that nobody will finish: the file and its rows go, the line in the list stays. Writes no business data."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.audit import record
from crm.imports.resource import get_resource
from crm.imports.staging import open_batch
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.imports import OPEN_STATES, BatchState, ImportBatch, ImportFile


def may_drop(batch: ImportBatch, user: User) -> bool:
    """Whoever uploaded it, and those who may undo anybody's imports; once written it can only be undone."""
    anybodys = get_resource(batch.resource).undo_any_permission
    return batch.is_open and (batch.created_by_id == user.pk or bool(anybodys and user.has_perm(anybodys)))


@transaction.atomic
def drop(batch_id: int, *, actor: User | None) -> ImportBatch:
    """Raises ``ImportStateError`` when the batch is being worked on or was imported."""
    batch = open_batch(batch_id)
    batch.rows.all().delete()
    ImportFile.objects.filter(batch=batch).delete()
    # Another number of the run: what still judges the rows finds that they are not wanted.
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.DROPPED, message="", run=F("run") + 1, fixes={}, originals={}, decisions={}, digest={}
    )
    record(AuditAction.IMPORT, f"{batch}：作废，没有导入", actor=actor)
    return batch


def clear(days: int) -> list[ImportBatch]:
    """Drop what was uploaded so many days ago and never imported; a second run finds nothing more."""
    before = timezone.now() - dt.timedelta(days=days)
    old = ImportBatch.objects.filter(state__in=OPEN_STATES, created_at__lt=before).order_by("pk")
    return [drop(pk, actor=None) for pk in old.values_list("pk", flat=True)]
