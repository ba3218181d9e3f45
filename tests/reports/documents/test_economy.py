"""经济指标变动: who grew and who fell, without telling in a document that is passed on what single firms paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from parks.actions import Told, record_indicators
from reports import actions
from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY
from reports.issuing.reprint import shown_to
from tests.crm.factories import make_user

WAN = 10_000


def tell(world, name: str, now: int | None, before: int | None, *, industry: str = "I", kind: str = "tax") -> None:
    """In 万元, of November and of November a year ago."""
    firm = world.enterprise(name=name, industry_id=industry or None)
    amounts = {2023: now, 2022: before}
    record_indicators(
        Told(firm, kind, year, 11, "month", Decimal(amount) * WAN, date(2024, 1, 10))
        for year, amount in amounts.items()
        if amount is not None
    )


@pytest.fixture
def told(world):
    """Software: four grew; factories: three of which two fell; one school, one of no industry known."""
    for number, amount in enumerate((300, 200, 150, 110)):
        tell(world, f"软件{number}", amount, 100, industry="6513")
    for name, now, before in (("工厂甲", 50, 100), ("工厂乙", 90, 100), ("工厂丙", 100, 100)):
        tell(world, name, now, before, industry="C")
    tell(world, "学校", 7, 5, industry="P")
    tell(world, "未填", 3, 5, industry="")
    return world


def part(world, user, **changes):
    report = build_report(replace(world.scope(user=user), **changes), KIND_BY_KEY["monthly"])
    return next((one for one in report.parts if one.key == "economy"), None)


def lines(table):
    return {row.cells[0]: row.cells[1:] for row in table.lines}


def test_sections_grow_by_what_firms_with_both_years_told_and_few_firms_are_not_told_of(told, leader):
    found = lines(part(told, leader).tables[0])
    assert found["信息传输、软件和信息技术服务业"] == ("4", "760.00", "▲90.00%")
    assert found["合计"] == ("9", "1010.00", "▲42.25%")
    # Two sections of one firm each: together they hide two firms, so the next smallest hides with them.
    assert [found[name] for name in ("教育", "行业未填", "制造业")] == [
        ("1", "*", "*"), ("1", "*", "*"), ("3", "*", "*"),
    ]  # fmt: skip


def test_the_few_that_are_new_or_have_left_cannot_be_worked_out_from_the_total(told, leader):
    tell(told, "新来的", 999, None)
    found = lines(part(told, leader).tables[0])
    # The key figure of all is 2009: 1010 beside it would tell 999.
    assert found["合计"] == ("9", "*", "*")
    assert found["教育"] == found["行业未填"] == ("1", "*", "*")
    for number in range(3):
        tell(told, f"走了的{number}", None, 888)
        tell(told, f"也新来的{number}", 999, None)
    assert lines(part(told, leader).tables[0])["合计"] == ("9", "1010.00", "▲42.25%")


def test_the_largest_growth_and_fall_are_told_by_amount(told, leader):
    table = part(told, leader).tables[1]
    assert [row.cells[1] for row in table.rows] == ["软件0", "软件1", "软件2", "工厂甲", "工厂乙", "未填"]
    assert table.rows[0].cells == ("税收", "软件0", "300.00", "100.00", "200.00", "▲200.00%")
    assert table.rows[3].cells[-2:] == ("-50.00", "▼50.00%")


def test_each_indicator_has_columns_of_its_own(told, leader):
    for number in range(3):
        tell(told, f"产值{number}", 110, 100, kind="output")
    table = part(told, leader).tables[0]
    assert [column.label for column in table.columns] == [
        "行业门类", "家数", "工业总产值", "同比", "家数", "税收", "同比",
    ]  # fmt: skip
    assert lines(table)["信息传输、软件和信息技术服务业"][:3] == ("3", "330.00", "▲10.00%")
    assert lines(table)["制造业"][:3] == ("0", "—", "—")


def test_single_firms_stand_in_nothing_that_is_passed_on(told, leader):
    desk = make_user("manager9", told.office, role="manager")
    assert len(part(told, desk).tables) == 2
    issue = actions.draft_report(KIND_BY_KEY["monthly"], told.scope(user=desk))
    assert "软件0" not in issue.data
    assert [table.key for table in issue.computed.part("economy").tables] == ["by_industry"]
    reader = make_user("viewer9", told.office, role="viewer")
    for person in (leader, reader):
        assert "软件0" not in str(shown_to(issue.to_print(), person).part("economy"))


def test_who_reads_no_indicators_and_a_year_without_the_one_before_have_no_such_part(told, leader):
    assert part(told, make_user("viewer9", told.office, role="viewer")) is None
    assert part(told, leader, period=told.scope("2022-11").period) is None


def test_another_organisation_changes_nothing(told, elsewhere, leader):
    before = part(told, leader)
    tell(elsewhere, "别处的", 5000, 1)
    assert part(told, leader) == before
