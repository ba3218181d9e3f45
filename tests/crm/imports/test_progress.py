"""What whoever watches a run is told, and that a run ended half-way leaves no trace."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
        # While the file is read there is nothing to count.
        told = [(done, total) for done, total in watcher.told if (done, total) != (0, 0)]
        done = [done for done, _ in told]
        assert {total for _, total in told} == {1300}
        assert done == sorted(done)
        assert done[-1] == 1300
        assert all(later - earlier <= 1000 for earlier, later in zip([0, *done], done, strict=False))


def test_a_staging_ended_while_the_file_is_read_leaves_no_rows(batch, manager):
    before = batch.rows.count()
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UPLOADED)
    with pytest.raises(ImportCancelled):
        stage(ImportBatch.objects.get(pk=batch.pk), actor=manager, report=Watcher(until=0))
    assert (ImportBatch.objects.get(pk=batch.pk).state, batch.rows.count()) == (BatchState.UPLOADED, before)


def test_a_commit_ended_half_way_has_written_nothing(batch, manager):
    with pytest.raises(ImportCancelled):
        commit(batch.pk, actor=manager, report=Watcher(until=1000))
    batch.refresh_from_db()
    assert (counted(batch), batch.state) == ((0, 0, 0), BatchState.STAGED)
    assert commit(batch.pk, actor=manager).results["created"] == 1300


@pytest.fixture
def small_parts(monkeypatch):
    for module in ("staging", "commit"):
        monkeypatch.setattr(f"crm.imports.{module}.ROWS_PER_PART", 100)


def test_a_row_that_repeats_one_of_an_earlier_part_is_found(small_parts, stage_rows):
    rows = files.enterprise_rows(250)
    same, other = rows[0], [*rows[1][:6], "别处", rows[1][7]]
    batch = stage_rows([*rows, same, other])
    assert (batch.counts["rows"], batch.counts["new"], batch.counts["duplicate"]) == (252, 250, 2)
    told = [row.messages[0]["message"] for row in batch.rows.filter(verdict="duplicate")]
    assert told == [
        "与第 2 行内容相同，只导入第 2 行",
        "与第 3 行代码相同，内容有出入；只导入第 3 行，请核对",
    ]


def test_two_rows_of_different_parts_that_mean_one_firm_are_not_both_written(small_parts, stage_rows, import_rows):
    rows = files.enterprise_rows(150)
    import_rows(rows[:1])
    nameless = [*rows[0]]
    nameless[5] = ""
    batch = stage_rows([*rows, nameless])
    assert (batch.counts["same"], batch.counts["new"], batch.counts["duplicate"]) == (1, 149, 1)


def test_parts_are_written_and_taken_back_as_one(small_parts, stage_rows, manager):
    batch = commit(stage_rows(files.enterprise_rows(350)).pk, actor=manager)
    assert batch.results == {"created": 350, "updated": 0, "skipped": 0, "conflict": 0}
    assert batch.rows.filter(outcome="created").count() == Enterprise.history.count() == 350
    assert undo(batch.pk, actor=manager).results["removed"] == 350
    assert not Enterprise.objects.living().exists()


def test_a_staging_ended_half_way_leaves_no_rows(small_parts, stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(1300))
    with pytest.raises(ImportCancelled):
        stage(batch, actor=manager, report=Watcher(until=1000))
    batch = ImportBatch.objects.get(pk=batch.pk)
    assert (batch.rows.count(), batch.state) == (0, BatchState.UPLOADED)
    assert stage(batch, actor=manager).counts["new"] == 1300


def test_a_commit_ended_after_some_parts_has_written_nothing(small_parts, stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(1300))
    with pytest.raises(ImportCancelled):
        commit(batch.pk, actor=manager, report=Watcher(until=1000))
    assert counted(batch) == (0, 0, 0)


def test_another_part_costs_the_same_few_queries(small_parts, stage_rows, manager):
    """More statements than that for a part of a hundred would be statements for single rows."""

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            batch = stage_rows(files.enterprise_rows(count, start=count * 10))
            commit(batch.pk, actor=manager)
        return len(captured)

    few, more = queries(100), queries(400)
    assert more - few <= 3 * (25 if connection.vendor == "postgresql" else 60)


def test_an_undo_ended_half_way_has_taken_nothing_back(batch, manager):
    commit(batch.pk, actor=manager)
    before = counted(batch)
    with pytest.raises(ImportCancelled):
        undo(batch.pk, actor=manager, report=Watcher(until=1000))
    batch.refresh_from_db()
    assert (counted(batch), batch.state) == (before, BatchState.COMMITTED)
    assert undo(batch.pk, actor=manager).results["removed"] == 1300
