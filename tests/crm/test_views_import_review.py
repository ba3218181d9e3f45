"""What is put right in the review: words, cells, suggestions, decisions; and that one stays where one was."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from crm.models import ImportBatch, ImportWord
from crm.models.imports import BatchState
from parks.models import Enterprise, Park
from tests.crm.imports import files
from tests.crm.imports.test_staging import HEADER, row
from tests.crm.test_views_imports import columns_of, imported, staged, upload, url

BROKEN = "9111O108551385082Q"
SOUND = "91110108551385082Q"


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def correct(client, batch, **data):
    response = client.post(url("import_correct", batch), {name.replace("_", "-"): text for name, text in data.items()})
    batch.refresh_from_db()
    return response


def row_page(client, batch, number, **headers):
    return client.get(reverse("crm:import_row", args=[batch.pk, number]), headers=headers)


def page_of(client, batch, **query):
    return client.get(url("import_detail", batch), query)


WORDS = [*HEADER, "登记状态", "所属行业"]


def with_words(client):
    rows = [[*row(name=f"第{n}公司", code=n), "照常", "软件"] for n in range(1, 5)]
    upload(client, files.xlsx([WORDS, *rows]))
    batch = ImportBatch.objects.first()
    response = client.post(url("import_columns", batch), columns_of(batch))
    batch.refresh_from_db()
    return batch, response


def field_of(batch, word):
    return next(f"word-{entry['key']}" for entry in batch.digest["unknown"] if entry["word"] == word)


def test_unknown_words_are_a_step_of_their_own_and_asked_once_each(as_manager):
    batch, response = with_words(as_manager)
    assert response.headers["Location"] == url("import_words", batch)
    page = as_manager.get(url("import_words", batch))
    assert "有 2 种写法不认识，共 8 处" in page.content.decode()
    assert [line["word"].count for line in page.context["lines"]] == [4, 4]
    data = {field_of(batch, "照常"): "存续", field_of(batch, "软件"): "6513 应用软件开发"}
    response = as_manager.post(url("import_words", batch), data)
    assert response.headers["Location"] == url("import_detail", batch)
    page = as_manager.get(url("import_detail", batch)).content.decode()
    assert "按上次的对应" in page
    assert "照常→存续（4 处）" in page
    as_manager.post(url("import_commit", batch), {"mode": "overwrite"})
    assert Enterprise.objects.filter(status="active", industry="6513").count() == 4


def test_a_proposal_is_never_applied_by_itself(as_manager):
    batch, _ = with_words(as_manager)
    as_manager.post(url("import_words", batch), {})
    assert not ImportWord.objects.exists()
    assert "2 种写法不认识" in as_manager.get(url("import_detail", batch)).content.decode()


def test_a_word_that_is_none_of_the_vocabulary_is_refused_and_kept_in_the_form(as_manager):
    batch, _ = with_words(as_manager)
    page = as_manager.post(url("import_words", batch), {field_of(batch, "软件"): "宇宙开发"})
    assert "“宇宙开发”不在所属行业可选的写法里" in page.content.decode()
    assert 'value="宇宙开发"' in page.content.decode()
    assert not ImportWord.objects.exists()


def test_a_word_can_be_changed_left_out_and_forgotten_later(as_manager):
    batch, _ = with_words(as_manager)
    as_manager.post(url("import_words", batch), {field_of(batch, "照常"): "存续"})
    batch.refresh_from_db()
    name = f"word-{batch.digest['used'][0]['key']}"
    for chosen, remembered in (("停业", ["停业"]), ("（留空，不导入）", [""]), ("", [])):
        as_manager.post(url("import_words", batch), {name: chosen})
        assert [word.replacement for word in ImportWord.objects.all()] == remembered
    batch.refresh_from_db()
    assert "照常" in [entry["word"] for entry in batch.digest["unknown"]]


def test_a_meaning_that_has_gone_from_the_register_is_not_forgotten_by_saving_another(as_manager, office):
    park = Park.objects.create(organisation=office, name="东园")
    header = [*HEADER, "园区"]
    batch = staged(as_manager, [[*row(), "东区"]], header)
    as_manager.post(url("import_words", batch), {field_of(batch, "东区"): "东园"})
    park.delete()
    later = staged(as_manager, [[*row(), "东区"]], header)
    page = as_manager.get(url("import_words", later))
    assert '<option value="东园" selected>' in page.content.decode()
    as_manager.post(url("import_words", later), {f"word-{later.digest['used'][0]['key']}": "东园"})
    assert ImportWord.objects.get().replacement == "东园"


def test_words_sent_twice_are_remembered_once(as_manager):
    batch, _ = with_words(as_manager)
    data = {field_of(batch, "照常"): "存续"}
    for _ in range(2):
        assert as_manager.post(url("import_words", batch), data).status_code == 302
    assert ImportWord.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_the_words_take_the_same_queries_at_any_size(as_manager, rows, django_assert_num_queries):
    lines = [[*row(name=f"第{n}公司", code=n), f"照常{n}", ""] for n in range(1, rows + 1)]
    batch = staged(as_manager, lines, WORDS)
    with django_assert_num_queries(8):
        as_manager.get(url("import_words", batch))


@pytest.mark.parametrize("tab", ["new", "changed", "same", "duplicate", "error"])
def test_rows_of_every_tab_can_be_edited_with_and_without_scripts(as_manager, tab):
    imported(as_manager, [row(), row(name="乙公司", code=2)])
    lines = [row(), row(name="乙公司", code=2, capital="7"), row(name="丙公司", code=3), row(name="丙公司", code=3)]
    batch = staged(as_manager, [*lines, row(name="丁公司", code="x")])
    item = batch.rows.get(verdict=tab)
    link = reverse("crm:import_row", args=[batch.pk, item.number])
    assert link in page_of(as_manager, batch, tab=tab).content.decode()
    page = row_page(as_manager, batch, item.number)
    assert len(page.context["cells"]) == len(HEADER)
    assert "<html" in page.content.decode()
    assert "<html" not in row_page(as_manager, batch, item.number, **{"HX-Request": "true"}).content.decode()
    index = HEADER.index("注册地址")
    correct(as_manager, batch, **{f"cell-{item.number}-{index}": "新地址"})
    assert batch.fixes == {str(item.number): {str(index): "新地址"}}
    assert batch.rows.get(number=item.number).cells[index] == "新地址"


def test_only_what_was_changed_is_a_correction(as_manager):
    batch = staged(as_manager, [row(address="某路\n1号"), row(name="乙公司", code=2)])
    page = row_page(as_manager, batch, 2)
    typed = {f"cell-2-{cell.index}": cell.text for cell in page.context["cells"]}
    response = correct(as_manager, batch, **typed)
    assert "没有改动" in str([*get_messages(response.wsgi_request)][-1])
    # As a field of one line gives it back.
    correct(as_manager, batch, **(typed | {"cell-2-4": "某路1号"}))
    assert batch.fixes == {}


def test_a_cell_beyond_the_end_of_its_row_can_be_filled_in(as_manager):
    upload(as_manager, files.csv([HEADER, ["甲公司"]]), name="a.csv")
    batch = ImportBatch.objects.first()
    as_manager.post(url("import_columns", batch), columns_of(batch))
    batch.refresh_from_db()
    correct(as_manager, batch, **{"cell-2-4": "某路9号"})
    assert batch.rows.get().values["registered_address"] == "某路9号"


def test_corrections_are_listed_and_taken_back_one_by_one_or_all(as_manager):
    batch = staged(as_manager, [row(), row(name="乙公司", code=2), row(name="丙公司", code=3)])
    correct(as_manager, batch, **{"cell-2-4": "改一", "cell-3-4": "改二", "cell-4-0": "改三公司"})
    page = page_of(as_manager, batch).content.decode()
    assert "已更正 3 格" in page
    assert "改三公司" in page
    correct(as_manager, batch, undo="2-4")
    assert batch.fixes == {"3": {"4": "改二"}, "4": {"0": "改三公司"}}
    assert batch.rows.get(number=2).cells[4] == "某路1号"
    correct(as_manager, batch, undo="all")
    assert (batch.fixes, batch.originals) == ({}, {})
    assert batch.rows.get(number=4).label == "丙公司"


def test_the_old_text_typed_again_is_no_correction(as_manager):
    batch = staged(as_manager, [row()])
    correct(as_manager, batch, **{"cell-2-4": "改"})
    correct(as_manager, batch, **{"cell-2-4": "再改"})
    assert batch.originals == {"2": {"4": "某路1号"}}
    correct(as_manager, batch, **{"cell-2-4": "某路1号"})
    assert (batch.fixes, batch.originals) == ({}, {})


def test_a_suggestion_is_shown_and_taken_over_only_by_its_own_button(as_manager):
    batch = staged(as_manager, [row(code=BROKEN), row(name="乙公司", code="x")])
    page = page_of(as_manager, batch).content.decode()
    assert f"采用 {SOUND}" in page
    assert f'value="{BROKEN}"' in page
    # The page is saved with another row put right: the suggestion stays one.
    correct(as_manager, batch, **{"cell-2-1": BROKEN, "cell-3-1": files.code(2)})
    assert batch.fixes == {"3": {"1": files.code(2)}}
    correct(as_manager, batch, take="2-1")
    assert batch.fixes["2"] == {"1": SOUND}
    assert batch.counts["error"] == 0


def test_all_suggestions_are_listed_before_they_are_taken_over(as_manager):
    batch = staged(as_manager, [row(code=BROKEN), row(name="乙公司", code=2)])
    assert url("import_suggestions", batch) in page_of(as_manager, batch).content.decode()
    page = as_manager.get(url("import_suggestions", batch)).content.decode()
    assert BROKEN in page
    assert SOUND in page
    batch.refresh_from_db()
    assert batch.fixes == {}
    for _ in range(2):
        correct(as_manager, batch, all="1")
    assert batch.counts["new"] == 2
    assert "没有待采用" in as_manager.get(url("import_suggestions", batch)).content.decode()


def test_swapped_digits_are_put_right_by_one_press_though_the_row_is_only_doubtful(as_manager):
    code = files.code(31)
    swapped = code[:4] + code[5] + code[4] + code[6:]
    batch = staged(as_manager, [row(code=swapped)])
    assert f"采用 {code}" in page_of(as_manager, batch, tab="new").content.decode()
    correct(as_manager, batch, take="2-1")
    assert batch.rows.get().values["uscc"] == code
    assert batch.counts["unconfirmed"] == 0


def test_a_decision_shows_on_the_row_wherever_it_went_and_can_be_taken_back(as_manager):
    imported(as_manager, [row()])
    batch = staged(as_manager, [row(code=8)])
    assert batch.counts["duplicate"] == 1
    for decision, tab, words in (("update", "changed", "您已认定为同一家"), ("create", "new", "您已认定为不是同一家")):
        correct(as_manager, batch, **{"row-2": decision})
        assert batch.rows.get().verdict == tab
        assert words in page_of(as_manager, batch, tab=tab).content.decode()
        correct(as_manager, batch, decide="2:")
        assert batch.rows.get().verdict == "duplicate"


def test_one_stays_where_one_was(as_manager):
    rows = [row(name=f"第{n}公司", code=n) for n in range(1, 121)]
    batch = staged(as_manager, [*rows, row(code="x")])
    place = "tab=new&q=%E5%85%AC%E5%8F%B8&page=3"
    response = correct(as_manager, batch, **{"cell-110-4": "改", "place": place})
    assert response.headers["Location"] == f"{url('import_detail', batch)}?{place}"
    page = page_of(as_manager, batch, tab="new", q="公司", page="3")
    assert page.context["page_obj"].number == 3
    assert str(page.context["place"]) == place


def test_a_large_list_comes_back_to_the_place_after_its_task(as_manager, monkeypatch):
    batch = staged(as_manager, [row(), row(name="乙公司", code="x")])
    monkeypatch.setattr("crm.views_imports.ROWS_AT_ONCE", 0)
    response = correct(as_manager, batch, **{"cell-2-4": "改", "place": "tab=new"})
    assert response.headers["Location"] == url("import_detail", batch)
    first, second = page_of(as_manager, batch), page_of(as_manager, batch)
    assert first.headers["Location"] == f"{url('import_detail', batch)}?tab=new"
    assert second.context["tab"] == "error"


def test_rows_are_found_by_name_and_number_and_by_their_problem(as_manager):
    rows = [row(name=f"第{n}公司", code=n, day="昨天" if n % 2 else "2020-13-45") for n in range(1, 8)]
    batch = staged(as_manager, rows)
    reasons = {tab.label: tab for tab in page_of(as_manager, batch).context["reasons"]}
    assert {label: tab.count for label, tab in reasons.items()} == {
        "成立日期：看不懂的日期“…”，请写成 2020-01-02": 4,
        "成立日期：没有这一天：“…”": 3,
    }

    def found(**query):
        return [item["row"].number for item in page_of(as_manager, batch, tab="error", **query).context["items"]]

    assert found(reason=reasons["成立日期：没有这一天：“…”"].key) == [3, 5, 7]
    assert found(q="第3公司") == [4]
    assert found(q="6") == [6, 7]
    assert found(q="第3公司", reason=reasons["成立日期：没有这一天：“…”"].key) == []
    assert "没有符合筛选的行" in page_of(as_manager, batch, tab="error", q="某某").content.decode()


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"q": "9" * 50}, {"reason": "'|%"}, {"page": "x"}, {"page": "-1"}])
def test_a_senseless_address_shows_a_page(as_manager, query):
    batch = staged(as_manager, [row()])
    assert page_of(as_manager, batch, tab="new", **query).status_code == 200


def test_columns_to_overwrite_are_chosen_with_their_counts_and_kept_after_the_import(as_manager):
    imported(as_manager, [row(), row(name="乙公司", code=2)])
    batch = staged(as_manager, [row(address="新路", capital="7"), row(name="乙公司", code=2, capital="8")])
    page = page_of(as_manager, batch).content.decode()
    assert "注册资本（2）" in page
    assert "注册地址（1）" in page
    way = {"mode": "overwrite", "columns_offered": "1", "columns": ["registered_address"]}
    assert "确认导入 1 家" in as_manager.get(url("import_panel", batch), way).content.decode()
    page = as_manager.post(url("import_commit", batch), way, follow=True).content.decode()
    assert "注册资本没有覆盖" in page
    firm = Enterprise.objects.get(uscc=files.code(1))
    assert (firm.registered_address, firm.registered_capital) == ("新路", 1_000_000)


def test_without_any_column_nothing_is_overwritten(as_manager):
    imported(as_manager, [row()])
    batch = staged(as_manager, [row(address="新路")])
    way = {"mode": "overwrite", "columns_offered": "1"}
    assert "没有要写入的行" in as_manager.get(url("import_panel", batch), way).content.decode()
    as_manager.post(url("import_commit", batch), way)
    assert Enterprise.objects.get().registered_address == "某路1号"


def test_a_column_that_is_not_offered_is_refused(as_manager):
    batch = staged(as_manager, [row()])
    way = {"mode": "overwrite", "columns_offered": "1", "columns": ["uscc"]}
    assert as_manager.get(url("import_panel", batch), way).status_code == 404
    as_manager.post(url("import_commit", batch), way)
    assert not Enterprise.objects.exists()


def test_another_organisations_rows_words_and_suggestions_do_not_exist(client, as_manager, outsider):
    batch, _ = with_words(as_manager)
    client.force_login(outsider)
    for name in ("import_words", "import_suggestions"):
        assert client.get(url(name, batch)).status_code == 404
    assert client.post(url("import_words", batch), {field_of(batch, "照常"): "存续"}).status_code == 404
    assert row_page(client, batch, 2).status_code == 404
    assert not ImportWord.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "leader", "unit", "sysadmin"])
def test_who_may_not_import_sees_no_rows(client, as_manager, users, role):
    batch = staged(as_manager, [row()])
    client.force_login(users[role])
    assert row_page(client, batch, 2).status_code == 403
    assert client.get(url("import_words", batch)).status_code == 403


def test_what_went_in_is_edited_no_more(as_manager):
    batch = imported(as_manager, [row()])
    assert batch.state == BatchState.COMMITTED
    assert row_page(as_manager, batch, 2).status_code == 404
    for name in ("import_words", "import_suggestions"):
        assert as_manager.get(url(name, batch)).headers["Location"] == url("import_detail", batch)
    correct(as_manager, batch, **{"cell-2-4": "改"})
    as_manager.post(url("import_words", batch), {})
    assert batch.fixes == {}


def test_a_row_that_is_not_there_is_not_found(as_manager):
    batch = staged(as_manager, [row()])
    for number in (99, 2**40):
        assert row_page(as_manager, batch, number).status_code == 404


def test_the_result_shows_every_row_that_stayed_out_and_why(as_manager):
    nameless = row(name="", code=3)
    batch = imported(as_manager, [row(), nameless, row(name="乙公司", code=2), row(name="乙公司", code=2)])
    page = page_of(as_manager, batch, tab="skipped")
    assert page.context["not_imported"] == 2
    assert [item["row"].number for item in page.context["items"]] == [3, 5]
    assert [tab.count for tab in page.context["tabs"] if tab.key == "skipped"] == [2]
    assert "企业名称为空" in page.content.decode()
    created = page_of(as_manager, batch, tab="created")
    assert [item["row"].number for item in created.context["items"]] == [2, 4]


def test_when_every_row_is_doubtful_the_panel_says_what_to_do(as_manager):
    batch = staged(as_manager, [row(), row(name="乙公司", code=2)])
    batch.rows.update(needs_confirmation=True)
    batch.counts |= {"unconfirmed": 2}
    batch.save()
    page = page_of(as_manager, batch).content.decode()
    assert "要写入的 2 行都存疑，核对后勾选“已核对”再导入" in page
    assert "按这种方式没有要写入的行" not in page
    panel = as_manager.get(url("import_panel", batch), {"mode": "overwrite", "accept_doubts": "on"}).content.decode()
    assert "确认导入 2 家" in panel
