"""Suspected duplicates: the signs, branches that are none, “不是重复”, constant queries, the form and the import."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.imports.commit import commit
from crm.imports.matching import Matching
from crm.imports.parsing import Draft
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models.imports import Verdict
from parks import actions
from parks.duplicates import VALUES_PER_SIGN, Sign, Typed, candidates, find_pairs, is_branch
from parks.models import Enterprise, FormerCode, FormerName, SharedValue, Uncompared
from parks.resources import EnterpriseResource
from parks.shared import count_all
from tests.crm.imports import files
from tests.parks.factories import make_enterprise

CODE, OTHER_CODE = "91110105397625067T", "911100001011016602"
PERSON = {"legal_representative": "王某", "phone": "010-60000001"}
PLACE = {"phone": "010-60000001", "registered_address": "某路 1 号"}


@pytest.fixture(autouse=True)
def _nothing_counted_before():
    cache.clear()


def signs(user) -> list[tuple[str, str, list[Sign]]]:
    return [(pair.first.name, pair.second.name, pair.signs) for pair in find_pairs(user)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云川图维科技有限公司北京分公司", True),
        ("云川图维科技有限公司（北京）第一分公司", True),
        ("某某银行股份有限公司西集支行", True),
        ("某某快餐有限公司（西集店）", True),
        ("某某超市有限公司西集门店", True),
        ("某某公司驻京办事处", True),
        ("云川图维科技有限公司", False),
        ("云川分行科技有限公司", False),
        ("云川书店有限公司", False),
        ("某某经营部", False),
    ],
)
def test_a_branch_is_known_by_its_name(name, expected):
    assert is_branch(name) is expected


@pytest.mark.parametrize(("fields", "sign"), [(PERSON, Sign.PERSON_AND_PHONE), (PLACE, Sign.PHONE_AND_ADDRESS)])
def test_two_that_share_person_telephone_or_address_are_a_pair(office, manager, fields, sign):
    make_enterprise(office, "甲有限公司", **fields)
    make_enterprise(office, "乙有限公司", **fields)
    assert signs(manager) == [("甲有限公司", "乙有限公司", [sign])]


def test_names_are_compared_as_normalised(office, manager):
    make_enterprise(office, "云川（北京）有限公司", normalised_name="云川(北京)有限公司")
    make_enterprise(office, "云川(北京)有限公司", normalised_name="云川(北京)有限公司")
    assert signs(manager)[0][2] == [Sign.NAME]


def test_a_former_name_and_a_former_code_lead_to_their_enterprise(office, manager):
    old = make_enterprise(office, "新名有限公司")
    FormerName.objects.create(enterprise=old, name="旧名有限公司", normalised_name="旧名有限公司")
    FormerCode.objects.create(enterprise=old, code=CODE)
    make_enterprise(office, "旧名有限公司")
    make_enterprise(office, "无关有限公司", uscc=CODE)
    assert sorted(signs(manager)) == [
        ("新名有限公司", "无关有限公司", [Sign.FORMER_CODE]),
        ("新名有限公司", "旧名有限公司", [Sign.FORMER_NAME]),
    ]


@pytest.mark.parametrize("fields", [PERSON, PLACE])
def test_a_branch_is_never_taken_for_its_parent_nor_for_another_branch(office, manager, fields):
    make_enterprise(office, "云川图维有限公司", **fields)
    make_enterprise(office, "云川图维有限公司西集分公司", **fields)
    make_enterprise(office, "云川图维有限公司张家湾分公司", **fields)
    assert signs(manager) == []


def test_a_blank_telephone_or_the_telephone_of_an_agent_is_no_sign(office, manager):
    for n in range(2):
        make_enterprise(office, f"空白{n}有限公司", legal_representative="王某")
    for n in range(6):
        make_enterprise(office, f"代办{n}有限公司", phone="010-1", registered_address="集群地址")
    assert signs(manager) == []


def test_pairs_are_of_one_register_and_of_what_the_user_may_see(office, other_office, manager, outsider):
    make_enterprise(office, "同名有限公司")
    make_enterprise(other_office, "同名有限公司")
    assert signs(manager) == []
    make_enterprise(other_office, "同名有限公司")
    assert signs(manager) == []
    assert len(signs(outsider)) == 1


def test_a_deleted_enterprise_is_nobodys_duplicate(office, manager):
    one, _ = make_enterprise(office, "同名有限公司"), make_enterprise(office, "同名有限公司")
    assert len(signs(manager)) == 1
    actions.delete_enterprise(one, actor=manager)
    assert signs(manager) == []
    assert candidates(manager, Typed(name="同名有限公司"), _.pk) == []


def test_two_are_a_pair_only_as_long_as_they_share_something(office, manager):
    one, other = make_enterprise(office, "甲有限公司", **PERSON), make_enterprise(office, "乙有限公司", **PERSON)
    assert len(signs(manager)) == 1
    one.phone = "010-60000002"
    actions.update_enterprise(one, actor=manager, seen_version=1)
    assert signs(manager) == []
    assert not SharedValue.objects.exists()
    other.phone = "010-60000002"
    actions.update_enterprise(other, actor=manager, seen_version=1)
    assert len(signs(manager)) == 1
    actions.delete_enterprise(one, actor=manager)
    assert signs(manager) == []
    assert not SharedValue.objects.exists()
    actions.restore_enterprise(one, actor=manager)
    assert len(signs(manager)) == 1
    assert not Uncompared.objects.exists()


def test_merging_leaves_nothing_shared_and_unmerging_brings_it_back(office, manager):
    kept, gone = make_enterprise(office, "甲有限公司", **PERSON), make_enterprise(office, "乙有限公司", **PERSON)
    record = actions.merge_enterprises(kept, gone, actor=manager, take=(), seen=(1, 1))
    assert signs(manager) == []
    assert not SharedValue.objects.exists()
    actions.unmerge_enterprises(record, actor=manager)
    assert len(signs(manager)) == 1


def test_what_a_list_brings_twice_is_a_pair_until_it_is_undone(office, other_office, manager, outsider):
    make_enterprise(other_office, "甲有限公司", **PERSON)
    rows = [
        ["企业名称", "法定代表人", "电话"],
        *([name, "王某", "010-60000001"] for name in ("甲有限公司", "乙有限公司")),
    ]
    batch = create_batch(
        resource_key="enterprises", content=files.xlsx(rows), filename="a.xlsx", actor=manager, options={},
        must_find_header=True,
    )  # fmt: skip
    stage(batch, actor=manager)
    commit(batch.pk, actor=manager)
    assert signs(manager) == [("甲有限公司", "乙有限公司", [Sign.PERSON_AND_PHONE])]
    assert signs(outsider) == []
    undo(batch.pk, actor=manager)
    assert signs(manager) == []
    assert not SharedValue.objects.exists()


def test_counting_all_from_nothing_finds_what_was_counted_step_by_step(office, other_office, manager, monkeypatch):
    for owner in (office, other_office):
        for n in range(3):
            make_enterprise(owner, f"{n % 2}有限公司", phone=f"010-{n // 2}")
    make_enterprise(office, "0有限公司", deleted_at="2026-01-01T00:00+08:00")
    find_pairs(manager)
    known = set(SharedValue.objects.values_list("organisation", "field", "value", "held"))
    assert known == {
        (owner.pk, *one)
        for owner in (office, other_office)
        for one in (("normalised_name", "0有限公司", 2), ("phone", "010-0", 2))
    }
    count_all()
    assert set(SharedValue.objects.values_list("organisation", "field", "value", "held")) == known
    monkeypatch.setattr("parks.shared.MANY", 1)
    for _ in range(2):
        make_enterprise(office, "又一家有限公司")
    assert len(signs(manager)) == 2
    assert not Uncompared.objects.exists()


def test_a_pair_judged_not_to_be_one_is_not_shown_again_until_recalled(client, office, manager):
    one, other = make_enterprise(office, "同名有限公司"), make_enterprise(office, "同名有限公司")
    client.force_login(manager)
    assert "核对并合并" in client.get("/enterprises/duplicates/").text
    assert client.get("/enterprises/duplicates/count/").text == "1"
    dismiss = reverse("parks:duplicate_dismiss", args=[other.pk, one.pk])
    response = client.post(dismiss, follow=True)
    assert "撤销" in response.text
    assert client.post(dismiss).status_code == 302
    assert "没有发现疑似重复" in client.get("/enterprises/duplicates/").text
    assert candidates(manager, Typed(name="同名有限公司"), one.pk) == []
    client.post(reverse("parks:duplicate_recall", args=[one.pk, other.pk]))
    assert client.get("/enterprises/duplicates/count/").text == "1"


def test_pairs_of_another_organisation_cannot_be_judged_or_merged(client, office, other_office, manager):
    own, foreign = make_enterprise(office), make_enterprise(other_office)
    client.force_login(manager)
    for name in ("duplicate_dismiss", "duplicate_recall", "enterprise_merge"):
        for pair in ((own.pk, foreign.pk), (foreign.pk, own.pk), (own.pk, own.pk)):
            if name == "duplicate_recall" and pair == (own.pk, own.pk):
                continue
            assert client.post(reverse(f"parks:{name}", args=pair)).status_code == 404, (name, pair)
    assert client.get(reverse("parks:enterprise_merge", args=[own.pk, foreign.pk])).status_code == 404


def test_a_viewer_sees_no_duplicates_page(client, users, office):
    client.force_login(users["viewer"])
    assert client.get("/enterprises/duplicates/").status_code == 403
    assert "疑似重复" not in client.get("/enterprises/").text


@pytest.mark.parametrize("pairs", [1, 15])
def test_finding_pairs_takes_the_same_number_of_queries(office, manager, pairs, django_assert_num_queries):
    for n in range(pairs):
        one = make_enterprise(
            office, f"第{n}有限公司", phone=f"010-{n}", registered_address="某路", legal_representative="王"
        )
        make_enterprise(
            office, f"第{n}有限公司", phone=f"010-{n}", registered_address="某路", legal_representative="王"
        )
        FormerName.objects.create(enterprise=one, name=f"旧{n}公司", normalised_name=f"旧{n}公司")
        FormerCode.objects.create(enterprise=one, code=f"CODE{n}")
        make_enterprise(office, f"旧{n}公司", uscc=f"CODE{n}")
    find_pairs(manager)  # which counts what was written, and knows the user's reach from then on
    with django_assert_num_queries(12):
        assert len(find_pairs(manager)) == pairs * 2


def test_while_typing_each_match_says_why(client, office, manager):
    target = make_enterprise(office, "云川图维有限公司", uscc=OTHER_CODE, **PERSON)
    FormerCode.objects.create(enterprise=target, code=CODE)
    client.force_login(manager)
    for typed, sign in (
        ({"name": "云川图维有限公司"}, Sign.NAME),
        ({"name": "全新名称有限公司", **PERSON}, Sign.PERSON_AND_PHONE),
        ({"uscc": CODE}, Sign.FORMER_CODE),
        ({"uscc": OTHER_CODE}, Sign.CODE),
    ):
        text = client.get("/enterprises/matches/", typed).text
        assert "云川图维有限公司" in text
        assert sign in text
    assert sign not in client.get("/enterprises/matches/", {"name": "云川图维有限公司分公司", **PERSON}).text


def test_saving_asks_once_and_then_saves(client, office, manager):
    make_enterprise(office, "云川图维有限公司", **PERSON)
    client.force_login(manager)
    data = {"name": "另名有限公司", "joined_on": "2026-11-01", "stage": "settled", **PERSON}
    response = client.post("/enterprises/new/", data)
    assert Sign.PERSON_AND_PHONE in response.text
    assert client.post("/enterprises/new/", data | {"is_confirmed": "on"}).status_code == 302
    assert Enterprise.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("云川图维有限公司", Verdict.SAME), ("另一家有限公司", Verdict.DUPLICATE)],
)
def test_a_list_with_the_old_code_finds_its_enterprise_and_asks_when_the_name_differs(office, manager, name, verdict):
    enterprise = make_enterprise(office, "云川图维有限公司", uscc=CODE)
    enterprise.uscc = OTHER_CODE
    actions.update_enterprise(enterprise, actor=manager, seen_version=1)
    draft = Draft(2, [])
    draft.values = {"name": name, "uscc": CODE}
    (matched,) = Matching(EnterpriseResource(), office, manager, {}).judge([draft])
    assert (matched.verdict, matched.target) == (verdict, enterprise)
    assert "uscc" not in [change.field for change in matched.changes]


def test_of_a_sign_with_too_many_groups_the_first_are_shown_and_that_is_said(client, office, manager):
    for n in range(VALUES_PER_SIGN + 1):
        for side in "甲乙":
            make_enterprise(office, f"{side}{n}公司", legal_representative=f"张{n}", phone=f"010-{n:06d}")
    pairs = find_pairs(manager)
    assert len(pairs) == VALUES_PER_SIGN
    assert pairs.capped == (Sign.PERSON_AND_PHONE, Sign.PHONE_AND_ADDRESS)
    client.force_login(manager)
    text = client.get("/enterprises/duplicates/").text
    assert f"法定代表人和电话相同、电话和注册地址相同只列出前 {VALUES_PER_SIGN} 组" in text
