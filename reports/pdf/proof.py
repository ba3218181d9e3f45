"""The foot of an issued report's last page: code, hash, and a QR code that opens the page that verifies it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus.flowables import Flowable

from reports.issuing.proof import Proof
from reports.pdf.fonts import Face
from reports.pdf.lines import cell_lines
from reports.pdf.page import MIDDLE_ABOVE_BASELINE, draw_line
from visits.qr import modules

SIDE, GAP = 26 * mm, 5 * mm
SIZE, LEADING = 9.0, 14.0
MOST_LINES = 3


def proof_block(proof: Proof | None) -> Iterator[Flowable]:
    if proof:
        yield ProofBlock(proof)


class ProofBlock(Flowable):
    """One piece: it moves to the next page as a whole."""

    def __init__(self, proof: Proof) -> None:
        super().__init__()
        self.proof = proof

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        left = SIDE + GAP if self.proof.address else 0.0
        room = (available_width - left) / SIZE
        self.lines = [line for text in self.proof.lines for line in cell_lines(text, Face.SONG, room, MOST_LINES)]
        self.left, self.width = left, available_width
        self.height = max(SIDE if self.proof.address else 0.0, len(self.lines) * LEADING) + GAP
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setLineWidth(0.4)
        self.canv.line(0, self.height - 2, self.width, self.height - 2)
        top = self.height - GAP
        if self.proof.address:
            self.draw_code(modules(self.proof.address), top)
        for number, line in enumerate(self.lines):
            middle = top - (number + 0.5) * LEADING
            draw_line(self.canv, line, self.left, middle - MIDDLE_ABOVE_BASELINE * SIZE, SIZE)

    def draw_code(self, rows: Sequence[Sequence[bool]], top: float) -> None:
        """Neighbours are drawn as one bar, so that no hair line shows between them."""
        step = SIDE / len(rows)
        for y, row in enumerate(rows):
            for first, length in bars(row):
                self.canv.rect(first * step, top - (y + 1) * step, length * step, step, stroke=0, fill=1)


def bars(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(row):
        if not row[start]:
            start += 1
            continue
        end = start
        while end < len(row) and row[end]:
            end += 1
        yield start, end - start
        start = end
