"""The wizard as its users press through it, and as others try to."""

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import ImportBatch
from crm.models.imports import BatchState
from parks.models import Enterprise
from tests.crm.imports import files
from tests.crm.imports.test_reading import OLE, PNG
from tests.crm.imports.test_staging import HEADER, row
from tests.parks.factories import make_enterprise, make_kind

LIST, NEW = "crm:import_list", "crm:import_create"
STEPS = ("import_detail", "import_columns", "import_errors")
CHANGES = ("import_columns", "import_correct", "import_commit")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def url(name, batch):
    return reverse(f"crm:{name}", args=[batch.pk])


def upload(client, content, name="名单.xlsx", **data):
    return client.post(reverse(NEW), {"file": SimpleUploadedFile(name, content), **data})


def columns_of(batch):
    return {f"column-{index}": key for index, key in batch.mapping.items()}


def staged(client, rows, header=HEADER):
    upload(client, files.xlsx([header, *rows]))
    batch = ImportBatch.objects.first()
    client.post(url("import_columns", batch), columns_of(batch))
    batch.refresh_from_db()
    return batch


def test_a_list_goes_from_upload_to_result(as_manager):
    response = upload(as_manager, files.register_file(60))
    batch = ImportBatch.objects.get()
    assert response.headers["Location"] == url("import_columns", batch)
    page = as_manager.get(response.headers["Location"]).content.decode()
    assert "统一社会信用代码" in page
    assert "核对 60 行" in page
    response = as_manager.post(url("import_columns", batch), columns_of(batch), follow=True)
    page = response.content.decode()
    assert "确认导入 60 家" in page
    assert not Enterprise.objects.exists()
    response = as_manager.post(url("import_commit", batch), {"mode": "overwrite"}, follow=True)
    assert Enterprise.objects.count() == 60
    assert Enterprise.objects.first().get_absolute_url() in response.content.decode()


def test_a_file_of_several_sheets_says_that_one_goes_in_at_a_time(as_manager):
    for sheets, is_said in ((1, False), (2, True)):
        content = files.xlsx(*[[HEADER, row(name=f"第{sheets}{n}公司", code=n)] for n in range(sheets)])
        page = as_manager.get(upload(as_manager, content).headers["Location"]).text
        assert (f"共 {sheets} 张工作表，一次导入一张" in page) is is_said


def test_large_numbers_are_written_in_thousands_on_every_page_of_an_import(as_manager):
    batch = staged(as_manager, [row(name=f"第{n}公司", code=n) for n in range(1, 1202)])
    columns, review = (as_manager.get(url(name, batch)).text for name in ("import_columns", "import_detail"))
    for page, words in ((columns, "核对 1,201 行"), (review, "确认导入 1,201 家"), (review, "新增 1,201，更新 0")):
        assert words in page
    result = as_manager.post(url("import_commit", batch), {"mode": "overwrite"}, follow=True).text
    assert '<span class="figure-value">1,201</span>' in result
    undone = as_manager.post(url("import_undo", batch), follow=True).text
    assert "1,201 家移入" in undone
    for page in (result, undone, as_manager.get(reverse("crm:import_list")).text):
        assert ">1201<" not in page


def test_the_review_shows_fifty_rows_a_page_and_problems_first(as_manager):
    rows = [row(name=f"第{n}公司", code=n) for n in range(1, 61)]
    batch = staged(as_manager, [*rows, row(code="x")])
    assert as_manager.get(url("import_detail", batch)).context["tab"] == "error"
    page = as_manager.get(url("import_detail", batch), {"tab": "new"})
    assert len(page.context["items"]) == 50
    assert len(as_manager.get(url("import_detail", batch), {"tab": "new", "page": 2}).context["items"]) == 10


@pytest.mark.parametrize("rows", [1, 30])
def test_the_review_takes_the_same_queries_at_any_size(as_manager, rows, django_assert_num_queries):
    batch = staged(as_manager, [row(name=f"第{n}公司", code=n) for n in range(1, rows + 1)])
    with django_assert_num_queries(7):
        as_manager.get(url("import_detail", batch))


def test_two_presses_on_commit_make_one_import(as_manager):
    batch = staged(as_manager, [row()])
    first = as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    second = as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    assert first.headers["Location"] == second.headers["Location"] == url("import_detail", batch)
    assert Enterprise.objects.count() == 1


def test_a_second_tab_cannot_change_what_went_in(as_manager):
    batch = staged(as_manager, [row(code="9111O108551385082Q"), row()])
    as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    assert as_manager.post(url("import_columns", batch), columns_of(batch)).status_code == 302
    assert as_manager.post(url("import_correct", batch), {"all": "1"}).status_code == 302
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTED
    assert batch.fixes == {}


