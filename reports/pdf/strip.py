"""The strip of key figures: boxes in rows, each with its name, the figure large, its unit and its change."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

from reports.pdf.fonts import Face
from reports.pdf.grid import HAIRLINE
from reports.pdf.lines import cell_lines
from reports.pdf.page import TYPE_WIDTH, draw_line
from reports.report import Figure

ACROSS = 4
BOX_HEIGHT = 19 * mm
PAD = 6.0
NAME_SIZE, FIGURE_SIZE, UNIT_SIZE, CHANGE_SIZE = 9.5, 17.0, 9.5, 8.5


class Strip(Flowable):
    """One row of at most `ACROSS` figures in equal boxes."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        super().__init__()
        self.figures = figures

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width, self.height = TYPE_WIDTH, BOX_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        box = self.width / ACROSS
        self.canv.setLineWidth(HAIRLINE)
        for number, figure in enumerate(self.figures):
            self.canv.rect(number * box, 0, box, self.height, stroke=1, fill=0)
            self.draw_figure(figure, number * box + PAD, box - 2 * PAD)

    def draw_figure(self, figure: Figure, x: float, room: float) -> None:
        self.put(figure.label, Face.SONG, NAME_SIZE, x, self.height - PAD - NAME_SIZE * 0.9, room)
        baseline = self.height / 2 - FIGURE_SIZE * 0.42
        width = self.put(figure.text, Face.HEADING, FIGURE_SIZE, x, baseline, room)
        self.put(figure.shown_unit, Face.SONG, UNIT_SIZE, x + width + 3, baseline, room - width - 3)
        self.put(figure.change.text, Face.SONG, CHANGE_SIZE, x, PAD + 1, room)

    def put(self, text: str, face: Face, size: float, x: float, baseline: float, room: float) -> float:
        """Print one line, cut to the room there is; return its width."""
        if not text:
            return 0
        (line,) = cell_lines(text, face, max(room / size, 1), 1)
        draw_line(self.canv, line, x, baseline, size)
        return line.width * size


def strips(figures: Sequence[Figure]) -> list[Strip]:
    return [Strip(figures[first : first + ACROSS]) for first in range(0, len(figures), ACROSS)]
