"""Figures in parts: every part leads to its rows, and the parts of a count add up to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parks.models import Enterprise
from reports.figures.address import scope_from
from reports.figures.breakdown import breakdown, dimensions_of, series
from reports.figures.drilldown import counts_for, rows_behind
from reports.figures.tally import over, tallies, value_of
from reports.metrics import METRIC_BY_KEY, METRICS
from reports.period import Period
from reports.rows.dimensions import DIMENSIONS, NONE
from reports.rows.sizes import size_case
from tests.crm.factories import make_organisation, make_user
from tests.reports.metrics.test_metrics import made_of
from tests.reports.world import NOW, at

YEAR = "2023"


@pytest.mark.parametrize("by", DIMENSIONS)
def test_every_part_leads_to_its_rows_and_the_parts_make_the_figure(spread, by):
    scope, metrics = spread.scope(YEAR), [metric for metric in METRICS if by in metric.dimensions]
    found, totals = breakdown(scope, metrics, by), tallies(scope, metrics)
    for metric in metrics:
        parts, total = found[metric.key], totals[metric.key]
        assert parts, metric.key
        for part in parts:
            assert_leads_to_its_rows(scope, metric, part)
        counted = sum(part.tally.rows for part in parts)
        assert counted >= total.rows if metric.distinct else counted == total.rows, metric.key
        assert not metric.distinct or metric.amount or "各部分之和可以大于合计" in metric.definition_text
        if (metric.parts or (metric.amounts_to == "sum" and metric.amount)) and not metric.has_bases:
            assert sum(part.tally.numerator for part in parts) == total.numerator, metric.key


def assert_leads_to_its_rows(scope, metric, part) -> None:
    query = {name: values[0] for name, values in parse_qs(urlsplit(part.address).query).items()}
    narrowed = scope_from(query, scope.user, scope.now)
    rows = list(rows_behind(metric, narrowed))
    counted = {row.enterprise_id for row in rows} if metric.distinct else rows
    assert len(counted) == part.tally.rows, (metric.key, part.label)
    assert tallies(narrowed, [metric])[metric.key] == part.tally
    if not metric.has_bases:
        counted = [counts_for(metric, row) for row in rows]
        assert made_of(metric, counted) == value_of(metric, part.tally), (metric.key, part.label)


def test_every_dimension_is_had_by_some_metric_and_every_metric_has_some():
    assert dimensions_of() == DIMENSIONS
    assert all(metric.dimensions for metric in METRICS)


def labels(scope, key, by) -> dict[str, int]:
    return {part.label: part.tally.rows for part in breakdown(scope, [METRIC_BY_KEY[key]], by)[key]}


def test_parts_are_named_and_in_order_with_those_that_belong_to_none_at_the_end(spread):
    scope = spread.scope(YEAR)
    assert labels(scope, "appeals_received", "unit") == {"产业科": 21, "服务科": 6, "尚未派单": 1}
    assert list(labels(scope, "appeals_received", "unit"))[-1] == "尚未派单"
    assert list(labels(scope, "appeals_received", "month")) == ["2023年3月", "2023年6月", "2023年11月"]
    assert labels(scope, "appeals_received", "quarter") == {
        "2023年第一季度": 2, "2023年第二季度": 2, "2023年第四季度": 24,
    }  # fmt: skip
    assert list(labels(scope, "enterprise_visits", "tier")) == ["市级", "镇级", "不在名单"]
    assert labels(scope, "enterprise_visits", "steward") == {"管家": 3, "无管家": 6}
    assert labels(scope, "enterprise_visits", "team") == {"服务科": 3, "无管家": 6}


@pytest.mark.parametrize(
    ("yuan", "band"),
    [(0, "100万元以下"), (999_999, "100万元以下"), (1_000_000, "100万元—500万元"), (10_000_000, "1000万元—5000万元"),
     (50_000_000, "5000万元—1亿元"), (99_999_999, "5000万元—1亿元"), (100_000_000, "1亿元以上"), (None, "未知")],
)  # fmt: skip
def test_a_band_of_capital_holds_its_lower_bound(world, yuan, band):
    world.enterprise(registered_capital=yuan)
    assert labels(world.scope(), "registered_enterprises", "capital") == {band: 1}


def test_foreign_capital_stands_apart_and_the_bands_are_a_setting(world, settings):
    settings.YQT = settings.YQT | {"CAPITAL_BANDS": (300,)}
    world.enterprise(registered_capital=5_000_000, registered_capital_currency="USD")
    world.enterprise(registered_capital=3_000_000)
    assert labels(world.scope(), "registered_enterprises", "capital") == {"300万元以上": 1, "外币": 1}


@pytest.mark.parametrize("code", ["I", "65", "651", "6513"])
def test_an_industry_of_any_level_is_in_its_section(world, code):
    world.enterprise(industry_id=code)
    found = labels(world.scope(), "registered_enterprises", "section")
    assert found == {"信息传输、软件和信息技术服务业": 1}


CODES = ["I", "65", "651", "6513", "59", "592", "591", "A", "0111", "J", "66", "70", "701", "7010", "704", "C", "39"]


def test_the_database_tells_the_size_as_the_rule_does(world):
    rng = Random(4754)
    firms = [
        world.enterprise(
            name=f"第{number}公司", industry_id=code or None,
            employee_count=rng.choice([None, 9, 10, 20, 99, 100, 300, 1000]),
            annual_revenue=rng.choice([None, 0, 499_999, 500_000, 5_000_000, 100_000_000, 4_000_000_000]),
            total_assets=rng.choice([None, 0, 1_000_000, 80_000_000, 1_200_000_000]),
        )
        for number, code in enumerate([*CODES, ""] * 4)
    ]  # fmt: skip
    expected = Counter(firm.size.label for firm in firms)
    assert len(expected) == 6
    assert labels(world.scope(), "registered_enterprises", "size") == expected
    known = dict(Enterprise.objects.annotate(told=size_case()).values_list("pk", "told"))
    assert known == {firm.pk: firm.size.label for firm in firms}


@pytest.mark.parametrize("size", [1, 30])
def test_a_breakdown_asks_once_for_each_source_of_rows(world, size):
    for number in range(size):
        world.call(world.appeal(closed="2023-11-15", enterprise=world.enterprise(name=f"第{number}公司")))
    metrics = [METRIC_BY_KEY[key] for key in ("appeals_received", "satisfaction_rate", "composite_score")]
    scope = world.scope()
    breakdown(scope, metrics, "unit")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        breakdown(scope, metrics, "unit")
    # Appeals, call-backs, and the names of units.
    assert len(asked) == 3


def test_a_series_is_the_same_as_each_period_by_itself_with_few_questions(spread):
    periods = [Period.parse(f"2023-{month:02}") for month in range(1, 13)]
    scope = spread.scope(YEAR)
    alone = [tallies(replace(scope, period=period)) for period in periods]
    with CaptureQueriesContext(connection) as asked:
        found = series(scope, METRICS, periods)
    # What is told beside a figure is told of the first period alone.
    counted = {key: [replace(one, asides={}) for one in tallied] for key, tallied in found.items()}
    assert counted == {m.key: [replace(one[m.key], asides={}) for one in alone] for m in METRICS}
    assert all(found[metric.key][0] == alone[0][metric.key] for metric in METRICS)
    # Each source twice, and a median for each month.
    assert len(asked) <= 2 * len({metric.rows.key for metric in METRICS}) + len(periods)


# In the browser


@pytest.fixture
def browser(client, spread):
    with time_machine.travel(at(NOW), tick=False):
        client.force_login(make_user("领导甲", spread.office, role="leader"))
        yield client


def test_a_part_opens_its_rows_and_says_which_it_is(browser, spread):
    part = breakdown(spread.scope(YEAR), [METRIC_BY_KEY["appeals_received"]], "unit")["appeals_received"][1]
    page = browser.get(part.address).content.decode()
    assert "承办单位：服务科" in page
    assert "共 6 条记录" in page


@pytest.mark.parametrize(
    "query", ["by=unit", "value=1", "by=nothing&value=1", "by=unit&value=x", "by=unit&value=1e3", "by=kind&value=visit",
              "by=unit&value=99999999999999999999", "by=category&value=%00"],
)  # fmt: skip
def test_what_is_no_part_of_the_figure_is_not_found(browser, query):
    assert browser.get(f"/reports/figures/appeals_received/?{query}").status_code == 404


def test_a_unit_of_another_organisation_is_not_named(browser, spread, elsewhere):
    page = browser.get(f"/reports/figures/appeals_received/?period=2023&by=unit&value={elsewhere.unit.pk}")
    assert "共 0 条记录" in page.content.decode()
    assert "产业科" not in page.content.decode()


def test_what_belongs_to_none_opens_too(browser, spread):
    page = browser.get(f"/reports/figures/appeals_received/?period=2023&by=unit&value={NONE}").content.decode()
    assert "承办单位：尚未派单" in page
    assert "共 1 条记录" in page


@pytest.mark.parametrize("by", ["steward", "team", "tier", "month"])
def test_what_a_part_is_compared_with_is_what_was_of_that_part_then(world, by):
    """An enterprise that came to another steward, and to another list, in November."""
    first, second = (make_user(name, make_organisation(f"{name}科", "unit", parent=world.office)) for name in "甲乙")
    for steward, since, until in ((first, "2023-01-01", "2023-11-01"), (second, "2023-11-01", None)):
        world.firm.stewardships.create(user=steward, starts_on=since, ends_on=until)
    for tier, since, until in (("city", "2023-01-01", "2023-11-01"), ("town", "2023-11-01", None)):
        world.firm.service_tiers.create(tier=tier, starts_on=since, ends_on=until)
    for month in ("10", "11"):
        world.call(world.appeal(f"2023-{month}-05", closed=f"2023-{month}-09", due=f"2023-{month}-20"),
                   f"2023-{month}-12")  # fmt: skip
    value = {"steward": second.pk, "team": second.organisation_id, "tier": "town", "month": "2023-11"}[by]
    scope = replace(world.scope("2023-11"), by=by, value=str(value))
    metrics = [METRIC_BY_KEY[key] for key in ("appeals_received", "closing_in_time", "satisfaction_rate", "mean_hours")]
    compared = over([scope, scope.previous(), scope.last_year()], metrics)
    assert compared == [tallies(one, metrics) for one in (scope, scope.previous(), scope.last_year())]
    assert [one["appeals_received"].rows for one in compared] == [1, 0, 0]
    points = series(scope, metrics, [Period.parse(f"2023-{month:02}") for month in range(1, 13)])["appeals_received"]
    assert [point.rows for point in points] == [0] * 10 + [1, 0]
