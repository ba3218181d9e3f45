"""What is never imported: dropped by its owner or cleared after a time; what was imported stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.imports.clearing import clear, drop
from crm.imports.errors import ImportStateError
from crm.imports.staging import stage
from crm.models import AuditEntry
from crm.models.imports import BatchState, ImportBatch, ImportFile
from parks.models import Enterprise
from tests.crm.imports import files

LIST = "crm:import_list"
PAGES = ("import_columns", "import_errors", "import_undo", "import_words")


def url(name, batch):
    return reverse(f"crm:{name}", args=[batch.pk])


def aged(batch, days):
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=timezone.now() - dt.timedelta(days=days))


def test_a_dropped_batch_keeps_its_line_and_nothing_else(stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(3))
    drop(batch.pk, actor=manager)
    dropped = ImportBatch.objects.get()
    assert (dropped.state, dropped.filename, dropped.sha256) == (BatchState.DROPPED, batch.filename, batch.sha256)
    assert not dropped.rows.exists()
    assert not ImportFile.objects.exists()
    assert AuditEntry.objects.filter(actor=manager, summary__contains="作废").count() == 1
    with pytest.raises(ImportStateError):
        drop(batch.pk, actor=manager)


def test_what_was_dropped_while_it_was_judged_stays_dropped(stage_rows, manager):
    batch = stage_rows(files.enterprise_rows(3))
    content = bytes(batch.file.content)
    drop(batch.pk, actor=manager)
    ImportFile.objects.create(batch=batch, content=content)
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
