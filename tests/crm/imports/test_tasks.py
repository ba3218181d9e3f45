"""Runs in the background: queued with their state, ended, lost, begun anew; a batch always has a way on."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.imports import progress, tasks
from crm.imports.errors import ImportCancelled
from crm.imports.progress import Watch, ask_to_end, progress_of
from crm.imports.tasks import cancel, restart, run_batch, start, status_of
from crm.imports.undo import undo
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportBatch
from parks.models import Enterprise
from tests.crm.factories import make_user
from tests.crm.imports import files

STATES = [BatchState.STAGING, BatchState.COMMITTING, BatchState.UNDOING]


@pytest.fixture(autouse=True)
def _queue(settings):
    """Tasks wait until a test says that the worker takes them."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def ready(stage_rows, import_rows):
    """A batch of three rows that is where a run of this kind starts."""

    def make(state) -> ImportBatch:
        rows = files.enterprise_rows(3)
        return import_rows(rows) if state == BatchState.UNDOING else stage_rows(rows)

    return make


def work(batch, run=None):
    """The worker takes the task."""
    run_batch.call(batch.pk, run or fresh(batch).run)


def fresh(batch) -> ImportBatch:
    return ImportBatch.objects.get(pk=batch.pk)


def long_ago(batch):
    ImportBatch.objects.filter(pk=batch.pk).update(run_at=timezone.now() - dt.timedelta(hours=1))
    return fresh(batch)


def killed(batch):
    """What a worker leaves that was killed a minute ago."""
    told = {"done": 1, "total": 3, "since": time.time() - 70, "at": time.time() - 61, "beat": time.time() - 60}
    cache.set(progress._key(batch.pk, batch.run), told)
    return fresh(batch)


def done(batch, state):
    """Whether the run has done all that it is for."""
    firms = Enterprise.objects.living().count()
    return (fresh(batch).state, firms) == {
        BatchState.STAGING: (BatchState.STAGED, 0),
        BatchState.COMMITTING: (BatchState.COMMITTED, 3),
        BatchState.UNDOING: (BatchState.UNDONE, 0),
    }[state]


@pytest.mark.parametrize("state", STATES)
def test_a_run_is_queued_once_and_ends_in_its_result(ready, manager, state):
    batch = ready(state)
    assert start(batch, state, actor=manager)
    assert not start(batch, state, actor=manager)
    batch = fresh(batch)
    assert (batch.state, batch.run, batch.run_by) == (state, 1, manager)
    work(batch)
    assert done(batch, state)
    assert progress_of(batch.pk, batch.run) is None
    work(batch)
    assert done(batch, state)


@pytest.mark.parametrize("state", STATES)
def test_a_run_cancelled_while_it_waits_is_never_done(ready, manager, state):
    batch = ready(state)
    before = Enterprise.history.count()
    start(batch, state, actor=manager)
    waiting = fresh(batch)
    assert cancel(waiting, actor=manager)
    assert fresh(batch).state == tasks.RUNS[state].back
    assert "取消" in fresh(batch).message
    work(waiting)
    assert fresh(batch).state == tasks.RUNS[state].back
    assert Enterprise.history.count() == before
    assert not cancel(fresh(batch), actor=manager)


@pytest.mark.parametrize("state", STATES)
def test_after_a_cancel_the_same_run_can_be_started_and_the_left_over_task_stays_idle(ready, manager, state):
    batch = ready(state)
    start(batch, state, actor=manager)
    cancel(fresh(batch), actor=manager)
    assert start(batch, state, actor=manager)
    work(batch, run=1)
    assert fresh(batch).state == state
    work(batch, run=2)
    assert done(batch, state)
    assert fresh(batch).message == ""


@pytest.mark.parametrize("state", STATES)
def test_a_run_ended_in_the_middle_puts_the_batch_back_and_says_so(ready, manager, monkeypatch, state):
    batch = ready(state)
    before = Enterprise.history.count()
    start(batch, state, actor=manager)
    asked = []

    def report(self, count, total):
        asked.append(count)
        raise ImportCancelled

    monkeypatch.setattr(Watch, "__call__", report)
    work(batch)
    assert asked
    assert fresh(batch).state == tasks.RUNS[state].back
    assert "取消" in fresh(batch).message
    assert Enterprise.history.count() == before


