"""Batches that nobody will finish: dropped and, while their file is there, brought back; cleared after a time.

The line in the list stays for ever. Writes no business data.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from crm.audit import record
from crm.imports.errors import ImportStateError
from crm.imports.resource import get_resource
from crm.imports.staging import open_batch
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.imports import OPEN_STATES, BatchState, ImportBatch, ImportFile


def may_drop(batch: ImportBatch, user: User) -> bool:
    """Whoever uploaded it, and those who may undo anybody's imports; once written it can only be undone."""
    return batch.is_open and _is_theirs(batch, user)


def may_restore(batch: ImportBatch, user: User) -> bool:
    return batch.is_restorable and _is_theirs(batch, user)


def _is_theirs(batch: ImportBatch, user: User) -> bool:
    anybodys = get_resource(batch.resource).undo_any_permission
    return batch.created_by_id == user.pk or bool(anybodys and user.has_perm(anybodys))


@transaction.atomic
def drop(batch_id: int, *, actor: User | None) -> ImportBatch:
    """Put aside with file, rows and corrections. Raises ``ImportStateError`` when it is worked on or was imported."""
    batch = open_batch(batch_id)
    batch.dropped_from, batch.state, batch.message = batch.state, BatchState.DROPPED, ""
    batch.dropped_at, batch.dropped_by = timezone.now(), actor
    batch.save(update_fields=["dropped_from", "state", "message", "dropped_at", "dropped_by"])
    # Another number of the run: what still judges the rows finds that they are not wanted.
    ImportBatch.objects.filter(pk=batch.pk).update(run=F("run") + 1)
    record(AuditAction.IMPORT, f"{batch}{batch.whose(actor)}：作废，没有导入", actor=actor)
    return batch


@transaction.atomic
def restore(batch_id: int, *, actor: User) -> ImportBatch:
    """As it was before it was dropped; a second call finds it restored. Raises ``ImportStateError``."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.is_open:
        return batch
    if not batch.is_restorable:
        raise ImportStateError("这一批的文件已经删除，不能恢复。请重新上传文件")
    batch.state, batch.dropped_from = batch.dropped_from, ""
    batch.dropped_at = batch.dropped_by = None
    batch.save(update_fields=["state", "dropped_from", "dropped_at", "dropped_by"])
    record(AuditAction.IMPORT, f"{batch}{batch.whose(actor)}：从作废恢复", actor=actor)
    return batch


def gone_on(batch: ImportBatch) -> dt.date | None:
    """The first day on which a dropped batch may not be there any more."""
    if not batch.dropped_at:
        return None
    return timezone.localdate(batch.dropped_at + dt.timedelta(days=settings.YQT["DROPPED_IMPORT_DAYS"]))


def clear(days: int) -> list[ImportBatch]:
    """Delete what was uploaded so many days ago and never imported, and what was dropped for some time.

    A second run finds nothing more.
    """
    now = timezone.now()
    old = ImportBatch.objects.filter(state__in=OPEN_STATES, created_at__lt=now - dt.timedelta(days=days))
    for pk in old.order_by("pk").values_list("pk", flat=True):
        drop(pk, actor=None)
    since = now - dt.timedelta(days=settings.YQT["DROPPED_IMPORT_DAYS"])
    dropped = ImportBatch.objects.filter(state=BatchState.DROPPED).exclude(dropped_from="")
    # What nobody put aside was forgotten long before.
    rows = dropped.filter(dropped_at__lt=since) | dropped.filter(dropped_by=None)
    return [batch for pk in rows.order_by("pk").values_list("pk", flat=True) if (batch := _delete(pk))]


@transaction.atomic
def _delete(batch_id: int) -> ImportBatch | None:
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if not batch.is_restorable:
        return None
    batch.rows.all().delete()
    ImportFile.objects.filter(batch=batch).delete()
    batch.dropped_from = ""
    batch.fixes, batch.originals, batch.decisions, batch.digest = {}, {}, {}, {}
    batch.save(update_fields=["dropped_from", "fixes", "originals", "decisions", "digest"])
    return batch
