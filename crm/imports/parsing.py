"""Rows of cells to rows of values: every cell through its column's parser, every remark kept.

Nothing here reads the register; that is ``matching.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.utils import timezone

from crm.imports.cells import Cell, CellError, is_empty, reject_formula_error, text_of
from crm.imports.columns import Column, Reading, Values
from crm.imports.headers import Table
from crm.imports.mapping import units
from crm.imports.resource import ImportResource
from crm.imports.words import Words, with_words

# Row number (as text, JSON has no other keys) → index of the column → corrected text.
Fixes: TypeAlias = Mapping[str, Mapping[str, str]]

# What the sellers of lists print where they hide a firm.
PLACEHOLDERS = frozenset({"暂不予显示"})
TEXTS_KNOWN = 2_000


@dataclass(slots=True)
class Draft:
    """A row on its way to being staged."""

    number: int
    cells: list[Cell]
    values: Values = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    is_bad: bool = False
    is_doubtful: bool = False
    has_suggestion: bool = False

    def add(
        self,
        kind: str,
        message: str,
        column: str = "",
        index: int | None = None,
        suggestion: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """``kind`` is error, doubt, warning or duplicate; ``more`` what ``Reading`` knows of the message."""
        suggestion = suggestion or (more or {}).get("suggestion", "")
        self.is_bad = self.is_bad or kind == "error"
        self.is_doubtful = self.is_doubtful or kind == "doubt"
        self.has_suggestion = self.has_suggestion or bool(suggestion)
        self.messages.append(
            {
                **(more or {}),
                "kind": kind,
                "message": message,
                "column": column,
                "index": index,
                "suggestion": suggestion,
            }
        )


def parse_rows(
    table: Table, mapping: Mapping[int, str], resource: ImportResource, fixes: Fixes, words: Words | None = None
) -> Iterator[Draft]:
    """One draft per row of data, in the order of the file. ``words`` are what a person said that they mean."""
    lookups = {"today": timezone.localdate(), **resource.lookups()}
    plan = _plan(table, mapping, resource, words or {}, lookups)
    name_index = next((index for index, key in mapping.items() if key == resource.required), None)
    places = {reader.column.key: (reader.title, reader.index) for reader in plan}
    for number, cells in table.rows:
        if name_index is not None and name_index < len(cells) and text_of(cells[name_index]) in PLACEHOLDERS:
            table.skipped.append((number, text_of(cells[name_index])))
            continue
        draft = Draft(number, _fixed(cells, fixes.get(str(number), {})))
        if number - 1 in table.sheet.hidden_rows:
            draft.add("warning", "这一行在原表中是隐藏的")
        width = len(draft.cells)
        for reader in plan:
            if reader.index < width and (cell := draft.cells[reader.index]) is not None:
                reader.read(cell, draft)
        if reason := resource.passes_over(draft.values):
            table.skipped.append((number, reason))
            continue
        _finish(draft, resource, lookups, places)
        yield draft


def _plan(
    table: Table, mapping: Mapping[int, str], resource: ImportResource, words: Words, lookups: Mapping[str, Any]
) -> list[_Reader]:
    """In the order in which the resource declares its columns."""
    column_units = units(table, mapping, resource)
    order = {column.key: position for position, column in enumerate(resource.columns)}
    return [
        _Reader(index, column, _title(table, index, column), column_units[index], lookups)
        for index, key in sorted(mapping.items(), key=lambda item: order[item[1]])
        for column in [with_words(resource.column(key), words.get(key))]
    ]


class _Reader:
    """Reads one column; a text that comes again and again (a day, a state, a trade) is read once."""

    def __init__(self, index: int, column: Column, title: str, unit: str, lookups: Mapping[str, Any]) -> None:
        self.index, self.column, self.title = index, column, title
        self._unit, self._lookups = unit, lookups
        # By text or number: no text equals a number, but True equals 1.
        self._known: dict[Cell, Values] = {}
        self._blank = Reading(unit, lookups)

    def read(self, cell: Cell, draft: Draft) -> None:
        is_comparable = type(cell) is str or type(cell) is float
        if is_comparable and (values := self._known.get(cell)) is not None:
            draft.values.update(values)
            return
        text = text_of(cell)
        if is_empty(text):
            return
        reading = self._blank
        try:
            reject_formula_error(text)
            values = self.column.parse(cell, reading)
        except CellError as error:
            word = {"word": error.word} if error.word else None
            draft.add("error", error.message, self.title, self.index, error.suggestion, word)
        else:
            if self.column.may_repeat:
                values = {name: [*draft.values.get(name, ()), *parts] for name, parts in values.items()}
            draft.values.update(values)
            if is_comparable and len(self._known) < TEXTS_KNOWN and _is_simple(reading, values):
                self._known[cell] = values
        if reading.warnings or reading.doubts:
            _take_remarks(draft, reading, self.title, self.index)
            self._blank = Reading(self._unit, self._lookups)


def _is_simple(reading: Reading, values: Values) -> bool:
    """Nothing was remarked, and nothing is in the values that one row could change for another."""
    return not (reading.warnings or reading.doubts) and not any(type(value) is list for value in values.values())


def _fixed(cells: list[Cell], fixes: Mapping[str, str]) -> list[Cell]:
    if not fixes:
        return cells
    fixed = list(cells)
    for index, text in fixes.items():
        # A row may end before the column that was filled in.
        fixed.extend([None] * (int(index) + 1 - len(fixed)))
        fixed[int(index)] = text
    return fixed


def _title(table: Table, index: int, column: Column) -> str:
    heading = table.headings[index].text if index < len(table.headings) else ""
    return heading or column.label


def _finish(
    draft: Draft, resource: ImportResource, lookups: Mapping[str, Any], places: Mapping[str, tuple[str, int]]
) -> None:
    reading = Reading(lookups=lookups)
    if not draft.is_bad and not resource.subject_of(draft.values):
        label = resource.column(resource.required).label
        draft.add("error", f"{label}为空，请补上或删除这一行", label)
    if not draft.is_bad:
        try:
            resource.finish(draft.values, reading)
        except CellError as error:
            title, index = places.get(error.column, ("", None))
            draft.add("error", error.message, title, index)
    _take_remarks(draft, reading)


def _take_remarks(draft: Draft, reading: Reading, title: str = "", index: int | None = None) -> None:
    if not (reading.warnings or reading.doubts):
        return
    more = reading.more or {}
    for message in reading.warnings:
        draft.add("warning", message, title, index, more=more.get(message))
    for message in reading.doubts:
        draft.add("doubt", message, title, index, more=more.get(message))
