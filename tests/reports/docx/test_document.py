"""The Word file as a typesetter measures it: page, grid, and heights that are those of the PDF."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from reportlab.lib.units import mm

from reports.docx import render
from reports.docx.styles import ORDER, ORDER_OF_RUN, PARAGRAPHS
from reports.pdf import story
from reports.pdf.grid import LEADING, PAD_Y
from reports.pdf.strip import BOX_HEIGHT
from reports.report import Definition, Numbered, RedHeader
from tests.reports.pdf.conftest import having, open_table
from tests.reports.read_back import docx_body


@pytest.fixture
def document(report):
    return docx.Document(BytesIO(render(report)))


def test_the_page_has_the_margins_and_the_grid_of_the_standard(document):
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    sides = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(side.mm) for side in sides] == [37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert 22 * int(grid.get(qn("w:linePitch"))) / 20 <= 225 * mm


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("Title", story.TITLE),
        ("Subtitle", story.SUBTITLE),
        ("Heading 1", story.FIRST_LEVEL),
        ("正文文字", story.BODY),
        ("口径", story.DEFINITION),
        ("小字", story.NOTE),
        ("图题", story.CAPTION),
    ],
)
def test_lines_are_as_high_and_as_large_as_in_the_pdf(document, name, style):
    found = document.styles[name]
    assert found.paragraph_format.line_spacing.pt == pytest.approx(style.pitch, abs=0.25)
    assert found.font.size.pt == style.size


def test_rows_of_tables_and_boxes_of_figures_are_as_high_as_in_the_pdf(report):
    body = docx_body(render(report))
    tables = list(body.iter(qn("w:tbl")))
    boxes, rows = tables[0], tables[1]
    assert int(boxes.find(f".//{qn('w:trHeight')}").get(qn("w:val"))) / 20 == pytest.approx(BOX_HEIGHT, abs=0.1)
    top = rows.find(f"{qn('w:tblPr')}/{qn('w:tblCellMar')}/{qn('w:top')}")
    assert int(top.get(qn("w:w"))) / 20 == PAD_Y
    styles = docx.Document(BytesIO(render(report))).styles
    assert styles["表格文字"].paragraph_format.line_spacing.pt == LEADING


def test_only_the_text_stands_on_the_grid_and_no_line_is_held_back(document):
    off = {name for name, *_ in PARAGRAPHS if snap(document, name) == "0"}
    assert off == {"表格文字", "指标数值", "小字", "口径", "Title", "图题", "图"}
    habits = document.styles["Normal"].element.pPr
    assert habits.find(qn("w:widowControl")).get(qn("w:val")) == "0"


def snap(document, name):
    found = document.styles[name].element.pPr.find(qn("w:snapToGrid"))
    return None if found is None else found.get(qn("w:val"))


def test_the_properties_of_styles_stand_in_the_order_of_the_schema(document):
    for name, *_ in PARAGRAPHS:
        style = document.styles[name].element
        for properties, order in ((style.pPr, ORDER), (style.rPr, ORDER_OF_RUN)):
            tags = [one.tag.partition("}")[2] for one in properties]
            assert tags == sorted(tags, key=order.index)


def test_numbers_are_not_taken_for_chinese_and_chinese_is_said_to_be_so(document):
    language = document.styles.element.find(f".//{qn('w:lang')}")
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "zh-CN")


def test_the_red_header_begins_35_mm_below_the_type_area_with_the_number_two_lines_below(report):
    content = render(replace(report, header=RedHeader("西集镇人民政府", "西政文〔2026〕12号")))
    first, *blank, number = docx.Document(BytesIO(content)).paragraphs[:4]
    assert first.text == "西集镇人民政府"
    assert round(first.paragraph_format.space_before.mm) == 35
    assert [line.text for line in blank] == ["", ""]
    assert number.text == "西政文〔2026〕12号"


def test_cases_are_read_like_the_text_and_definitions_are_small(report):
    filled = having(report, "by_category", Numbered((Definition("", "加强走访"),)))
    styles = {line.text: line.style.name for line in docx.Document(BytesIO(render(filled))).paragraphs}
    assert styles["1. 加强走访"] == "正文文字"
    assert styles["1. 走访家次：一次走访见5家企业计5家次。"] == "口径"


@pytest.mark.parametrize(("rows", "kept"), [(5, 5), (60, 1)])
def test_a_low_table_stays_whole_and_the_signature_is_not_left_alone(report, rows, kept):
    body = docx_body(render(having(report, "open_appeals", open_table(rows))))
    table = list(body.iter(qn("w:tbl")))[-1]
    held = [row for row in table.iter(qn("w:tr")) if row.find(f".//{qn('w:keepNext')}") is not None]
    # With the header, and the last row that holds on to the note.
    assert len(held) == kept + 1
    lines = list(body.iter(qn("w:p")))[-5:]
    assert all(line.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for line in lines[:-1])


def test_a_long_table_has_all_rows_in_their_order_after_one_header(report):
    body = docx_body(render(having(report, "open_appeals", open_table(1001))))
    rows = list(list(body.iter(qn("w:tbl")))[-1].iter(qn("w:tr")))
    assert [next(row.iter(qn("w:t"))).text for row in rows] == ["编号", *(f"SQ{n:05}" for n in range(1001))]
    assert len(list(body.iter(qn("w:tblHeader")))) == len(list(body.iter(qn("w:tbl")))) - 1  # boxes have none
