"""Periods as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from reports.documents.build import build_figures, compared_label
from reports.figures.tally import tallies
from reports.metrics import METRIC_BY_KEY
from reports.period import BadPeriod, Period, current_month, period_named
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
        ("2023-W45", "2023年第45周（11月6日至11月12日）", date(2023, 11, 6), date(2023, 11, 13)),
        ("2020w53", "2020年第53周（12月28日至1月3日）", date(2020, 12, 28), date(2021, 1, 4)),
        ("2023-11-05", "2023年11月5日（前一日12时至当日12时）", date(2023, 11, 4), date(2023, 11, 5)),
        ("2023-to-2023-11-15", "2023年累计（至11月15日）", date(2023, 1, 1), date(2023, 11, 16)),
        ("2023-11-to-2023-11-15", "2023年11月累计（至11月15日）", date(2023, 11, 1), date(2023, 11, 16)),
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
        "2023-11-31",
        "2023-W53",
        "2023-W00",
        "2023-to-2024-01-01",
        "2023-11-to-2023-10-31",
        "0000-00-00",
        "1989-12-31",
        "２０２３",
        "2023-11'; drop table",
        "2099-01-01..9999-01-01",
    ],
)
def test_what_names_no_period_is_refused_in_chinese(text):
    with pytest.raises(BadPeriod, match=r"[\u4e00-\u9fff]"):
        Period.parse(text)


KEYS = [
    "2023", "2023-01", "2023-Q1", "2023-11-01..2023-11-07", "2023-W01", "2023-01-01", "2023-to-2023-03-31",
    "2023-01-to-2023-01-31",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
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
        ("2021-W01", "2020-W53"),
        ("2023-03-01", "2023-02-28"),
    ],
)
def test_the_period_before_is_of_the_same_kind(key, before):
    assert Period.parse(key).previous().key == before
    assert Period.parse(key).previous().end == Period.parse(key).start
    assert Period.parse(key).previous().end_at == Period.parse(key).start_at


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2023-to-2023-11-15", "2022-to-2022-11-15"),
        ("2024-to-2024-02-29", "2023-to-2023-02-28"),
        ("2023-11-to-2023-11-15", "2023-10-to-2023-10-15"),
        ("2023-01-to-2023-01-31", "2022-12-to-2022-12-31"),
        ("2023-03-to-2023-03-31", "2023-02-to-2023-02-28"),
    ],
)
def test_what_runs_up_to_a_day_is_compared_up_to_the_same_day(key, before):
    assert Period.parse(key).previous().key == before
    assert Period.parse(key).following() is None


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2023", "2022"),
        ("2023-01", "2022-01"),
        ("2023-Q3", "2022-Q3"),
        ("2021-W02", "2020-W02"),
        ("2020-W53", "2019-W52"),
        ("2024-02-29", "2023-02-28"),
        ("2024-02-29..2024-03-05", "2023-02-28..2023-03-05"),
        ("2023-to-2023-11-15", "2022-to-2022-11-15"),
        ("2023-11-to-2023-11-15", "2022-11-to-2022-11-15"),
    ],
)
def test_last_year_is_the_same_period_of_the_year_before(key, before):
    assert Period.parse(key).last_year().key == before


@pytest.mark.parametrize("key", ["2023", "2023-12", "2023-06", "2023-Q4", "2023-Q2", "2020-W53", "2023-03-01"])
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


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("2023-11", "2023年11月（10月19日至11月18日）"),
        ("2023-01", "2023年1月（2022年12月19日至2023年1月18日）"),
        ("2023-Q4", "2023年第四季度（9月19日至12月18日）"),
        ("2023", "2023年（2022年12月19日至2023年12月18日）"),
        ("2023-11-to-2023-11-10", "2023年11月累计（2023年10月19日至11月10日）"),
        ("2023-W45", "2023年第45周（11月6日至11月12日）"),
    ],
)
def test_a_month_that_begins_on_another_day_says_which_days_it_has(settings, key, label):
    settings.YQT = settings.YQT | {"MONTH_STARTS_ON": 19}
    assert Period.parse(key).label == label
    assert Period.parse(key).previous().following() in (Period.parse(key), None)


def test_a_running_month_is_compared_with_the_same_days_of_the_month_before(world):
    before = world.scope(now="2023-11-10 12:00").previous()
    assert (before.period.start, before.period.end) == (date(2023, 10, 1), date(2023, 10, 11))


@pytest.mark.parametrize(
    ("period", "now", "start", "end"),
    [
        ("2024", "2024-02-29 12:00", date(2023, 1, 1), date(2023, 3, 1)),
        ("2024-Q1", "2024-02-10 12:00", date(2023, 1, 1), date(2023, 2, 11)),
        ("2023-11", "2023-11-10 12:00", date(2022, 11, 1), date(2022, 11, 11)),
        ("2023-W45", "2023-11-08 12:00", date(2022, 11, 7), date(2022, 11, 10)),
        ("2023-11-08", "2023-11-08 09:00", date(2022, 11, 7), date(2022, 11, 8)),
        ("2023-11-01..2023-11-30", "2023-11-10 12:00", date(2022, 11, 1), date(2022, 11, 11)),
        ("2023-to-2023-11-10", "2023-11-10 12:00", date(2022, 1, 1), date(2022, 11, 11)),
    ],
)
def test_a_running_period_is_compared_with_as_much_of_last_year(world, period, now, start, end):
    before = world.scope(period, now).last_year().period
    assert (before.start, before.end) == (start, end)


def test_a_day_of_reports_runs_from_noon_to_noon(world):
    day = Period.parse("2023-11-05")
    assert (day.start_at, day.end_at) == (at("2023-11-04 12:00"), at("2023-11-05 12:00"))
    for moment in ("2023-11-04 11:59", "2023-11-04 12:00", "2023-11-05 11:59", "2023-11-05 12:00"):
        world.visit(moment)
    assert tallies(world.scope("2023-11-05"), [METRIC_BY_KEY["enterprise_visits"]])["enterprise_visits"].rows == 2
    # Stocks are counted on the day itself.
    assert world.scope("2023-11-05").cutoff == date(2023, 11, 5)


@pytest.mark.parametrize(
    ("name", "key"),
    [("", "2023-11"), ("ytd", "2023-to-2023-11-10"), ("MTD", "2023-11-to-2023-11-10"), ("week", "2023-W45"),
     ("day", "2023-11-10"), ("2022", "2022")],
)  # fmt: skip
def test_some_periods_have_names(name, key):
    assert period_named(name, date(2023, 11, 10)).key == key


def test_a_figure_is_compared_with_the_period_before_and_with_last_year(world):
    for day in ("2022-11-05", "2022-11-06", "2023-10-05", "2023-11-05", "2023-11-06", "2023-11-07"):
        world.call(world.appeal(day, closed=day), day, solved="solved" if day != "2022-11-05" else "unsolved")
    found = {one.key: one for one in build_figures(world.scope())}
    received, solved = found["appeals_received"], found["solving_rate"]
    assert (received.change.text, received.last_year.text) == ("▲2（200.0%）", "▲1（50.0%）")
    assert (solved.change.text, solved.last_year.text) == ("持平", "▲50.00个百分点")


@pytest.mark.parametrize(
    ("period", "now", "label"),
    [("2023-W45", "2024-01-01", "上周"), ("2023-W45", "2023-11-08", "上周同期"), ("2023-11-05", "2023-11-05", "前一日"),
     ("2023-to-2023-11-15", "2023-11-15", "上年同期"), ("2023-11-to-2023-11-15", "2024-01-01", "上月同期")],
)  # fmt: skip
def test_what_a_period_is_compared_with_is_said(world, period, now, label):
    assert compared_label(world.scope(period, now)) == label


def test_a_finished_month_is_compared_with_the_whole_month_before(world):
    assert world.scope().previous().period == Period.parse("2023-10")
