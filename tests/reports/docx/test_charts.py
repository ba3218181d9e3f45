"""Charts of a Word file: the numbers of the table, to be read, edited, and heard by who cannot see them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook

from reports.docx import render
from tests.reports.pdf.conftest import having
from tests.reports.pdf.test_chart import FIRST, NAMES, SECOND, chart
from tests.reports.read_back import docx_body

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
KINDS = {"bar": "barChart", "stack": "barChart", "funnel": "barChart", "pyramid": "barChart", "line": "lineChart"}


def part(content: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(content)) as box:
        return box.read(name)


def drawn(content: bytes, number: int = 1) -> etree._Element:
    return etree.fromstring(part(content, f"word/charts/chart{number}.xml"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("series", [(FIRST,), (FIRST, SECOND)])
def test_every_kind_is_drawn_with_the_numbers_of_its_table(report, kind, series):
    space = drawn(render(having(report, "by_unit", chart(kind, *series))))
    assert space.find(f".//{C}{KINDS[kind]}") is not None
    found = space.findall(f".//{C}ser")
    assert len(found) == len(series)
    for one, told in zip(found, series, strict=True):
        values = {int(point.get("idx")): float(point[0].text) for point in one.findall(f"{C}val//{C}pt")}
        assert values == {n: float(value) for n, value in enumerate(told.values) if value is not None}
        assert [point[0].text for point in one.findall(f"{C}cat//{C}pt")] == list(NAMES)
        assert one.findtext(f"{C}tx//{C}v") == told.label


def test_its_numbers_can_be_edited_in_a_workbook_inside_the_file(report):
    content = render(having(report, "by_unit", chart("bar", FIRST, SECOND)))
    sheet = load_workbook(BytesIO(part(content, "word/embeddings/chart1.xlsx"))).active
    assert list(sheet.iter_rows(values_only=True))[:4] == [
        (None, "受理", "办结"), ("甲类", 5, 4), ("乙类", 3, None), ("龥类", 1, 0),
    ]  # fmt: skip
    relation = drawn(content).find(f"{C}externalData").get(qn("r:id"))
    assert f'Id="{relation}"' in part(content, "word/charts/_rels/chart1.xml.rels").decode()


def test_who_cannot_see_it_hears_its_numbers(report):
    body = docx_body(render(having(report, "by_unit", chart("bar", FIRST, SECOND))))
    (said,) = body.iter(qn("wp:docPr"))
    assert said.get("descr") == "条形图，分类图。受理：甲类5，乙类3，龥类1；办结：甲类4，乙类—，龥类0。"


def test_series_are_told_apart_without_colour_and_only_bars_say_every_value(report):
    lines = drawn(render(having(report, "by_unit", chart("line", FIRST, SECOND))))
    assert {
        dash.get("val") for dash in lines.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}prstDash")
    } > {"dash"}
    assert len(lines.findall(f".//{C}dLbl/{C}delete")) == 2 * (len(NAMES) - 1)
    bars = drawn(render(having(report, "by_unit", chart("bar", FIRST, SECOND))))
    assert bars.find(".//{http://schemas.openxmlformats.org/drawingml/2006/main}pattFill") is not None
    assert {label.get("val") for label in bars.iter(f"{C}showCatName", f"{C}showSerName", f"{C}showLegendKey")} == {"0"}


def test_several_charts_have_a_number_each_and_nothing_is_not_drawn(report):
    empty = chart("bar", type(FIRST)("受理", (0, 0, 0), ("0", "0", "0")))
    filled = having(report, "by_unit", chart("bar", FIRST), empty, chart("line", FIRST))
    with ZipFile(BytesIO(render(filled))) as box:
        names = [name for name in box.namelist() if name.startswith("word/charts/chart")]
    assert len(names) == 2
    body = docx_body(render(filled))
    assert len({one.get("id") for one in body.iter(qn("wp:docPr"))}) == 2
