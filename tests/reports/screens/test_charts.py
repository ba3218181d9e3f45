"""Charts say what figures say: each value, its table and the rows behind it; and what is sent to the browser."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.urls import reverse

from parks.models import Stewardship
from reports.figures import charts
from reports.figures.breakdown import breakdown
from reports.figures.tally import tallies, text_of
from reports.metrics import METRIC_BY_KEY, METRICS
from reports.metrics.drawn import STEPS, TIERS
from reports.screens.charts import data_of, largest
from reports.views.charts import charts_of
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_park
from tests.reports.world import NOW, at

NOVEMBER = {"period": "2023-11"}
# Every figure by one dimension, and every dimension of one figure of each kind of rows: what parts are, others test.
SOURCES = {metric.rows.key: metric for metric in METRICS}
PAIRS = [
    *((metric, metric.dimensions[n % len(metric.dimensions)]) for n, metric in enumerate(METRICS) if metric.dimensions),
    *((metric, by) for metric in SOURCES.values() for by in metric.dimensions),
]


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def rows_at(browser, address):
    html = "".join(browser.get(address).content.decode().split())
    return int(re.search(r"共(\d+)条记录", html)[1])


def test_every_mark_of_every_chart_leads_to_rows(full, browser, leader):
    followed = 0
    for chart in charts_of(full.scope(user=leader)):
        for row in chart.table.rows:
            for address, text in zip(row.addresses, row.cells, strict=True):
                if address:
                    count = rows_at(browser, address)
                    assert count == int(text) if text.isdigit() else count > 0, (chart.key, text)
                    followed += 1
    assert followed > 15


def test_each_chart_and_its_table_hold_the_same(full, leader):
    for chart in charts_of(full.scope(user=leader)):
        assert [row.cells[0] for row in chart.table.rows] == list(chart.categories), chart.key
        for number, drawn in enumerate(chart.series):
            assert [row.cells[number + 1] for row in chart.table.rows] == list(drawn.texts)
        assert all(column.label for column in chart.table.columns)


def test_the_funnel_follows_the_appeals_of_one_period(full):
    [chart] = [one for one in charts_of(full.scope()) if one.key == "steps"]
    counts = dict(zip(chart.categories, chart.series[0].values, strict=True))
    # Of the vector's twenty accepted in November, and one that is still open.
    assert counts == {
        "受理诉求": 21, "已派单": 0, "已签收": 0, "已联系": 2, "已办结": 20, "已回访": 16, "已解决": 14, "满意": 12,
    }  # fmt: skip
    assert [row.cells[2] for row in chart.table.rows] == [
        "100.00%", "0.00%", "0.00%", "9.52%", "95.24%", "76.19%", "66.67%", "57.14%",
    ]  # fmt: skip


def test_twelve_months_end_with_the_one_looked_at(full):
    months = charts.months_until(full.scope("2023-11"))
    assert (len(months), months[0].key, months[-1].key) == (12, "2022-12", "2023-11")
    trend = charts.trend(full.scope(), months, charts.VOLUMES, "trend", "趋势", "")
    for number, key in enumerate(charts.VOLUMES):
        found = tallies(full.scope(), [METRIC_BY_KEY[key]])[key]
        assert trend.series[number].texts[-1] == text_of(METRIC_BY_KEY[key], found)


def test_a_year_that_runs_ends_with_this_month(full):
    assert charts.months_until(full.scope("2024"))[-1].key == "2024-01"


def test_the_largest_parts_are_kept_where_all_do_not_fit(full):
    for category, number in (("policy", 1), ("talent", 3), ("traffic", 2)):
        for _ in range(number):
            full.appeal("2023-11-03", category=category)
    whole = charts.parted(full.scope(), METRIC_BY_KEY["appeals_received"], "category")
    assert largest(whole, 3) is whole
    chart = largest(whole, 2)
    assert chart.title == "受理诉求（按类别）前2位"
    assert chart.series[0].values == (22, 3)
    assert [row.cells for row in chart.table.rows] == [(chart.categories[0], "22"), (chart.categories[1], "3")]


def test_what_is_drawn_is_a_number_or_nothing_and_never_a_zero_of_nothing(world):
    trend = charts.trend(world.scope(), charts.months_until(world.scope()), charts.RATES, "rates", "率", "%")
    assert set(trend.series[0].values) == {None}
    assert trend.table.rows == ()
    assert data_of(trend)["series"][0]["values"] == [None] * 12


@pytest.mark.parametrize(("metric", "by"), PAIRS, ids=lambda one: getattr(one, "key", one))
def test_a_figure_is_shown_by_its_dimensions(full, browser, leader, metric, by):
    page = browser.get(reverse("reports:breakdown"), NOVEMBER | {"figure": metric.key, "dimension": by})
    html = unescape(page.content.decode())
    assert page.status_code == 200
    for part in breakdown(full.scope(user=leader), [metric], by)[metric.key]:
        assert part.address in html
        assert f'<th scope="row">{part.label}</th>' in html


def test_a_dimension_that_the_figure_has_not_is_replaced_and_said(full, browser):
    page = browser.get(reverse("reports:breakdown"), NOVEMBER | {"figure": "enterprise_visits", "dimension": "unit"})
    assert "“走访家次”不能按承办单位分，改为按" in page.content.decode()


@pytest.mark.parametrize("query", [{"figure": "nothing"}, {"dimension": "nothing"}, {"park": "x"}])
def test_what_does_not_exist_is_not_found(browser, query):
    assert browser.get(reverse("reports:breakdown"), NOVEMBER | query).status_code == 404


@pytest.mark.parametrize("name", ["charts", "breakdown"])
def test_the_page_holds_its_data_without_a_line_of_script(full, browser, name):
    html = browser.get(reverse(f"reports:{name}"), NOVEMBER).content.decode()
    assert "style=" not in html
    assert all('src="' in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", html))
    blocks = re.findall(r'<script type="application/json">(.*?)</script>', html, re.S)
    assert blocks
    assert all({"kind", "categories", "series", "unit", "full"} == json.loads(block).keys() for block in blocks)


def test_names_cannot_end_the_block_of_data(world, browser):
    type(world.unit).objects.filter(pk=world.unit.pk).update(name="</script><script>alert(1)</script>")
    world.call()
    html = browser.get(reverse("reports:charts"), NOVEMBER).content.decode()
    assert "<script>alert" not in html


def test_the_dashboard_asks_for_a_piece_and_a_person_gets_a_page(full, browser):
    piece = browser.get(reverse("reports:charts"), NOVEMBER, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<div class="charts">')
    assert "<!doctype html>" in browser.get(reverse("reports:charts"), NOVEMBER).content.decode()


def test_another_organisation_changes_nothing(world, elsewhere, browser):
    html = browser.get(reverse("reports:charts"), NOVEMBER).content.decode()
    assert html.count("这一期间没有可画的记录") == 7


@pytest.mark.parametrize(("name", "queries"), [("charts", 24), ("breakdown", 5)])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_do_not_grow_with_the_rows(world, browser, django_assert_num_queries, name, queries, rows):
    for _ in range(rows):
        world.call(world.appeal(closed="2023-11-15"))
    with django_assert_num_queries(queries):
        browser.get(reverse(f"reports:{name}"), NOVEMBER)


@pytest.mark.parametrize("by", ["unit", "steward", "team", "park"])
@pytest.mark.parametrize("parts", [1, 30])
def test_the_queries_of_a_breakdown_do_not_grow_with_its_parts(world, browser, django_assert_num_queries, by, parts):
    for number in range(parts):
        unit = make_organisation(f"{number}科", "unit", parent=world.office)
        firm = world.enterprise(park=make_park(world.office, f"{number}园"))
        steward = make_user(f"s{number}", unit, role="steward")
        Stewardship.objects.create(enterprise=firm, user=steward, starts_on=date(2020, 1, 1))
        world.appeal(enterprise=firm, lead_unit=unit)
    with django_assert_num_queries(5):
        page = browser.get(reverse("reports:breakdown"), NOVEMBER | {"figure": "appeals_received", "dimension": by})
    assert len(re.findall(r'<th scope="row">', page.content.decode())) == parts


@pytest.mark.parametrize("metric", [*STEPS, *TIERS], ids=lambda metric: metric.key)
def test_every_figure_of_charts_only_opens_as_many_rows_as_it_counts(full, browser, leader, metric):
    count = tallies(full.scope(user=leader), [metric])[metric.key].rows
    assert rows_at(browser, f"/reports/figures/{metric.key}/?period=2023-11") == count


def test_of_the_charts_package_one_file_is_served():
    assert finders.find("vendor/echarts/echarts.common.min.js")
    assert finders.find("vendor/echarts/echarts.js") is None
    single = [finder for finder in finders.get_finders() if type(finder).__name__ == "SingleFiles"]
    assert [path for finder in single for path, _ in finder.list([])] == ["echarts.common.min.js"]