def test_a_watch_passes_on_what_it_is_told_and_ends_the_run_when_asked():
    def run(report):
        report(500, 2000)
        until(lambda: (heard := progress_of(1, 1)) and heard.done == 500)
        heard = progress_of(1, 1)
        assert heard is not None
        assert (heard.total, heard.percent, heard.is_alive) == (2000, 25, True)
        ask_to_end(1, 1)
        until(lambda: report._is_unwanted)
        report(1000, 2000)

    def watched():
        with Watch(1, 1) as report:
            run(report)

    with pytest.raises(ImportCancelled):
        watched()
    broken = progress_of(1, 1)
    assert broken is not None
    assert not broken.is_alive
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("import-")]


def until(holds):
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_rate_and_time_left_follow_from_what_was_told():
    now = time.time()
    heard = progress.Progress(done=12_000, total=20_000, since=now - 6, at=now, beat=now)
    assert (heard.percent, heard.rows_per_second, heard.time_left) == (60, 2000, "4 秒")
    slow = progress.Progress(done=100, total=20_000, since=now - 10, at=now, beat=now)
    assert slow.time_left == "33 分钟"
    for idle in (progress.Progress(0, 20_000, now, now, now), progress.Progress(20_000, 20_000, now - 5, now, now)):
        assert idle.time_left == ""


@pytest.mark.parametrize("state", STATES)
def test_a_run_whose_worker_was_killed_is_begun_anew_once(ready, manager, users, state):
    batch = ready(state)
    start(batch, state, actor=manager)
    batch = killed(fresh(batch))
    assert status_of(batch).is_broken
    assert restart(batch, actor=users["manager"])
    assert not restart(batch, actor=users["manager"])
    assert not restart(fresh(batch), actor=users["manager"])
    # The first was not dead after all, or its task is given out again: it finds that it is not wanted.
    work(batch, run=1)
    assert fresh(batch).state == state
    work(batch, run=2)
    assert done(batch, state)
    assert fresh(batch).run_by == users["manager"]


@pytest.mark.parametrize("state", STATES)
def test_a_run_whose_worker_was_killed_can_be_given_up(ready, manager, state):
    batch = ready(state)
    start(batch, state, actor=manager)
    assert cancel(killed(fresh(batch)), actor=manager)
    assert fresh(batch).state == tasks.RUNS[state].back


def test_a_run_that_goes_on_is_neither_begun_anew_nor_put_back_under_its_feet(ready, manager):
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    batch = fresh(batch)
    with Watch(batch.pk, batch.run):
        until(lambda: status_of(batch).is_alive)
        assert not restart(batch, actor=manager)
        assert cancel(batch, actor=manager)
        assert status_of(batch).is_ending
        assert fresh(batch).state == BatchState.COMMITTING


def test_a_queue_that_nobody_works_off_is_told_and_may_be_queued_again(ready, manager):
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    assert not status_of(fresh(batch)).is_unattended
    batch = long_ago(batch)
    assert status_of(batch).is_unattended
    assert restart(batch, actor=manager)
    work(batch, run=1)
    work(batch, run=2)
    assert done(batch, BatchState.COMMITTING)


def test_behind_another_batch_one_waits_and_nothing_is_wrong(ready, stage_rows, manager):
    first, second = ready(BatchState.COMMITTING), stage_rows(files.enterprise_rows(2))
    for batch in (first, second):
        start(batch, BatchState.COMMITTING, actor=manager)
    first, second = fresh(first), long_ago(second)
    with Watch(first.pk, first.run):
        until(lambda: status_of(first).is_alive)
        assert not status_of(second).is_unattended
        assert not restart(second, actor=manager)
    assert status_of(second).is_unattended


