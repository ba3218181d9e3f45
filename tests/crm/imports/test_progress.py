"""What whoever watches a run is told, and that a run ended half-way leaves no trace."""

from __future__ import annotations

import pytest

from crm.imports.commit import commit
from crm.imports.errors import ImportCancelled
from crm.imports.staging import stage
from crm.imports.undo import undo
from crm.models.imports import BatchState, ImportBatch
from parks.models import Enterprise
from tests.crm.imports import files

pytestmark = pytest.mark.django_db


class Watcher:
    """Notes what it is told; ends the run once it has come so far."""

    def __init__(self, until: int = 10**9) -> None:
        self.told: list[tuple[int, int]] = []
        self.until = until

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        if done >= self.until:
            raise ImportCancelled


@pytest.fixture
def batch(stage_rows) -> ImportBatch:
    return stage_rows(files.enterprise_rows(1300))


def counted(batch):
    return Enterprise.objects.living().count(), Enterprise.history.count(), batch.rows.exclude(outcome="").count()


def test_every_thousand_rows_are_told_of_and_the_last(batch, manager):
    for run in (lambda report: stage(batch, actor=manager, report=report),
                lambda report: commit(batch.pk, actor=manager, report=report),
                lambda report: undo(batch.pk, actor=manager, report=report)):  # fmt: skip
        watcher = Watcher()
        run(watcher)
        done = [done for done, _ in watcher.told]
        assert {total for _, total in watcher.told} == {1300}
        assert done == sorted(done)
        assert done[-1] == 1300
        assert all(later - earlier <= 1000 for earlier, later in zip([0, *done], done, strict=False))


def test_a_commit_ended_half_way_has_written_nothing(batch, manager):
    with pytest.raises(ImportCancelled):
        commit(batch.pk, actor=manager, report=Watcher(until=1000))
    batch.refresh_from_db()
    assert (counted(batch), batch.state) == ((0, 0, 0), BatchState.STAGED)
    assert commit(batch.pk, actor=manager).results["created"] == 1300


def test_an_undo_ended_half_way_has_taken_nothing_back(batch, manager):
    commit(batch.pk, actor=manager)
    before = counted(batch)
    with pytest.raises(ImportCancelled):
        undo(batch.pk, actor=manager, report=Watcher(until=1000))
    batch.refresh_from_db()
    assert (counted(batch), batch.state) == (before, BatchState.COMMITTED)
    assert undo(batch.pk, actor=manager).results["removed"] == 1300
