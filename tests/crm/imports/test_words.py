"""Words that a list spells its own way: asked once, understood in every row, never silently."""

import pytest

from crm.imports.cells import CellError
from crm.imports.columns import Reading
from crm.imports.commit import commit
from crm.imports.resource import get_resource, resource_keys
from crm.imports.staging import create_batch, stage
from crm.imports.words import closest, remember, unknown_words, used_words
from crm.models import ImportWord
from crm.models.imports import Verdict
from parks.models import Enterprise
from tests.crm.imports import files
from tests.parks.factories import make_enterprise

HEADER = ["企业名称", "登记状态", "所属行业", "标签"]


def asked(batch, user):
    resource = get_resource(batch.resource)
    resource.prepare(batch.organisation, user)
    return {found.word: found for found in unknown_words(batch, resource)}


def staged(kind, header, *rows, user):
    batch = create_batch(
        resource_key=kind, content=files.xlsx([header, *rows]), filename="a.xlsx", actor=user, options={},
        must_find_header=True,
    )  # fmt: skip
    return stage(batch, actor=user)


def test_an_unknown_word_is_asked_once_with_its_rows(stage_rows, manager):
    rows = [[f"第{n}公司", "正常运转中" if n % 2 else "照常", "软件", ""] for n in range(1, 11)]
    batch = stage_rows([*rows, ["丙公司", "照长营业着", "6513", ""]], header=HEADER)
    found = asked(batch, manager)
    assert {word: (one.title, one.count, one.rows) for word, one in found.items()} == {
        "照常": ("登记状态", 5, [3, 5, 7]),
        "照长营业着": ("登记状态", 1, [12]),
        "软件": ("所属行业", 10, [2, 3, 4]),
    }


def test_what_was_said_once_is_understood_in_every_row_and_shown(stage_rows, manager):
    rows = [[f"第{n}公司", "照常", "软件", ""] for n in range(1, 5)]
    batch = stage_rows(rows, header=HEADER)
    remember(batch, {("status", "照常"): "存续", ("industry", "软件"): "6513 应用软件开发"}, actor=manager)
    batch = stage(batch, actor=manager)
    assert asked(batch, manager) == {}
    assert [(one.word, one.meant, one.count) for one in used_words(batch)] == [
        ("照常", "存续", 4),
        ("软件", "6513 应用软件开发", 4),
    ]
    row = batch.rows.first()
    assert (row.values["status"], row.values["industry_id"]) == ("active", "6513")
    assert "“照常”按对应作“存续”" in [message["message"] for message in row.messages]


def test_the_next_list_is_understood_at_once_by_the_same_organisation_only(stage_rows, manager, outsider):
    rows = [["甲公司", "照常", "", ""]]
    remember(stage_rows(rows, header=HEADER), {("status", "照常"): "存续"}, actor=manager)
    later = stage_rows(rows, header=HEADER)
    assert [one.word for one in used_words(later)] == ["照常"]
    foreign = stage_rows(rows, header=HEADER, user=outsider)
    assert used_words(foreign) == []
    assert list(asked(foreign, outsider)) == ["照常"]


def test_a_word_can_be_left_out_and_forgotten(stage_rows, manager):
    batch = stage_rows([["甲公司", "照常", "", ""]], header=HEADER)
    remember(batch, {("status", "照常"): ""}, actor=manager)
    batch = stage(batch, actor=manager)
    assert "status" not in batch.rows.get().values
    assert "“照常”按对应留空" in [message["message"] for message in batch.rows.get().messages]
    remember(batch, {("status", "照常"): None}, actor=manager)
    assert not ImportWord.objects.exists()
    assert list(asked(stage(batch, actor=manager), manager)) == ["照常"]


def test_a_word_said_again_means_what_was_said_last(stage_rows, manager):
    batch = stage_rows([["甲公司", "照常", "", ""]], header=HEADER)
    for meant in ("停业", "存续"):
        remember(batch, {("status", "照常"): meant}, actor=manager)
    assert ImportWord.objects.get().replacement == "存续"


def test_each_of_several_words_in_a_cell_is_asked_for_itself(stage_rows, manager, office):
    batch = stage_rows([["甲公司", "", "", "网安 信创"], ["乙公司", "", "", "信创"]], header=HEADER)
    assert {word: one.count for word, one in asked(batch, manager).items()} == {"网安": 1, "信创": 2}
    remember(batch, {("tags", "网安"): "网络安全"}, actor=manager)
    batch = stage(batch, actor=manager)
    assert batch.rows.first().values["_tags"] == ["网络安全", "信创"]


