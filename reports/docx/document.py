"""From the parts of a report to the paragraphs and tables of a Word file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports.documents.copy import PLAIN, Copy
from reports.documents.numerals import numeral
from reports.documents.words import printable, source_of, subtitle_of
from reports.docx.charts import add_chart
from reports.docx.feet import number_pages, put_mark
from reports.docx.styles import child, name_substitutes, set_page, set_styles
from reports.docx.tables import add_figures, add_table
from reports.formats import chinese_date
from reports.issuing.wording import DEFINITIONS
from reports.report import Block, Chart, FigureStrip, Numbered, Part, Prose, RedHeader, Report, Table
from reports.xlsx.charts import has_something

NOTE_BEFORE = Pt(4)
# 7.2.4 and 7.2.5: the issuing body 35 mm below the upper edge of the type area, the number two lines below it.
ABOVE_ISSUER, LARGEST, SMALLEST = Mm(35), 40.0, 22.0
# The order of the schema: Word refuses a file that has it otherwise.
AFTER_BORDER = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def render(report: Report, copy: Copy = PLAIN) -> bytes:
    document = docx.Document()
    set_page(document)
    set_styles(document)
    name_substitutes(document)
    set_properties(document, report, copy)
    write(document, report)
    for line in copy.proof.lines if copy.proof else ():
        say(document, line, "小字")
    number_pages(document)
    put_mark(document, copy.mark)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def set_properties(document: Document, report: Report, copy: Copy) -> None:
    known = document.core_properties
    known.title = f"{report.title}（{report.period_label}）"
    known.author, known.last_modified_by = report.organisation, report.issued_by
    known.subject, known.language, known.comments = report.as_of_label, "zh-CN", ""
    known.keywords = copy.proof.code if copy.proof else ""
    known.created = known.modified = datetime.combine(report.issued_on, datetime.min.time())


def write(document: Document, report: Report) -> None:
    if report.header:
        red_header(document, report.header)
    say(document, report.title, "Title")
    say(document, subtitle_of(report), "Subtitle")
    say(document, "", "正文文字")
    charts = count(1)
    for number, part in enumerate(report.parts, start=1):
        say(document, f"{numeral(number)}、{part.title}", "Heading 1")
        write_part(document, part, charts)
    sign(document, report)


def red_header(document: Document, header: RedHeader) -> None:
    line = say(document, header.issuer, "红头")
    size = Pt(max(min(LARGEST, Mm(156).pt / len(header.issuer)), SMALLEST))
    line.runs[0].font.size = line.paragraph_format.line_spacing = size
    line.paragraph_format.space_before = ABOVE_ISSUER
    for text in ("", "", header.number) if header.number else ("", ""):
        say(document, text, "Subtitle")
    rule = document.paragraphs[-1]
    border = OxmlElement("w:pBdr")
    # 4 mm below the number: 11 points.
    child(border, "w:bottom", val="single", sz="12", space="11", color="C00000")
    rule._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDER)
    say(document, "", "正文文字")
    say(document, "", "正文文字")


def write_part(document: Document, part: Part, charts: Iterator[int]) -> None:
    strips = 0
    for block in part.blocks:
        strips += isinstance(block, FigureStrip)
        if isinstance(block, Chart):
            write_chart(document, block, part, next(charts))
        else:
            write_block(document, block, strips, "口径" if part.key == DEFINITIONS else "正文文字")


def write_chart(document: Document, chart: Chart, part: Part, number: int) -> None:
    if has_something(chart) and chart.title != part.title:
        say(document, chart.title, "图题")
    add_chart(document, chart, number)
    table(document, chart.table)


def write_block(document: Document, block: Block, strips: int, numbered: str) -> None:
    """`numbered` is the style of numbered paragraphs: cases are read like the text, 口径 are small."""
    match block:
        case Prose():
            for text in block.paragraphs:
                say(document, text, "小字" if block.is_note else "正文文字")
        case FigureStrip():
            say(document, f"（{numeral(strips)}）{block.title}", "Heading 2")
            add_figures(document, block.figures)
        case Numbered():
            for number, entry in enumerate(block.entries, start=1):
                say(
                    document,
                    f"{number}. {entry.label}：{entry.text}" if entry.label else f"{number}. {entry.text}",
                    numbered,
                )
        case Table():
            table(document, block)


def table(document: Document, data: Table) -> None:
    if not data.rows:
        say(document, data.empty, "正文文字")
        return
    add_table(document, data)
    if data.note:
        say(document, data.note, "小字").paragraph_format.space_before = NOTE_BEFORE


def sign(document: Document, report: Report) -> None:
    """Four characters in from the right, never alone on a page; a seal is never drawn."""
    last = document.element.body[-2]  # before the properties of the section
    if last.tag == qn("w:p"):
        Paragraph(last, document).paragraph_format.keep_with_next = True
    say(document, "", "正文文字").paragraph_format.keep_with_next = True
    for text in (report.organisation, chinese_date(report.issued_on)):
        line = say(document, text, "落款")
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Mm(5.571 * 4)
        line.paragraph_format.keep_with_next = True
    say(document, source_of(report), "小字").paragraph_format.space_before = Pt(8)


def say(document: Any, text: str, style: str) -> Any:
    return document.add_paragraph(printable(text), style)
