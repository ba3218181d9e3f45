"""Two editors at once: each value is shown, what only one of them changed is kept, and the person chooses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from parks import actions as register
from parks.models import Contact, Enterprise, Qualification
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise, make_kind
from tests.visits.factories import Cast
from visits import actions
from visits.models import Visit


@pytest.fixture
def cast(office) -> Cast:
    return Cast(office)


def fields_of(response) -> dict[str, Any]:
    """What the browser would send back: the page's form as it stands."""
    form, data = response.context["form"], {}
    for name in form.fields:
        bound = form[name]
        value = bound.field.widget.format_value(bound.value()) if name != "photos" else None
        values = [str(one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
        if values:
            data[name] = values
    return data


class Enterprises:
    """Two people with the same form open."""

    def __init__(self, client, office, manager) -> None:
        self.client, self.office = client, office
        self.faster = make_user("faster", office)
        self.firm = make_enterprise(
            office, "甲有限公司", phone="010-1", email="a@x.cn", building="1 号楼", tags=["网安"]
        )
        client.force_login(manager)
        self.address = f"/enterprises/{self.firm.pk}/edit/"
        self.form = fields_of(client.get(self.address))

    def other_saves(self, tags: list[str] | None = None, **fields: Any) -> None:
        row = Enterprise.objects.get(pk=self.firm.pk)
        for name, value in fields.items():
            setattr(row, name, value)
        register.update_enterprise(row, actor=self.faster, seen_version=row.version, tags=tags)

    def send(self, **fields: Any):
        self.form |= fields
        return self.client.post(self.address, self.form)

    @property
    def stored(self) -> Enterprise:
        return Enterprise.objects.get(pk=self.firm.pk)


@pytest.fixture
def two(client, office, manager) -> Enterprises:
    return Enterprises(client, office, manager)


def test_both_values_are_shown_and_nothing_is_written(two):
    two.other_saves(phone="010-2", building="2 号楼")
    response = two.send(phone="010-3", email="b@x.cn")
    assert response.status_code == 200
    assert two.faster.name in response.text
    assert [(c.name, c.theirs, c.yours) for c in response.context["form"].conflicts] == [("phone", "010-2", "010-3")]
    assert re.search(r'name="keep-phone"[^>]*value="theirs"', response.text)
    assert (two.stored.phone, two.stored.email) == ("010-2", "a@x.cn")


@pytest.mark.parametrize(("choice", "phone"), [("theirs", "010-2"), ("yours", "010-3")])
def test_the_choice_is_stored_with_what_either_changed_alone(two, choice, phone):
    two.other_saves(phone="010-2", building="2 号楼")
    two.form = fields_of(two.send(phone="010-3", email="b@x.cn"))
    assert two.send(**{"keep-phone": choice}).status_code == 302
    assert (two.stored.phone, two.stored.email, two.stored.building) == (phone, "b@x.cn", "2 号楼")
    assert two.stored.version == 3


def test_changes_of_different_fields_are_brought_together_and_asked_once(two):
    two.other_saves(building="2 号楼")
    response = two.send(email="b@x.cn")
    assert "楼宇" in response.text
    assert response.context["form"].conflicts == []
    two.form = fields_of(response)
    assert two.send().status_code == 302
    assert (two.stored.email, two.stored.building) == ("b@x.cn", "2 号楼")


def test_tags_that_differ_are_left_to_the_person(two):
    two.other_saves(tags=["网安", "重点"])
    response = two.send(email="b@x.cn")
    assert [c.name for c in response.context["form"].conflicts] == ["tags_text"]
    two.form = fields_of(response)
    assert two.send(**{"keep-tags_text": "theirs"}).status_code == 302
    assert {tag.name for tag in two.stored.tags.all()} == {"网安", "重点"}


def test_a_third_editor_in_between_is_asked_about_again(two):
    two.other_saves(phone="010-2")
    two.form = fields_of(two.send(phone="010-3"))
    two.other_saves(phone="010-4")
    response = two.send(**{"keep-phone": "yours"})
    assert [(c.theirs, c.yours) for c in response.context["form"].conflicts] == [("010-4", "010-3")]
    assert two.stored.phone == "010-4"


def test_choices_are_shown_by_name_and_what_was_sent_twice_is_saved_once(two):
    two.other_saves(stage="closed", left_on=date(2026, 1, 1))
    response = two.send(stage="moved_out", left_on="2026-02-02")
    shown = {c.name: (c.theirs, c.yours) for c in response.context["form"].conflicts}
    assert shown["stage"] == ("注销", "迁出")
    two.form = fields_of(response)
    assert two.send().status_code == 302
    version = two.stored.version
    assert two.send().status_code == 302
    assert two.stored.version == version


def test_a_version_that_the_history_does_not_know_leaves_every_difference_to_the_person(two):
    two.other_saves(phone="010-2")
    response = two.send(version="77", email="b@x.cn")
    assert {c.name for c in response.context["form"].conflicts} == {"phone", "email"}


class Visits:
    def __init__(self, client, cast: Cast) -> None:
        self.client, self.cast = client, cast
        self.visit = cast.visit(cast.firm, summary="原来的记录", place="一楼")
        client.force_login(cast.manager)
        self.address = f"/visits/{self.visit.pk}/edit/"
        self.form = fields_of(client.get(self.address))
        self.faster = make_user("faster", cast.office)

    def other_saves(self, **fields: Any) -> None:
        row = Visit.objects.get(pk=self.visit.pk)
        facts = {name: getattr(row, name) for name in ("kind", "started_at", "place", "topic", "summary")}
        people = {"enterprises": fields.pop("enterprises", [self.cast.firm]), "staff": [self.cast.manager]}
        actions.update_visit(row, actor=self.faster, seen_version=row.version, **(facts | fields), **people)

    def send(self, **fields: Any):
        self.form |= fields
        return self.client.post(self.address, self.form)

    @property
    def stored(self) -> Visit:
        return Visit.objects.get(pk=self.visit.pk)


@pytest.fixture
def visits(client, cast) -> Visits:
    return Visits(client, cast)


@pytest.mark.parametrize(("choice", "summary"), [("theirs", "对方的记录"), ("yours", "我的记录")])
def test_a_visit_is_protected_too(visits, choice, summary):
    visits.other_saves(summary="对方的记录", place="二楼")
    response = visits.send(summary="我的记录")
    assert [c.name for c in response.context["form"].conflicts] == ["summary"]
    assert visits.faster.name in response.text
    assert "对方的记录" in response.text
    assert visits.stored.summary == "对方的记录"
    visits.form = fields_of(response)
    assert visits.send(**{"keep-summary": choice}).status_code == 302
    assert (visits.stored.summary, visits.stored.place, visits.stored.version) == (summary, "二楼", 3)


def test_the_enterprises_of_a_visit_are_compared_by_name(visits):
    other = make_enterprise(visits.cast.office, "乙有限公司")
    visits.other_saves(enterprises=[visits.cast.firm, other])
    response = visits.send(place="三楼")
    (conflict,) = response.context["form"].conflicts
    assert (conflict.name, "乙有限公司" in conflict.theirs, "乙有限公司" in conflict.yours) == (
        "enterprises",
        True,
        False,
    )
    visits.form = fields_of(response)
    assert visits.send(**{"keep-enterprises": "theirs"}).status_code == 302
    assert (visits.stored.pairs.count(), visits.stored.place) == (2, "三楼")


def test_a_correction_sent_twice_is_no_conflict(visits):
    assert visits.send(summary="我的记录").status_code == 302
    assert visits.send(summary="我的记录").status_code == 302
    assert visits.stored.summary == "我的记录"
    assert visits.stored.updated_at <= timezone.now()


class Small:
    """A contact and a title, edited by two people who had opened them at the same time."""

    def __init__(self, client, office, manager) -> None:
        self.client, firm = client, make_enterprise(office, "甲有限公司")
        client.force_login(manager)
        self.contact = Contact.objects.create(enterprise=firm, name="赵某", mobile="13800000001", post="经理")
        self.title = Qualification.objects.create(
            enterprise=firm, kind=make_kind("OWN"), valid_from=date(2024, 1, 1), number="旧号"
        )


@pytest.fixture
def small(client, office, manager) -> Small:
    return Small(client, office, manager)


@pytest.mark.parametrize(("choice", "mobile"), [("theirs", "13800000002"), ("yours", "13800000003")])
def test_a_contact_is_protected_too(small, choice, mobile):
    address = reverse("parks:contact_update", args=[small.contact.pk])
    opened = fields_of(small.client.get(address))
    assert small.client.post(address, opened | {"mobile": "13800000002", "remark": "对方写的"}).status_code == 302
    asked = small.client.post(address, opened | {"mobile": "13800000003"})
    for word in ("刚刚修改过", "13800000002", "13800000003", "备注”您没有动"):
        assert word in asked.text
    small.contact.refresh_from_db()
    assert small.contact.mobile == "13800000002"
    small.client.post(address, fields_of(asked) | {"keep-mobile": choice})
    small.contact.refresh_from_db()
    assert (small.contact.mobile, small.contact.remark) == (mobile, "对方写的")


def test_a_title_is_protected_too_and_what_was_sent_twice_is_saved_once(small):
    address = reverse("parks:qualification_update", args=[small.title.pk])
    opened = fields_of(small.client.get(address))
    assert small.client.post(address, opened | {"number": "新号"}).status_code == 302
    assert small.client.post(address, opened | {"number": "新号"}).status_code == 302
    assert small.title.history.count() == 2
    asked = small.client.post(address, opened | {"number": "另一号"})
    assert "新号" in asked.text
    assert "另一号" in asked.text
    small.title.refresh_from_db()
    assert small.title.number == "新号"


def test_what_has_no_history_yet_is_protected_too(small):
    """As a register taken over from another program has none."""
    Contact.history.all().delete()
    address = reverse("parks:contact_update", args=[small.contact.pk])
    opened = fields_of(small.client.get(address))
    assert small.client.post(address, opened | {"mobile": "13800000002"}).status_code == 302
    asked = small.client.post(address, opened | {"mobile": "13800000003"})
    assert "13800000002" in asked.text
    small.contact.refresh_from_db()
    assert small.contact.mobile == "13800000002"


def test_an_entry_of_the_catalogue_is_protected_too(small):
    kind = small.title.kind
    address = reverse("parks:kind_update", args=[kind.pk])
    opened = fields_of(small.client.get(address))
    assert small.client.post(address, opened | {"issuer": "某局"}).status_code == 302
    assert small.client.post(address, opened | {"issuer": "某局"}).headers["Location"] == reverse("parks:kind_list")
    asked = small.client.post(address, opened | {"issuer": "某委"})
    assert [(c.theirs, c.yours) for c in asked.context["form"].conflicts] == [("某局", "某委")]
    small.client.post(address, fields_of(asked) | {"keep-issuer": "yours"})
    kind.refresh_from_db()
    assert kind.issuer == "某委"


def test_yearly_figures_are_protected_too(small):
    firm = small.contact.enterprise
    address = reverse("parks:enterprise_figures", args=[firm.pk])
    opened = fields_of(small.client.get(address))
    small.client.post(address, opened | {"employee_count": 100})
    asked = small.client.post(address, opened | {"employee_count": 200})
    assert "100" in asked.text
    small.client.post(address, fields_of(asked) | {"keep-employee_count": "theirs"})
    firm.refresh_from_db()
    assert firm.employee_count == 100
