"""Charts of a Word file: Word draws them over numbers in a workbook inside the file, so that they can be edited."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from reports.documents.words import printable
from reports.report import Chart
from reports.xlsx.charts import chart_over, has_something

WIDTH, SHEET = 156.0, "数据"
# In millimetres: lines; a bar and the gap to the next group; what stands above and below the bars.
LINES, BAR, GAP, ROUND, LEGEND = 62.0, 4.2, 2.6, 6.0, 6.0
ENDED = "</c:chartSpace>"
WORKBOOK = '<c:externalData r:id="{}"><c:autoUpdate val="0"/></c:externalData>'
LABELS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
UNSMOOTHED = '</c:val><c:smooth val="0"/></c:ser>'
KINDS = {"line": "折线图", "funnel": "漏斗图", "pyramid": "梯队图"}
# No picture of it changes with the day on which it was made.
ALWAYS = datetime(2000, 1, 1)


def add_chart(document: Document, chart: Chart, number: int) -> None:
    """Nothing where there is nothing to draw."""
    if not has_something(chart):
        return
    book = workbook(chart)
    with ZipFile(BytesIO(book)) as box:
        drawn = box.read("xl/charts/chart1.xml").decode()
    package = document.part.package
    data = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, book, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    source = WORKBOOK.format(part.relate_to(data, RELATIONSHIP_TYPE.PACKAGE))
    part._blob = spelled_out(drawn).replace(ENDED, source + ENDED).encode()
    place(document, chart, number, document.part.relate_to(part, RELATIONSHIP_TYPE.CHART))


def spelled_out(drawn: str) -> str:
    """What Excel leaves out for no means yes to others: names and keys in every label, lines smoothed."""
    labels = "".join(f'<c:show{name} val="{int(name == "Val")}"/>' for name in LABELS)
    spelled = drawn.replace('<c:showVal val="1"/>', labels)
    return spelled.replace("</c:val></c:ser>", UNSMOOTHED) if "<c:lineChart>" in drawn else spelled


def workbook(chart: Chart) -> bytes:
    """The numbers of the chart, and the chart over them."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": ALWAYS})
    sheet = book.add_worksheet(SHEET)
    for row, name in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, printable(name))
    for column, one in enumerate(chart.series, start=1):
        sheet.write_string(0, column, printable(one.label))
        for row, value in enumerate(one.values, start=1):
            if value is not None:
                sheet.write_number(row, column, float(value))
    columns = range(1, len(chart.series) + 1)
    drawn = chart_over(book, chart, SHEET, 1, 0, columns)
    drawn.set_title({"none": True})
    sheet.insert_chart(0, len(columns) + 2, drawn)
    book.close()
    return target.getvalue()


def place(document: Document, chart: Chart, number: int, relation: str) -> None:
    """In a line of its own, as wide as the text."""
    inline: Any = parse_xml(
        f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Mm(WIDTH)}" cy="{Mm(height(chart))}"/><wp:docPr id="{number}" name=""/>'
        "<wp:cNvGraphicFramePr/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    said = inline[0][1]
    said.set("name", printable(chart.title))
    said.set("descr", told(chart))
    document.add_paragraph(style="图").add_run()._r.append(inline)


def height(chart: Chart) -> float:
    legend = LEGEND if len(chart.series) > 1 else 0.0
    if chart.kind == "line":
        return LINES + legend
    bars = 1 if chart.kind == "stack" else len(chart.series)
    return (BAR * bars + GAP) * len(chart.categories) + ROUND + legend


def told(chart: Chart) -> str:
    """Who cannot see the chart hears its numbers."""
    series = (
        f"{one.label}：" + "，".join(f"{name}{text}" for name, text in zip(chart.categories, one.texts, strict=True))
        for one in chart.series
    )
    return printable(f"{KINDS.get(chart.kind, '条形图')}，{chart.title}。{'；'.join(series)}。")
