"""Rows of cells to rows of values: every cell through its column's parser, every remark kept.

Nothing here reads the register; that is ``matching.py``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from crm.imports.cells import Cell, CellError, is_empty, reject_formula_error, text_of
from crm.imports.headers import Table
from crm.imports.mapping import units
from crm.imports.resource import Column, ImportResource, Reading, Values

# Row number (as text, JSON has no other keys) → index of the column → corrected text.
Fixes: TypeAlias = Mapping[str, Mapping[str, str]]

# What the sellers of lists print where they hide a firm.
PLACEHOLDERS = frozenset({"暂不予显示"})


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

    def add(self, kind: str, message: str, column: str = "", index: int | None = None, suggestion: str = "") -> None:
        """``kind`` is error, doubt, warning or duplicate."""
        self.is_bad = self.is_bad or kind == "error"
        self.is_doubtful = self.is_doubtful or kind == "doubt"
        self.has_suggestion = self.has_suggestion or bool(suggestion)
        self.messages.append(
            {"kind": kind, "message": message, "column": column, "index": index, "suggestion": suggestion}
        )


def parse_rows(table: Table, mapping: Mapping[int, str], resource: ImportResource, fixes: Fixes) -> Iterator[Draft]:
    """One draft per row of data, in the order of the file."""
    lookups = resource.lookups()
    column_units = units(table, mapping, resource)
    order = {column.key: position for position, column in enumerate(resource.columns)}
    plan = sorted(
        ((index, resource.column(key)) for index, key in mapping.items()), key=lambda item: order[item[1].key]
    )
    name_index = next((index for index, key in mapping.items() if key == resource.required), None)
    places = {column.key: (_title(table, index, column), index) for index, column in plan}
    for number, cells in table.rows:
        if name_index is not None and name_index < len(cells) and text_of(cells[name_index]) in PLACEHOLDERS:
            table.skipped.append((number, text_of(cells[name_index])))
            continue
        draft = Draft(number, _fixed(cells, fixes.get(str(number), {})))
        if number - 1 in table.sheet.hidden_rows:
            draft.add("warning", "这一行在原表中是隐藏的")
        for index, column in plan:
            reading = Reading(column_units[index], lookups)
            _parse_cell(draft, index, column, _title(table, index, column), reading)
        _finish(draft, resource, lookups, places)
        yield draft


def _fixed(cells: list[Cell], fixes: Mapping[str, str]) -> list[Cell]:
    fixed = list(cells)
    for index, text in fixes.items():
        if int(index) < len(fixed):
            fixed[int(index)] = text
    return fixed


def _title(table: Table, index: int, column: Column) -> str:
    heading = table.headings[index].text if index < len(table.headings) else ""
    return heading or column.label


def _parse_cell(draft: Draft, index: int, column: Column, title: str, reading: Reading) -> None:
    cell = draft.cells[index] if index < len(draft.cells) else None
    text = text_of(cell)
    if is_empty(text):
        return
    try:
        reject_formula_error(text)
        draft.values.update(column.parse(cell, reading))
    except CellError as error:
        draft.add("error", error.message, title, index, error.suggestion)
    _take_remarks(draft, reading, title, index)


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
    for message in reading.warnings:
        draft.add("warning", message, title, index)
    for message in reading.doubts:
        draft.add("doubt", message, title, index)
