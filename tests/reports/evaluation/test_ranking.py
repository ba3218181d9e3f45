"""The ranking page: the same score as in the report, places, ties, and what is left out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from crm.models import Organisation
from reports.documents.build import build_report
from reports.evaluation.actions import NewItem, set_scheme
from reports.evaluation.ranking import build_ranking, places
from reports.evaluation.schemes import THREE_RATES
from tests.crm.factories import make_organisation, make_user
from tests.reports.world import NOW, at

COLUMNS = ("position", "name", "received", "score")


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


@pytest.fixture
def manager(world):
    return make_user("boss", world.office, role="manager")


def shown(table, *keys):
    number = {column.key: n for n, column in enumerate(table.columns)}
    return [tuple(row.cells[number[key]] for key in keys) for row in table.rows]


def unit(world, name):
    return make_organisation(name, "unit", parent=world.office)


def called(world, unit, number, **answers):
    for _ in range(number):
        world.call(world.appeal(closed="2023-11-15", lead_unit=unit), **answers)


def test_by_default_it_is_the_composite_score_of_the_report(full):
    report, ranking = build_report(full.scope()), build_ranking(full.scope())
    assert shown(report.table("by_unit"), "name", "accepted", "composite_score") == shown(
        ranking.table, "name", "received", "score"
    )
    assert ranking.table.rows[0].cells[-1] == "88.3"
    assert ranking.total.score.points == report.figure("composite_score").value


def test_equal_units_share_a_place_and_the_idle_have_none(world):
    first, second, third = (unit(world, name) for name in ("甲科", "乙科", "丙科"))
    called(world, first, 2)
    called(world, second, 2)
    called(world, third, 1, satisfaction="dissatisfied")
    ranking = build_ranking(world.scope())
    assert shown(ranking.table, *COLUMNS) == [
        ("1", "甲科", "2", "100.0"),
        ("1", "乙科", "2", "100.0"),
        ("3", "丙科", "1", "60.0"),
        ("—", "产业科", "无任务", "—"),
    ]
    assert places(ranking.lines) == ["1", "1", "3", "—"]


def test_of_equal_scores_the_unit_with_more_work_comes_first(world):
    few, many = unit(world, "甲科"), unit(world, "乙科")
    called(world, few, 1)
    called(world, many, 2)
    assert shown(build_ranking(world.scope()).table, "position", "name")[:2] == [("1", "乙科"), ("2", "甲科")]


def test_what_has_no_denominator_is_left_out_and_said_under_the_table(world):
    call = world.call(world.appeal(closed="2023-11-15"), satisfaction="basically")
    type(call.appeal).objects.update(excluded_at=at("2023-11-16"), excluded_reason="超出政策规定")
    ranking = build_ranking(world.scope())
    assert shown(ranking.table, "value1", "points1", "value2", "score") == [("—", "—", "—", "100.0")]
    assert "产业科的解决率、满意率，合计的解决率、满意率没有分母，不计入，其余计分项按权重折算" in ranking.table.note


def test_a_scheme_counts_from_its_day_on_and_leaves_earlier_months_alone(full, manager):
    items = [NewItem("weight", "solving_rate", D(100), D("50"))]
    set_scheme(actor=manager, name="新方案", valid_from=date(2024, 1, 1), note="", items=items)
    assert build_ranking(full.scope()).scheme.name == "三率综合成绩"
    called(full, full.unit, 1, day="2024-01-10")
    january = build_ranking(full.scope("2024-01"))
    assert january.scheme.name == "新方案"
    assert shown(january.table, "score") == [("100.0",)]


def test_what_is_not_a_units_own_counts_in_the_total_only_and_the_note_says_so(full, manager):
    items = [
        NewItem("weight", "solving_rate", D(50), D(100)),
        NewItem("weight", "enterprise_visits", D(50), D(10)),
        NewItem("penalty", "overdue_appeals", D(1), None, D(5)),
    ]
    set_scheme(actor=manager, name="新方案", valid_from=date(2024, 1, 1), note="", items=items)
    full.visit("2024-01-05", full.firm)
    called(full, full.unit, 1, day="2024-01-10")
    ranking = build_ranking(full.scope("2024-01"))
    # One overdue appeal of November is still open; one visit of the ten wanted.
    assert ranking.lines[0].score.points == 99
    assert ranking.total.score.points == 50 + 5 - 1
    assert "走访家次不分单位，只计入合计。" in ranking.table.note
    assert "超期未办结诉求每件扣1分，最多5分" in ranking.table.note


@pytest.fixture
def leader(world):
    return make_user("leader1", world.office, role="leader")


def page(client, name="reports:ranking", **query):
    return client.get(reverse(name), {"period": "2023-11"} | query)


def test_every_figure_of_the_page_opens_its_rows(full, client, leader):
    client.force_login(leader)
    html = unescape(page(client).content.decode())
    for key in ("appeals_received", *THREE_RATES):
        assert f"/reports/figures/{key}/?period=2023-11&unit={full.unit.pk}" in html
    assert "考评方案“三率综合成绩”（系统设置）：响应率10分，达到100%得满分" in html


def test_another_organisation_changes_nothing(full, elsewhere, client, leader):
    client.force_login(leader)
    assert Organisation.objects.filter(name="产业科").count() == 2
    assert f"unit={elsewhere.unit.pk}" not in page(client).content.decode()
    assert shown(build_ranking(full.scope()).table, *COLUMNS) == [("1", "产业科", "21", "88.3")]


@pytest.mark.parametrize("units", [1, 30])
def test_the_queries_of_the_page_do_not_grow_with_the_units(world, client, leader, units, django_assert_num_queries):
    for number in range(units):
        called(world, unit(world, f"{number}科"), 1)
    client.force_login(leader)
    with django_assert_num_queries(12):
        page(client)
