"""Periods as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from reports.period import BadPeriod, Period, current_month
from tests.reports.world import at


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        ("2023", "2023年", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023-11", "2023年11月", date(2023, 11, 1), date(2023, 12, 1)),
        ("2023-12", "2023年12月", date(2023, 12, 1), date(2024, 1, 1)),
        (" 2024-2 ", "2024年2月", date(2024, 2, 1), date(2024, 3, 1)),
        ("2023-Q4", "2023年第四季度", date(2023, 10, 1), date(2024, 1, 1)),
        ("2023q1", "2023年第一季度", date(2023, 1, 1), date(2023, 4, 1)),
        ("2023-11-01..2023-11-30", "2023年11月1日至2023年11月30日", date(2023, 11, 1), date(2023, 12, 1)),
        ("2023-11-05..2023-11-05", "2023年11月5日", date(2023, 11, 5), date(2023, 11, 6)),
    ],
)
def test_a_period_is_read_as_written(text, label, start, end):
    period = Period.parse(text)
    assert (period.label, period.start, period.end) == (label, start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "去年",
        "2023-13",
        "2023-00",
        "2023-Q5",
        "0000",
        "9999-01",
        "2023-02-30..2023-03-01",
        "2023-03-02..2023-03-01",
        "2023-11-01",
        "２０２３",
        "2023-11'; drop table",
        "2099-01-01..9999-01-01",
    ],
)
def test_what_names_no_period_is_refused_in_chinese(text):
    with pytest.raises(BadPeriod, match=r"[\u4e00-\u9fff]"):
        Period.parse(text)


@pytest.mark.parametrize("key", ["2023", "2023-01", "2023-Q1", "2023-11-01..2023-11-07"])
def test_a_period_is_found_again_by_its_key(key):
    assert Period.parse(Period.parse(key).key) == Period.parse(key)


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2023", "2022"),
        ("2023-01", "2022-12"),
        ("2023-11", "2023-10"),
        ("2023-Q1", "2022-Q4"),
        ("2023-Q3", "2023-Q2"),
        ("2023-11-01..2023-11-07", "2023-10-25..2023-10-31"),
    ],
)
def test_the_period_before_is_of_the_same_kind(key, before):
    assert Period.parse(key).previous().key == before
    assert Period.parse(key).previous().end == Period.parse(key).start


@pytest.mark.parametrize("key", ["2023", "2023-12", "2023-06", "2023-Q4", "2023-Q2"])
def test_after_the_period_before_comes_the_period_itself(key):
    following = Period.parse(key).previous().following()
    assert following == Period.parse(key)


def test_a_period_begins_at_local_midnight():
    assert Period.parse("2023-11").start_at == at("2023-11-01")
    assert Period.parse("2023-11").end_at == at("2023-12-01")


def test_a_district_may_start_its_month_on_the_19th(settings):
    settings.YQT = settings.YQT | {"MONTH_STARTS_ON": 19}
    month, year = Period.parse("2023-01"), Period.parse("2023")
    assert (month.start, month.end) == (date(2022, 12, 19), date(2023, 1, 19))
    assert (year.start, year.end) == (date(2022, 12, 19), date(2023, 12, 19))
    assert current_month(date(2023, 11, 18)).key == "2023-11"
    assert current_month(date(2023, 12, 19)).key == "2024-01"


def test_a_running_month_is_compared_with_the_same_days_of_the_month_before(world):
    before = world.scope(now="2023-11-10 12:00").previous()
    assert (before.period.start, before.period.end) == (date(2023, 10, 1), date(2023, 10, 11))


def test_a_finished_month_is_compared_with_the_whole_month_before(world):
    assert world.scope().previous().period == Period.parse("2023-10")