def test_suggestions_corrections_and_decisions_are_one_press_each(as_manager):
    staged_first = staged(as_manager, [row(code=7)])
    as_manager.post(url("import_commit", staged_first), {"mode": "overwrite"})
    batch = staged(
        as_manager,
        [
            row(name="乙公司", code="9111O108551385082Q"),
            row(name="丙公司", code=3, day="昨天"),
            row(code=8, capital="1"),
        ],
    )
    as_manager.post(url("import_correct", batch), {"all": "1", "tab": "error"})
    as_manager.post(url("import_correct", batch), {"cell-3-3": "2020-01-01"})
    response = as_manager.post(url("import_correct", batch), {"row-4": "update", "place": "tab=changed"})
    assert response.headers["Location"].endswith("?tab=changed")
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["error"]) == (2, 1, 0)


@pytest.mark.parametrize(
    "data",
    [
        {"cell-x-1": "a"},
        {"cell-2": "a"},
        {"cell-2-99999": "a"},
        {"cell-99999-1": "a"},
        {"cell-99999999999999999999-1": "a"},
        {"cell-2-1": "甲\x00公司"},
        {"take": "2-1"},
        {"take": "nonsense"},
        {"undo": "2-1"},
        {"undo": "nonsense"},
        {"decide": "x:update"},
        {"decide": "2:update:99999999999999999999"},
        {"row-2": "nonsense"},
        {"place": "tab=nonsense&page=-1"},
        {},
    ],
)
def test_a_senseless_correction_does_no_harm(as_manager, data):
    batch = staged(as_manager, [row()])
    assert as_manager.post(url("import_correct", batch), data).status_code == 302


def test_the_panel_names_the_number_for_another_way_of_importing(as_manager):
    first = staged(as_manager, [row()])
    as_manager.post(url("import_commit", first), {"mode": "overwrite"})
    batch = staged(as_manager, [row(capital="5"), row(name="乙公司", code=2)])
    assert "确认导入 2 家" in as_manager.get(url("import_panel", batch), {"mode": "overwrite"}).content.decode()
    assert "确认导入 1 家" in as_manager.get(url("import_panel", batch), {"mode": "new"}).content.decode()
    assert as_manager.get(url("import_panel", batch), {"mode": "nonsense"}).status_code == 404


def test_a_header_that_was_not_found_can_be_pointed_at(as_manager):
    upload(as_manager, files.xlsx([["某表"], ["商家", "地点"], ["甲公司", "某路"]]))
    batch = ImportBatch.objects.get()
    assert "没有认出表头" in as_manager.get(url("import_columns", batch)).content.decode()
    as_manager.post(url("import_columns", batch), {"sheet": batch.sheet, "header_row": "2", "header_rows": "1"})
    batch.refresh_from_db()
    assert batch.headings == ["商家", "地点"]
    page = as_manager.post(url("import_columns", batch), {"column-0": "", "column-1": "registered_address"})
    assert "请指明哪一列是企业名称" in page.content.decode()
    as_manager.post(url("import_columns", batch), {"column-0": "name", "column-1": "registered_address"})
    batch.refresh_from_db()
    assert batch.counts["new"] == 1


@pytest.mark.parametrize("content", ["随便写的几个字".encode(), files.xlsx([HEADER])], ids=["prose", "header"])
def test_what_holds_no_rows_is_said_and_goes_no_further(as_manager, content):
    upload(as_manager, content, "名单.txt" if b"PK" not in content else "名单.xlsx")
    batch = ImportBatch.objects.get()
    page = as_manager.get(url("import_columns", batch)).content.decode()
    assert "表头下面没有数据行" in page
    page = as_manager.post(url("import_columns", batch), {"column-0": "name"}).content.decode()
    assert "表头下面没有数据行" in page
    assert not batch.rows.exists()


def test_two_columns_cannot_be_the_same_field(as_manager):
    upload(as_manager, files.xlsx([HEADER, row()]))
    batch = ImportBatch.objects.get()
    page = as_manager.post(url("import_columns", batch), columns_of(batch) | {"column-1": "name"})
    assert "只能对应一列" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (PNG, "图片"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"PK\x03\x04broken", "损坏"),
        (b"x" * (41 * 1024 * 1024), "超过 40 MB"),
    ],
    ids=["empty", "image", "password", "broken", "large"],
)
def test_a_bad_file_gets_a_message_beside_the_field_and_leaves_nothing(as_manager, content, message):
    response = upload(as_manager, content)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_zip_bomb_gets_a_message(as_manager):
    assert "过大" in upload(as_manager, files.zip_bomb()).content.decode()


