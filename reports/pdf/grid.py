"""A table that runs over pages in linear time: header repeated, rows measured once, none cut in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from reportlab.lib.colors import Color
from reportlab.platypus.flowables import CondPageBreak, Flowable

from reports.pdf.fonts import Face
from reports.pdf.lines import Line, cell_lines
from reports.pdf.page import MIDDLE_ABOVE_BASELINE, TYPE_HEIGHT, TYPE_WIDTH, draw_line
from reports.report import Align

SIZE = 9.0
LEADING = 13.0
NOTE_LEADING = 14.0
PAD_X, PAD_Y = 1.8, 4.0
SPACE_BEFORE = 4.0  # none at the top of a page
MOST_LINES = 8
HAIRLINE, RULE = 0.4, 1.0
SHADE = Color(0.93, 0.94, 0.96)


@dataclass(frozen=True, slots=True)
class Band:
    """One measured row: the lines of every cell, and how it is printed."""

    cells: tuple[tuple[Line, ...], ...]
    height: float
    is_shaded: bool = False


def band(cells: Sequence[str], widths: Sequence[float], face: Face, *, is_shaded: bool = False) -> Band:
    lines = tuple(
        cell_lines(text, face, (width - 2 * PAD_X) / SIZE, MOST_LINES)
        for text, width in zip(cells, widths, strict=True)
    )
    return Band(lines, max(map(len, lines)) * LEADING + 2 * PAD_Y, is_shaded)


def note_lines(text: str) -> tuple[Line, ...]:
    return cell_lines(text, Face.SONG, TYPE_WIDTH / SIZE, MOST_LINES) if text else ()


class Grid(Flowable):
    """Rows `first` to `last` of the measured bands; a split shares the bands and moves the ends."""

    def __init__(
        self,
        header: Band,
        bands: Sequence[Band],
        widths: Sequence[float],
        aligns: Sequence[Align],
        note: Sequence[Line] = (),
        ends: tuple[int, int] | None = None,
        tops: Sequence[float] | None = None,
    ) -> None:
        super().__init__()
        self.spaceBefore = SPACE_BEFORE
        self.header, self.bands, self.widths, self.aligns = (header, bands, widths, aligns)
        self.note = note
        self.first, self.last = ends or (0, len(bands))
        self.tops = tops or [0.0, *accumulate(one.height for one in bands)]

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = sum(self.widths)
        self.height = self.header.height + self.tops[self.last] - self.tops[self.first] + self.note_height
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        room = available_height - self.header.height
        middle = self.first
        while middle < self.last and self.tops[middle + 1] - self.tops[self.first] <= room:
            middle += 1
        # Neither the last row, often the total, nor the note stands alone under a repeated header.
        middle = min(middle, max(self.last - 2, self.first + 1))
        if not self.first < middle < self.last:
            return []
        # What was held back might still fit below: it belongs on the next page.
        next_page = CondPageBreak(TYPE_HEIGHT - LEADING)
        return [self.part(self.first, middle), next_page, self.part(middle, self.last)]

    def part(self, first: int, last: int) -> Grid:
        return Grid(self.header, self.bands, self.widths, self.aligns, self.note, (first, last), self.tops)

    @property
    def note_height(self) -> float:
        """The note stands under the last part of the table only."""
        return len(self.note) * NOTE_LEADING + PAD_Y if self.note and self.last == len(self.bands) else 0

    def draw(self) -> None:
        top = self.height
        self.draw_band(self.header, top)
        top -= self.header.height
        for one in self.bands[self.first : self.last]:
            self.draw_band(one, top)
            top -= one.height
        self.rule(self.height, RULE)
        self.rule(self.height - self.header.height, HAIRLINE)
        self.rule(top, RULE)
        if self.note_height:
            self.draw_note(top - PAD_Y)

    def draw_note(self, top: float) -> None:
        for number, line in enumerate(self.note):
            middle = top - (number + 0.5) * NOTE_LEADING
            draw_line(self.canv, line, 0, middle - MIDDLE_ABOVE_BASELINE * SIZE, SIZE)

    def draw_band(self, one: Band, top: float) -> None:
        if one.is_shaded:
            self.canv.setFillColor(SHADE)
            self.canv.rect(0, top - one.height, self.width, one.height, stroke=0, fill=1)
            self.canv.setFillGray(0)
        x = 0.0
        for lines, width, align in zip(one.cells, self.widths, self.aligns, strict=True):
            self.draw_cell(lines, x, top - one.height / 2, width, "center" if one is self.header else align)
            x += width
        self.rule(top - one.height, HAIRLINE)

    def draw_cell(self, lines: Sequence[Line], x: float, middle: float, width: float, align: Align) -> None:
        first = middle + (len(lines) - 1) / 2 * LEADING - MIDDLE_ABOVE_BASELINE * SIZE
        for number, line in enumerate(lines):
            slack = width - 2 * PAD_X - line.width * SIZE
            left = {"start": 0.0, "center": slack / 2, "end": slack}[align]
            draw_line(self.canv, line, x + PAD_X + left, first - number * LEADING, SIZE)

    def rule(self, y: float, thickness: float) -> None:
        self.canv.setLineWidth(thickness)
        self.canv.line(0, y, self.width, y)


def column_widths(shares: Sequence[float]) -> tuple[float, ...]:
    """Widths in points that fill the type area in these proportions."""
    return tuple(TYPE_WIDTH * share / sum(shares) for share in shares)
