"""The figures over the API: in parts, over time, and down to the rows, which make exactly what was said."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from statistics import median

import pytest
import time_machine
from django.urls import reverse

from reports.figures.breakdown import breakdown
from reports.figures.tally import tallies, text_of
from reports.metrics import METRIC_BY_KEY, METRICS
from reports.metrics.drawn import DRAWN_BY_KEY
from reports.period import Period
from reports.rows.dimensions import DIMENSIONS
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_park
from tests.reports.world import NOW, at

YEAR, NOVEMBER = "2023", "2023-11"
KEYS = [metric.key for metric in METRICS]
PATHS = ("api_breakdown", "api_series", "api_rows")


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def get(browser, name, key, **query):
    asked = {"dimension": METRIC_BY_KEY[key].dimensions[0]} if name == "api_breakdown" else {}
    return browser.get(reverse(f"reports:{name}", args=[key]), asked | query)


def every_row(browser, address):
    """All pages of rows, by the addresses that the endpoint gives."""
    found, following = [], address
    while following:
        page = browser.get(following).json()
        found, following = found + page["results"], page["next"]
    return page, found


def made_of(metric, rows):
    """The exact value, from what each row counts for."""
    counted = [Fraction(str(row["counts_for"])) for row in rows]
    if metric.is_median:
        return median(counted)
    is_mean = metric.parts is not None or (metric.amounts_to == "mean" and metric.amount)
    return sum(counted) * (100 if metric.style == "score" else 1) / (len(counted) if is_mean else 1)


def assert_made_of_its_rows(browser, metric, told, hint, *, with_conditions=False):
    page, rows = every_row(browser, told["rows"])
    assert page["count"] == len(rows)
    assert page["figure"]["text"] == told["text"], hint
    if not metric.has_bases:
        assert float(made_of(metric, rows)) == pytest.approx(float(told["value"])), hint
    if metric.parts:
        assert len(rows) == told["denominator"], hint
        for name in metric.parts() if with_conditions else ():
            meeting = [row["id"] for row in rows if name in row["meets"]]
            _, alone = every_row(browser, f"{told['rows']}&part={name}")
            assert [row["id"] for row in alone] == meeting, (hint, name)


@pytest.mark.parametrize("key", KEYS)
def test_every_part_of_every_figure_is_made_of_exactly_its_rows(spread, browser, leader, key):
    metric = METRIC_BY_KEY[key]
    for by in metric.dimensions:
        sent = get(browser, "api_breakdown", key, period=YEAR, dimension=by).json()
        expected = breakdown(spread.scope(YEAR, user=leader), [metric], by)[key]
        assert [(one["key"], one["label"], one["text"]) for one in sent["parts"]] == [
            (part.key, part.label, text_of(metric, part.tally)) for part in expected
        ]
        for part in sent["parts"]:
            assert_made_of_its_rows(browser, metric, part, (by, part["label"]))
    assert_made_of_its_rows(browser, metric, sent["figure"], key, with_conditions=True)


@pytest.mark.parametrize("key", KEYS)
def test_every_point_of_a_series_is_made_of_exactly_its_rows(spread, browser, leader, key):
    metric = METRIC_BY_KEY[key]
    points = get(browser, "api_series", key, period=YEAR, each="quarter").json()["points"]
    assert [one["period_key"] for one in points] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"]
    for point in points:
        alone = tallies(spread.scope(point["period_key"], user=leader), [metric])[key]
        assert point["text"] == text_of(metric, alone)
        assert bool(point["rows"]) == bool(alone.rows)
        if point["rows"]:
            assert_made_of_its_rows(browser, metric, point, point["period_key"])


@pytest.mark.parametrize("key", DRAWN_BY_KEY)
def test_what_stands_in_charts_only_has_rows_too(full, browser, leader, key):
    found = tallies(full.scope(user=leader), [DRAWN_BY_KEY[key]])[key]
    assert browser.get(reverse("reports:api_rows", args=[key]), {"period": NOVEMBER}).json()["count"] == found.rows


def test_a_series_is_of_the_months_of_the_period_or_of_as_many_periods_up_to_it(full, browser):
    def keys(**query):
        points = get(browser, "api_series", "appeals_received", **query).json()["points"]
        return [one["period_key"] for one in points]

    assert keys(period="2023-Q4", each="month") == ["2023-10", "2023-11", "2023-12"]
    assert keys(period="2023", count=3) == ["2021", "2022", "2023"]
    assert keys(period="2023-W01", count=2) == ["2022-W52", "2023-W01"]
    assert keys(period=NOVEMBER)[0] == "2022-12"
    assert len(keys(period=NOVEMBER)) == 12
    # In January 2024 the other eleven months have not begun.
    assert keys(period="2024", each="month") == ["2024-01"]
    assert keys(period="2025") == [str(year) for year in range(2014, 2025)]


@pytest.mark.parametrize(
    ("period", "number"), [("2023-11-05", 3), ("2023-11-to-2023-11-20", 3), ("2023-11-01..2023-11-10", 4)]
)
def test_days_and_spans_have_a_series_without_gaps(full, browser, period, number):
    points = get(browser, "api_series", "enterprise_visits", period=period, count=number).json()["points"]
    found = [Period.parse(one["period_key"]) for one in points]
    assert len(found) == number
    if "to" not in period:
        assert all(one.end_at == other.start_at for one, other in pairwise(found))


def test_the_figures_and_cells_of_the_report_lead_to_their_rows(full, browser):
    sent = browser.get(reverse("reports:api_figures"), {"period": NOVEMBER}).json()
    for one in sent["figures"]:
        assert browser.get(one["rows"]).json()["figure"]["text"] == one["text"]
    followed = 0
    for table in sent["tables"]:
        for row in [*table["rows"], *([table["total"]] if table["total"] else [])]:
            for cell, address in zip(row["cells"], row["rows"], strict=bool(row["rows"])):
                if address and cell.isdigit():
                    assert browser.get(address).json()["count"] == int(cell)
                    followed += 1
    assert followed > 20


def test_the_catalogue_holds_every_figure_with_its_definition_and_dimensions(browser):
    sent = browser.get(reverse("reports:api_metrics")).json()
    assert [(one["key"], one["definition"]) for one in sent["metrics"]] == [
        (metric.key, metric.definition_text) for metric in METRICS
    ]
    assert [one["key"] for one in sent["dimensions"]] == list(DIMENSIONS)
    by_key = {one["key"]: one for one in sent["metrics"]}
    assert by_key["satisfaction_rate"]["parts"] == {"satisfied": 1, "basically": 0.9}
    assert by_key["appeals_received"]["parts"] == {}


def test_a_row_holds_what_its_page_shows(full, browser):
    page = get(browser, "api_rows", "solving_rate", period=NOVEMBER, limit=1).json()
    [row] = page["results"]
    assert page["model"] == "visits.callback"
    assert [(one["key"], one["label"]) for one in page["columns"]][:3] == [
        ("number", "编号"), ("enterprise", "企业"), ("lead_unit", "承办单位"),
    ]  # fmt: skip
    assert row["cells"].keys() == {one["key"] for one in page["columns"]}
    assert (row["cells"]["lead_unit"], row["cells"]["solved"], row["meets"]) == ("产业科", "已解决", ["solved"])
    assert browser.get(row["page"]).status_code == 200


def test_rows_come_in_pages_of_which_none_is_lost_or_sent_twice(world, browser):
    made = {world.appeal().pk for _ in range(31)}
    first = get(browser, "api_rows", "appeals_received", period=NOVEMBER, limit=10).json()
    page, rows = every_row(browser, first["next"])
    assert len(first["results"]) == 10
    assert [row["id"] for row in first["results"] + rows] == sorted(made)
    assert page["next"] is None


def test_money_of_a_single_firm_is_not_sent_to_a_reader_without_the_right(full, client):
    client.force_login(make_user("viewer", full.office, role="viewer"))
    for row in get(client, "api_rows", "tax_paid", period=NOVEMBER).json()["results"]:
        assert row["counts_for"] is None
    parts = get(client, "api_breakdown", "tax_paid", period=NOVEMBER, dimension="stage").json()["parts"]
    assert all(one["value"] is None or one["denominator"] >= 3 for one in parts)


@pytest.mark.parametrize("name", [*PATHS, "api_metrics"])
@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("viewer", 200), ("unit", 403), ("auditor", 403)])
def test_reading_figures_needs_its_permission(client, world, name, role, status):
    client.force_login(make_user(role, world.office, role=role))
    answer = get(client, name, "hnte") if name in PATHS else client.get(reverse("reports:api_metrics"))
    assert answer.status_code == status


@pytest.mark.parametrize("name", [*PATHS, "api_metrics"])
def test_nobody_reads_figures_without_logging_in(client, db, name):
    answer = get(client, name, "hnte") if name in PATHS else client.get(reverse("reports:api_metrics"))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", PATHS)
def test_what_the_reader_may_not_see_or_is_no_figure_is_not_found(spread, elsewhere, browser, name):
    key = "appeals_received"
    strange = make_park(elsewhere.office)
    for query in ({"park": strange.pk}, {"unit": elsewhere.unit.pk}, {"category": "none"}, {"by": "unit"}):
        assert get(browser, name, key, **query).status_code == 404, query
    path = {"api_breakdown": "breakdown", "api_series": "series", "api_rows": "rows"}[name]
    assert browser.get(f"/api/figures/nothing/{path}/?dimension=unit").status_code == 404


def test_a_part_of_another_organisation_has_no_rows_and_no_name(spread, elsewhere, browser):
    other = make_organisation("保密科", "unit", parent=elsewhere.office)
    elsewhere.appeal(lead_unit=other)
    page = get(browser, "api_rows", "appeals_received", period=NOVEMBER, by="unit", value=other.pk)
    assert page.json()["count"] == 0
    assert "保密科" not in page.content.decode()
    assert "保密科" not in get(browser, "api_breakdown", "appeals_received", period=YEAR).content.decode()


@pytest.mark.parametrize("key", ["hnte", "solving_rate"])
def test_a_condition_that_the_figure_has_not_is_not_found(full, browser, key):
    assert get(browser, "api_rows", key, part="pk").status_code == 404


@pytest.mark.parametrize(
    ("name", "query", "wrong"),
    [
        *((name, {"period": "去年"}, "period") for name in PATHS),
        ("api_breakdown", {"dimension": "kind"}, "dimension"),
        ("api_breakdown", {"dimension": ""}, "dimension"),
        ("api_breakdown", {"by": "unit", "value": "1"}, "by"),
        ("api_series", {"count": "0"}, "count"),
        ("api_series", {"count": "61"}, "count"),
        ("api_series", {"count": "٣"}, "count"),
        ("api_series", {"each": "day"}, "each"),
        ("api_series", {"period": "2000-01-01..2023-12-31", "each": "month"}, "period"),
    ],
)
def test_the_endpoint_says_which_parameter_is_wrong(browser, name, query, wrong):
    answer = get(browser, name, "appeals_received", **query)
    assert answer.status_code == 400
    assert list(answer.json()) == [wrong]


# Session and user are two of them.
@pytest.mark.parametrize(("name", "queries"), [("api_breakdown", 4), ("api_series", 4), ("api_rows", 5)])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_do_not_grow_with_the_rows(world, browser, django_assert_num_queries, name, queries, rows):
    for number in range(rows):
        world.call(world.appeal(closed="2023-11-15", enterprise=world.enterprise(name=f"第{number}公司")))
    with django_assert_num_queries(queries):
        get(browser, name, "solving_rate", period=NOVEMBER)


def test_the_description_of_the_api_names_the_endpoints_and_their_parameters(browser):
    text = browser.get(reverse("schema"), headers={"Accept": "application/json"}).json()
    for path in ("breakdown", "series", "rows"):
        told = text["paths"][f"/api/figures/{{key}}/{path}/"]["get"]
        assert {"key", "period", "park"} <= {one["name"] for one in told["parameters"]}
        assert told["summary"].startswith("指标")
    assert "MetricSerializer" not in text["components"]["schemas"]
    assert {"Breakdown", "Series", "Rows", "Catalogue"} <= text["components"]["schemas"].keys()
