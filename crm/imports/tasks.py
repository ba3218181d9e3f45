"""Large batches off the request: the same functions, with failures written on the batch."""

from __future__ import annotations

import logging

from django_tasks import task

from crm.imports.commit import commit
from crm.imports.errors import ImportFileError, ImportStateError
from crm.imports.staging import stage
from crm.imports.undo import undo
from crm.models import User
from crm.models.imports import BatchState, ImportBatch

ROWS_AT_ONCE = 5_000
log = logging.getLogger(__name__)


@task()
def stage_later(batch_id: int, user_id: int) -> None:
    batch = ImportBatch.objects.select_related("organisation").get(pk=batch_id)
    try:
        stage(batch, actor=_user(user_id))
    except (ImportFileError, ImportStateError) as error:
        _fail(batch_id, BatchState.UPLOADED, str(error))
    except Exception:
        _fail(batch_id, BatchState.FAILED, "核对时出错，请联系系统管理员")
        raise


@task()
def commit_later(batch_id: int, user_id: int) -> None:
    try:
        commit(batch_id, actor=_user(user_id))
    except ImportStateError as error:
        _fail(batch_id, BatchState.STAGED, str(error))
    except Exception:
        _fail(batch_id, BatchState.STAGED, "导入时出错，一行也没有写入。请重试，仍不行请联系系统管理员")
        raise


@task()
def undo_later(batch_id: int, user_id: int) -> None:
    try:
        undo(batch_id, actor=_user(user_id))
    except ImportStateError as error:
        _back_to_committed(batch_id, str(error))
    except Exception:
        _back_to_committed(batch_id, "撤销时出错，什么也没有改动。请重试，仍不行请联系系统管理员")
        raise


def _back_to_committed(batch_id: int, message: str) -> None:
    undoing = ImportBatch.objects.filter(pk=batch_id, state=BatchState.UNDOING)
    undoing.update(state=BatchState.COMMITTED, message=message)


def _user(user_id: int) -> User:
    user: User = User.objects.select_related("organisation").get(pk=user_id)
    return user


def _fail(batch_id: int, state: BatchState, message: str) -> None:
    running = ImportBatch.objects.filter(pk=batch_id, state__in=[BatchState.STAGING, BatchState.COMMITTING])
    running.update(state=state, message=message)
