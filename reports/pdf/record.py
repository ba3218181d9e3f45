"""Draws the record of a visit: the sheet of a card, with photos and lines to sign at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from reports.documents.record import MOST_PHOTOS, Record
from reports.pdf.card import BOTTOM, GAP, GREY, INK, LEFT, SIZE, WIDTH, Sheet, rendered
from reports.pdf.fonts import Face
from reports.pdf.lines import cell_lines
from reports.pdf.page import draw_line
from visits.models import Photo

SIGNATURES = 16 * mm
PHOTO = (WIDTH - (MOST_PHOTOS - 1) * GAP) / MOST_PHOTOS
PHOTO_HEIGHT = PHOTO * 3 / 4


def render_record(record: Record) -> bytes:
    """The finished PDF; raises FontsMissing like `render_card`."""
    return rendered(record.card, lambda canvas: RecordSheet(canvas, record).draw(record.card))


class RecordSheet(Sheet):
    """Keeps room at the foot for what is drawn there."""

    is_centred = True

    def __init__(self, canvas: Canvas, record: Record) -> None:
        super().__init__(canvas)
        self.record = record
        self.photos = readable(record.photos)
        self.bottom = BOTTOM + SIGNATURES + (PHOTO_HEIGHT + GAP if self.photos else 0)

    def foot(self, mark: str) -> None:
        super().foot(mark)
        for number, photo in enumerate(self.photos):
            self.canvas.drawImage(
                photo, LEFT + number * (PHOTO + GAP), BOTTOM + SIGNATURES, PHOTO, PHOTO_HEIGHT,
                preserveAspectRatio=True, anchor="sw",
            )  # fmt: skip
        self.sign(self.record.signers)

    def sign(self, signers: Sequence[str]) -> None:
        width = (WIDTH - (len(signers) - 1) * GAP) / len(signers)
        for number, signer in enumerate(signers):
            (line,) = cell_lines(signer, Face.HEADING, width / SIZE, 1)
            x, y = LEFT + number * (width + GAP), BOTTOM + 2 * mm
            self.canvas.setFillGray(INK)
            draw_line(self.canvas, line, x, y, SIZE)
            self.canvas.setStrokeGray(GREY)
            self.canvas.line(x + line.width * SIZE + 4, y - 2, x + width, y - 2)


def readable(photos: Sequence[Photo]) -> list[ImageReader]:
    """Small pictures; one whose file is gone is left out."""
    found = []
    for photo in photos:
        try:
            with photo.thumbnail.open("rb") as file:
                found.append(ImageReader(BytesIO(file.read())))
        except OSError:
            continue
    return found
