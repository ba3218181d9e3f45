"""Who entered the answers behind the rates, and which of several answers count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.figures.drilldown import LISTINGS, rows_behind
from reports.figures.tally import figure, tallies
from reports.metrics import METRIC_BY_KEY
from tests.reports.world import at
from visits.models import CallBack

pytestmark = pytest.mark.django_db


def shown(world, key: str, period: str = "2023-11"):
    metric, scope = METRIC_BY_KEY[key], world.scope(period)
    found = tallies(scope, [metric])[key]
    return figure(metric, found, found)


def by_link(world, appeal=None, day: str = "2023-11-20", **answers) -> CallBack:
    return world.call(appeal, day, via="link", called_by=None, **answers)


def test_beside_the_valid_call_backs_stands_who_entered_them(world):
    by_link(world)
    by_link(world)
    world.call()
    world.call(is_own=True)
    world.call(via="list", is_own=False)
    valid = shown(world, "valid_call_backs")
    assert (valid.text, valid.note) == ("5", "企业自填2件；工作人员录入2件；其中经办人自录1件；名单导入1件")
    assert "一轮只计第一次" in valid.definition


def test_a_later_answer_by_link_is_in_no_figure(world):
    first = by_link(world)
    by_link(world, first.appeal, "2023-11-25", satisfaction="dissatisfied", solved="unsolved", stands=False)
    assert shown(world, "valid_call_backs").note == "企业自填1件"
    assert shown(world, "satisfaction_rate").text == "100.00%"


def test_a_re_check_counts_instead_of_what_it_re_checks(world):
    first = world.call(satisfaction="dissatisfied", solved="unsolved", stands=False)
    world.call(first.appeal, "2023-11-22", rechecks=first)
    assert shown(world, "valid_call_backs").note == "工作人员录入1件；经复核1件"
    assert shown(world, "satisfaction_rate").text == "100.00%"


def test_who_answered_again_in_a_later_month_is_not_one_who_was_not_reached(world):
    first = by_link(world, day="2023-11-28")
    by_link(world, first.appeal, "2023-12-02", stands=False)
    assert shown(world, "unreachable_call_backs", "2023-12").text == "—"


def test_who_was_re_checked_in_a_later_month_is_not_one_who_was_not_reached(world):
    first = world.call(stands=False)
    world.call(first.appeal, "2023-12-02", rechecks=first)
    assert shown(world, "unreachable_call_backs").text == "—"
    assert shown(world, "valid_call_backs", "2023-12").text == "1"


def test_beside_those_not_reached_stand_the_invalid_call_backs_of_the_period(world):
    for day in (None, "2023-11-20", "2023-12-02"):
        appeal = world.appeal(closed="2023-11-15", out_of_reach_at=at(day) if day else None)
        world.no_answer(appeal)
    missed = shown(world, "unreachable_call_backs")
    assert (missed.text, missed.note) == ("3", "其中无效回访1件")
    assert "在2个不同日期共3次未接通" in missed.definition


def test_the_rows_say_how_each_answer_came_in(world):
    by_link(world)
    world.call(is_own=True)
    metric = METRIC_BY_KEY["valid_call_backs"]
    listed = [LISTINGS[CallBack].cells(row)[-1] for row in rows_behind(metric, world.scope())]
    assert sorted(listed) == ["企业自填", "电话回访（经办人自录）"]


@pytest.mark.parametrize(
    "half", [{"solved": "", "satisfaction": "basically"}, {"solved": "partly", "satisfaction": ""}]
)
def test_half_an_answer_that_counts_as_all_counts_once(world, settings, half):
    settings.YQT = settings.YQT | {"UNREACHABLE_COUNTS": "solved", "PARTLY_SOLVED_COUNTS": Decimal("0.5")}
    world.call(**half)
    assert shown(world, "satisfaction_rate").text == "100.00%"
    assert shown(world, "solving_rate").text == "100.00%"
    assert shown(world, "composite_score").text == "100.0"
