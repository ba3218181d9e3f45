"""A report made by hand: the PDF needs no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports.figures.tables import OPEN_COLUMNS, UNIT_COLUMNS
from reports.report import (
    Block,
    Change,
    Column,
    Definition,
    Figure,
    FigureStrip,
    Numbered,
    Part,
    Prose,
    Report,
    Row,
    Table,
)  # fmt: skip
from tests.reports.world import at

LINE = ("20", "20", "16", "16", "14", "12", "2", "100.00%", "87.50%", "86.25%", "88.3")
FIGURE = Figure("visits", "走访家次", "家次", "走访", "177", 177, "一次走访见5家企业计5家次。", "", Change("▲3", "up"))


def table(key: str, title: str, columns: tuple[Column, ...], rows: tuple[Row, ...], total: Row | None = None) -> Table:
    return Table(key, title, columns, rows, total, "没有诉求。", "注：合计按件数合并计算。")


def unit_table(count: int) -> Table:
    rows = tuple(Row((str(n), f"第{n}科", *LINE), str(n)) for n in range(1, count + 1))
    return table("by_unit", "承办单位办理情况", UNIT_COLUMNS, rows, Row(("", "合计", *LINE)))


def open_table(count: int, enterprise: str = "某某科技有限公司") -> Table:
    rows = tuple(
        Row((f"SQ{n:05}", enterprise, "房租补贴何时到账", "产业科", "2023-11-05", "超期3天")) for n in range(count)
    )
    return table("open_appeals", "未办结诉求", OPEN_COLUMNS, rows)


SUMMARY = ("2023年11月，共走访企业177家次（112家）；受理诉求171件，办结171件，应办结率100.00%。" * 3,)
FIGURES = tuple(replace(FIGURE, key=f"visits{n}") for n in range(5))
DEFINITIONS = (Definition("走访家次", "一次走访见5家企业计5家次。"),) * 3
TABLES = (
    unit_table(3),
    table("by_category", "诉求类别情况", UNIT_COLUMNS[1:4], ()),
    open_table(2),
)


def having(report: Report, key: str, *blocks: Block) -> Report:
    """The report with other blocks in one part."""
    return replace(report, parts=tuple(replace(p, blocks=blocks) if p.key == key else p for p in report.parts))


@pytest.fixture
def report() -> Report:
    return Report(
        kind="appeals",
        title="诉求办结与满意情况报告",
        period_key="2023-11",
        period_label="2023年11月",
        compared_label="上月",
        organisation="西集镇人民政府",
        issued_by="张三",
        issued_on=date(2023, 12, 1),
        as_of=at("2023-12-01"),
        as_of_label="截至2023年11月30日",
        figures=FIGURES,
        parts=(
            Part("summary", "总体情况", (Prose(SUMMARY),)),
            Part("figures", "关键指标", (FigureStrip("走访", FIGURES),)),
            *(Part(one.key, one.title, (one,)) for one in TABLES),
            Part("definitions", "口径说明", (Numbered(DEFINITIONS),)),
        ),
    )
