"""What a person puts right before the commit: cells, suggestions, decisions on duplicates. All can be taken back.

Each function changes the batch alone; the caller stages again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import transaction

from crm.imports.cells import text_of
from crm.imports.errors import ImportStateError
from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.staging import open_batch
from crm.imports.suspects import SKIP
from crm.models.imports import BatchState, ImportBatch

# Row number → index of the column → text.
Cells: TypeAlias = Mapping[int, Mapping[int, str]]
LONGEST_CELL = 32_767


def shown(cell: Any) -> str:
    """A cell as a form shows it."""
    return text_of(cell).replace("\r\n", "\n").replace("\r", "\n")


@transaction.atomic
def correct(batch_id: int, fixes: Cells) -> ImportBatch:
    """Replace cells of staged rows. A cell that gets its old text back is no correction any more."""
    batch = _staged(batch_id)
    mapped = {int(index) for index in batch.mapping}
    kept, before = _copy(batch.fixes), _copy(batch.originals)
    for number, cells in _cells_of(batch, fixes):
        for index, typed in fixes[number].items():
            text = shown(typed.replace("\x00", ""))[:LONGEST_CELL]
            now = shown(cells[index]) if index < len(cells) else ""
            # A field of one line gives the text back without its line ends.
            if index not in mapped or text in (now, now.replace("\n", "")):
                continue
            original = before.setdefault(str(number), {}).setdefault(str(index), now)
            kept.setdefault(str(number), {})[str(index)] = text
            if text == original:
                _drop(kept, before, number, index)
    batch.fixes, batch.originals = kept, before
    batch.save(update_fields=["fixes", "originals"])
    return batch


@transaction.atomic
def take_back(batch_id: int, number: int | None = None, index: int | None = None) -> ImportBatch:
    """Undo the correction of a cell; without arguments those of all cells."""
    batch = _staged(batch_id)
    if number is None or index is None:
        batch.fixes, batch.originals = {}, {}
    else:
        _drop(batch.fixes, batch.originals, number, index)
    batch.save(update_fields=["fixes", "originals"])
    return batch


def _drop(kept: dict[str, dict[str, str]], before: dict[str, dict[str, str]], number: int, index: int) -> None:
    for cells in (kept, before):
        cells.get(str(number), {}).pop(str(index), None)
        if not cells.get(str(number), True):
            del cells[str(number)]


def _copy(cells: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {number: dict(texts) for number, texts in cells.items()}


def _cells_of(batch: ImportBatch, numbers: Collection[int]) -> Iterable[tuple[int, list[Any]]]:
    for part in chunks(sorted(numbers), TARGETS_PER_QUERY):
        yield from batch.rows.filter(number__in=part).values_list("number", "cells")


@transaction.atomic
def decide(batch_id: int, decisions: Mapping[int, str]) -> ImportBatch:
    """Say of suspected duplicates whether to update or to create; "" takes it back.

    ``update:7`` names which row of the register is meant, where the file alone would not find it; ``skip`` says that an
    earlier row of the file is.
    """
    batch = _staged(batch_id)
    kept = batch.decisions | {str(number): decision for number, decision in decisions.items()}
    batch.decisions = {number: decision for number, decision in kept.items() if _is_decision(decision)}
    batch.save(update_fields=["decisions"])
    return batch


def _is_decision(text: str) -> bool:
    word, _, pk = text.partition(":")
    return text in ("update", "create", SKIP) or (word == "update" and pk.isascii() and pk.isdigit() and len(pk) < 19)


def suggestions_of(batch: ImportBatch) -> dict[int, dict[int, str]]:
    """Every suggestion of the batch, ready for ``correct``."""
    rows = batch.rows.filter(has_suggestion=True).values_list("number", "messages")
    return {
        number: {message["index"]: message["suggestion"] for message in messages if message["suggestion"]}
        for number, messages in rows
    }


@dataclass(frozen=True, slots=True)
class Fix:
    """A cell that was put right, or could be."""

    number: int
    index: int
    label: str
    column: str
    before: str
    after: str


def fixes_of(batch: ImportBatch, limit: int) -> list[Fix]:
    """The corrections made so far, in the order of the file; one query."""
    places = sorted((int(number), int(index)) for number, cells in batch.fixes.items() for index in cells)[:limit]
    labels = dict(batch.rows.filter(number__in={number for number, _ in places}).values_list("number", "label"))
    return [
        Fix(
            number,
            index,
            labels.get(number, ""),
            heading_of(batch, index),
            batch.originals.get(str(number), {}).get(str(index), ""),
            batch.fixes[str(number)][str(index)],
        )
        for number, index in places
    ]


def suggested(batch: ImportBatch, limit: int) -> list[Fix]:
    """What accepting every suggestion would change, in the order of the file."""
    found = []
    for row in batch.rows.filter(has_suggestion=True).order_by("number")[:limit]:
        for message in row.messages:
            if message["suggestion"] and (index := message["index"]) is not None:
                now = shown(row.cells[index]) if index < len(row.cells) else ""
                found.append(Fix(row.number, index, row.label, message["column"], now, message["suggestion"]))
    return found


def heading_of(batch: ImportBatch, index: int) -> str:
    return batch.headings[index] if index < len(batch.headings) and batch.headings[index] else f"第 {index + 1} 列"


def _staged(batch_id: int) -> ImportBatch:
    """Locked; rows that wait for their columns to be chosen are not the ones that were shown."""
    batch = open_batch(batch_id)
    if batch.state != BatchState.STAGED:
        raise ImportStateError("表头或列改过了，请先重新核对，再改正各行")
    return batch