def test_no_file_at_all_gets_a_message(as_manager):
    assert "请选择文件" in as_manager.post(reverse(NEW), {}).content.decode()


def test_markup_from_the_file_is_escaped(as_manager):
    batch = staged(as_manager, [row(name="<script>alert(1)</script>公司"), row(name="乙", code="<b>x</b>")])
    for tab in ("new", "error"):
        page = as_manager.get(url("import_detail", batch), {"tab": tab}).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_the_error_file_is_downloaded_and_recorded(as_manager):
    batch = staged(as_manager, [row(code="x")])
    response = as_manager.get(url("import_errors", batch))
    assert "attachment" in response.headers["Content-Disposition"]
    assert io.BytesIO(response.content).read(2) == b"PK"


def test_a_large_list_is_a_task_with_a_progress_page(as_manager, monkeypatch):
    monkeypatch.setattr("crm.views_imports.ROWS_AT_ONCE", 2)
    monkeypatch.setattr("crm.views_import_review.ROWS_AT_ONCE", 2)
    batch = staged(as_manager, files.enterprise_rows(5), files.HEADER)
    assert batch.state == BatchState.STAGED
    as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    assert Enterprise.objects.count() == 5


def test_a_running_batch_shows_progress_and_polls(as_manager):
    batch = staged(as_manager, [row()])
    ImportBatch.objects.update(state=BatchState.COMMITTING)
    assert "every 1s" in as_manager.get(url("import_detail", batch)).content.decode()
    poll = as_manager.get(url("import_detail", batch), {"poll": "1"}, headers={"HX-Request": "true"})
    assert "<html" not in poll.content.decode()
    ImportBatch.objects.update(state=BatchState.STAGED)
    done = as_manager.get(url("import_detail", batch), {"poll": "1"}, headers={"HX-Request": "true"})
    # The last answer: another one a second later would break off the page that is on its way.
    assert done.status_code == 286
    assert "HX-Redirect" not in done.headers
    assert "poll=1&amp;go=1" in done.content.decode()
    gone = as_manager.get(url("import_detail", batch), {"poll": "1", "go": "1"}, headers={"HX-Request": "true"})
    assert gone.headers["HX-Redirect"] == url("import_detail", batch)


def test_another_organisations_batch_does_not_exist(client, as_manager, outsider):
    batch = staged(as_manager, [row(code="x"), row(code=2)])
    client.force_login(outsider)
    for name in STEPS:
        assert client.get(url(name, batch)).status_code == 404
    for name in CHANGES:
        assert client.post(url(name, batch), {"mode": "overwrite"}).status_code == 404
    assert "名单.xlsx" not in client.get(reverse(LIST)).content.decode()
    assert not Enterprise.objects.exists()


def test_who_imports_other_lists_does_not_find_those_of_enterprises(client, as_manager, users):
    """The desk brings in tickets of the hotline."""
    batch = staged(as_manager, [row(code="x"), row(code=2)])
    client.force_login(users["desk"])
    for name in STEPS:
        assert client.get(url(name, batch)).status_code == 404
    for name in CHANGES:
        assert client.post(url(name, batch), {"mode": "overwrite"}).status_code == 404
    assert "名单.xlsx" not in client.get(reverse(LIST)).content.decode()
    assert client.post(f"{reverse(NEW)}?kind=enterprises").status_code == 404
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "leader", "unit", "sysadmin", "secadmin", "auditor"])
def test_who_may_not_import_sees_no_door(client, as_manager, users, role):
    batch = staged(as_manager, [row()])
    client.force_login(users[role])
    assert client.get(reverse(LIST)).status_code == 403
    assert upload(client, files.register_file(1)).status_code == 403
    for name in CHANGES:
        assert client.post(url(name, batch), {"mode": "overwrite"}).status_code == 403
    assert not Enterprise.objects.exists()


def test_an_unknown_kind_of_list_is_not_found(as_manager):
    assert as_manager.get(reverse(NEW), {"kind": "nonsense"}).status_code == 404


def test_rows_go_into_the_chosen_park_of_the_own_organisation_only(as_manager, office, other_office):
    from parks.models import Park

    own, foreign = (Park.objects.create(organisation=o, name="园") for o in (office, other_office))
    assert upload(as_manager, files.register_file(1), park=foreign.pk).status_code == 200
    assert not ImportBatch.objects.exists()
    upload(as_manager, files.register_file(1), park=own.pk)
    batch = ImportBatch.objects.get()
    as_manager.post(url("import_columns", batch), columns_of(batch))
    as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    assert Enterprise.objects.get().park == own


