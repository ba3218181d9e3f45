"""New rows of a list that may be a firm of the register, or of an earlier row, under another name."""

import pytest
from django.urls import reverse

from crm.imports.commit import commit
from crm.imports.corrections import decide
from crm.imports.staging import stage
from crm.models.imports import Verdict
from parks.models import Enterprise
from tests.parks.factories import make_enterprise

HEADER = ["企业名称", "法定代表人", "联系电话", "注册地址"]
KNOWN = {"legal_representative": "张某", "phone": "010-1", "registered_address": "某路1号"}


@pytest.fixture
def known(office) -> Enterprise:
    return make_enterprise(office, "北京旧名科技有限公司", **KNOWN)


def warnings(batch, number=2):
    return [message["message"] for message in batch.rows.get(number=number).messages]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (["新名公司", "张某", "010-1", "别处"], "法定代表人和电话相同"),
        (["新名公司", "李某", "010-1", "某路1号"], "电话和注册地址相同"),
    ],
)
def test_a_weak_sign_is_a_warning_that_names_the_firm(stage_rows, known, line, why):
    batch = stage_rows([line], header=HEADER)
    row = batch.rows.get()
    assert (row.verdict, row.has_suspects) == (Verdict.NEW, True)
    assert warnings(batch) == [f"疑似重复：可能与“北京旧名科技有限公司”是同一家（{why}）"]


@pytest.mark.parametrize(
    "line",
    [
        ["新名公司", "张某", "010-2", "某路1号"],
        ["新名公司", "", "010-1", ""],
        ["新名公司", "李某", "010-1", "别处"],
        ["北京旧名科技有限公司上海分公司", "张某", "010-1", "某路1号"],
    ],
    ids=["another telephone", "nothing beside the telephone", "the telephone alone", "its branch"],
)
def test_less_than_that_is_no_sign(stage_rows, known, line):
    assert warnings(stage_rows([line], header=HEADER)) == []


def test_a_telephone_of_many_firms_is_no_sign(stage_rows, office, known):
    for number in range(5):
        make_enterprise(office, f"代办{number}公司", **KNOWN)
    assert warnings(stage_rows([["新名公司", "张某", "010-1", ""]], header=HEADER)) == []


def test_a_telephone_of_many_rows_of_the_file_is_no_sign(stage_rows, known):
    batch = stage_rows([[f"新名{n}公司", "张某", "010-1", ""] for n in range(6)], header=HEADER)
    assert not batch.rows.filter(has_suspects=True).exists()


def test_firms_out_of_sight_or_in_the_bin_are_not_named(stage_rows, office, other_office, manager):
    from parks.actions import delete_enterprise

    make_enterprise(other_office, "别处公司", **KNOWN)
    delete_enterprise(make_enterprise(office, "删去公司", **KNOWN), actor=manager)
    assert warnings(stage_rows([["新名公司", "张某", "010-1", ""]], header=HEADER)) == []


def test_said_to_be_the_same_it_is_updated_and_renamed(stage_rows, known, manager):
    batch = stage_rows([["北京新名科技有限公司", "张某", "010-1", "新路2号"]], header=HEADER)
    batch = stage(decide(batch.pk, {2: f"update:{known.pk}"}), actor=manager)
    row = batch.rows.get()
    assert (row.verdict, row.target_id) == (Verdict.CHANGED, known.pk)
    commit(batch.pk, actor=manager)
    known.refresh_from_db()
    assert (known.name, known.registered_address) == ("北京新名科技有限公司", "新路2号")
    assert known.former_names.get().name == "北京旧名科技有限公司"


def test_said_not_to_be_the_same_it_is_new_without_a_warning(stage_rows, known, manager):
    batch = stage_rows([["新名公司", "张某", "010-1", ""]], header=HEADER)
    batch = stage(decide(batch.pk, {2: "create"}), actor=manager)
    assert (batch.rows.get().verdict, warnings(batch)) == (Verdict.NEW, [])
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.count() == 2


def test_two_rows_cannot_be_the_same_firm(stage_rows, known, manager):
    batch = stage_rows([[f"新名{n}公司", "张某", "010-1", ""] for n in (1, 2)], header=HEADER)
    batch = stage(decide(batch.pk, dict.fromkeys((2, 3), f"update:{known.pk}")), actor=manager)
    assert [row.verdict for row in batch.rows.all()] == [Verdict.CHANGED, Verdict.DUPLICATE]
    assert "只导入第 2 行" in warnings(batch, 3)[-1]


def test_a_decision_for_a_firm_that_was_never_suspected_counts_for_nothing(stage_rows, known, office, manager):
    other = make_enterprise(office, "无关公司")
    batch = stage_rows([["新名公司", "张某", "010-1", ""]], header=HEADER)
    batch = stage(decide(batch.pk, {2: f"update:{other.pk}"}), actor=manager)
    assert batch.rows.get().verdict == Verdict.NEW


