"""Large batches off the request: queued, ended, begun anew. The state of a batch and its task change together.

A run is known by its number on the batch. A task whose run is not the batch's any more does nothing, so that one that
was left behind by a killed worker can never come in the way of the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from crm.audit import record
from crm.imports.commit import commit
from crm.imports.errors import ImportCancelled, ImportFileError, ImportStateError
from crm.imports.progress import Progress, Report, Watch, ask_to_end, is_asked_to_end, progress_of, who_asked
from crm.imports.staging import stage
from crm.imports.undo import undo
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.imports import BatchState, ImportBatch

ROWS_AT_ONCE = 5_000
# A worker looks for tasks every second; after so long without one taking it, none is there.
UNATTENDED_SECONDS = 15
CANCELLED = "已取消，一行也没有写入"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One way to go through a batch: from which states, by what, and where to when nothing comes of it."""

    starts: tuple[BatchState, ...]
    go: Callable[[ImportBatch, User, Report], Any]
    back: BatchState
    cancelled: str
    trouble: str
    after_trouble: BatchState


RUNS = {
    BatchState.STAGING: Run(
        (BatchState.UPLOADED, BatchState.STAGED, BatchState.FAILED),
        lambda batch, actor, report: stage(batch, actor=actor, report=report),
        BatchState.UPLOADED,
        CANCELLED,
        "核对时出错，请联系系统管理员",
        BatchState.FAILED,
    ),
    BatchState.COMMITTING: Run(
        (BatchState.STAGED,),
        lambda batch, actor, report: commit(batch.pk, actor=actor, report=report),
        BatchState.STAGED,
        CANCELLED,
        "导入时出错，一行也没有写入。请重试，仍不行请联系系统管理员",
        BatchState.STAGED,
    ),
    BatchState.UNDOING: Run(
        (BatchState.COMMITTED,),
        lambda batch, actor, report: undo(batch.pk, actor=actor, report=report),
        BatchState.COMMITTED,
        "已取消撤销，什么也没有改动",
        "撤销时出错，什么也没有改动。请重试，仍不行请联系系统管理员",
        BatchState.COMMITTED,
    ),
}


def start(batch: ImportBatch, state: BatchState, *, actor: User, **chosen: Any) -> bool:
    """Queue a run; False when the batch is not where it can start, for instance because another press was faster."""
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=RUNS[state].starts)
        return bool(waiting.update(state=state, message="", **chosen, **_next(actor)) and _enqueue(batch))


def restart(batch: ImportBatch, *, actor: User) -> bool:
    """Queue the same run again after it broke off or was lost; False when it goes on or is over."""
    if not status_of(batch).may_restart:
        return False
    ask_to_end(batch.pk, batch.run)
    with transaction.atomic():
        return bool(_free(batch) and ImportBatch.objects.filter(pk=batch.pk).update(**_next(actor)) and _enqueue(batch))


def cancel(batch: ImportBatch, *, actor: User) -> bool:
    """Ask a run to end; one that waits or broke off is over at once. False when the batch is not running."""
    if not batch.is_running:
        return False
    ask_to_end(batch.pk, batch.run, str(actor))
    record(AuditAction.IMPORT, f"{batch}{batch.whose(actor)}：取消{batch.get_state_display()[:-1]}", actor=actor)
    if not status_of(batch).is_alive:
        with transaction.atomic():
            if _free(batch):
                run = RUNS[BatchState(batch.state)]
                ImportBatch.objects.filter(pk=batch.pk).update(state=run.back, message=_cancelled(run, str(actor)))
    return True


def _next(actor: User) -> dict[str, Any]:
    return {"run": F("run") + 1, "run_at": timezone.now(), "run_by": actor}


def _enqueue(batch: ImportBatch) -> bool:
    run = ImportBatch.objects.values_list("run", flat=True).get(pk=batch.pk)
    run_batch.enqueue(batch.pk, run)
    return True


def _free(batch: ImportBatch) -> bool:
    """Lock the batch if it is as it was read; a run that does hold it will put it back or finish it by itself."""
    same = ImportBatch.objects.filter(pk=batch.pk, run=batch.run, state=batch.state)
    try:
        with transaction.atomic():
            return same.select_for_update(nowait=True).first() is not None
    except DatabaseError:
        return False


@task()
def run_batch(batch_id: int, number: int) -> None:
    """Do what the batch's state says is being done, unless it was cancelled or begun anew meanwhile."""
    batch = ImportBatch.objects.select_related("organisation", "run_by__organisation").get(pk=batch_id)
    if batch.run != number or not batch.is_running:
        return
    run = RUNS[BatchState(batch.state)]
    try:
        with Watch(batch_id, number, is_reading_first=batch.state == BatchState.STAGING) as report:
            _go(batch, run, report)
    except ImportCancelled:
        _put_back(batch, run.back, _cancelled(run, who_asked(batch_id, number)))
    except (ImportFileError, ImportStateError) as error:
        _put_back(batch, run.back, str(error))
    except Exception:
        _put_back(batch, run.after_trouble, run.trouble)
        raise


def _cancelled(run: Run, by: str) -> str:
    return f"{run.cancelled}（{by}取消）" if by else run.cancelled


def _go(batch: ImportBatch, run: Run, report: Report) -> None:
    assert batch.run_by is not None
    if batch.state == BatchState.STAGING:
        # Reads and judges for long before it writes, and asks for itself whether it is still wanted.
        run.go(batch, batch.run_by, report)
        return
    with transaction.atomic():
        same = ImportBatch.objects.filter(pk=batch.pk, run=batch.run, state=batch.state)
        if same.select_for_update().exists():
            run.go(batch, batch.run_by, report)


def _put_back(batch: ImportBatch, state: BatchState, message: str) -> None:
    same = ImportBatch.objects.filter(pk=batch.pk, run=batch.run, state=batch.state)
    same.update(state=state, message=message[:300])


@dataclass(frozen=True, slots=True)
class Status:
    """What the page of a running batch tells."""

    words: str
    progress: Progress | None
    is_ending: bool
    is_unattended: bool

    @property
    def is_waiting(self) -> bool:
        return self.progress is None

    @property
    def is_alive(self) -> bool:
        return self.progress is not None and self.progress.is_alive

    @property
    def is_broken(self) -> bool:
        return self.progress is not None and not self.progress.is_alive

    @property
    def may_restart(self) -> bool:
        return self.is_broken or self.is_unattended


def status_of(batch: ImportBatch) -> Status:
    """How the run of a batch stands."""
    progress = progress_of(batch.pk, batch.run)
    waited = (timezone.now() - batch.run_at).total_seconds() if batch.run_at else UNATTENDED_SECONDS
    is_unattended = batch.is_running and progress is None and waited >= UNATTENDED_SECONDS and not _is_worker_busy()
    return Status(_words(batch, progress), progress, is_asked_to_end(batch.pk, batch.run), is_unattended)


def _words(batch: ImportBatch, progress: Progress | None) -> str:
    if progress is None:
        return "排队中"
    if batch.state == BatchState.STAGING:
        return "核对" if progress.total else "读取文件"
    if batch.state == BatchState.COMMITTING:
        return "写入" if progress.total else "读取核对结果"
    return "逐行退回" if progress.total else "读取导入的行"


def _is_worker_busy() -> bool:
    """Whether a worker is alive and has another batch in hand."""
    running = ImportBatch.objects.filter(state__in=[*RUNS]).values_list("pk", "run")
    heard = (progress_of(pk, run) for pk, run in running)
    return any(progress is not None and progress.is_alive for progress in heard)
