"""Draws the print card: one sheet of A4, two columns of facts, whatever there is to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from reports.documents.card import Card, Entry, Section
from reports.pdf.document import building
from reports.pdf.fonts import Face, chain
from reports.pdf.lines import Line, cell_lines
from reports.pdf.page import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_TOP,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    TYPE_WIDTH,
    draw_line,
)
from reports.report import Align

LEFT, TOP, BOTTOM = float(MARGIN_LEFT), float(PAGE_HEIGHT - MARGIN_TOP), float(MARGIN_BOTTOM)
WIDTH = float(TYPE_WIDTH)
GAP = 6 * mm
HALF = (WIDTH - GAP) / 2
LABEL = 25 * mm
SIZE, LEADING, TITLE, HEADING, SMALL = 10.0, 15.0, 18.0, 11.5, 8.0
MOST_LINES = {False: 2, True: 3}
PALE, INK, GREY = 0.9, 0.0, 0.35
MARK_ANGLE = 30
ABOVE_BASELINE = 0.88
FOOT = 20 * mm  # below the type area, as in reports


def render_card(card: Card) -> bytes:
    """The finished PDF. Raises FontsMissing, with a message for the user, when the machine has no Chinese font."""
    return rendered(card, lambda canvas: Sheet(canvas).draw(card))


def rendered(card: Card, draw: Callable[[Canvas], None]) -> bytes:
    """One page of A4 that knows its title and who printed it."""
    target = BytesIO()
    with building:
        canvas = Canvas(target, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), initialFontName=chain(Face.BODY)[0], lang="zh-CN")
        canvas.setTitle(card.title)
        canvas.setAuthor(card.mark)
        canvas.setCreator("园企通")
        draw(canvas)
        canvas.save()
    return target.getvalue()


class Sheet:
    """Draws from the top down; what has no room left is said to be in the system."""

    is_centred = False

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.y: float = TOP
        self.bottom: float = BOTTOM

    def draw(self, card: Card) -> None:
        self.watermark(card.mark)
        align: Align = "center" if self.is_centred else "start"
        self.block(cell_lines(card.title, Face.TITLE, WIDTH / TITLE, 2), TITLE, TITLE * 1.4, align=align)
        self.block(cell_lines(card.subtitle, Face.SONG, WIDTH / SIZE, 1), SIZE, LEADING, GREY, align=align)
        for section in card.sections:
            if not self.section(section):
                self.block(cell_lines("…… 版面已满，其余见系统", Face.SONG, WIDTH / SIZE, 1), SIZE, LEADING, GREY)
                break
        self.foot(card.mark)

    def foot(self, mark: str) -> None:
        (line,) = cell_lines(mark, Face.SONG, WIDTH / SMALL, 1)
        self.canvas.setFillGray(GREY)
        draw_line(self.canvas, line, LEFT, BOTTOM - FOOT, SMALL)

    def watermark(self, mark: str) -> None:
        (line,) = cell_lines(mark, Face.HEADING, PAGE_WIDTH / HEADING, 1)
        for quarter in (1, 2, 3):
            self.canvas.saveState()
            self.canvas.setFillGray(PALE)
            self.canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT * quarter / 4)
            self.canvas.rotate(MARK_ANGLE)
            draw_line(self.canvas, line, -line.width * HEADING / 2, 0, HEADING)
            self.canvas.restoreState()

    def section(self, section: Section) -> bool:
        """False when the sheet is full."""
        rows = list(in_rows(section.entries))
        if not self.has_room(LEADING * 2 + row_height(rows[0])):
            return False
        self.y -= 6
        self.block(cell_lines(section.title, Face.HEADING, WIDTH / HEADING, 1), HEADING, HEADING * 1.6)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(LEFT, self.y + 1, LEFT + WIDTH, self.y + 1)
        self.y -= 3
        for row in rows:
            if not self.has_room(row_height(row)):
                return False
            self.row(row)
        return True

    def has_room(self, height: float) -> bool:
        """One line is kept free for saying that there is more."""
        return bool(self.y - height - LEADING >= self.bottom)

    def row(self, entries: Sequence[Entry]) -> None:
        self.canvas.setFillGray(INK)
        for column, entry in enumerate(entries):
            x = LEFT + column * (HALF + GAP)
            for number, line in enumerate(label_lines(entry)):
                draw_line(self.canvas, line, x, self.baseline(number), SIZE)
            for number, line in enumerate(text_lines(entry)):
                draw_line(self.canvas, line, x + label_width(entry), self.baseline(number), SIZE)
        self.y -= row_height(entries)

    def baseline(self, number: int) -> float:
        return self.y - (number + 1) * LEADING + 4

    def block(
        self, lines: Sequence[Line], size: float, leading: float, grey: float = INK, *, align: Align = "start"
    ) -> None:
        self.canvas.setFillGray(grey)
        for line in lines:
            left = (WIDTH - line.width * size) / 2 if align == "center" else 0.0
            draw_line(self.canvas, line, LEFT + left, self.y - ABOVE_BASELINE * size, size)
            self.y -= leading
        self.canvas.setFillGray(INK)


def in_rows(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Two narrow entries beside each other, a wide one alone."""
    rows: list[list[Entry]] = []
    for entry in entries:
        if rows and not entry.is_wide and len(rows[-1]) == 1 and not rows[-1][0].is_wide:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return rows


def row_height(entries: Sequence[Entry]) -> float:
    return max(max(len(text_lines(entry)), len(label_lines(entry))) for entry in entries) * LEADING


def label_lines(entry: Entry) -> tuple[Line, ...]:
    return cell_lines(entry.label, Face.HEADING, (LABEL - 6) / SIZE, 2)


def label_width(entry: Entry) -> float:
    return LABEL if entry.label else 0.0


def text_lines(entry: Entry) -> tuple[Line, ...]:
    width = (WIDTH if entry.is_wide else HALF) - label_width(entry)
    most = entry.most_lines or MOST_LINES[entry.is_wide]
    return cell_lines(entry.text.replace("\n", " "), Face.SONG, width / SIZE, most)
