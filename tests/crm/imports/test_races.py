"""Two people, or two presses, at the same moment on one batch or one list: one result, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from crm.imports.commit import commit
from crm.imports.errors import ImportStateError
from crm.imports.staging import stage
from crm.imports.tasks import start
from crm.imports.undo import undo
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportBatch
from parks.models import Enterprise
from tests.crm.imports import files

ROWS = 40
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in connection.vendor, reason="the test database of SQLite is one connection's memory"),
]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each came to, or the error it was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        except ImportStateError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def batch(stage_rows) -> ImportBatch:
    return stage_rows(files.enterprise_rows(ROWS))


def test_two_commits_make_one_import(batch, manager, users):
    first, second = at_once(lambda: commit(batch.pk, actor=manager), lambda: commit(batch.pk, actor=users["manager"]))
    assert first.results == second.results
    assert first.committed_at == second.committed_at
    assert (Enterprise.objects.count(), Enterprise.history.count()) == (ROWS, ROWS)
    assert AuditEntry.objects.filter(action="import").count() == 1


def test_two_undos_take_back_once(batch, manager, users):
    commit(batch.pk, actor=manager)
    first, second = at_once(lambda: undo(batch.pk, actor=manager), lambda: undo(batch.pk, actor=users["manager"]))
    assert first.results == second.results
    assert first.undone_by == second.undone_by
    assert Enterprise.history.count() == 2 * ROWS
    assert AuditEntry.objects.filter(summary__startswith="撤销").count() == 1


def test_the_same_list_by_two_people_makes_every_firm_once(stage_rows, manager, users):
    mine = stage_rows(files.enterprise_rows(ROWS))
    theirs = stage_rows(files.enterprise_rows(ROWS), user=users["manager"])
    at_once(lambda: commit(mine.pk, actor=manager), lambda: commit(theirs.pk, actor=users["manager"]))
    assert Enterprise.objects.count() == Enterprise.objects.values("uscc").distinct().count() == ROWS
    # Whoever was refused has lost nothing, and finds that the register has it all by now.
    for batch in (mine, theirs):
        batch.refresh_from_db()
        assert batch.state in (BatchState.COMMITTED, BatchState.STAGED)
        assert batch.results.get("created", 0) in (0, ROWS)


def test_a_commit_while_the_list_is_judged_anew_is_whole_or_refused(batch, manager):
    same = ImportBatch.objects.get(pk=batch.pk)
    at_once(lambda: stage(same, actor=manager), lambda: commit(batch.pk, actor=manager))
    batch.refresh_from_db()
    outcomes = set(batch.rows.values_list("outcome", flat=True))
    if batch.state == BatchState.COMMITTED:
        assert (Enterprise.objects.count(), outcomes) == (ROWS, {"created"})
    else:
        assert (batch.state, Enterprise.objects.count(), outcomes) == (BatchState.STAGED, 0, {""})


def test_a_commit_and_an_undo_never_leave_half(batch, manager):
    at_once(lambda: commit(batch.pk, actor=manager), lambda: undo(batch.pk, actor=manager))
    batch.refresh_from_db()
    firms = Enterprise.objects.living().count()
    assert (batch.state, firms) in ((BatchState.COMMITTED, ROWS), (BatchState.UNDONE, 0))


def test_two_presses_queue_one_run(batch, manager, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    taken = at_once(*[lambda: start(batch, BatchState.COMMITTING, actor=manager)] * 4)
    assert sorted(taken) == [False, False, False, True]
    batch.refresh_from_db()
    assert (batch.state, batch.run) == (BatchState.COMMITTING, 1)
