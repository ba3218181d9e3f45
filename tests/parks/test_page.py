"""What the enterprise page says beyond its fields: completeness, related enterprises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from parks.completeness import FIELDS, completeness_of
from parks.models import Contact, Enterprise, Industry, Stewardship
from tests.parks.factories import make_enterprise, make_park


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def complete(office) -> Enterprise:
    return make_enterprise(
        office, uscc="91110105397625067T", legal_representative="张三", registered_capital=Decimal(0),
        established_on=date(2020, 1, 1), status="active", enterprise_type="有限责任公司",
        industry=Industry.objects.get(pk="6513"), registered_address="某路 1 号", actual_address="某路 2 号",
        phone="010-1", business_scope="软件", employee_count=0, park=make_park(office),
    )  # fmt: skip


def test_nothing_lacks_when_all_is_known_and_zero_is_known(office):
    found = completeness_of(complete(office), has_contact=True, has_steward=True)
    assert (found.percent, found.lacking) == (100, ())


@pytest.mark.parametrize(("name", "label"), FIELDS)
def test_each_thing_that_is_not_known_is_named(office, name, label):
    enterprise = complete(office)
    setattr(enterprise, name, None if name.endswith("_id") or getattr(enterprise, name) != "" else "")
    found = completeness_of(enterprise, has_contact=True, has_steward=True)
    assert (found.percent, found.lacking) == (93, (label,))


def test_the_page_says_how_complete_it_is_and_what_lacks(page, office, manager):
    enterprise = complete(office)
    text = page.get(enterprise.get_absolute_url()).text
    assert "<strong>86%</strong>" in text
    assert "缺 联系人、主管家" in text
    Contact.objects.create(enterprise=enterprise, name="李四")
    Stewardship.objects.create(enterprise=enterprise, user=manager, starts_on=date(2024, 1, 1))
    assert "<strong>100%</strong>" in page.get(enterprise.get_absolute_url()).text


def related(page, enterprise) -> list[tuple[str, list[str]]]:
    answer = page.get(reverse("parks:enterprise_related", args=[enterprise.pk]))
    return [(one.enterprise.name, one.reasons) for one in answer.context["related"]]


def test_related_enterprises_say_what_they_share_the_closest_first(page, office):
    shared = {"legal_representative": "张三", "phone": "010-1", "registered_address": "某路 1 号"}
    one = make_enterprise(office, "甲公司", **shared)
    make_enterprise(office, "乙公司", phone="010-1")
    make_enterprise(office, "丙公司", **shared)
    make_enterprise(office, "丁公司", legal_representative="李四", phone="010-2", registered_address="别路")
    assert related(page, one) == [
        ("丙公司", ["同法定代表人", "同电话", "同注册地址"]),
        ("乙公司", ["同电话"]),
    ]


def test_blanks_deleted_ones_and_other_organisations_relate_to_nobody(page, office, other_office):
    one = make_enterprise(office, legal_representative="张三", phone="", registered_address="")
    make_enterprise(office, phone="", registered_address="")
    make_enterprise(other_office, "别处公司", legal_representative="张三")
    make_enterprise(office, legal_representative="张三", deleted_at="2026-01-01T00:00+08:00")
    assert related(page, one) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_related_enterprises_take_the_same_number_of_queries(page, office, rows, django_assert_num_queries):
    shared = {"legal_representative": "张三", "phone": "010-1", "registered_address": "某路 1 号"}
    one = make_enterprise(office, **shared)
    for _ in range(rows):
        make_enterprise(office, **shared)
    with django_assert_num_queries(6):
        page.get(reverse("parks:enterprise_related", args=[one.pk]), headers={"HX-Request": "true"})


def test_related_enterprises_of_another_organisations_record_are_not_found(page, other_office):
    foreign = make_enterprise(other_office)
    assert page.get(reverse("parks:enterprise_related", args=[foreign.pk])).status_code == 404
