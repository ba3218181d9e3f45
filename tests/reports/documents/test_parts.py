"""The parts of documents: their counts agree with the figures, whoever counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from parks.models import Stewardship
from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY
from reports.models import OfficialResult
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_kind
from tests.reports.world import NOW, at
from visits.models import CommonMatter, MatterAppeal


def report(world, kind="monthly", period="2023-11", **changes):
    return build_report(replace(world.scope(period), **changes), KIND_BY_KEY[kind])


def cells(table, row):
    return dict(zip([column.key for column in table.columns], row.cells, strict=True))


def total(found, key):
    table = found.table(key)
    return cells(table, table.total)


def test_time_limits_add_up_to_the_figures_and_rank_none_twice(full):
    other = make_organisation("服务科", "unit", parent=full.office)
    full.appeal("2023-11-03", due="2023-11-10", closed="2023-11-12", lead_unit=other)
    found = report(full)
    line = total(found, "time_limits")
    assert line["accepted"] == found.figure("appeals_received").text
    assert line["due"] == str(found.figure("closing_rate_due").denominator)
    assert line["closing_rate"] == found.figure("closing_rate_due").text
    # 20 in time, one closed two days late, one still open past its limit.
    assert (line["fell_due"], line["in_time"], line["in_time_rate"], line["late"]) == ("22", "20", "90.91%", "2")


def test_shelved_and_paused_appeals_are_not_late(world):
    world.appeal(due="2023-11-10", status="shelved", shelved_at=at("2023-11-08"), review_on=date(2024, 11, 1))
    assert total(report(world), "time_limits")["late"] == "0"


def test_sources_and_categories_add_up_to_what_was_received(full):
    full.appeal(source="hotline", category="space")
    found = report(full)
    for key in ("by_source", "by_category"):
        table = found.table(key)
        assert sum(int(cells(table, row)["accepted"]) for row in table.rows) == found.figure("appeals_received").value
    assert {row.cells[0] for row in found.table("by_source").rows} == {"走访", "12345热线"}


def test_visits_are_told_by_steward_and_add_up_to_the_figures(full):
    steward = make_user("管家", full.unit, role="steward")
    Stewardship.objects.create(enterprise=full.firm, user=steward, starts_on=date(2023, 1, 1))
    full.visit("2023-11-20")
    found = report(full)
    table = found.table("visits_by_steward")
    lines = {row.cells[0]: row.cells[1:] for row in table.rows}
    assert lines["管家员"] == ("产业科", "1", "1", "100.00%", "1")
    assert lines["未分配管家"] == ("", "1", "0", "0.00%", "3")
    line = total(found, "visits_by_steward")
    assert line["coverage"] == found.figure("visit_coverage").text
    assert line["pairs"] == found.figure("enterprise_visits").text


def opened(browser, address):
    """How many records the page behind a cell says it lists."""
    text = "".join(browser.get(address).content.decode().split())
    return int(re.search(r"共(\d+)条记录", text)[1])


@pytest.mark.parametrize(
    "key", ["by_source", "visits_by_steward", "time_limits", "by_unit", "by_category", "trend", "steps", "gradient"]
)
def test_every_count_that_leads_somewhere_leads_to_as_many_rows(full, client, key):
    steward = make_user("管家", full.unit, role="steward")
    Stewardship.objects.create(enterprise=full.firm, user=steward, starts_on=date(2023, 1, 1))
    full.visit("2023-11-20")
    full.appeal(source="hotline", category="space")
    full.appeal(lead_unit=None, due="2023-11-20")
    client.force_login(full.user)
    with time_machine.travel(at(NOW), tick=False):
        table = report(full).table(key)
        found = [
            (cell, address)
            for row in table.lines
            for cell, address in zip(row.cells, row.addresses, strict=True)
            if address and cell.isdigit()
        ]
        assert len(found) > 1
        # Every count leads somewhere, zeros apart, and shares of what the count beside them says.
        counts = [cell for row in table.lines for cell in row.cells[1:] if cell.isdigit() and cell != "0"]
        assert len(found) == len(counts)
        assert [opened(client, address) for _, address in found] == [int(cell) for cell, _ in found]


def test_the_way_from_receipt_to_answer_only_gets_narrower(full):
    table = report(full).table("steps")
    numbers = [int(row.cells[1]) for row in table.rows]
    assert numbers[0] == 21
    assert numbers[-4:] == [20, 16, 14, 12]
    assert all(row.cells[2].endswith("%") for row in table.rows)


def test_moves_tell_who_came_and_who_left_up_to_the_cut_off(world):
    world.enterprise(name="新来公司", joined_on=date(2023, 11, 5))
    world.enterprise(name="搬走公司", joined_on=date(2020, 1, 1), left_on=date(2023, 11, 8), stage="moved_out")
    world.enterprise(name="注销公司", joined_on=date(2020, 1, 1), left_on=date(2023, 11, 9), stage="closed")
    world.enterprise(name="早走公司", joined_on=date(2020, 1, 1), left_on=date(2023, 10, 9), stage="moved_out")
    found = report(world)
    assert [row.cells[:2] for row in found.table("moves").rows] == [
        ("搬走公司", "迁出"), ("注销公司", "注销"), ("新来公司", "迁入")
    ]  # fmt: skip
    assert found.part("moves").paragraphs == ("期内迁入1家，迁出1家，注销1家。",)
    assert not report(world, period="2023-09", kind="monthly").table("moves").rows


def test_qualifications_tell_what_was_won_lost_and_ends_soon(world):
    make_kind("HNTE")
    world.qualified("HNTE", world.enterprise(name="新获公司"), valid_from=date(2023, 11, 2), valid_to=date(2026, 11, 1))
    world.qualified("HNTE", world.enterprise(name="撤销公司"), withdrawn_on=date(2023, 11, 3))
    world.qualified("HNTE", world.enterprise(name="到期公司"), valid_to=date(2023, 11, 4))
    world.qualified("HNTE", world.enterprise(name="将到公司"), valid_to=date(2024, 1, 4))
    rows = report(world).table("qualifications").rows
    assert [(row.cells[0], row.cells[2]) for row in rows] == [
        ("撤销公司", "撤销"), ("到期公司", "到期未续"), ("将到公司", "90天内到期"), ("新获公司", "新获")
    ]  # fmt: skip


def test_a_reader_without_the_right_to_qualifications_has_no_such_part(full):
    user = make_user("unit1", full.office, role="unit")
    parts = build_report(full.scope(user=user), KIND_BY_KEY["monthly"]).parts
    assert "qualifications" not in [part.key for part in parts]


def test_long_pending_are_those_on_the_list_and_those_older_than_the_setting(world, settings):
    settings.YQT = settings.YQT | {"LONG_PENDING_DAYS": 20}
    world.appeal("2023-11-09", number="二十一天")
    world.appeal("2023-11-20", number="十天")
    world.appeal(
        "2023-11-21", number="挂账", status="shelved", shelved_at=at("2023-11-22"), review_on=date(2024, 11, 1)
    )
    rows = report(world).table("long_pending").rows
    assert [row.cells[0] for row in rows] == ["二十一天", "挂账"]
    assert rows[1].cells[5] == "挂账，2024-11-01前复核"


def test_the_trend_ends_with_the_period_and_agrees_with_its_figures(full):
    found = report(full)
    last = found.table("trend").rows[-1].cells
    assert len(found.table("trend").rows) == 12
    assert last == (
        "23年11月",
        *(found.figure(k).text for k in ("enterprise_visits", "appeals_received", "appeals_closed")),
    )
    assert report(full, "yearly", "2023").table("trend").rows[0].cells[0] == "23年1月"


def test_a_bulletin_names_first_last_equals_and_the_idle(world):
    units = [make_organisation(name, "unit", parent=world.office) for name in ("甲科", "乙科", "丙科", "丁科")]
    for unit in units[:2]:
        world.call(world.appeal(closed="2023-11-15", lead_unit=unit))
    world.call(satisfaction="dissatisfied")
    world.appeal(lead_unit=units[2])
    assert report(world, "bulletin").summary == (
        "2023年11月，3个承办单位参加综合成绩排名。排名第一的是甲科、乙科（并列，100.0分）。"
        "排名末位的是产业科（60.0分）。没有有效回访、不参加排名的有丙科。期内无任务的有丁科。",
    )


def test_a_bulletin_of_an_empty_period_ranks_nobody(world):
    assert report(world, "bulletin").summary == ("2023年11月，没有承办单位参加综合成绩排名。期内无任务的有产业科。",)


def test_where_all_score_the_same_nobody_is_last(world):
    world.call()
    world.call(world.appeal(closed="2023-11-15", lead_unit=make_organisation("甲科", "unit", parent=world.office)))
    world.appeal()
    assert "末位" not in report(world, "bulletin").summary[0]


def test_a_special_report_holds_its_matter_and_nothing_else(world):
    world.call(world.appeal(closed="2023-11-15", category="space", content="要用房"))
    world.appeal(category="policy", content="要补贴")
    found = report(world, "special", category="space")
    assert found.summary[0].startswith("2023年11月，用房用地方面受理诉求1件，办结1件")
    assert [row.cells[2] for row in found.table("all_of_matter").rows] == ["要用房"]
    assert found.figure("appeals_received").value == 1
    assert "category=space" in found.figure("appeals_received").address
    assert {figure.section for figure in found.figures} == {"诉求办理", "回访评价", "需要关注"}
    # Who was not visited is told of no category.
    assert "package_not_visited" not in {figure.key for figure in found.figures}


def test_a_special_report_on_a_common_matter_lists_its_appeals(world):
    first, _ = world.appeal(content="班车太早"), world.appeal(content="别的事")
    matter = CommonMatter.objects.create(
        organisation=world.office, month_starts_on=date(2023, 11, 1), category="traffic", title="末班车",
        owner=world.user, decided_by=world.user,
    )  # fmt: skip
    MatterAppeal.objects.create(matter=matter, appeal=first)
    found = report(world, "special", matter=matter)
    assert [row.cells[2] for row in found.table("all_of_matter").rows] == ["班车太早"]
    assert found.narrowed_to == ("末班车",)
    assert f"matter={matter.pk}" in found.figure("appeals_received").address


def test_a_paper_about_the_enterprises_of_one_steward_says_so(world):
    steward = make_user("guan", world.office, role="steward")
    Stewardship.objects.create(enterprise=world.enterprise(), user=steward, role="local", starts_on=date(2023, 1, 1))
    told = {"by": "steward", "value": str(steward.pk)}
    found = report(world, "monthly", **told)
    assert found.figure("registered_enterprises").value == 1
    assert found.narrowed_to == (f"管家：{steward}",)
    # No name to who sees no row of the steward.
    assert report(world, "monthly", **told | {"value": "999999"}).narrowed_to == ("管家",)


def test_a_figure_that_cannot_be_parted_so_leads_to_no_rows(world):
    found = report(world, "monthly", by="steward", value=str(world.user.pk))
    assert found.figure("hotline_enterprise_tickets").address == ""
    assert f"by=steward&value={world.user.pk}" in found.figure("appeals_received").address


@pytest.mark.parametrize("kind", ["monthly", "special", "bulletin"])
def test_nothing_of_another_organisation_is_in_any_part(world, elsewhere, kind):
    found = report(world, kind, category="policy" if kind == "special" else "")
    assert not any(row.key for table in found.tables for row in table.rows if table.key != "by_unit")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(world, rows, django_assert_num_queries):
    for number in range(rows):
        firm = world.qualified("HNTE", world.enterprise(joined_on=date(2023, 11, 2)), valid_to=date(2024, 1, 4))
        world.visit("2023-11-05", firm)
        world.call(world.appeal(closed="2023-11-15"))
        world.appeal("2023-09-01", due="2023-11-20", number=f"开{number}")
    scope = world.scope()
    with django_assert_num_queries(52):
        build_report(scope, KIND_BY_KEY["monthly"])


def test_official_results_of_the_months_of_the_period_are_told_and_those_of_others_are_not(world, elsewhere):
    def publish(office, month, area, rank, **more):
        OfficialResult.objects.create(
            organisation=office, month=month, area=area, rank=rank, source="区通报第11期", created_by=world.user, **more
        )

    publish(world.office, date(2023, 11, 1), "city", 2, out_of=36)
    publish(world.office, date(2023, 11, 1), "district", 1, score="98.5")
    publish(world.office, date(2023, 10, 1), "city", 5)
    publish(elsewhere.office, date(2023, 11, 1), "city", 9)
    part = report(world).part("results")
    assert part.paragraphs == ("2023年11月“服务包”工作考评：全市第二、全区第一。",)
    office = str(world.office)
    assert [row.cells for row in part.tables[0].rows] == [
        ("2023年11月", office, "全市", "第2/36", "—", "区通报第11期"),
        ("2023年11月", office, "全区", "第1", "98.50", "区通报第11期"),
    ]
    assert len(report(world, "yearly", "2023").table("results").rows) == 3
    assert "results" not in [one.key for one in report(world, "monthly", "2023-09").parts]
