"""What the review and result pages show: rows by tab, counts by way of importing, corrections made there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from crm.imports.cells import text_of
from crm.imports.errors import ImportStateError
from crm.imports.resource import get_resource
from crm.models.imports import BatchState, ImportBatch, ImportMode, ImportRow, Outcome, Verdict

# In the order of the tabs; the first that has rows is opened, problems before the rest.
PROBLEMS_FIRST = (Verdict.ERROR, Verdict.DUPLICATE, Verdict.CHANGED, Verdict.NEW, Verdict.SAME)
COLUMNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    count: int


def review_tabs(batch: ImportBatch) -> list[Tab]:
    return [Tab(verdict.value, verdict.label, batch.counts.get(verdict.value, 0)) for verdict in Verdict]


def first_tab(batch: ImportBatch) -> str:
    return next((verdict.value for verdict in PROBLEMS_FIRST if batch.counts.get(verdict.value)), Verdict.NEW.value)


def review_rows(batch: ImportBatch, tab: str) -> QuerySet[ImportRow]:
    """Rows of a tab: those that need a person first."""
    return batch.rows.filter(verdict=tab).order_by("-needs_confirmation", "-has_suggestion", "number")


def result_tabs(batch: ImportBatch) -> list[Tab]:
    counts = dict(batch.rows.exclude(outcome="").values_list("outcome").annotate(Count("pk")).order_by())
    return [Tab(outcome.value, outcome.label, counts.get(outcome.value, 0)) for outcome in Outcome]


@dataclass(frozen=True, slots=True)
class Effect:
    """How many rows a way of importing would add and update."""

    created: int
    updated: int

    @property
    def total(self) -> int:
        return self.created + self.updated


def effect_of(
    batch: ImportBatch, mode: str, accept_doubts: bool, overwrite_edited: bool, spared: Collection[str] = ()
) -> Effect:
    rows = batch.rows.all() if accept_doubts else batch.rows.filter(needs_confirmation=False)
    updates = Q(verdict=Verdict.CHANGED) & _updating(batch, mode, overwrite_edited, spared)
    found = rows.aggregate(created=Count("pk", filter=Q(verdict=Verdict.NEW)), updated=Count("pk", filter=updates))
    return Effect(**found)


def _updating(batch: ImportBatch, mode: str, overwrite_edited: bool, spared: Collection[str]) -> Q:
    if mode == ImportMode.NEW:
        return Q(pk__in=())
    fills = Q(fills_blanks=True)
    if mode == ImportMode.FILL:
        return fills
    if not spared:
        return fills | Q(overwrites=True) | (Q(overwrites_edited=True) if overwrite_edited else Q(pk__in=()))
    for name, _, _ in batch.digest.get("columns", ()):
        if name not in spared:
            fills |= Q(overwritten__contains=f"|{name}|")
            fills |= Q(overwritten__contains=f"|!{name}|") if overwrite_edited else Q(pk__in=())
    return fills


def shown_columns(batch: ImportBatch) -> list[tuple[int, str]]:
    """(index, label) of the first mapped columns besides the name, for the table of new rows."""
    resource = get_resource(batch.resource)
    order = {column.key: position for position, column in enumerate(resource.columns)}
    mapped = sorted(((order[key], int(index), key) for index, key in batch.mapping.items() if key in order))
    return [(index, resource.column(key).label) for _, index, key in mapped if key != resource.required][:COLUMNS_SHOWN]


def with_cells(rows: Iterable[ImportRow], batch: ImportBatch) -> list[dict[str, Any]]:
    """Rows with what the templates print beside them."""
    resource, columns = get_resource(batch.resource), shown_columns(batch)
    return [
        {
            "row": row,
            "texts": [(label, _cell_text(row, index)) for index, label in columns],
            "problems": [_with_text(row, message) for message in row.messages],
            "url": resource.url_of(row.target_id) if row.target_id else "",
        }
        for row in rows
    ]


def _cell_text(row: ImportRow, index: int | None) -> str:
    return text_of(row.cells[index]) if index is not None and index < len(row.cells) else ""


def _with_text(row: ImportRow, message: Mapping[str, Any]) -> dict[str, Any]:
    return {**message, "text": _cell_text(row, message["index"])}


@transaction.atomic
def correct(batch_id: int, fixes: Mapping[int, Mapping[int, str]]) -> ImportBatch:
    """Replace cells of staged rows (row number → index → text); the caller stages again."""
    batch = _open_batch(batch_id)
    kept = dict(batch.fixes)
    for number, cells in fixes.items():
        kept[str(number)] = kept.get(str(number), {}) | {str(index): text for index, text in cells.items()}
    batch.fixes = kept
    batch.save(update_fields=["fixes"])
    return batch


@transaction.atomic
def decide(batch_id: int, decisions: Mapping[int, str]) -> ImportBatch:
    """Say of suspected duplicates whether to update or to create; "" takes it back. The caller stages again."""
    batch = _open_batch(batch_id)
    kept = batch.decisions | {str(number): decision for number, decision in decisions.items()}
    batch.decisions = {number: decision for number, decision in kept.items() if decision in ("update", "create")}
    batch.save(update_fields=["decisions"])
    return batch


def suggestions_of(batch: ImportBatch) -> dict[int, dict[int, str]]:
    """Every suggestion of the batch, ready for ``correct``."""
    rows = batch.rows.filter(has_suggestion=True).values_list("number", "messages")
    return {
        number: {message["index"]: message["suggestion"] for message in messages if message["suggestion"]}
        for number, messages in rows
    }


def _open_batch(batch_id: int) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().select_related("organisation").get(pk=batch_id)
    if batch.state != BatchState.STAGED:
        raise ImportStateError("这一批已经导入或正在处理，不能再改")
    return batch
