"""A finished report as plain data: strings ready to print and the exact values behind them.

Page, endpoint, command, PDF, Word and Excel print these objects and compute nothing; `build.py` makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

Value: TypeAlias = int | Decimal | Fraction | None
Align: TypeAlias = Literal["start", "center", "end"]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the same figure of the period before."""

    text: str
    direction: Literal["up", "down", "flat", "none"]
    # Of money: what it is compared with is of one firm or two.
    is_of_few: bool = False
    # Its text says itself with what it compares.
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure people quote: `text` is printed, `value` is exact (a rate as a fraction of 1)."""

    key: str
    label: str
    unit: str
    section: str
    text: str
    value: Value
    definition: str
    note: str
    change: Change
    numerator: int | Decimal | None = None
    denominator: int | Decimal | None = None
    # Of the page with the records behind it, without the host.
    address: str = ""
    # Against the same period of the year before.
    last_year: Change | None = None
    # Of money: it tells of one firm or two; None where that was not kept.
    is_of_few: bool | None = None

    @property
    def shown_unit(self) -> str:
        """“—” stands without a unit."""
        return "" if self.value is None else self.unit


@dataclass(frozen=True, slots=True)
class Column:
    """`figure` names the metric whose rows stand behind the cells, `part` which of them: those that gave one answer."""

    key: str
    label: str
    align: Align = "start"
    figure: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`key` names what the row is about (a unit's or an appeal's id), empty for totals; `addresses` lead to the rows
    behind the cells, one a cell, empty where there are none."""

    cells: tuple[str, ...]
    key: str = ""
    is_flagged: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None
    empty: str
    note: str = ""

    @property
    def lines(self) -> tuple[Row, ...]:
        """All rows to print, the total last."""
        return (*self.rows, *([self.total] if self.total else []))


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one colour of bars: a value and its printed text for each category."""

    label: str
    values: tuple[Value, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and the same numbers as a table, which is printed beneath; `addresses` one a category."""

    key: str
    title: str
    kind: Literal["bar", "line", "stack", "funnel", "pyramid"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    table: Table
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    paragraphs: tuple[str, ...]
    # Small print under a table or a strip.
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class FigureStrip:
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """Named paragraphs, counted from 1: definitions, cases, next steps."""

    entries: tuple[Definition, ...]


Block: TypeAlias = Prose | FigureStrip | Table | Chart | Numbered


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered section of the document."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(b.table if isinstance(b, Chart) else b for b in self.blocks if isinstance(b, Chart | Table))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(text for b in self.blocks if isinstance(b, Prose) and not b.is_note for text in b.paragraphs)


@dataclass(frozen=True, slots=True)
class RedHeader:
    """版头: printed only when a person entered it."""

    issuer: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """Plain values throughout, so that it can be kept as JSON and printed again."""

    kind: str
    title: str
    period_key: str
    period_label: str
    compared_label: str
    organisation: str
    issued_by: str
    issued_on: date
    as_of: datetime
    as_of_label: str
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    # What narrows it: a park, a unit, a matter.
    narrowed_to: tuple[str, ...] = ()
    header: RedHeader | None = None

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.figures if figure.key == key)

    def section(self, name: str) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.section == name)

    def part(self, key: str) -> Part:
        return next(part for part in self.parts if part.key == key)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for part in self.parts for table in part.tables)

    def table(self, key: str) -> Table:
        return next(table for table in self.tables if table.key == key)

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(block for part in self.parts for block in part.blocks if isinstance(block, Chart))

    @property
    def summary(self) -> tuple[str, ...]:
        return tuple(text for part in self.parts if part.key == "summary" for text in part.paragraphs)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        blocks = (block for part in self.parts if part.key == "definitions" for block in part.blocks)
        return tuple(entry for block in blocks if isinstance(block, Numbered) for entry in block.entries)

    def reworded(self, key: str, paragraphs: tuple[str, ...]) -> Report:
        """With the prose of one part as a person wrote it; figures and tables stay."""
        parts = tuple(_reworded(part, paragraphs) if part.key == key else part for part in self.parts)
        return replace(self, parts=parts)


def _reworded(part: Part, paragraphs: tuple[str, ...]) -> Part:
    kept = tuple(block for block in part.blocks if not isinstance(block, Prose) or block.is_note)
    return replace(part, blocks=(Prose(paragraphs), *kept))