def test_a_town_fills_the_register_of_the_office_that_runs_the_park(client, town, office):
    from parks.models import Park
    from tests.crm.factories import make_user

    client.force_login(make_user("clerk", town))
    park = Park.objects.create(organisation=office, name="园")
    upload(client, files.register_file(1), park=park.pk)
    batch = ImportBatch.objects.get()
    client.post(url("import_columns", batch), columns_of(batch))
    client.post(url("import_commit", batch), {"mode": "overwrite"})
    assert Enterprise.objects.get().organisation == office


def imported(client, rows):
    batch = staged(client, rows)
    client.post(url("import_commit", batch), {"mode": "overwrite"})
    batch.refresh_from_db()
    return batch


def test_undo_says_first_what_it_will_do_and_a_second_press_changes_nothing(as_manager):
    batch = imported(as_manager, [row(), row(name="乙公司", code=2)])
    assert url("import_undo", batch) in as_manager.get(url("import_detail", batch)).content.decode()
    kept = Enterprise.objects.get(name="乙公司")
    kept.version += 1
    kept.save()
    page = as_manager.get(url("import_undo", batch)).content.decode()
    assert "导入之后又被修改过" in page
    assert Enterprise.objects.living().count() == 2
    for _ in range(2):
        page = as_manager.post(url("import_undo", batch), follow=True).content.decode()
        assert "1 家移入" in page
    assert Enterprise.objects.living().get() == kept
    assert url("import_undo", batch) not in page
    page = as_manager.get(url("import_detail", batch), {"tab": "kept"}).content.decode()
    assert "乙公司" in page


def test_a_large_batch_is_undone_as_a_task(as_manager, monkeypatch):
    batch = imported(as_manager, [row()])
    monkeypatch.setattr("crm.views_import_undo.ROWS_AT_ONCE", 0)
    as_manager.post(url("import_undo", batch))
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE
    assert not Enterprise.objects.living().exists()


@pytest.mark.parametrize("role", ["steward", "desk", "leader"])
def test_nobody_else_undoes_the_import_of_another(as_manager, client, users, role):
    batch = imported(as_manager, [row()])
    client.force_login(users[role])
    assert client.get(url("import_undo", batch)).status_code in (403, 404)
    assert client.post(url("import_undo", batch)).status_code in (403, 404)
    assert Enterprise.objects.living().count() == 1


def test_the_result_speaks_of_what_was_imported(as_manager, office):
    make_enterprise(office, "甲公司", uscc=files.code(1))
    kind = make_kind("OWN")
    content = files.xlsx([["企业名称", "资质", "有效期自"], ["甲公司", kind.name, "2024-01-01"]])
    as_manager.post(f"{reverse(NEW)}?kind=qualifications", {"file": SimpleUploadedFile("资质.xlsx", content)})
    batch = ImportBatch.objects.get()
    as_manager.post(url("import_columns", batch), columns_of(batch))
    page = as_manager.post(url("import_commit", batch), {"mode": "overwrite"}, follow=True).content.decode()
    assert "新增，并以文件更新已有资质" in page
    assert "已有企业" not in page


def test_the_columns_are_shown_again_without_reading_the_file_again(as_manager):
    upload(as_manager, files.xlsx([HEADER, *[row(name=f"第{n}公司", code=n) for n in range(1, 31)], ["合计"]]))
    batch = ImportBatch.objects.get()
    first = as_manager.get(url("import_columns", batch)).content.decode()
    assert "核对 30 行" in first
    assert "看前 20 行原始内容，跳过了 1 行" in first
    batch.file.content = b"not read"
    batch.file.save()
    assert "核对 30 行" in as_manager.get(url("import_columns", batch)).content.decode()


def test_a_header_moved_is_seen_at_once_and_another_file_is_another(as_manager):
    upload(as_manager, files.xlsx([HEADER, row(), row(name="乙公司", code=2)]))
    batch = ImportBatch.objects.get()
    as_manager.post(url("import_columns", batch), {"sheet": batch.sheet, "header_row": "2", "header_rows": "1"})
    assert "核对 1 行" in as_manager.get(url("import_columns", batch)).content.decode()
    upload(as_manager, files.xlsx([HEADER, row(), row(name="乙公司", code=2), row(name="丙公司", code=3)]))
    assert "核对 3 行" in as_manager.get(url("import_columns", ImportBatch.objects.first())).content.decode()


def test_a_file_not_seen_lately_is_read_again(as_manager):
    upload(as_manager, files.xlsx([HEADER, row()]))
    cache.clear()
    assert "核对 1 行" in as_manager.get(url("import_columns", ImportBatch.objects.get())).content.decode()
