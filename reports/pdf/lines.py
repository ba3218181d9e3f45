"""Chinese line breaking: what may start or end a line, numbers kept whole. Pure functions over measured characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from unicodedata import category

from reports.pdf.fonts import Face, glyph

CANNOT_START = frozenset("，。、；：？！）〕】》」』”’％%…—·,.;:?!)]}℃‰")
MEASURES = frozenset("个件家次户项条分天年月日")
CANNOT_END = frozenset("（〔【《「『“‘([{№￥¥")
INSEPARABLE = frozenset("—…")
WORD_PUNCTUATION = frozenset("._-/+#@&'%,:")
SPACES = frozenset(" \t\u3000\u00a0")
ELLIPSIS = "…"

Glyph: TypeAlias = tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs of one printed line and their natural width in ems."""

    glyphs: tuple[Glyph, ...]
    width: float
    is_last: bool


def is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in WORD_PUNCTUATION)


def atoms(text: str) -> Iterator[str]:
    """Pieces that must not be broken: a number or Latin word, a character with the marks that cling to it."""
    piece = ""
    for character in text:
        if piece and can_break(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def can_break(before: str, after: str) -> bool:
    if before in SPACES or after in SPACES:
        return before in SPACES and after not in SPACES
    if is_word(before) and is_word(after):
        return False
    if before.isdigit() and after in MEASURES:
        return False
    if before in INSEPARABLE and after in INSEPARABLE:
        return False
    return after not in CANNOT_START and before not in CANNOT_END


def measure(text: str, face: Face) -> list[Glyph]:
    return [glyph(face, character) for character in text]


def clean(text: str) -> str:
    """Line breaks and control characters become spaces, invisible format marks and variation selectors go."""
    kept = "".join(" " if category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return "".join(c for c in kept if category(c) != "Cf" and not 0xFE00 <= ord(c) <= 0xFE0F).strip(" ")


def break_lines(spans: Sequence[tuple[str, Face]], width: float, indent: float = 0, spacing: float = 0) -> list[Line]:
    """Lines no wider than `width` ems, the first shorter by `indent`; `spacing` is added after every character."""
    lines: list[Line] = []
    current: list[Glyph] = []
    used, room = 0.0, width - indent
    for piece in pieces(spans, width, spacing):
        size = sum(g[2] + spacing for g in piece)
        if current and used + size - trailing(piece, spacing) > room + 1e-6:
            lines.append(finished(current, spacing, is_last=False))
            current, used, room = [], 0.0, width
        current += piece
        used += size
    return [*lines, finished(current, spacing, is_last=True)]


def pieces(spans: Sequence[tuple[str, Face]], width: float, spacing: float) -> Iterator[list[Glyph]]:
    for text, face in spans:
        for atom in atoms(clean(text)):
            measured = measure(atom, face)
            if sum(g[2] + spacing for g in measured) <= width:
                yield measured
            else:
                yield from ([one] for one in measured)


def trailing(piece: Sequence[Glyph], spacing: float) -> float:
    """Width of the spaces at the end of a piece: they may hang over the edge."""
    total = 0.0
    for g in reversed(piece):
        if g[1] not in SPACES:
            break
        total += g[2] + spacing
    return total


def finished(glyphs: list[Glyph], spacing: float, *, is_last: bool) -> Line:
    while glyphs and glyphs[-1][1] in SPACES and not is_last:
        glyphs = glyphs[:-1]
    return Line(tuple(glyphs), sum(g[2] + spacing for g in glyphs), is_last)


@lru_cache(maxsize=20_000)
def cell_lines(text: str, face: Face, width: float, limit: int) -> tuple[Line, ...]:
    """Lines of a table cell, cut to `limit` with an ellipsis; cached because cells repeat."""
    # Most cells are one line, which needs no breaking.
    if "\n" not in text:
        glyphs = measure(clean(text), face)
        wide = sum(g[2] for g in glyphs)
        if wide <= width:
            return (Line(tuple(glyphs), wide, is_last=True),)
    lines = [line for part in text.split("\n") for line in break_lines([(part, face)], width)]
    if len(lines) <= limit:
        return tuple(lines)
    mark = glyph(face, ELLIPSIS)
    kept = list(lines[limit - 1].glyphs)
    while kept and sum(g[2] for g in kept) + mark[2] > width:
        kept.pop()
    cut = Line((*kept, mark), sum(g[2] for g in kept) + mark[2], is_last=True)
    return (*lines[: limit - 1], cut)
