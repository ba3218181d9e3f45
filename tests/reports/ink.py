"""Pages of a PDF as pictures, and where the ink on them begins and ends, in millimetres from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdfium2 import PdfDocument

DPI = 150
MM = DPI / 25.4
# Shades and the words pale across a page are lighter than this, text and rules darker.
DARK = 150
# The page number stands below the type area, which ends at 262 mm.
ABOVE_NUMBER = 268


@dataclass(frozen=True, slots=True)
class Ink:
    left: float
    top: float
    right: float
    bottom: float


def pictures(content: bytes) -> Iterator[Any]:
    with PdfDocument(content) as document:
        for page in document:
            yield page.render(scale=DPI / 72, grayscale=True).to_pil()


def inks(content: bytes, below: float = 0, above: float = ABOVE_NUMBER) -> list[Ink]:
    """The box around what is dark on each page, between two heights."""
    return [ink_of(picture, below, above) for picture in pictures(content)]


def ink_of(picture: Any, below: float, above: float) -> Ink:
    part = picture.crop((0, round(below * MM), picture.width, round(above * MM)))
    left, top, right, bottom = part.point(lambda light: 255 if light < DARK else 0).getbbox()
    return Ink(left / MM, below + top / MM, right / MM, below + bottom / MM)
