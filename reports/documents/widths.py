"""How wide the columns of a table are in proportion to each other, in every format, from what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from reports.report import Table

# Of long tables the first rows say enough.
LOOKED_AT = 200
# What a page of the official width holds in table type, in Chinese characters.
ROOM = 49.0
LONGEST_WHOLE, LEAST_TEXT, MOST_TEXT = 6.0, 6.0, 24.0
PADDING = 0.9
# Tables whose columns are known: alike in every document, whatever stands in them.
FIXED: dict[str, tuple[float, ...]] = {
    "by_unit": (8.5, 28.6, 11.4, 8.4, 8.4, 8.4, 8.4, 8.4, 8.4, 14.8, 14.8, 14.8, 10.6),
    "by_category": (44, 16, 16, 16, 16, 16, 16, 20, 20),
    "open_appeals": (28, 34, 42, 22, 19, 17),
}
FACTS = (11.0, 38.0)


def shares_of(table: Table) -> tuple[float, ...]:
    """As fixed, else by what stands in the columns."""
    if [column.key for column in table.columns] == ["name", "text"]:
        return FACTS
    return FIXED.get(table.key) or shares_needed(table)


def shares_needed(table: Table) -> tuple[float, ...]:
    """Numbers, codes and dates get the room they need; long texts share what is left, and wrap."""
    needed = [needs(table, number) for number in range(len(table.columns))]
    whole = [is_whole(table, number) for number in range(len(table.columns))]
    left = ROOM - sum(width for width, kept in zip(needed, whole, strict=True) if kept)
    wanted = sum(width for width, kept in zip(needed, whole, strict=True) if not kept)
    scale = left / wanted if wanted and left < wanted else 1.0
    shares = [width if kept else max(width * scale, LEAST_TEXT) for width, kept in zip(needed, whole, strict=True)]
    return tuple(shares)


def needs(table: Table, number: int) -> float:
    label = table.columns[number].label
    # A header of four characters may stand two above two.
    head = width(label) / 2 if len(label) == 4 else width(label)
    widest = max((width(text) for text in texts(table, number)), default=0.0)
    return max(min(widest, MOST_TEXT) if not is_whole(table, number) else widest, head) + PADDING


def is_whole(table: Table, number: int) -> bool:
    """Never broken: numbers, codes, dates, words of a few characters."""
    if table.columns[number].align == "end":
        return True
    return all(text.isascii() or width(text) <= LONGEST_WHOLE for text in texts(table, number))


def texts(table: Table, number: int) -> Iterable[str]:
    return (row.cells[number] for row in islice(table.lines, LOOKED_AT))


def header_label(label: str, room: float) -> str:
    """Four characters that do not fit beside each other stand two above two; `room` in characters."""
    return f"{label[:2]}\n{label[2:]}" if len(label) == 4 and room < 4 else label


def width(text: str) -> float:
    """In Chinese characters; Latin letters and digits are about half as wide."""
    return sum(0.6 if character.isascii() else 1.0 for character in text)
