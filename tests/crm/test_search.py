"""Pieces of two characters: what is found is what is written there, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from crm.search import LOOKED_AT, RANKED, SEARCH_CAP, best, index_text, narrowed, pieces, shares_of_pieces, words_of
from parks.models import Enterprise
from parks.search import reindex_enterprises
from tests.parks.factories import make_enterprise


def found(text: str) -> set[str]:
    return set(Enterprise.objects.filter(search_text__holds=text).values_list("name", flat=True))


def test_texts_are_cut_in_order_and_sources_kept_apart():
    assert pieces("图维天下") == "图维 维天 天下"
    assert pieces("图") == "图"
    assert index_text(["图维天", "图维天", "", "ab c"]) == "图维 维天 / AB BC"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("图维 北京", ["图维", "北京"]),
        ("9111 0105 3976", ["911101053976"]),
        ("010-8765 4321", ["01087654321"]),
        ("ＡＢＣ", ["ABC"]),
        ("tcl wl", ["TCL", "WL"]),
        ("   ", []),
    ],
)
def test_a_query_is_its_words_and_a_code_in_groups_is_one(query, words):
    assert [w for w in words_of(query) if w] == words


@pytest.mark.django_db
def test_only_a_run_of_text_is_found_and_no_mixture_of_its_pieces(office):
    make_enterprise(office, "天下图维有限公司", uscc="91110105397625067T")
    assert found("天下图维")
    assert found("下图")
    assert not found("图维天下")
    assert not found("司91")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["%%", "__", "图%", "\\\\", "'; --", "\x00"[:0] or "''"])
def test_signs_of_the_query_language_mean_themselves(office, text):
    make_enterprise(office, "图维天下有限公司")
    assert not found(text)


@pytest.mark.django_db
@given(start=st.integers(0, 12), length=st.integers(2, 13))
def test_any_two_or_more_characters_inside_a_name_find_it(start, length):
    name = "云川图维天下网安科技（北京）有限公司"
    row = Enterprise(name=name, search_text=index_text([name]))
    part = name[start : start + length]
    assert pieces(words_of(part)[0]) in row.search_text


@pytest.mark.django_db
def test_many_matches_are_not_cut_off_in_a_list(office):
    rows = [
        Enterprise(organisation=office, name=f"示例{n:04d}号公司", joined_on="2020-01-01")
        for n in range(SEARCH_CAP + 5)
    ]
    Enterprise.objects.bulk_create(rows)
    reindex_enterprises(row.pk for row in rows)
    assert narrowed(Enterprise.objects.all(), "示例").count() == SEARCH_CAP + 5
    assert narrowed(Enterprise.objects.all(), "0003号").count() == 1


@pytest.mark.django_db
def test_the_best_begin_with_the_text_and_one_character_is_no_search(office):
    for name in ("北京图维有限公司", "图维天下有限公司", "别的有限公司"):
        make_enterprise(office, name, legal_representative="图维" if name.startswith("别") else "")
    rows = Enterprise.objects.all()
    assert [e.name for e in best(rows, "图维", 5)] == ["图维天下有限公司", "北京图维有限公司", "别的有限公司"]
    assert best(rows, "图", 5) == []


@pytest.mark.django_db
def test_the_index_is_used_on_postgresql(office, django_db_blocker):

    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Enterprise.objects.filter(search_text__holds="图维天下").explain()
    assert "enterprise_by_pieces" in plan


def test_what_most_rows_hold_is_found_without_the_index_and_with_a_rare_word_exactly(office):
    for n in range(60):
        make_enterprise(office, f"图维{n}有限公司")
    make_enterprise(office, "天下有限公司")
    make_enterprise(office, "天下有公限司")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE parks_enterprise")
        shares_of_pieces.cache_clear()
    found = {
        text: Enterprise.objects.filter(search_text__holds=text).count()
        for text in ("有限", "有限公司", "有限 天下", "天下有限", "公限 天下", "图维59")
    }
    shares_of_pieces.cache_clear()
    assert found == {"有限": 61, "有限公司": 61, "有限 天下": 1, "天下有限": 1, "公限 天下": 1, "图维59": 1}


def test_the_name_that_begins_so_is_not_missing_among_many_that_hold_the_text(office):
    for n in range(RANKED + 20):
        make_enterprise(office, f"北京图维{n}有限公司")
    first = make_enterprise(office, "图维天下科技有限公司")
    assert best(Enterprise.objects.all(), "图维", 5)[0] == first
    assert best(Enterprise.objects.all(), "图维天", 5) == [first]


def test_what_is_within_reach_is_not_missed_among_many_of_others(office, other_office):
    many = [
        Enterprise(organisation=other_office, name=f"别处图维{n}号公司", joined_on="2020-01-01")
        for n in range(LOOKED_AT + 5)
    ]
    Enterprise.objects.bulk_create(many)
    reindex_enterprises(row.pk for row in many)
    ours = make_enterprise(office, "北京图维科技有限公司")
    assert best(Enterprise.objects.filter(organisation=office), "图维", 5) == [ours]