def test_suspects_cost_one_query_whatever_the_rows(stage_rows, office, django_assert_max_num_queries):
    for number in range(30):
        make_enterprise(office, f"旧{number}公司", legal_representative=f"张{number}", phone=f"010-{number}")
    with django_assert_max_num_queries(45):
        batch = stage_rows([[f"新{n}公司", f"张{n}", f"010-{n}", ""] for n in range(30)], header=HEADER)
    assert batch.rows.filter(has_suspects=True).count() == 30


def test_the_review_shows_suspects_first_with_one_press_to_decide(client, stage_rows, known, manager):
    client.force_login(manager)
    batch = stage_rows([["另一公司", "王某", "010-9", ""], ["新名公司", "张某", "010-1", ""]], header=HEADER)
    review = reverse("crm:import_detail", args=[batch.pk])
    page = client.get(review, {"tab": "new"})
    assert [item["row"].number for item in page.context["items"]] == [3, 2]
    assert f'value="3:update:{known.pk}"' in page.content.decode()
    correct = reverse("crm:import_correct", args=[batch.pk])
    client.post(correct, {"decide": f"3:update:{known.pk}", "place": "tab=new"})
    page = client.get(review, {"tab": "changed"}).content.decode()
    assert "您已认定为同一家" in page
    client.post(correct, {"decide": "3:", "place": "tab=changed"})
    assert batch.rows.get(number=3).verdict == Verdict.NEW


TWO = [["甲科技有限公司", "张某", "010-1", "某路1号"], ["乙贸易有限公司", "张某", "010-1", "别处"]]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (["乙公司", "张某", "010-1", "别处"], "法定代表人和电话相同"),
        (["乙公司", "李某", "010-1", "某路1号"], "电话和注册地址相同"),
    ],
)
def test_two_new_rows_of_one_file_are_compared_with_each_other(stage_rows, second, why):
    batch = stage_rows(
        [["甲公司", "张某", "010-1", "某路1号"], ["丙公司", "王某", "010-1", "他路"], second], header=HEADER
    )
    assert [row.has_suspects for row in batch.rows.all()] == [False, False, True]
    assert warnings(batch, 4) == [f"疑似重复：可能与第 2 行“甲公司”是同一家（{why}）"]
    assert batch.counts["suspects"] == 1


def test_rows_far_apart_are_compared_too(stage_rows, monkeypatch):
    monkeypatch.setattr("crm.imports.staging.ROWS_PER_PART", 2)
    between = [[f"别{n}公司", f"王{n}", f"010-9{n}", ""] for n in range(4)]
    batch = stage_rows([TWO[0], *between, TWO[1]], header=HEADER)
    assert warnings(batch, 7) == ["疑似重复：可能与第 2 行“甲科技有限公司”是同一家（法定代表人和电话相同）"]


def test_a_branch_is_suspected_of_nothing_and_hides_nobody(stage_rows):
    rows = [["甲公司", "张某", "010-1", "某路1号"], ["甲公司通州分公司", "张某", "010-1", "某路1号"]]
    assert not stage_rows(rows, header=HEADER).rows.filter(has_suspects=True).exists()
    batch = stage_rows([rows[1], rows[0], ["乙公司", "张某", "010-1", ""]], header=HEADER)
    assert [row.has_suspects for row in batch.rows.all()] == [False, False, True]
    assert "第 3 行" in warnings(batch, 4)[0]


@pytest.mark.parametrize(
    ("decision", "verdict", "firms"), [("skip", "duplicate", 1), ("create", "new", 2), ("", "new", 2)]
)
def test_a_person_says_whether_two_rows_are_one_firm(stage_rows, manager, decision, verdict, firms):
    batch = stage(decide(stage_rows(TWO, header=HEADER).pk, {3: decision}), actor=manager)
    assert (batch.rows.get(number=3).verdict, batch.rows.get(number=2).verdict) == (verdict, "new")
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.count() == firms


def test_a_row_that_repeats_nothing_is_not_skipped(stage_rows, manager):
    batch = stage(decide(stage_rows(TWO, header=HEADER).pk, {2: "skip"}), actor=manager)
    assert batch.rows.get(number=2).verdict == Verdict.NEW


def test_the_review_offers_to_leave_the_later_row_out(client, stage_rows, manager):
    client.force_login(manager)
    batch = stage_rows(TWO, header=HEADER)
    review, correct = reverse("crm:import_detail", args=[batch.pk]), reverse("crm:import_correct", args=[batch.pk])
    page = client.get(review, {"tab": "new"}).content.decode()
    assert "1 行疑似重复" in page
    assert 'value="3:skip"' in page
    client.post(correct, {"decide": "3:skip", "place": "tab=new"})
    page = client.get(review, {"tab": "duplicate"}).content.decode()
    assert "您已认定为重复，不导入这一行" in page
    client.post(correct, {"decide": "3:", "place": "tab=duplicate"})
    assert batch.rows.get(number=3).verdict == Verdict.NEW
