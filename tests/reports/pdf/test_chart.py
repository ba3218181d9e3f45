"""Charts of the PDF: every value and name is written, whatever the kind; what is nothing is not drawn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.pdf import render
from reports.pdf.chart import axis_end, drawing_of
from reports.report import Chart, Column, Row, Series, Table
from tests.reports.pdf.conftest import having
from tests.reports.pdf_text import fonts_of, text_of

NAMES = ("甲类", "乙类", "龥类")
FIRST = Series("受理", (5, 3, 1), ("5", "3", "1"))
SECOND = Series("办结", (4, None, 0), ("4", "—", "0"))


def chart(kind, *series, categories=NAMES):
    columns = (Column("name", "类别"), *(Column(one.label, one.label, "end") for one in series))
    rows = tuple(Row((name, *(one.texts[n] for one in series))) for n, name in enumerate(categories))
    return Chart("c", "分类图", kind, categories, series, "件", Table("c", "分类", columns, rows, None, "没有。"))


@pytest.mark.parametrize("kind", ["bar", "line", "stack", "funnel", "pyramid"])
@pytest.mark.parametrize("series", [(FIRST,), (FIRST, SECOND)])
def test_every_kind_is_drawn_above_its_table_with_embedded_fonts(report, kind, series):
    content = render(having(report, "by_unit", chart(kind, *series)))
    text = text_of(content)
    assert "分类图" in text
    assert all(text.count(name) >= 2 or kind == "line" for name in NAMES)
    assert "甲类5" + ("4" if len(series) > 1 else "") in text
    if len(series) > 1 and kind in ("bar", "line", "stack"):
        assert text.count("办结") >= 2
    assert all(descriptor and "/FontFile2" in descriptor for _, descriptor in fonts_of(content))


@pytest.mark.parametrize(
    "values", [(), (0, 0, 0), (None, None, None)], ids=["no categories", "only noughts", "only dashes"]
)
def test_nothing_is_not_drawn(values):
    texts = tuple("—" for _ in values)
    assert drawing_of(chart("bar", Series("受理", values, texts), categories=NAMES[: len(values)])) is None


@pytest.mark.parametrize(("most", "end"), [(1, 4), (4, 4), (5, 8), (21, 40), (100, 200), (5367, 8000)])
def test_the_axis_ends_at_a_round_number_that_holds_all(most, end):
    assert axis_end(Decimal(most)) == end