def test_an_unexpected_failure_puts_the_batch_back_with_a_message(ready, manager, monkeypatch):
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    monkeypatch.setattr("crm.imports.commit._mark", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(batch)
    assert fresh(batch).state == BatchState.STAGED
    assert "一行也没有写入" in fresh(batch).message
    assert not Enterprise.objects.exists()


def test_a_run_does_not_undo_what_came_after_it(ready, manager):
    """A staging that was given up and comes to its end all the same does not touch the batch as it is now."""
    batch = ready(BatchState.STAGING)
    start(batch, BatchState.STAGING, actor=manager)
    old = fresh(batch)
    cancel(killed(old), actor=manager)
    start(batch, BatchState.STAGING, actor=manager)
    tasks._put_back(old, BatchState.FAILED, "太晚了")
    assert fresh(batch).state == BatchState.STAGING
    with pytest.raises(tasks.ImportStateError):
        tasks.stage(old, actor=manager)
    assert fresh(batch).run == 2


def test_an_undo_of_what_was_undone_meanwhile_ends_in_the_same_result(ready, manager):
    batch = ready(BatchState.UNDOING)
    start(batch, BatchState.UNDOING, actor=manager)
    undo(batch.pk, actor=manager)
    work(batch)
    assert done(batch, BatchState.UNDOING)


def page_of(client, batch):
    return client.get(reverse("crm:import_detail", args=[batch.pk])).content.decode()


def press(client, name, batch):
    return client.post(reverse(f"crm:import_{name}", args=[batch.pk]), follow=True).content.decode()


def test_the_page_tells_how_far_it_is_and_offers_to_cancel(client, ready, manager):
    client.force_login(manager)
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    batch = fresh(batch)
    assert "排队中" in page_of(client, batch)
    with Watch(batch.pk, batch.run) as report:
        report(12_000, 20_000)
        until(lambda: (heard := progress_of(batch.pk, batch.run)) and heard.done)
        page = page_of(client, batch)
        assert "已处理 12,000 / 20,000 行" in page
        assert '<progress class="run-bar" max="20000" value="12000"' in page
        assert "取消" in page
        assert "重新开始" not in page
        assert "正在取消" in press(client, "cancel", batch)


def test_a_cancelled_import_is_back_at_the_review_with_a_message(client, ready, manager):
    client.force_login(manager)
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    page = press(client, "cancel", batch)
    assert "已取消，一行也没有写入" in page
    assert "确认导入 3 家" in page
    assert "没有取消" in press(client, "cancel", batch)


def test_the_run_of_a_colleague_is_cancelled_by_name_only_and_recorded(client, ready, manager, users):
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    client.force_login(users["manager"])
    assert f"取消{manager}的处理" in page_of(client, batch)
    assert "没有取消" in press(client, "cancel", batch)
    assert fresh(batch).state == BatchState.COMMITTING
    page = client.post(reverse("crm:import_cancel", args=[batch.pk]), {"others": "on"}, follow=True).content.decode()
    assert f"已取消，一行也没有写入（{users['manager']}取消）" in page
    assert (
        AuditEntry.objects.filter(actor=users["manager"], summary__contains=f"（{manager}上传）：取消导入").count() == 1
    )


def test_after_a_kill_the_page_says_so_and_one_press_begins_anew(client, ready, manager):
    client.force_login(manager)
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    page = page_of(client, killed(fresh(batch)))
    assert "处理中断了" in page
    assert "没有写一半" in page
    for _ in range(2):
        assert "排队中" in press(client, "restart", batch)
    assert fresh(batch).run == 2
    work(batch)
    assert "重新开始" not in press(client, "restart", batch)
    assert done(batch, BatchState.COMMITTING)


def test_a_queue_without_a_worker_is_told_on_the_page(client, ready, manager):
    client.force_login(manager)
    batch = ready(BatchState.COMMITTING)
    start(batch, BatchState.COMMITTING, actor=manager)
    assert "后台任务没有在运行" not in page_of(client, batch)
    assert "后台任务没有在运行" in page_of(client, long_ago(batch))


def test_nobody_else_ends_or_repeats_a_run(client, ready, manager, outsider, users, office):
    batch = ready(BatchState.UNDOING)
    start(batch, BatchState.UNDOING, actor=manager)
    killed(fresh(batch))
    for user in (outsider, users["viewer"], users["steward"], make_user("other", office, role="desk")):
        client.force_login(user)
        for name in ("cancel", "restart"):
            address = reverse(f"crm:import_{name}", args=[batch.pk])
            assert client.post(address).status_code in (403, 404), (user, name)
    assert (fresh(batch).state, fresh(batch).run) == (BatchState.UNDOING, 1)


def test_one_command_begins_anew_what_broke_off_and_nothing_else(ready, stage_rows, manager, capsys):
    broken, waiting = ready(BatchState.COMMITTING), stage_rows(files.enterprise_rows(2))
    for batch in (broken, waiting):
        start(batch, BatchState.COMMITTING, actor=manager)
    killed(fresh(broken))
    for _ in range(2):
        call_command("resume_imports")
    assert capsys.readouterr().out == f"导入 #{broken.pk} 名单.xlsx（导入中）：已重新开始\n"
    assert (fresh(broken).run, fresh(waiting).run) == (2, 1)
