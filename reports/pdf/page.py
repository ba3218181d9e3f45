"""The page of GB/T 9704-2012: sizes, grid, and what is drawn on every page outside the type area."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.doctemplate import BaseDocTemplate

from reports.pdf.fonts import Face, runs
from reports.pdf.lines import Line, break_lines

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN_TOP = 37 * mm
MARGIN_LEFT = 28 * mm
TYPE_WIDTH = 156 * mm
TYPE_HEIGHT = 225 * mm
MARGIN_BOTTOM = PAGE_HEIGHT - MARGIN_TOP - TYPE_HEIGHT

PITCH = TYPE_HEIGHT / 22  # 22 lines a page: 28.99 pt
BODY_SIZE = 16.0
CHARACTER = TYPE_WIDTH / 28  # 28 characters a line: 15.79 pt, so 16 pt type is set a little tight
TITLE_SIZE = 22.0
NUMBER_SIZE = 14.0
NUMBER_DROP = 7 * mm

# A Chinese glyph fills 0.88 em above and 0.12 em below its baseline.
MIDDLE_ABOVE_BASELINE = 0.38


def draw_line(canvas: Canvas, line: Line, x: float, baseline: float, size: float, spacing: float = 0) -> None:
    """Print one measured line; `spacing` in points goes after every character."""
    text = canvas.beginText(x, baseline)
    if spacing:
        text.setCharSpace(spacing)
    for name, piece in runs(line.glyphs):
        text.setFont(name, size)
        text.textOut(piece)
    if spacing:
        text.setCharSpace(0)
    canvas.drawText(text)


def draw_page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    """“— 1 —”, 7 mm below the type area, one character in from the outer edge."""
    (line,) = break_lines([(f"— {canvas.getPageNumber()} —", Face.SONG)], width=20)
    width = line.width * NUMBER_SIZE
    is_odd = canvas.getPageNumber() % 2 == 1
    x = MARGIN_LEFT + (TYPE_WIDTH - width - NUMBER_SIZE if is_odd else NUMBER_SIZE)
    draw_line(canvas, line, x, MARGIN_BOTTOM - NUMBER_DROP - NUMBER_SIZE * 0.88, NUMBER_SIZE)
