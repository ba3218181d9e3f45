"""Which column of the file is which column of the resource: headers, content, what was chosen before."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from crm.imports.cells import is_empty, text_of
from crm.imports.columns import Column
from crm.imports.headers import ADDED_HEADINGS, STRONG, Heading, Synonyms, Table
from crm.imports.resource import About, ImportResource

SAMPLE_ROWS = 200
MINIMUM_VOTES = 3

# Index of the file's column → key of the resource's column; unmapped columns are absent.
ColumnMap: TypeAlias = dict[int, str]


def fingerprint(headings: Iterable[Heading]) -> str:
    """The same for lists of the same layout, whoever made them; an error file is of the layout it came from."""
    keys = [heading.key for heading in headings if heading.key not in ADDED_HEADINGS]
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()


def map_columns(table: Table, resource: ImportResource) -> ColumnMap:
    """Strong headers first, then weak ones, then what the cells themselves look like."""
    synonyms = Synonyms(resource)
    aside = resource.left_aside([heading.text for heading in table.headings])
    found = {index: synonyms.find(heading.text) for index, heading in enumerate(table.headings) if index not in aside}
    mapping: ColumnMap = {}
    repeating = {column.key for column in resource.columns if column.may_repeat}
    for weight in (STRONG, STRONG - 1):
        for index, match in found.items():
            if match and match[1] == weight and (match[0] not in mapping.values() or match[0] in repeating):
                mapping[index] = match[0]
    for column in resource.columns:
        if column.recognises is not None:
            _vote(table, column, mapping)
    return dict(sorted(mapping.items()))


def _vote(table: Table, column: Column, mapping: ColumnMap) -> None:
    """Give the column to the one whose cells speak for it, when the header's choice does not."""
    current = next((index for index, key in mapping.items() if key == column.key), None)
    if current is not None and _share(table, column, current) >= 20:
        return
    shares = {index: _share(table, column, index) for index in range(len(table.headings)) if index not in mapping}
    best = max(shares, key=lambda index: shares[index], default=None)
    if best is None or shares[best] < 80:
        return
    if current is not None:
        del mapping[current]
    mapping[best] = column.key


def _share(table: Table, column: Column, index: int) -> int:
    """Per cent of the filled cells of the sample that can only belong to this column."""
    assert column.recognises is not None
    texts = [text for text in _texts(table, index, SAMPLE_ROWS) if not is_empty(text)]
    if len(texts) < MINIMUM_VOTES:
        return 100 if texts and all(map(column.recognises, texts)) else 0
    return 100 * sum(map(column.recognises, texts)) // len(texts)


def _texts(table: Table, index: int, limit: int | None = None) -> list[str]:
    return [text_of(cells[index]) for _, cells in table.rows[:limit] if index < len(cells)]


def units(table: Table, mapping: Mapping[int, str], resource: ImportResource) -> dict[int, str]:
    """The unit of each mapped column: its header's, else the sheet's, else what the cells suggest."""
    result: dict[int, str] = {}
    for index, key in mapping.items():
        column = resource.column(key)
        heading = table.headings[index] if index < len(table.headings) else None
        result[index] = (heading.unit if heading else "") or (table.unit if column.infer_unit else "")
        if not result[index] and column.infer_unit:
            result[index] = column.infer_unit(_texts(table, index))
    return result


def about(options: Mapping[str, Any], filename: str, table: Table, mapping: Mapping[int, str]) -> About:
    above = [text for row in table.sheet.rows[: table.header_row - 1] for cell in row if (text := text_of(cell))]
    headings = [table.headings[index].text for index in mapping if index < len(table.headings)]
    return About(options, headings, [*above, table.sheet.name, filename])
