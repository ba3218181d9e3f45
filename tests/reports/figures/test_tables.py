"""The tables of the report."""

from __future__ import annotations

from reports.documents.build import build_report
from reports.figures.drilldown import rows_behind
from reports.figures.tables import UNIT_COLUMNS
from reports.metrics import METRIC_BY_KEY
from tests.crm.factories import make_organisation
from visits.models import Appeal


def unit_rows(world, **kwargs):
    table = build_report(world.scope(**kwargs)).table("by_unit")
    return [row.cells for row in table.rows], table.total and table.total.cells


def test_the_table_by_unit_has_the_columns_of_the_evaluation():
    assert " ".join(column.label for column in UNIT_COLUMNS) == (
        "序号 承办单位 受理量 办结量 有效回访 联系数 解决数 满意数 基本满意 响应率 解决率 满意率 综合成绩"
    )


def test_the_vector_of_the_domain_fills_one_line(full):
    rows, total = unit_rows(full)
    line = ("21", "20", "16", "16", "14", "12", "2", "100.00%", "87.50%", "86.25%", "88.3")
    assert rows == [("1", "产业科", *line)]
    assert total == ("", "合计", *line)


def test_every_count_of_a_line_is_the_number_of_rows_it_opens(full):
    """Rates open their denominator; every other cell opens as many rows as it says."""
    [row] = build_report(full.scope()).table("by_unit").rows
    for column, cell in zip(UNIT_COLUMNS, row.cells, strict=True):
        if column.figure:
            opened = rows_behind(METRIC_BY_KEY[column.figure], full.scope(), column.part).count()
            assert opened == (int(cell) if cell.isdigit() else 16), column.label


def test_a_unit_without_appeals_has_no_task_instead_of_zeros(world):
    make_organisation("闲置科", "unit", parent=world.office)
    world.call()
    rows, _ = unit_rows(world)
    assert rows[1] == ("—", "闲置科", "无任务", *["—"] * 10)


def test_a_unit_with_appeals_but_no_call_back_has_counts_and_no_rates(world):
    world.appeal()
    rows, _ = unit_rows(world)
    assert rows == [("—", "产业科", "1", "0", "0", "0", "0", "0", "0", "—", "—", "—", "—")]


def test_the_total_pools_counts_and_is_not_the_mean_of_the_rates(world):
    other = make_organisation("服务科", "unit", parent=world.office)
    for _ in range(3):
        world.call()
    world.call(world.appeal(closed="2023-11-15", lead_unit=other), solved="unsolved")
    _, total = unit_rows(world)
    assert total[10] == "75.00%"


def test_units_are_ranked_by_score_then_by_appeals_and_equals_share_a_place(world):
    units = [make_organisation(name, "unit", parent=world.office) for name in ("甲科", "乙科", "丙科")]
    for unit in units:
        world.call(world.appeal(closed="2023-11-15", lead_unit=unit))
    world.appeal(lead_unit=units[2])
    world.call(satisfaction="dissatisfied")
    rows, _ = unit_rows(world)
    assert [(cells[0], cells[1]) for cells in rows] == [("1", "丙科"), ("2", "甲科"), ("2", "乙科"), ("4", "产业科")]


def test_appeals_not_yet_dispatched_are_a_line_of_their_own(world):
    world.appeal(lead_unit=None, status="accepted")
    rows, total = unit_rows(world)
    assert {cells[1]: cells[2] for cells in rows} == {"尚未派单": "1", "产业科": "无任务"}
    assert total[2] == "1"


def test_categories_are_listed_with_the_most_appeals_first(world):
    world.appeal(category="space")
    world.appeal(category="policy")
    world.appeal(category="policy")
    table = build_report(world.scope()).table("by_category")
    assert [row.cells[:2] for row in table.rows] == [("政策兑现", "2"), ("用房用地", "1")]
    assert table.total.cells[:2] == ("合计", "3")


def test_open_appeals_are_listed_with_the_overdue_first(world):
    for number, due in (("后到期", "2023-12-05"), ("无时限", None), ("超期", "2023-11-28"), ("早超期", "2023-11-20")):
        world.appeal(number=number, due=due)
    world.appeal(number="挂起", due="2023-11-10", status="paused", paused_at=world.scope().now)
    table = build_report(world.scope()).table("open_appeals")
    assert [(row.cells[0], row.cells[5], row.is_flagged) for row in table.rows] == [
        ("早超期", "超期11天", True),
        ("超期", "超期3天", True),
        ("挂起", "已挂起", False),
        ("后到期", "剩4天", False),
        ("无时限", "未定时限", False),
    ]


def test_tables_hold_nothing_of_another_organisation(full, elsewhere):
    report = build_report(full.scope())
    assert {row.cells[1] for row in report.table("by_unit").rows} == {"产业科"}
    assert len(report.table("by_unit").rows) == 1
    assert len(report.table("open_appeals").rows) == 2
    assert Appeal.objects.count() == 46
