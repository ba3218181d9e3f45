"""A finished report as plain data: strings ready to print and the exact values behind them.

Page, endpoint, command and PDF print these objects and compute nothing; `build.py` makes them."""

from __future__ import annotations

from dataclasses import dataclass
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
    """`key` names what the row is about (a unit's or an appeal's id), empty for totals."""

    cells: tuple[str, ...]
    key: str = ""
    is_flagged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None
    empty: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    period_key: str
    period_label: str
    compared_label: str
    organisation: str
    issued_by: str
    issued_on: date
    as_of: datetime
    as_of_label: str
    summary: tuple[str, ...]
    figures: tuple[Figure, ...]
    by_unit: Table
    by_category: Table
    open_appeals: Table
    definitions: tuple[Definition, ...]

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.figures if figure.key == key)

    def section(self, name: str) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.section == name)
