"""What is never imported: dropped by its owner or cleared after a time; what was imported stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.imports.clearing import clear, drop
from crm.imports.commit import commit
from crm.imports.corrections import correct
from crm.imports.errors import ImportStateError
from crm.imports.staging import stage
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportBatch, ImportFile
from parks.models import Enterprise
from tests.crm.factories import make_user
from tests.crm.imports import files

LIST = "crm:import_list"
PAGES = ("import_columns", "import_errors", "import_undo", "import_words")


def url(name, batch):
    return reverse(f"crm:{name}", args=[batch.pk])


def aged(batch, days):
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=timezone.now() - dt.timedelta(days=days))


def dropped_days_ago(batch, days):
    ImportBatch.objects.filter(pk=batch.pk).update(dropped_at=timezone.now() - dt.timedelta(days=days))


def test_a_dropped_batch_keeps_its_line_and_after_a_week_nothing_else(stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(3))
    drop(batch.pk, actor=manager)
    dropped_days_ago(batch, 6)
    assert clear(30) == []
    assert (batch.rows.count(), ImportFile.objects.count()) == (3, 1)
    dropped_days_ago(batch, 8)
    assert [found.pk for found in clear(30)] == [batch.pk]
    assert clear(30) == []
    dropped = ImportBatch.objects.get()
    assert (dropped.state, dropped.filename, dropped.sha256) == (BatchState.DROPPED, batch.filename, batch.sha256)
    assert not dropped.rows.exists()
    assert not ImportFile.objects.exists()
    assert AuditEntry.objects.filter(actor=manager, summary__contains="作废").count() == 1
    with pytest.raises(ImportStateError):
        drop(batch.pk, actor=manager)


def test_what_was_dropped_while_it_was_judged_stays_dropped(stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(3))
    drop(batch.pk, actor=manager)
    with pytest.raises(ImportStateError):
        stage(batch, actor=manager)
    assert ImportBatch.objects.get().state == BatchState.DROPPED


@pytest.mark.parametrize("state", [BatchState.STAGING, BatchState.COMMITTING, BatchState.COMMITTED, BatchState.UNDONE])
def test_what_is_worked_on_or_was_imported_is_neither_dropped_nor_cleared(stage_rows, manager, state):
    batch = stage_rows(files.enterprise_rows(3))
    ImportBatch.objects.update(state=state)
    aged(batch, 100)
    with pytest.raises(ImportStateError):
        drop(batch.pk, actor=manager)
    assert clear(30) == []
    assert batch.rows.count() == 3


def test_old_unfinished_lists_are_cleared_once(stage_rows, import_rows, capsys):
    imported, old, young = import_rows(files.enterprise_rows(1)), *(stage_rows(files.enterprise_rows(2)) for _ in "ab")
    for batch, days in ((imported, 90), (old, 31), (young, 29)):
        aged(batch, days)
    call_command("clear_imports")
    assert "共清理 1 批" in capsys.readouterr().out
    call_command("clear_imports")
    assert "共清理 0 批" in capsys.readouterr().out
    states = dict(ImportBatch.objects.values_list("pk", "state"))
    assert states == {imported.pk: "committed", old.pk: "dropped", young.pk: "staged"}
    assert imported.rows.exists()
    assert Enterprise.objects.count() == 1


def test_it_is_dropped_by_a_press_and_a_second_press_does_no_harm(client, stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(1))
    client.force_login(manager)
    for _ in range(2):
        page = client.post(url("import_drop", batch), follow=True).content.decode()
        assert "已作废" in page
    assert ImportBatch.objects.get().state == BatchState.DROPPED
    assert AuditEntry.objects.filter(summary__contains="作废").count() == 1


def test_the_list_shows_where_each_batch_stands_and_how_to_go_on(client, stage_rows, import_rows, manager):
    client.force_login(manager)
    imported, waiting = import_rows(files.enterprise_rows(1)), stage_rows(files.enterprise_rows(2))
    page = client.get(reverse(LIST)).content.decode()
    assert "继续" in page
    assert url("import_drop", waiting) in page
    assert url("import_drop", imported) not in page
    rows = {stand: client.get(reverse(LIST), {"stand": stand}).context["items"] for stand in ("open", "committed")}
    assert {stand: [item[0] for item in items] for stand, items in rows.items()} == {
        "open": [waiting],
        "committed": [imported],
    }
    client.post(url("import_drop", waiting))
    assert [item[0] for item in client.get(reverse(LIST)).context["items"]] == [imported]
    assert [item[0] for item in client.get(reverse(LIST), {"stand": "dropped"}).context["items"]] == [waiting]
    assert "没有处于这种状态的批次" in client.get(reverse(LIST), {"stand": "running"}).content.decode()
    assert client.get(reverse(LIST), {"stand": "nonsense"}).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_at_any_length(client, stage_rows, manager, count, django_assert_num_queries):
    client.force_login(manager)
    first = stage_rows(files.enterprise_rows(1))
    for _ in range(count - 1):
        first.pk = None
        first.save()
    with django_assert_num_queries(5):
        assert len(client.get(reverse(LIST)).context["items"]) == count


def test_a_dropped_batch_has_a_page_that_says_so_and_no_door_further(client, stage_rows, manager):
    client.force_login(manager)
    batch = stage_rows(files.enterprise_rows(1))
    drop(batch.pk, actor=manager)
    assert "恢复这一批" in client.get(url("import_detail", batch)).content.decode()
    dropped_days_ago(batch, 8)
    clear(30)
    assert "已删除" in client.get(url("import_detail", batch)).content.decode()
    for name in PAGES:
        assert client.get(url(name, batch)).headers["Location"] == url("import_detail", batch), name
    for name in ("import_columns", "import_correct", "import_commit", "import_undo", "import_cancel", "import_restart"):
        assert client.post(url(name, batch), {"mode": "overwrite"}).status_code == 302, name
    assert ImportBatch.objects.get().state == BatchState.DROPPED


def test_nobody_drops_the_batch_of_another_organisation(client, stage_rows, outsider, users):
    batch = stage_rows(files.enterprise_rows(1))
    for user in (outsider, users["viewer"], users["desk"]):
        client.force_login(user)
        assert client.post(url("import_drop", batch)).status_code in (403, 404)
    assert ImportBatch.objects.get().state == BatchState.STAGED


def test_the_page_of_a_batch_tells_who_when_and_which_file(client, import_rows, manager):
    client.force_login(manager)
    batch = import_rows(files.enterprise_rows(1))
    page = client.get(url("import_detail", batch)).content.decode()
    assert batch.sha256 in page
    assert str(manager) in page
    assert "新增，并以文件更新已有企业" in page


def test_before_undoing_a_large_batch_the_rows_are_not_looked_at(client, import_rows, manager, monkeypatch):
    client.force_login(manager)
    batch = import_rows(files.enterprise_rows(3))
    monkeypatch.setattr("crm.views_import_undo.ROWS_AT_ONCE", 2)
    page = client.get(url("import_undo", batch))
    assert "plan" not in page.context
    assert "撤销这一批" in page.content.decode()
    assert client.post(url("import_undo", batch), follow=True).context["batch"].results["removed"] == 3


def test_a_dropped_batch_comes_back_as_it_was(client, stage_rows, manager):
    batch = stage_rows([*files.enterprise_rows(2), [9, "", "", "", "", "", "", "x"]])
    batch = stage(correct(batch.pk, {4: {1: "补上公司"}}), actor=manager)
    client.force_login(manager)
    page = client.post(url("import_drop", batch), follow=True).content.decode()
    assert url("import_restore", batch) in page
    for _ in range(2):
        page = client.post(url("import_restore", batch), follow=True).content.decode()
        assert "确认导入 3 家" in page
    restored = ImportBatch.objects.get()
    assert (restored.state, restored.dropped_at, restored.dropped_by) == (BatchState.STAGED, None, None)
    assert restored.fixes == {"4": {"1": "补上公司"}}
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.count() == 3
    assert AuditEntry.objects.filter(actor=manager, summary__contains="从作废恢复").count() == 1


def test_what_was_cleared_does_not_come_back_and_says_so(client, stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(1))
    drop(batch.pk, actor=manager)
    dropped_days_ago(batch, 8)
    clear(30)
    client.force_login(manager)
    assert "不能恢复" in client.post(url("import_restore", batch), follow=True).content.decode()
    assert ImportBatch.objects.get().state == BatchState.DROPPED


def test_a_colleague_of_the_office_neither_drops_nor_restores_but_who_may_undo_anything_does(
    client, stage_rows, manager, users
):
    batch = stage_rows(files.enterprise_rows(1), user=users["steward"])
    other = make_user("s2", users["steward"].organisation, role="steward")
    client.force_login(other)
    assert client.post(url("import_drop", batch)).status_code == 404
    client.force_login(manager)
    client.post(url("import_drop", batch))
    assert ImportBatch.objects.get().dropped_by == manager
    assert AuditEntry.objects.filter(actor=manager, summary__contains=f"（{users['steward']}上传）：作废").exists()
    client.force_login(other)
    assert client.post(url("import_restore", batch)).status_code == 404
    client.force_login(users["steward"])
    client.post(url("import_restore", batch))
    assert ImportBatch.objects.get().state == BatchState.STAGED


def test_an_import_of_somebody_elses_list_is_asked_for_and_recorded(client, stage_rows, manager, users):
    batch = stage_rows(files.enterprise_rows(1), user=users["steward"])
    client.force_login(manager)
    page = client.get(url("import_detail", batch)).content.decode()
    assert f"这是{users['steward']}上传的名单，仍由我导入" in page
    page = client.post(url("import_commit", batch), {"mode": "overwrite"}, follow=True).content.decode()
    assert "一行也没有写入" in page
    assert not Enterprise.objects.exists()
    client.post(url("import_commit", batch), {"mode": "overwrite", "others": "on"})
    done = ImportBatch.objects.get()
    assert (done.created_by, done.committed_by, Enterprise.objects.count()) == (users["steward"], manager, 1)
    assert AuditEntry.objects.filter(actor=manager, summary__contains=f"（{users['steward']}上传）：新增 1").exists()


def test_who_imports_their_own_list_is_not_asked(client, stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(1))
    client.force_login(manager)
    assert "仍由我导入" not in client.get(url("import_detail", batch)).content.decode()


def test_where_all_was_dropped_the_way_back_is_shown(client, stage_rows, manager):
    client.force_login(manager)
    assert "还没有导入过名单" in client.get(reverse(LIST)).content.decode()
    drop(stage_rows(files.enterprise_rows(1)).pk, actor=manager)
    page = client.get(reverse(LIST)).content.decode()
    assert "?stand=dropped" in page
    assert "还没有导入过名单" not in page
