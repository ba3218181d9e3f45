"""The register's list: pages by key in every order, chips, columns, saved views, queues."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.models import SavedView
from parks.lists import COLUMNS
from parks.models import Industry, Qualification, Stewardship, Tag
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise, make_kind

pytestmark = pytest.mark.django_db
LIST = "/enterprises/"


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def shown(response) -> list[int]:
    return [e.pk for e in response.context["page_obj"]]


@pytest.mark.parametrize("ordering", ["", "-updated", "-joined", "-capital", "name"])
def test_pages_follow_one_another_without_gap_or_repeat_and_lead_back(page, office, ordering):
    for n in range(70):
        capital = None if n % 7 == 0 else Decimal(n % 5) * 10_000
        make_enterprise(office, f"示例{n % 9}公司", registered_capital=capital, joined_on=date(2020, 1, 1 + n % 4))
    seen, cursor, pages = [], "", []
    while True:
        response = page.get(LIST, {"ordering": ordering} | ({"after": cursor} if cursor else {}))
        pages.append(shown(response))
        seen += pages[-1]
        if not response.context["page_obj"].has_next:
            break
        cursor = response.context["page_obj"].next_cursor
    assert [len(part) for part in pages] == [30, 30, 10]
    assert len(set(seen)) == 70
    back = page.get(LIST, {"ordering": ordering, "before": response.context["page_obj"].previous_cursor})
    assert shown(back) == pages[1]
    first = page.get(LIST, {"ordering": ordering, "before": back.context["page_obj"].previous_cursor})
    assert shown(first) == pages[0]
    assert not first.context["page_obj"].has_previous


def test_capital_sorts_the_unknown_last(page, office):
    make_enterprise(office, "未知")
    make_enterprise(office, "零元", registered_capital=Decimal(0))
    make_enterprise(office, "千万", registered_capital=Decimal(10_000_000))
    listed = page.get(LIST, {"ordering": "-capital"}).context["page_obj"]
    assert [e.name for e in listed] == ["千万", "零元", "未知"]


def test_each_filter_in_force_is_a_chip_that_leads_to_the_list_without_it(page, office):
    make_enterprise(office, "甲有限公司", stage="settled")
    chips = page.get(LIST, {"stage": "settled", "capital": "x", "q": "有限", "ordering": "name"}).context["chips"]
    assert [(chip.label, chip.address) for chip in chips] == [
        ("名称：有限", "?stage=settled&capital=x&ordering=name"),
        ("阶段：入驻", "?capital=x&q=%E6%9C%89%E9%99%90&ordering=name"),
    ]


def test_columns_are_chosen_in_the_address_and_are_no_filter(page, office):
    make_enterprise(office, "甲有限公司", legal_representative="欧阳某", uscc="91110105397625067T")
    response = page.get(LIST, {"columns": ["legal"]})
    assert "欧阳某" in response.text
    assert "91110105397625067T</td>" not in response.text
    assert not response.context["is_filtered"]
    assert "91110105397625067T</td>" in page.get(LIST, {"columns": ["nonsense"]}).text


def test_a_saved_view_keeps_filters_order_and_columns_and_saving_twice_keeps_one(page, office):
    make_enterprise(office, "甲有限公司", stage="settled")
    data = {"list_key": "enterprises", "name": "入驻的", "query": "stage=settled&ordering=name&columns=legal&after=1~x"}
    for _ in range(2):
        response = page.post("/system/views/", data)
    view = SavedView.objects.get()
    assert (view.query, view.columns, view.is_shared) == ("stage=settled&ordering=name", ["legal"], False)
    assert response.url == "/enterprises/?stage=settled&ordering=name&columns=legal"
    assert "入驻的" in page.get(LIST).text


def test_shared_views_are_seen_in_the_own_institution_only_and_deleted_by_their_owner_only(
    client, page, office, manager, other_office
):
    for name, is_shared in (("共享的", "on"), ("私下的", "")):
        page.post("/system/views/", {"list_key": "enterprises", "name": name, "query": "", "is_shared": is_shared})
    page.get(LIST)  # where the messages are shown
    view = SavedView.objects.get(name="共享的")
    colleague = make_user("c", office, role="steward")
    client.force_login(colleague)
    text = client.get(LIST).text
    assert "共享的" in text
    assert "私下的" not in text
    assert client.post(f"/system/views/{view.pk}/delete/").status_code == 404
    client.force_login(make_user("x", other_office, role="steward"))
    assert "共享的" not in client.get(LIST).text
    client.force_login(manager)
    assert client.post(f"/system/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("data", [{}, {"list_key": "x", "name": "甲"}, {"list_key": "enterprises", "name": ""}])
def test_a_view_without_name_or_list_is_refused_in_words(page, data):
    assert page.post("/system/views/", data).status_code == 302
    assert not SavedView.objects.exists()


def test_queues_count_own_enterprises_that_want_something(page, office, other_office):
    today = timezone.localdate()
    target = make_enterprise(office, "将到期", uscc="91110105397625067T")
    make_enterprise(office, "缺代码")
    make_enterprise(office, "缺代码但已迁出", stage="moved_out", left_on=today)
    make_enterprise(other_office, "别处缺代码")
    for days in (30, 31):
        end = today + timedelta(days=days)
        Qualification.objects.create(
            enterprise=target, kind=make_kind(f"K{days}"), valid_from=date(2024, 1, 1), valid_to=end
        )
    renewed = make_enterprise(office, "已续办", uscc="91110000802100433B")
    for start, end in ((date(2023, 1, 1), today + timedelta(days=10)), (today, today + timedelta(days=900))):
        Qualification.objects.create(enterprise=renewed, kind=make_kind("K30"), valid_from=start, valid_to=end)
    text = page.get("/enterprises/queues/").text
    assert '缺信用代码 <span class="count">1</span>' in text
    assert '资质将到期 <span class="count">1</span>' in text
    assert [e.name for e in page.get(LIST, {"queue": "no_code"}).context["page_obj"]] == ["缺代码"]
    assert [e.name for e in page.get(LIST, {"queue": "expiring"}).context["page_obj"]] == ["将到期"]


def test_the_count_is_known_at_once_where_one_page_shows_all_and_asked_for_otherwise(page, office):
    make_enterprise(office, "甲有限公司", stage="settled")
    assert '<span id="list-count">1</span>' in page.get(LIST).text
    for _ in range(30):
        make_enterprise(office)
    text = page.get(LIST).text
    assert 'hx-get="?&amp;count=1" hx-trigger="load">30+</span>' in text
    assert page.get(LIST, {"count": "1"}).text == "31"
    assert page.get(LIST, {"count": "1", "stage": "settled"}).text == "1"


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_with_every_column_takes_the_same_number_of_queries(page, office, rows, django_assert_num_queries):
    section = Industry.objects.get(code="6513")
    for n in range(rows):
        firm = make_enterprise(office, f"甲{n}公司", industry=section, phone="010-1", legal_representative="欧阳某")
        firm.tags.add(Tag.objects.get_or_create(organisation=office, name="网安")[0])
        steward = make_user(f"s{n}", office, role="steward")
        Stewardship.objects.create(
            enterprise=firm, user=steward, role="local", is_primary=True, starts_on=date(2024, 1, 1)
        )
        Qualification.objects.create(enterprise=firm, kind=make_kind("K1"), valid_from=date(2024, 1, 1))
    page.get(LIST)
    with django_assert_num_queries(14):
        text = page.get(LIST, {"columns": [column.key for column in COLUMNS]}).text
    assert all(f"s{n}员</td>" in text for n in range(rows))
    assert text.count('<span class="tag">网安</span>') == rows * 2


def test_what_stands_in_a_row_is_escaped(page, office):
    make_enterprise(office, "<b>甲</b>公司", uscc="", phone='"><script>', building="<i>", legal_representative="<u>")
    response = page.get(LIST, {"columns": [column.key for column in COLUMNS]})
    assert [e.name for e in response.context["page_obj"]] == ["<b>甲</b>公司"]
    for raw in ("<b>", "<script>", "<i>", "<u>"):
        assert raw not in response.text
    assert "缺代码" in response.text


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"qualification": "K1"}, ["有资质"]),
        ({"stage": "moved_out"}, ["已迁出"]),
        ({"status": "revoked"}, ["吊销"]),
        ({"missing": "uscc"}, ["缺代码"]),
        ({"missing": "capital"}, ["缺资本"]),
        ({"missing": "industry"}, ["缺行业"]),
        ({"stage": "closed"}, []),
    ],
)
def test_a_filter_that_leaves_little_finds_it_in_every_order(page, office, other_office, asked, names):
    usual = {"uscc": "91110105397625067T", "registered_capital": Decimal(10_000), "industry_id": "6513"}
    today = timezone.localdate()
    for name, facts in {
        "有资质": {"uscc": "91110000802100433B"},
        "已迁出": {"uscc": "91110108551385082Q", "stage": "moved_out", "left_on": today},
        "吊销": {"uscc": "911101085513850821", "status": "revoked"},
        "缺代码": {"uscc": ""},
        "缺资本": {"uscc": "911101085513850822", "registered_capital": None},
        "缺行业": {"uscc": "911101085513850823", "industry_id": None},
    }.items():
        made = [make_enterprise(office, name, **usual | facts), make_enterprise(other_office, name, **usual | facts)]
        if name == "有资质":
            for firm in made:
                Qualification.objects.create(enterprise=firm, kind=make_kind("K1"), valid_from=date(2024, 1, 1))
    for ordering in ("", "-joined", "-capital", "name"):
        assert [e.name for e in page.get(LIST, asked | {"ordering": ordering}).context["page_obj"]] == names


def test_a_list_by_awards_shows_the_same_where_there_are_too_many_to_name(page, office, other_office, monkeypatch):
    today = timezone.localdate()
    for owner in (office, other_office):
        for n in range(4):
            firm = make_enterprise(owner, f"{n}公司", registered_capital=Decimal(n))
            for kind in ("K1", "K2"):
                Qualification.objects.create(
                    enterprise=firm, kind=make_kind(kind), valid_from=date(2024, 1, 1), valid_to=today
                )
    asked = ({"queue": "expiring"}, {"qualification": "K1"})
    few = [shown(page.get(LIST, one | {"ordering": "-capital"})) for one in asked]
    monkeypatch.setattr("parks.filters.MOST_KEYS", 3)
    assert [shown(page.get(LIST, one | {"ordering": "-capital"})) for one in asked] == few
    assert [len(rows) for rows in few] == [4, 4]
    assert page.get(LIST, {"queue": "expiring", "count": "1"}).text == "4"
    assert '资质将到期 <span class="count">4</span>' in page.get("/enterprises/queues/").text
    monkeypatch.setattr("parks.views_list.QueueCount.cap", 3)
    assert '资质将到期 <span class="count">3+</span>' in page.get("/enterprises/queues/").text
