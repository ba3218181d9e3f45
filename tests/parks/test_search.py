"""Every fact of an enterprise finds it, and every writer keeps that so."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from parks.actions import create_enterprise, update_enterprise
from parks.forms import ContactForm
from parks.models import Contact, Enterprise, FormerCode
from parks.search import numbers
from tests.parks.factories import make_enterprise

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return set(Enterprise.objects.filter(search_text__holds=text).values_list("name", flat=True))


@pytest.fixture
def firm(office, manager) -> Enterprise:
    make_enterprise(office, "无关商贸有限公司", uscc="91110105MA00000000", phone="13000000000")
    enterprise = Enterprise(
        name="云川图维天下科技（北京）有限公司", joined_on="2020-01-01", uscc="91110105397625067T",
        legal_representative="欧阳某", phone="010-87654321，13912345678",
    )  # fmt: skip
    return create_enterprise(enterprise, actor=manager, former_names=["云川旧称重庆有限公司"])


@pytest.mark.parametrize(
    "text",
    [
        "图维", "天下科", "技(北", "技（北", "旧称", "7625067t", "欧阳", "twtx", "TW", "jccq", "4321", "87654321",
        "010-8765 4321", "345678", "图维 欧阳", "9111 0105 3976",
    ],
)  # fmt: skip
def test_an_enterprise_is_found_by_any_of_its_facts(firm, text):
    assert found(text) == {firm.name}


@pytest.mark.parametrize("text", ["维图", "图维 张三", "xtwt", "87654320", "公司旧称"])
def test_nothing_is_found_by_what_is_not_there(firm, text):
    assert found(text) == set()


def test_a_change_is_found_at_once_and_the_old_value_no_more(firm, manager):
    firm.legal_representative = "司马某"
    update_enterprise(firm, actor=manager, seen_version=1, former_names=["云川别称有限公司"])
    assert found("司马") == found("别称") == {firm.name}
    assert not found("欧阳")
    assert not found("旧称")


def test_a_code_that_was_given_up_still_finds_the_enterprise(firm, manager):
    FormerCode.objects.create(enterprise=firm, code="91110105MA99999999")
    update_enterprise(firm, actor=manager, seen_version=1)
    assert found("MA9999") == {firm.name}


def test_a_contact_is_found_by_name_initials_and_phone_tail(firm, manager):
    data = {"name": "诸葛某", "mobile": "139 8888 4321"}
    form = ContactForm(data, instance=Contact(enterprise=firm), user=manager)
    assert form.is_valid(), form.errors
    contact = form.save()
    for text in ("诸葛", "zgm", "4321", "88884321"):
        assert Contact.objects.filter(search_text__holds=text).get() == contact, text


def test_rebuilding_writes_what_the_writers_wrote(firm):
    before = Enterprise.objects.in_bulk()
    Enterprise.objects.update(search_text="", name_key="")
    call_command("rebuild_search")
    for pk, row in Enterprise.objects.in_bulk().items():
        assert (row.search_text, row.name_key) == (before[pk].search_text, before[pk].name_key)


def test_the_search_fields_are_no_part_of_the_history(firm):
    names = {field.name for field in Enterprise.history.model._meta.fields}
    assert not names & {"search_text", "name_key"}
    assert firm.history.count() == 1


def test_a_cell_may_hold_several_numbers():
    assert numbers("010-8765 4321；13912345678、传真无") == ["01087654321", "13912345678"]
    assert numbers("转12") == []


def test_names_are_listed_in_the_order_of_their_reading(client, manager, office):
    for name in ("重庆某", "安徽某", "图维某", "北京某"):
        make_enterprise(office, name)
    client.force_login(manager)
    page = client.get("/enterprises/", {"ordering": "name"}).context["page_obj"]
    assert [e.name for e in page] == ["安徽某", "北京某", "重庆某", "图维某"]
