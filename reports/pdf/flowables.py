"""Paragraphs, headings and the strip of figures, set line by line on the official grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus.flowables import Flowable

from reports.pdf.fonts import Face
from reports.pdf.lines import Line, break_lines
from reports.pdf.page import BODY_SIZE, CHARACTER, MIDDLE_ABOVE_BASELINE, PITCH, draw_line
from reports.report import Align

WIDEST_STRETCH = 0.2  # ems a justified line may add between characters before it is left ragged


@dataclass(frozen=True, slots=True)
class Style:
    size: float = BODY_SIZE
    pitch: float = PITCH
    advance: float = CHARACTER / BODY_SIZE  # width of a full character in ems of `size`
    indent: float = 0
    align: Align = "start"
    right_indent: float = 0
    is_justified: bool = False


def is_at_top(flowable: Flowable) -> bool:
    """While it is measured for a page that holds nothing yet."""
    frame = getattr(flowable, "_frame", None)
    return bool(frame and frame._atTop)


class Lines(Flowable):
    """Lines of text on the grid. Text is printed as it is: there is no mark-up to escape.

    The first line of a page begins with its characters: the white above it is the margin alone (天头 37 mm), and not
    the half of the leading as well.
    """

    def __init__(self, spans: Sequence[tuple[str, Face]], style: Style, lines: Sequence[Line] | None = None) -> None:
        super().__init__()
        self.spans, self.style = spans, style
        self.lines = lines
        self.width = self.height = self.raised = 0.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        style = self.style
        if self.lines is None:
            room = available_width / style.size - style.right_indent
            self.lines = break_lines(self.spans, room, style.indent, style.advance - 1)
        self.raised = (style.pitch - style.size) / 2 if is_at_top(self) else 0.0
        self.width, self.height = available_width, len(self.lines) * style.pitch - self.raised
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        self.wrap(available_width, available_height)
        fitting = int((available_height + self.raised + 0.01) // self.style.pitch)
        lines = self.lines or ()
        if not 0 < fitting < len(lines):
            return []
        return [Rest(self.style, lines[:fitting], is_start=True), Rest(self.style, lines[fitting:], is_start=False)]

    def draw(self) -> None:
        for number, line in enumerate(self.lines or ()):
            self.draw_numbered(line, number, indent=self.style.indent if number == 0 else 0)

    def draw_numbered(self, line: Line, number: int, indent: float) -> None:
        style = self.style
        room = self.width - (indent + style.right_indent) * style.size
        natural = line.width * style.size
        spacing = (style.advance - 1) * style.size + self.stretch(line, room - natural)
        left = {"start": 0.0, "center": (room - natural) / 2, "end": room - natural}[style.align]
        middle = self.height + self.raised - (number + 0.5) * style.pitch
        baseline = middle - MIDDLE_ABOVE_BASELINE * style.size
        draw_line(self.canv, line, indent * style.size + left, baseline, style.size, spacing)

    def stretch(self, line: Line, slack: float) -> float:
        gaps = len(line.glyphs) - 1
        if not self.style.is_justified or line.is_last or gaps < 1:
            return 0
        added = slack / gaps
        return added if added <= WIDEST_STRETCH * self.style.size else 0


class Rest(Lines):
    """A part of a paragraph that a page break cut in two."""

    def __init__(self, style: Style, lines: Sequence[Line], *, is_start: bool) -> None:
        super().__init__((), style, lines)
        self.is_start = is_start

    def draw(self) -> None:
        for number, line in enumerate(self.lines or ()):
            self.draw_numbered(line, number, indent=self.style.indent if number == 0 and self.is_start else 0)

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        parts = super().split(available_width, available_height)
        if parts:
            parts[0].is_start = self.is_start
        return parts


class Heading(Lines):
    """A heading that is also a bookmark."""

    def __init__(self, text: str, face: Face, style: Style, level: int) -> None:
        super().__init__([(text, face)], style)
        self.title, self.level = text, level

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        return []

    def draw(self) -> None:
        key = f"heading-{self.canv.getPageNumber()}-{self.title}"
        self.canv.bookmarkHorizontal(key, 0, self.height)
        self.canv.addOutlineEntry(self.title, key, self.level)
        super().draw()
