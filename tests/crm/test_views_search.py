"""The search of everything: groups, rights, suggestions, one hit opens."""

from __future__ import annotations

import pytest

from parks.models import Contact
from parks.search import index_contact
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits import actions

pytestmark = pytest.mark.django_db


def make_contact(enterprise, name, **fields) -> Contact:
    contact = Contact(enterprise=enterprise, name=name, **fields)
    index_contact(contact)
    contact.save()
    return contact


def make_visit(actor, firm, topic="走访") -> None:
    actions.create_visit(actor=actor, enterprises=[firm], started_at=START, at=START, topic=topic, summary="近况良好")


def make_appeal(actor, firm, content="要用房") -> None:
    actions.create_appeal(actor=actor, enterprise=firm, content=content, at=START)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def world(office, other_office, manager, outsider):
    for organisation, actor in ((office, manager), (other_office, outsider)):
        place = "本园" if organisation == office else "别处"
        firm = make_enterprise(organisation, f"{place}图维天下有限公司")
        make_contact(firm, f"{place}诸葛", mobile="13900004321")
        make_visit(actor, firm, topic=f"{place}图维走访")
        make_appeal(actor, firm, content=f"{place}图维要用房")


def test_results_come_in_groups_and_never_from_another_organisation(page, world):
    text = page.get("/search/", {"q": "图维"}).text
    for label in ("企业</h2>", "走访</h2>", "诉求</h2>"):
        assert label in text
    assert "本园" in text
    assert "别处" not in text
    quick = page.get("/search/suggestions/", {"q": "4321"}).text
    assert "本园诸葛" in quick.replace("<mark>", "").replace("</mark>", "")
    assert "别处" not in quick


def test_pinyin_initials_and_phone_tails_are_found(page, world):
    assert "本园" in page.get("/search/suggestions/", {"q": "twtx"}).text
    response = page.get("/search/", {"q": "00004321"})
    assert response.status_code == 302
    assert response.url.endswith("#contacts")


def test_one_hit_opens_at_once(page, office):
    firm = make_enterprise(office, "云川独此一家有限公司")
    assert page.get("/search/", {"q": "独此一家"}).url == firm.get_absolute_url()


@pytest.mark.parametrize("query", ["", " ", "图", "没有这样的", "%", "<b>x</b>", "a" * 5000, "'\"\\"])
def test_nothing_found_says_what_to_try_and_shows_no_markup(page, world, query):
    response = page.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "拼音首字母" in response.text
    assert "<b>x</b>" not in response.text
    assert page.get("/search/suggestions/", {"q": query}).status_code == 200


def test_what_was_searched_is_marked_without_breaking_the_text(page, office):
    make_enterprise(office, "甲&乙<b>am</b>公司", uscc="91110105397625067T")
    make_enterprise(office, "甲&乙二号公司")
    text = page.get("/search/", {"q": "甲&乙"}).text
    assert "<mark>甲&amp;乙</mark>&lt;B&gt;".lower() in text.lower()


def test_groups_follow_what_the_role_may_see(client, users, office):
    firm = make_enterprise(office, "云川图维有限公司")
    make_contact(firm, "图维某", mobile="13900004321")
    client.force_login(users["unit"])
    assert "联系人" not in client.get("/search/suggestions/", {"q": "图维"}).text
    client.force_login(users["sysadmin"])
    assert client.get("/search/", {"q": "图维"}).status_code == 403


def test_a_steward_finds_only_what_is_within_the_own_records(client, office):
    make_enterprise(office, "云川图维有限公司")
    make_contact(make_enterprise(office, "别的有限公司"), "图维某")
    client.force_login(make_user("own", office, role="steward", scope="own"))
    text = client.get("/search/suggestions/", {"q": "图维"}).text
    assert "有限公司" not in text
    assert "图维某" not in text


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_do_not_grow_with_what_is_found(page, office, manager, rows, django_assert_num_queries):
    make_enterprise(office, "图维首家有限公司")
    for n in range(rows):
        firm = make_enterprise(office, f"图维{n}有限公司")
        make_contact(firm, f"图维{n}")
        make_visit(manager, firm)
        make_appeal(manager, firm)
    page.get("/search/", {"q": "图维"})
    with django_assert_num_queries(14):
        page.get("/search/", {"q": "图维"})
