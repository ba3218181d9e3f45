"""The register's pages: lists and records behind the gate, filters, matches while typing, constant queries."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from parks.models import Contact, Enterprise, FormerName, Qualification, ServiceTier, Stewardship
from parks.search import reindex_enterprises
from tests.parks.factories import make_enterprise, make_kind, make_park

LIST = "/enterprises/"


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def names(response) -> set[str]:
    return {e.name for e in response.context["page_obj"]}


def test_the_list_shows_own_enterprises_and_none_of_another_organisation(page, office, other_office):
    make_enterprise(office, "本园有限公司")
    make_enterprise(other_office, "别处有限公司")
    response = page.get(LIST)
    assert names(response) == {"本园有限公司"}
    assert "别处" not in response.text


@pytest.mark.parametrize("name", ["enterprise_detail", "enterprise_update", "enterprise_history"])
def test_a_record_of_another_organisation_is_not_found(page, other_office, name):
    foreign = make_enterprise(other_office)
    assert page.get(reverse(f"parks:{name}", args=[foreign.pk])).status_code == 404


def test_nothing_can_be_added_to_an_enterprise_of_another_organisation(page, other_office):
    foreign = make_enterprise(other_office)
    contact = Contact.objects.create(enterprise=foreign, name="秘密")
    for name in ("contact_create", "qualification_create"):
        assert page.get(reverse(f"parks:{name}", args=[foreign.pk])).status_code == 404
        assert page.post(reverse(f"parks:{name}", args=[foreign.pk]), {"name": "x"}).status_code == 404
    assert page.get(reverse("parks:contact_update", args=[contact.pk])).status_code == 404


def test_choices_offer_no_row_of_another_organisation(page, office, other_office):
    make_park(office, "本园")
    make_park(other_office, "别处的园")
    make_enterprise(other_office, tags=["别处标签"])
    for path in (LIST, "/enterprises/new/"):
        text = page.get(path).text
        assert "别处的园" not in text
        assert "别处标签" not in text


def test_matches_while_typing_name_own_enterprises_only(page, office, other_office):
    make_enterprise(office, "云川图维天下科技有限公司", uscc="91110105397625067T")
    make_enterprise(other_office, "云川图维别处有限公司", uscc="91110105397625067T")
    by_name = page.get("/enterprises/matches/", {"name": "图维"}).text
    by_code = page.get("/enterprises/matches/", {"uscc": "9111 0105 3976"}).text
    assert page.get("/enterprises/matches/", {"name": "图维", "except": "²"}).text == by_name
    for text in (by_name, by_code):
        assert "图维天下" in text
        assert "别处" not in text


def test_matches_warn_of_a_doubtful_code(page):
    assert "校验位" in page.get("/enterprises/matches/", {"uscc": "91420000877585797Y"}).text


def test_search_finds_name_former_name_code_and_legal_representative(page, office):
    target = make_enterprise(office, "云川图维有限公司", uscc="91110105397625067T", legal_representative="欧阳某")
    FormerName.objects.create(enterprise=target, name="云川旧称有限公司", normalised_name="云川旧称有限公司")
    reindex_enterprises([target.pk])
    make_enterprise(office, "无关有限公司")
    for text in ("图维", "旧称", "91110105", "25067t", "欧阳"):
        assert names(page.get(LIST, {"q": text})) == {"云川图维有限公司"}, text


@pytest.mark.parametrize(
    ("band", "expected"),
    [("500-1000", {"九百九十九万"}), ("1000-5000", {"一千万"}), ("10000-", {"一亿"}), ("0-100", set())],
)
def test_capital_bands_include_their_lower_edge_and_leave_out_foreign_currency(page, office, band, expected):
    for name, wan, currency in (
        ("九百九十九万", 999, "CNY"), ("一千万", 1000, "CNY"), ("一亿", 10_000, "CNY"), ("千万美元", 1000, "USD")
    ):  # fmt: skip
        make_enterprise(office, name, registered_capital=Decimal(wan) * 10_000, registered_capital_currency=currency)
    make_enterprise(office, "未知")
    assert names(page.get(LIST, {"capital": band})) == expected


def test_filters_by_qualification_tier_steward_industry_tag_and_gap(page, office, manager):
    today = timezone.localdate()
    target = make_enterprise(office, "目标", industry_id="6513", tags=["网安"], uscc="91110105397625067T")
    make_enterprise(office, "旁观", industry_id="8710")
    Qualification.objects.create(enterprise=target, kind=make_kind("HNTE"), valid_from=today, valid_to=today)
    ServiceTier.objects.create(enterprise=target, tier="city", starts_on=today)
    Stewardship.objects.create(enterprise=target, user=manager, starts_on=today)
    tag = target.tags.get()
    for query in (
        {"qualification": "HNTE"}, {"tier": "city"}, {"steward": manager.pk}, {"industry": "I"}, {"tag": tag.pk}
    ):  # fmt: skip
        assert names(page.get(LIST, query)) == {"目标"}, query
    assert names(page.get(LIST, {"missing": "uscc"})) == {"旁观"}


def test_a_nonsense_filter_is_ignored_and_never_a_500(page, office):
    make_enterprise(office, "甲")
    for query in ({"capital": "x"}, {"tag": "999999"}, {"steward": "abc"}, {"page": "last"}, {"q": "'\"<%_"}):
        assert page.get(LIST, query).status_code == 200, query
    for cursor in ("99", "1~", "x~y", "9" * 30 + "~2020-01-01", "1~2020-13-45"):
        for way in ("after", "before"):
            assert names(page.get(LIST, {way: cursor})) == {"甲"}, cursor


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_number_of_queries_for_any_number_of_rows(
    page, office, manager, rows, django_assert_num_queries
):
    for n in range(rows):
        enterprise = make_enterprise(office, tags=["网安"], industry_id="6513", park=make_park(office))
        Qualification.objects.create(
            enterprise=enterprise, kind=make_kind("HNTE"), valid_from=date(2020, 1, n % 28 + 1)
        )
        Stewardship.objects.create(enterprise=enterprise, user=manager, starts_on=date(2020, 1, 1))
    page.get(LIST)
    with django_assert_num_queries(14):
        page.get(LIST)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_record_page_takes_the_same_number_of_queries(page, office, rows, django_assert_num_queries):
    enterprise = make_enterprise(office)
    for n in range(rows):
        Contact.objects.create(enterprise=enterprise, name=f"人{n}")
        kind = make_kind(f"K{n}")
        Qualification.objects.create(enterprise=enterprise, kind=kind, valid_from=date(2020, 1, 1))
    with django_assert_num_queries(9):
        page.get(enterprise.get_absolute_url())


def test_a_name_with_markup_is_shown_as_text(page, office):
    enterprise = make_enterprise(office, "<script>alert(1)</script>有限公司")
    for path in (LIST, enterprise.get_absolute_url(), f"/enterprises/{enterprise.pk}/edit/"):
        text = page.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


def test_creating_goes_to_the_new_page_and_a_second_press_does_not_make_two(page, office):
    data = {"name": "云川新来有限公司", "uscc": "91110105397625067T", "joined_on": "2026-11-01", "stage": "settled"}
    assert page.post("/enterprises/new/", data).status_code == 302
    again = page.post("/enterprises/new/", data)
    assert again.status_code == 200
    assert "名册中已有" in again.text
    assert Enterprise.objects.count() == 1


def test_what_was_typed_stays_on_an_error(page):
    response = page.post(
        "/enterprises/new/", {"name": "云川新来有限公司", "uscc": "911", "registered_address": "某路 1 号"}
    )
    assert "某路 1 号" in response.text
    assert "应为 18 位" in response.text


def test_a_viewer_may_look_but_not_change(client, users, office):
    client.force_login(users["viewer"])
    enterprise = make_enterprise(office)
    assert client.get(enterprise.get_absolute_url()).status_code == 200
    for path in ("/enterprises/new/", f"/enterprises/{enterprise.pk}/edit/"):
        assert client.get(path).status_code == 403
    text = client.get(enterprise.get_absolute_url()).text
    assert "修改</a>" not in text
    assert "记走访" not in text


def test_history_names_field_old_new_and_author(page, office, manager):
    enterprise = make_enterprise(office, "甲有限公司", phone="010-1")
    data = {"name": "甲有限公司", "joined_on": "2020-01-01", "stage": "registered", "phone": "010-2", "version": 1}
    assert page.post(f"/enterprises/{enterprise.pk}/edit/", data).status_code == 302
    text = page.get(f"/enterprises/{enterprise.pk}/history/").text
    assert "电话" in text
    assert "<del>010-1</del>" in text
    assert "<strong>010-2</strong>" in text
    assert manager.name in text


def test_two_tabs_the_second_save_is_told_and_keeps_what_was_typed(page, office):
    enterprise = make_enterprise(office, "甲有限公司")
    data = {"name": "甲有限公司", "joined_on": "2020-01-01", "stage": "registered", "version": 1}
    page.post(f"/enterprises/{enterprise.pk}/edit/", data | {"phone": "010-1"})
    second = page.post(f"/enterprises/{enterprise.pk}/edit/", data | {"phone": "010-2"})
    assert "刚刚修改过" in second.text
    assert "010-2" in second.text
    enterprise.refresh_from_db()
    assert enterprise.phone == "010-1"


def test_an_expiring_qualification_is_marked_on_the_page(page, office):
    enterprise = make_enterprise(office)
    kind = make_kind("HNTE", short_name="国高新")
    end = timezone.localdate() + timedelta(days=30)
    Qualification.objects.create(enterprise=enterprise, kind=kind, valid_from=date(2024, 1, 1), valid_to=end)
    assert "30 天到期" in page.get(enterprise.get_absolute_url()).text


def test_an_empty_register_says_how_to_fill_it(page):
    assert "导入名单" in page.get(LIST).text
    assert "名册还是空的" in page.get(LIST).text


def test_the_api_lists_the_same_rows_and_no_others(page, office, other_office):
    make_enterprise(office, "本园有限公司", tags=["网安"])
    foreign = make_enterprise(other_office, "别处有限公司")
    rows = page.get("/api/enterprises/").json()["results"]
    assert [(r["name"], r["tags"]) for r in rows] == [("本园有限公司", ["网安"])]
    assert page.get(f"/api/enterprises/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_api_takes_the_same_number_of_queries(page, office, rows, django_assert_num_queries):
    for _ in range(rows):
        make_enterprise(office, tags=["网安"])
    with django_assert_num_queries(5):
        page.get("/api/enterprises/")


def test_the_api_refuses_roles_that_may_not_view(client, users):
    client.force_login(users["sysadmin"])
    assert client.get("/api/enterprises/").status_code == 403


@pytest.mark.parametrize(
    "path", ["/enterprises/matches/?name=%00ab&uscc=%0091110105", "/enterprises/industries/?industry_text=%00"]
)
def test_control_characters_in_the_address_break_nothing(page, path):
    assert page.get(path).status_code == 200


def test_a_second_primary_contact_and_a_repeated_qualification_are_explained(page, office):
    enterprise, kind = make_enterprise(office), make_kind("HNTE")
    contact = {"name": "甲", "is_primary": "on"}
    award = {"kind": kind.pk, "valid_from": "2024-01-01"}
    for name, data, said in (("contact_create", contact, "首要联系人"), ("qualification_create", award, "已登记")):
        url = reverse(f"parks:{name}", args=[enterprise.pk])
        assert page.post(url, data).status_code == 302
        assert said in str(page.post(url, data).context["form"].errors)
    assert (enterprise.contacts.count(), enterprise.qualifications.count()) == (1, 1)


def test_the_api_answers_in_json_only_and_never_with_the_whole_register(page, office):
    make_enterprise(office)
    answer = page.get("/api/enterprises/", {"limit": "1000000"}, headers={"Accept": "text/html,*/*"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.wsgi_request.resolver_match.func.cls.pagination_class.max_limit == 500


def test_forms_say_in_words_that_nothing_is_chosen(page):
    text = page.get("/enterprises/new/").text
    assert "请选择" in text
    assert "-----" not in text


def test_the_history_shows_amounts_as_people_read_them(page, office):
    enterprise = make_enterprise(office, registered_capital=Decimal(5_000_000))
    enterprise.registered_capital = Decimal(6_000_000)
    enterprise.save()
    text = page.get(reverse("parks:enterprise_history", args=[enterprise.pk])).text
    assert "<del>500 万</del>" in text
    assert "<strong>600 万</strong>" in text


def test_titles_tiers_and_stewards_are_asked_for_as_of_a_day(page, office, manager):
    firm = make_enterprise(office, "当时有效有限公司")
    kind = make_kind("OWN")
    Qualification.objects.create(enterprise=firm, kind=kind, valid_from=date(2022, 1, 1), valid_to=date(2023, 12, 31))
    ServiceTier.objects.create(enterprise=firm, tier="city", starts_on=date(2022, 1, 1), ends_on=date(2024, 1, 1))
    Stewardship.objects.create(enterprise=firm, user=manager, starts_on=date(2022, 1, 1), ends_on=date(2024, 1, 1))
    for query in ("qualification=OWN", "tier=city", f"steward={manager.pk}"):
        assert "当时有效" not in page.get(f"/enterprises/?{query}").text, query
        assert "当时有效" in page.get(f"/enterprises/?{query}&on=2023-12-31").text, query
        assert "当时有效" not in page.get(f"/enterprises/?{query}&on=2024-01-01").text, query
    assert "截至" in page.get("/enterprises/?qualification=OWN&on=2023-12-31").text
    assert page.get("/enterprises/?qualification=OWN&on=9999-99-99").status_code == 200
