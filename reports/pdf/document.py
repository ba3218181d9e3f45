"""Builds the file: page template, metadata, language, and the lock that ReportLab's shared font state needs."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.frames import Frame

from reports.documents.copy import PLAIN, Copy
from reports.pdf.fonts import Face, chain
from reports.pdf.header import draw_mark
from reports.pdf.page import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TYPE_HEIGHT,
    TYPE_WIDTH,
    draw_page_number,
)
from reports.pdf.proof import proof_block
from reports.pdf.story import story
from reports.report import Report

building = Lock()


def render(report: Report, copy: Copy = PLAIN) -> bytes:
    """The finished PDF. Raises FontsMissing, with a message for the user, when the machine has no Chinese font."""
    target = BytesIO()
    with building:
        document(report, target, copy).build([*story(report), *proof_block(copy.proof)])
    return target.getvalue()


def document(report: Report, target: BytesIO, copy: Copy) -> BaseDocTemplate:
    frame = Frame(
        MARGIN_LEFT,
        MARGIN_BOTTOM,
        TYPE_WIDTH,
        TYPE_HEIGHT,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )

    def on_page(canvas: Canvas, template: BaseDocTemplate) -> None:
        draw_mark(canvas, copy.mark)
        draw_page_number(canvas, template)

    return BaseDocTemplate(
        target,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageTemplates=[PageTemplate("official", [frame], onPage=on_page)],
        title=f"{report.title}（{report.period_label}）",
        author=report.organisation,
        subject=report.as_of_label,
        creator="园企通",
        # Found in the file by verify_report.
        keywords=copy.proof.code if copy.proof else "",
        lang="zh-CN",
        # Without this the canvas would name Helvetica, a font that is never embedded.
        initialFontName=chain(Face.BODY)[0],
        pageCompression=1,
    )
