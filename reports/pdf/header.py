"""The red header (版头) of GB/T 9704-2012, and the words pale across a page that say whose copy it is."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable, Spacer

from reports.pdf.flowables import Lines, Style
from reports.pdf.fonts import Face
from reports.pdf.lines import cell_lines
from reports.pdf.page import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MIDDLE_ABOVE_BASELINE,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    TYPE_WIDTH,
    draw_line,
)
from reports.report import RedHeader

RED = Color(0.82, 0.0, 0.0)
LARGEST, SMALLEST = 40.0, 22.0
NUMBER = Style(align="center")
# 7.2.4: the upper edge of the issuing body is 35 mm below that of the type area; 7.2.5: two lines down to the number.
ABOVE_ISSUER = 35 * mm
RULE_BELOW, RULE = 4 * mm, 1.4
# The middle of a line of 16 pt type is 8 pt above the foot of its characters; the pitch leaves the rest.
FOOT_OF_NUMBER = (PITCH - 16) / 2
PALE, GREY = 0.9, 0.35
MARK_SIZE, FOOT_SIZE, MARK_ANGLE = 11.5, 8.0, 30


def red_header(header: RedHeader | None) -> Iterator[Flowable]:
    if header is None:
        return
    yield Issuer(header.issuer)
    yield Spacer(1, PITCH * 2)
    yield Lines([(header.number, Face.BODY)], NUMBER)
    yield RedRule()
    # The title stands two lines below the rule.
    yield Spacer(1, PITCH * 2 - RULE_BELOW)


class Issuer(Flowable):
    """The issuing body in red, as large as fits the width of the type area."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        (line,) = cell_lines(self.text, Face.TITLE, 1000, 1)
        self.line, self.width = line, available_width
        self.size = max(min(LARGEST, available_width / line.width), SMALLEST) if line.width else LARGEST
        self.height = ABOVE_ISSUER + self.size
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setFillColor(RED)
        left = (self.width - self.line.width * self.size) / 2
        draw_line(self.canv, self.line, left, (0.5 - MIDDLE_ABOVE_BASELINE) * self.size, self.size)
        self.canv.setFillGray(0)


class RedRule(Flowable):
    """As wide as the type area, 4 mm below the number."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = available_width, RULE_BELOW - FOOT_OF_NUMBER
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setStrokeColor(RED)
        self.canv.setLineWidth(RULE)
        self.canv.line(0, 0, self.width, 0)
        self.canv.setStrokeGray(0)


def draw_mark(canvas: Canvas, mark: str) -> None:
    """Pale across the page, under the text, and small in the foot."""
    if not mark:
        return
    (line,) = cell_lines(mark, Face.HEADING, PAGE_WIDTH / MARK_SIZE, 1)
    for quarter in (1, 2, 3):
        canvas.saveState()
        canvas.setFillGray(PALE)
        canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT * quarter / 4)
        canvas.rotate(MARK_ANGLE)
        draw_line(canvas, line, -line.width * MARK_SIZE / 2, 0, MARK_SIZE)
        canvas.restoreState()
    (foot,) = cell_lines(mark, Face.SONG, TYPE_WIDTH / FOOT_SIZE, 1)
    canvas.setFillGray(GREY)
    draw_line(canvas, foot, MARGIN_LEFT, MARGIN_BOTTOM - 20 * mm, FOOT_SIZE)
    canvas.setFillGray(0)
