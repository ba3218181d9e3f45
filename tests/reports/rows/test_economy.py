"""Economic indicators: what totals come to by months, growth, and who may see what single firms paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError

from parks.actions import Told, record_indicators
from parks.models import Indicator
from reports.documents.build import build_figures
from reports.figures.breakdown import breakdown
from reports.figures.tally import figure, tallies, text_of
from reports.metrics import METRIC_BY_KEY
from tests.crm.factories import make_user
from tests.reports.world import NOW, at

TAX = METRIC_BY_KEY["tax_paid"]
YI = 100_000_000


def tell(firm, *values, kind="tax", year=2023):
    """(month, reach, 亿元) of one firm."""
    record_indicators(
        Told(firm, kind, year, month, reach, Decimal(str(amount)) * YI, date(2024, 1, 10))
        for month, reach, amount in values
    )


def shown(world, period: str, user=None) -> str:
    scope = world.scope(period, user=user)
    return text_of(TAX, tallies(scope, [TAX])["tax_paid"])


def test_what_a_month_adds_to_the_total_is_the_months_own(world):
    tell(world.firm, (2, "total", 2), (3, "total", 3.5), (4, "total", 3.2))
    assert [shown(world, period) for period in ("2023-03", "2023-04", "2023-Q1", "2023")] == [
        "1.50", "-0.30", "3.50", "3.20",
    ]  # fmt: skip


def test_january_and_february_stay_together_where_they_came_together(world):
    tell(world.firm, (2, "total", 2))
    assert [shown(world, period) for period in ("2023-01", "2023-02", "2023-Q1")] == ["—", "—", "2.00"]
    assert [row.months for row in Indicator.objects.filter(reach="month")] == ["2023年1—2月"]


def test_a_month_that_was_told_itself_stays_as_it_was_told(world):
    tell(world.firm, (10, "total", 5), (11, "total", 9), (11, "month", 3))
    assert shown(world, "2023-11") == "3.00"


def test_what_is_told_again_takes_the_place_of_what_was_told(world):
    for amount in (2, 3):
        tell(world.firm, (10, "total", 1), (11, "total", amount))
    assert shown(world, "2023-11") == "2.00"
    assert Indicator.objects.count() == 4


def test_a_month_is_no_thirteenth(world):
    with pytest.raises(IntegrityError):
        tell(world.firm, (13, "month", 1))


@pytest.mark.parametrize(
    ("before", "now", "text"),
    [("7.52146", "9.55", "▲26.97%"), ("2", "2", "持平"), ("2", "1", "▼50.00%"), ("-1", "1", "扭亏"), ("0", "1", "—"),
     (None, "1", "—"), ("-2", "-1", "▲50.00%")],
)  # fmt: skip
def test_growth_over_last_year(world, before, now, text):
    tell(world.firm, (11, "month", now))
    if before:
        tell(world.firm, (11, "month", before), year=2022)
    (tax,) = [one for one in build_figures(world.scope()) if one.key == "tax_paid"]
    assert tax.last_year.text == text


def figures(world, user=None, period="2023-11"):
    return {one.key: one for one in build_figures(world.scope(period, user=user))}


def test_growth_of_the_same_firms_is_a_figure_of_its_own(world):
    tell(world.firm, (11, "month", 3))
    tell(world.firm, (11, "month", 2), year=2022)
    tell(world.enterprise(), (11, "month", 5))
    # Gone since: neither of them counts it.
    tell(world.enterprise(), (11, "month", 9), year=2022)
    found = figures(world)
    assert (found["tax_paid"].text, found["tax_paid"].last_year.text) == ("8.00", "▼27.27%")
    same = found["comparable_tax"]
    assert (same.text, same.last_year.text, same.change.text) == ("3.00", "▲50.00%", "同比▲50.00%")
    assert same.note == "共1家；另有1家只有一年的数，未计入"
    assert [row.enterprise for row in METRIC_BY_KEY["comparable_tax"].drill_down(world.scope())] == [world.firm]


def test_a_firm_is_the_same_in_a_quarter_and_a_year_when_it_has_any_month_of_both(world):
    tell(world.firm, (10, "month", 3), (11, "month", 3))
    tell(world.firm, (12, "month", 2), year=2022)
    shown = {period: figures(world, period=period)["comparable_tax"] for period in ("2023-11", "2023-Q4", "2023")}
    assert [one.text for one in shown.values()] == ["—", "6.00", "6.00"]
    assert shown["2023"].last_year.text == "▲200.00%"


def test_nothing_to_compare_costs_no_query(world, django_assert_num_queries):
    tell(world.firm, (11, "month", 3))
    metrics = [METRIC_BY_KEY["tax_paid"], METRIC_BY_KEY["comparable_tax"]]
    scope = world.scope()
    # The organisations within reach are asked for once.
    build_figures(scope, metrics)
    with django_assert_num_queries(1):
        build_figures(scope, metrics)
    tell(world.firm, (11, "month", 2), year=2022)
    with django_assert_num_queries(2):
        build_figures(scope, metrics)


# Who may see what


@pytest.fixture
def reader(world):
    """Sees indicators, and not those of few firms."""
    user = make_user("读者", world.office, role="viewer")
    user.has_perm = lambda permission, obj=None: permission != "reports.view_sensitive"
    return user


def test_who_may_not_see_indicators_gets_no_figure(world):
    tell(world.firm, (11, "month", 3))
    assert shown(world, "2023-11", make_user("只读", world.office, role="viewer")) == "—"
    assert shown(world, "2023-11", make_user("领导", world.office, role="leader")) == "3.00"


def test_money_of_one_firm_or_two_is_hidden_and_nothing_gives_it_away(world, reader):
    for amount in (1, 2):
        tell(world.enterprise(registered_capital=500_000), (11, "month", amount))
    assert shown(world, "2023-11", reader) == "*"
    (hidden,) = [one for one in build_figures(world.scope(user=reader)) if one.key == "tax_paid"]
    assert (hidden.text, hidden.value, hidden.numerator, hidden.change.text) == ("*", None, None, "—")
    for amount in (3, 4, 5):
        tell(world.enterprise(registered_capital=5_000_000), (11, "month", amount))
    for amount in (6, 7, 8, 9):
        tell(world.enterprise(registered_capital=20_000_000), (11, "month", amount))
    assert shown(world, "2023-11", reader) == "45.00"
    parts = breakdown(world.scope(user=reader), [TAX], "capital")["tax_paid"]
    # Two firms alone, and with them the smallest other part, or the total would tell of them.
    assert [text_of(TAX, part.tally) for part in parts] == ["*", "*", "30.00"]
    seen = breakdown(world.scope(), [TAX], "capital")["tax_paid"]
    assert [text_of(TAX, part.tally) for part in seen] == ["3.00", "12.00", "30.00"]


def test_what_the_same_firms_leave_out_is_not_given_away_by_the_difference(world, reader):
    for amount in (1, 2, 3):
        firm = world.enterprise(registered_capital=500_000)
        tell(firm, (11, "month", amount))
        tell(firm, (11, "month", amount), year=2022)
    assert figures(world, reader)["comparable_tax"].text == "6.00"
    alone = world.enterprise(registered_capital=500_000)
    tell(alone, (11, "month", 7))
    found = figures(world, reader)
    assert (found["tax_paid"].text, found["comparable_tax"].text) == ("13.00", "*")
    assert figures(world)["comparable_tax"].text == "6.00"
    same = METRIC_BY_KEY["comparable_tax"]
    for firm in (world.enterprise(registered_capital=20_000_000) for _ in range(4)):
        tell(firm, (11, "month", 1))
        tell(firm, (11, "month", 1), year=2022)
    parts = breakdown(world.scope(user=reader), [same], "capital")["comparable_tax"]
    assert [text_of(same, part.tally) for part in parts] == ["*", "*"]


def test_a_firm_that_is_gone_is_not_given_away_by_growth(world, reader):
    for amount in (1, 2, 3):
        firm = world.enterprise()
        tell(firm, (11, "month", amount))
        tell(firm, (11, "month", amount), year=2022)
    tell(world.enterprise(), (11, "month", 7), year=2022)
    found = figures(world, reader)
    assert (found["tax_paid"].last_year.text, found["comparable_tax"].last_year.text) == ("▼53.85%", "—")
    assert figures(world)["comparable_tax"].last_year.text == "持平"


def test_a_part_by_its_address_is_hidden_as_well(world, reader):
    for amount in (1, 2, 3):
        tell(world.enterprise(registered_capital=500_000), (11, "month", amount))
    scope = world.scope(user=reader)
    part = breakdown(scope, [TAX], "capital")["tax_paid"][0]
    narrowed = replace(scope, by="capital", value=part.key)
    found = tallies(narrowed, [TAX])["tax_paid"]
    assert figure(TAX, found, found).text == "*"


def test_the_rows_behind_money_show_amounts_to_those_with_the_right(client, world):
    tell(world.firm, (10, "total", 1), (11, "total", 3))
    client.force_login(make_user("领导乙", world.office, role="leader"))
    with time_machine.travel(at(NOW), tick=False):
        page = client.get("/reports/figures/tax_paid/?period=2023-11").content.decode()
    assert "20,000" in page
    assert "由累计推出" in page