def test_an_error_for_an_unknown_word_goes_away_with_its_meaning(office, manager):
    make_enterprise(office, "甲公司")
    header = ["公司名称", "资质名称", "发证日期"]
    batch = staged("qualifications", header, ["甲公司", "高新企业认定", "2024-10-29"], user=manager)
    assert batch.rows.get().verdict == Verdict.ERROR
    remember(batch, {("kind", "高新企业认定"): "国家高新技术企业"}, actor=manager)
    assert stage(batch, actor=manager).rows.get().verdict == Verdict.NEW


def test_people_of_visits_may_be_called_by_another_name(office, manager):
    make_enterprise(office, "甲公司")
    manager.name = "王主管"
    manager.save()
    batch = staged("visits", ["走访时间", "被走访企业", "走访人"], ["2024-01-02", "甲公司", "老王、某某"], user=manager)
    assert list(asked(batch, manager)) == ["老王", "某某"]
    remember(batch, {("staff", "老王"): "王主管"}, actor=manager)
    values = stage(batch, actor=manager).rows.get().values
    assert values["_staff"] == [manager.pk]
    assert values["_strangers"] == "某某"


def test_words_cost_one_query_whatever_the_rows(stage_rows, manager, django_assert_max_num_queries):
    remember(stage_rows([["甲公司", "照常", "", ""]], header=HEADER), {("status", "照常"): "存续"}, actor=manager)
    batch = stage_rows([[f"第{n}公司", "照常", "软件", "信创"] for n in range(40)], header=HEADER)
    with django_assert_max_num_queries(40):
        stage(batch, actor=manager)
    commit(batch.pk, actor=manager)
    assert Enterprise.objects.filter(status="active").count() == 40


@pytest.mark.parametrize("kind", resource_keys())
def test_every_word_of_a_vocabulary_is_understood(kind, office, manager):
    """What can be chosen for an unknown word must not be unknown itself."""
    resource = get_resource(kind)
    resource.prepare(office, manager)
    lookups = resource.lookups()
    for column in resource.columns:
        for word in resource.vocabulary(column.key):
            reading = Reading(lookups=lookups)
            try:
                column.parse(f"1万{word}" if column.is_word_inside else word, reading)
            except CellError as error:
                pytest.fail(f"{column.label} {word}: {error.message}")
            assert reading.more is None, (column.label, word)


@pytest.mark.parametrize(
    ("word", "vocabulary", "guess"),
    [
        ("国家高新企业", ["国家高新技术企业", "瞪羚企业"], "国家高新技术企业"),
        ("存续（在营）", ["注销", "存续"], "存续"),
        ("照常", ["注销", "存续"], ""),
        ("小李", ["李涛", "张三"], ""),
        ("甲", [], ""),
    ],
)
def test_the_closest_spelling_is_proposed(word, vocabulary, guess):
    assert closest(word, vocabulary) == guess


CAPITAL = ["企业名称", "注册资本"]


@pytest.mark.parametrize(
    ("written", "word", "meant", "amount", "currency"),
    [
        ("100万越南盾", "越南盾", "其他币种", "1000000.00", "XXX"),
        ("50万 坚 戈", "坚戈", "其他币种", "500000.00", "XXX"),
        ("30（万星币）", "星币", "新加坡元", "300000.00", "SGD"),
        ("PHP 2,000,000", "PHP", "其他币种", "2000000.00", "XXX"),
        ("20万vnd", "VND", "其他币种", "200000.00", "XXX"),
    ],
)
def test_a_currency_nobody_knows_is_asked_like_any_word(stage_rows, manager, written, word, meant, amount, currency):
    rows = [["甲公司", written], ["乙公司", "100万人民币"]]
    batch = stage_rows(rows, header=CAPITAL)
    assert [row.verdict for row in batch.rows.all()] == [Verdict.ERROR, Verdict.NEW]
    assert list(asked(batch, manager)) == [word]
    remember(batch, {("registered_capital", word): meant}, actor=manager)
    row = stage(batch, actor=manager).rows.first()
    assert (row.verdict, row.values["registered_capital"], row.values["registered_capital_currency"]) == (
        Verdict.NEW, amount, currency,
    )  # fmt: skip
    assert row.values["registered_capital_raw"] == written


def test_an_amount_in_a_currency_to_be_left_out_is_left_out_with_it(stage_rows, manager):
    batch = stage_rows([["甲公司", "100万越南盾"]], header=CAPITAL)
    remember(batch, {("registered_capital", "越南盾"): ""}, actor=manager)
    row = stage(batch, actor=manager).rows.get()
    assert row.verdict == Verdict.NEW
    assert "registered_capital" not in row.values


@pytest.mark.parametrize("written", ["1000万左右", "约1000万", "1000万元以上", "待定", "详见章程"])
def test_what_is_no_currency_is_not_asked_as_one(stage_rows, manager, written):
    batch = stage_rows([["甲公司", written]], header=CAPITAL)
    assert batch.rows.get().verdict == Verdict.ERROR
    assert asked(batch, manager) == {}
