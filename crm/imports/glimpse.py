"""What the page of the columns shows of a file, kept so that a large one is not read again at every visit.

The file of a batch never changes; where its header stands may, and so it is part of the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from crm.imports.cells import text_of
from crm.imports.headers import Heading, Table
from crm.imports.sheets import Sheet
from crm.models.imports import ImportBatch

KEPT_SECONDS = 60 * 60
ROWS_SHOWN = 20
# The page shows no more of a cell than this.
LETTERS = 60
# To be raised with every change of what is kept.
FORM = 1


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The sheets with their numbers of rows, and the beginning of the table."""

    sheets: list[tuple[str, int]]
    headings: list[Heading]
    hidden_columns: set[int]
    rows: list[tuple[int, list[str]]]
    count: int
    skipped: list[tuple[int, str]]
    skipped_count: int


def glimpse(sheets: Sequence[Sheet], table: Table) -> Glimpse:
    rows = [(number, [text_of(cell)[:LETTERS] for cell in cells]) for number, cells in table.rows[:ROWS_SHOWN]]
    return Glimpse(
        sheets=[(sheet.name, len(sheet.rows)) for sheet in sheets],
        headings=table.headings,
        hidden_columns=table.sheet.hidden_columns,
        rows=rows,
        count=len(table.rows),
        skipped=table.skipped[:ROWS_SHOWN],
        skipped_count=len(table.skipped),
    )


def keep(batch: ImportBatch, sheets: Sequence[Sheet], table: Table) -> Glimpse:
    """Remember it for the next visits. Plain values only: what is kept outlives the code that kept it."""
    seen = glimpse(sheets, table)
    plain: dict[str, Any] = {name: getattr(seen, name) for name in Glimpse.__slots__}
    plain["headings"] = [(heading.text, heading.key, heading.unit) for heading in seen.headings]
    cache.set(_key(batch), plain, KEPT_SECONDS)
    return seen


def kept(batch: ImportBatch) -> Glimpse | None:
    plain = cache.get(_key(batch))
    if plain is None:
        return None
    return Glimpse(**{**plain, "headings": [Heading(*parts) for parts in plain["headings"]]})


def _key(batch: ImportBatch) -> str:
    where = f"{batch.pk}|{batch.resource}|{batch.sha256}|{batch.sheet}|{batch.header_row}|{batch.header_rows}"
    return f"import-glimpse-{FORM}-{hashlib.sha256(where.encode()).hexdigest()}"
