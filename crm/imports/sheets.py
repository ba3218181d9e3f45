"""A sheet of plain cells: up to the last row with content, within the limits of what a list can be."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.imports.cells import Cell, text_of
from crm.imports.errors import ImportFileError

MAX_CELLS, MAX_LETTERS = 6_000_000, 200_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 300
BLANK_ROWS_TO_STOP = 50


@dataclass(slots=True)
class Sheet:
    """``rows[0]`` is row 1 of the sheet as Excel numbers it; the other numbers count from 0."""

    name: str
    rows: list[list[Cell]]
    # (top, left, bottom, right) of merged cells.
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def show(self, found: Mapping[tuple[int, int], str]) -> None:
        """Put texts, by row and column, into cells that were read as empty."""
        for (row, column), text in found.items():
            if row < len(self.rows) and column < MAX_COLUMNS:
                cells = self.rows[row]
                cells += [None] * (column + 1 - len(cells))
                cells[column] = text


def trimmed(rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    """Plain cells up to the last row with content; 50 blank rows end a sheet."""
    waiting = 0
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise ImportFileError(f"表格超过 {MAX_ROWS // 10000} 万行，请拆成几个文件")
        plain = _plain_row(row)
        if not plain:
            waiting += 1
            if waiting >= BLANK_ROWS_TO_STOP:
                return
            continue
        if len(plain) > MAX_COLUMNS:
            raise ImportFileError(f"第 {count + 1} 行超过 {MAX_COLUMNS} 列，请只保留有用的列再上传")
        yield from ([] for _ in range(waiting))
        waiting = 0
        yield plain


@dataclass(slots=True)
class Tally:
    """How much a file has held so far."""

    cells: int = 0
    letters: int = 0

    def counted(self, rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
        """The same rows, as long as they are not too much."""
        for row in rows:
            self.cells += len(row)
            self.letters += sum([len(cell) for cell in row if type(cell) is str])
            if self.cells > MAX_CELLS:
                raise ImportFileError(f"表格超过 {MAX_CELLS // 10000} 万个单元格，请拆成几个文件")
            if self.letters > MAX_LETTERS:
                raise ImportFileError(f"表格里的文字超过 {MAX_LETTERS // 10000} 万字，请拆成几个文件")
            yield row


def _plain_row(row: Sequence[Any]) -> list[Cell]:
    cells = [_plain_cell(value) for value in row]
    while cells and (cells[-1] is None or text_of(cells[-1]) == ""):
        cells.pop()
    return cells


def _plain_cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.replace("\x00", "") or None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
