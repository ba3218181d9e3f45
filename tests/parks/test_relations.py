"""Contacts, tags, tier and steward in the same sheet as the enterprise."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from crm.models import ImportBatch
from parks.models import Contact, Enterprise, Park, ServiceTier, Stewardship, Tag
from tests.crm.factories import make_user
from tests.crm.imports import files

NAME = "北京甲科技有限公司"


@pytest.fixture
def run(manager):
    """Stage and commit one file; header and rows as given."""

    def call(header: list[str], *rows: list[str], user=None) -> ImportBatch:
        actor = user or manager
        content = files.xlsx([["企业名称", *header], *([NAME, *row] for row in rows)])
        batch = create_batch(
            resource_key="enterprises",
            content=content,
            filename="a.xlsx",
            actor=actor,
            options={},
            must_find_header=True,
        )
        stage(batch, actor=actor)
        return commit(batch.pk, actor=actor)

    return call


def warnings(batch: ImportBatch) -> str:
    return " ".join(message["message"] for row in batch.rows.all() for message in row.messages)


def test_contact_post_and_numbers_go_to_the_person(run, manager):
    run(["联系人", "职务", "手机", "联系电话"], ["李四", "主任", "13800000000", "010-1"])
    person = Contact.objects.get()
    assert (person.name, person.post, person.mobile, person.is_primary) == ("李四", "主任", "13800000000", True)
    assert Enterprise.objects.get().phone == "010-1"
    assert person.history.get().history_user == manager


def test_the_only_phone_of_a_list_of_contacts_is_the_persons(run):
    run(["联系人", "联系电话", "成立日期"], ["李四", "13800000000", "2020-01-01"])
    assert Contact.objects.get().mobile == "13800000000"


def test_a_known_person_is_updated_and_a_new_one_added(run):
    run(["联系人", "联系人手机", "备注"], ["李四", "13800000000", "甲"])
    batch = run(["联系人", "联系人手机", "备注"], ["李四", "13900000000", "甲"])
    assert batch.results["updated"] == 1
    assert Contact.objects.get().mobile == "13900000000"
    run(["联系人", "联系人手机", "备注"], ["王五", "13700000000", "甲"])
    assert [person.is_primary for person in Contact.objects.order_by("pk")] == [True, False]
    again = run(["联系人", "联系人手机", "备注"], ["王五", "13700000000", "甲"])
    assert again.counts["same"] == 1


def test_the_civil_servant_in_a_list_of_stewards_is_no_contact(run, office):
    make_user("王五", office, role="steward")
    batch = run(["联系人", "联系人手机", "备注"], ["王五员", "13800000000", "甲"])
    assert "本单位工作人员" in warnings(batch)
    assert not Contact.objects.exists()
    assert Enterprise.objects.get().phone == ""


def test_contact_and_legal_representative_exchanged_need_a_word(run, manager):
    run(["法人", "联系人", "备注"], ["张三", "李四", "甲"])
    batch = run(["法人", "联系人", "备注"], ["李四", "张三", "甲"])
    assert "可能写反" in warnings(batch)
    assert batch.results["skipped"] == 1


def test_a_number_without_a_person_is_the_firms(run):
    run(["联系人手机", "备注"], ["13800000000", "甲"])
    assert Enterprise.objects.get().phone == "13800000000"


def test_tags_are_added_never_taken_away_and_new_ones_said(run, office):
    Tag.objects.create(organisation=office, name="网安")
    batch = run(["标签", "备注"], ["网安、信创", "甲"])
    assert "新标签“信创”" in warnings(batch)
    run(["标签", "备注"], ["数据", "甲"])
    assert {tag.name for tag in Enterprise.objects.get().tags.all()} == {"网安", "信创", "数据"}
    assert Tag.objects.count() == 3


def test_tier_and_steward_change_from_today(run, office):
    today, before = timezone.localdate(), dt.date(2023, 1, 1)
    first, second = (make_user(name, office, role="steward") for name in ("赵", "钱"))
    run(["服务包级别", "服务管家", "备注"], ["镇级", "赵员", "甲"])
    ServiceTier.objects.update(starts_on=before)
    Stewardship.objects.update(starts_on=before)
    run(["服务包级别", "服务管家", "备注"], ["区级", "钱员", "甲"])
    assert list(ServiceTier.objects.order_by("pk").values_list("tier", "starts_on", "ends_on")) == [
        ("town", before, today),
        ("district", today, None),
    ]
    assert list(Stewardship.objects.order_by("pk").values_list("user", "ends_on")) == [
        (first.pk, today),
        (second.pk, None),
    ]
    run(["服务包级别", "服务管家", "备注"], ["市级", "赵员", "甲"])
    assert list(ServiceTier.objects.filter(ends_on=None).values_list("tier", flat=True)) == ["city"]
    assert ServiceTier.objects.count() == 2


@pytest.mark.parametrize(
    ("header", "value", "message"),
    [
        ("服务包级别", "特级", "服务包级别“特级”不认识"),
        ("服务管家", "查无此人", "不是本单位在用的账号"),
        ("园区", "某园", "没有名为“某园”的园区"),
        ("联系人", "某某有限公司", "不像人名"),
        ("联系人邮箱", "不是邮箱", "不是邮箱地址"),
    ],
)
def test_what_the_register_does_not_know_is_said(run, header, value, message):
    batch = run([header, "备注"], [value, "甲"])
    assert message in warnings(batch)
    assert Enterprise.objects.count() == 1
    assert not ServiceTier.objects.exists()
    assert not Stewardship.objects.exists()


def test_a_steward_whose_name_is_borne_twice_is_not_guessed(run, office):
    for username in ("甲1", "甲2"):
        user = make_user(username, office, role="steward")
        user.name = "王伟"
        user.save()
    assert "重名" in warnings(run(["服务管家", "备注"], ["王伟", "甲"]))


def test_the_park_of_the_file_goes_before_the_park_chosen_for_all(run, office):
    park = Park.objects.create(organisation=office, name="网安园")
    run(["园区", "备注"], ["网安园", "甲"])
    assert Enterprise.objects.get().park == park


def test_relations_cost_no_query_per_row(manager, office, django_assert_max_num_queries):
    make_user("赵", office, role="steward")
    header = ["企业名称", "联系人", "联系人手机", "标签", "服务包级别", "服务管家"]
    rows = [[f"北京第{n}公司", f"李{n}", "13800000000", "网安", "镇级", "赵员"] for n in range(60)]
    batch = create_batch(
        resource_key="enterprises", content=files.xlsx([header, *rows]), filename="a.xlsx", actor=manager, options={},
        must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(70):
        stage(batch, actor=manager)
        commit(batch.pk, actor=manager)
    assert Contact.objects.count() == Stewardship.objects.count() == 60
