"""What the review and result pages show: rows by tab, filters, counts by way of importing.

What a person changes there is in ``corrections.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import QueryDict

from crm.imports.cells import text_of
from crm.imports.corrections import shown
from crm.imports.resource import get_resource
from crm.models.imports import ImportBatch, ImportMode, ImportRow, Outcome, Verdict

# In the order of the tabs; the first that has rows is opened, problems before the rest.
PROBLEMS_FIRST = (Verdict.ERROR, Verdict.DUPLICATE, Verdict.CHANGED, Verdict.NEW, Verdict.SAME)
# Rows that no way of importing writes; they have no outcome.
NEVER_WRITTEN = (Verdict.ERROR, Verdict.DUPLICATE)
COLUMNS_SHOWN = 5
DECIDED = {"update": "同一{measure}", "create": "不是同一{measure}", "skip": "重复，不导入这一行"}


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the review somebody is: what its address says."""

    tab: str
    wanted: str = ""
    reason: str = ""
    page: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Place:
        texts = {name: query.get(name, "").replace("\x00", "")[:100] for name in ("tab", "q", "reason", "page")}
        tab = texts["tab"] if texts["tab"] in Verdict.values else ""
        return cls(tab, texts["q"].strip(), texts["reason"], texts["page"] if texts["page"].isdecimal() else "")

    @property
    def is_filtered(self) -> bool:
        return bool(self.wanted or self.reason)

    @property
    def filters(self) -> str:
        """The address without the page."""
        parts = {"tab": self.tab, "q": self.wanted, "reason": self.reason}
        return urlencode({name: text for name, text in parts.items() if text})

    def __str__(self) -> str:
        return f"{self.filters}&page={self.page}" if self.page else self.filters


def review_tabs(batch: ImportBatch) -> list[Tab]:
    return [Tab(verdict.value, verdict.label, batch.counts.get(verdict.value, 0)) for verdict in Verdict]


def first_tab(batch: ImportBatch) -> str:
    return next((verdict.value for verdict in PROBLEMS_FIRST if batch.counts.get(verdict.value)), Verdict.NEW.value)


def reasons_of(batch: ImportBatch, tab: str) -> list[Tab]:
    """Why rows of a tab need a look, the most frequent first."""
    return [Tab(key, text, count) for key, text, count in batch.digest.get("reasons", {}).get(tab, ())]


def review_rows(batch: ImportBatch, place: Place) -> QuerySet[ImportRow]:
    """Rows of a tab: those that need a person first, then those of which something is said."""
    rows = batch.rows.filter(verdict=place.tab)
    if place.reason:
        rows = rows.filter(reasons__contains=f"|{place.reason}|")
    if place.wanted:
        named = Q(label__icontains=place.wanted)
        if place.wanted.isdecimal() and place.wanted.isascii() and len(place.wanted) < 9:
            named |= Q(number=int(place.wanted))
        rows = rows.filter(named)
    is_plain = Case(When(reasons="", then=Value(1)), default=Value(0))
    return rows.order_by("-needs_confirmation", "-has_suggestion", "-has_suspects", is_plain, "number")


def result_tabs(batch: ImportBatch) -> list[Tab]:
    counts = dict(batch.rows.exclude(outcome="").values_list("outcome").annotate(Count("pk")).order_by())
    stayed_out = sum(batch.counts.get(verdict.value, 0) for verdict in NEVER_WRITTEN)
    counts[Outcome.SKIPPED.value] = counts.get(Outcome.SKIPPED.value, 0) + stayed_out
    return [Tab(outcome.value, outcome.label, counts.get(outcome.value, 0)) for outcome in Outcome]


def result_rows(batch: ImportBatch, tab: str) -> QuerySet[ImportRow]:
    """Rows of a tab: what stayed out holds the rows that could not go in beside those that were not wanted."""
    if tab != Outcome.SKIPPED:
        return batch.rows.filter(outcome=tab)
    return batch.rows.filter(Q(outcome=tab) | Q(outcome="", verdict__in=NEVER_WRITTEN)).order_by("number")


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


def chosen_effect(batch: ImportBatch) -> Effect:
    """That of the way the batch itself says."""
    return effect_of(batch, batch.mode, batch.accept_doubts, batch.overwrite_edited, batch.spared)


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
    columns = [(index, key) for index, key in mapped_columns(batch) if key != resource.required]
    return [(index, resource.column(key).label) for index, key in columns][:COLUMNS_SHOWN]


def mapped_columns(batch: ImportBatch) -> list[tuple[int, str]]:
    """(index, key) of the columns that go in, in the order of the resource."""
    order = {column.key: position for position, column in enumerate(get_resource(batch.resource).columns)}
    found = sorted((order[key], int(index), key) for index, key in batch.mapping.items() if key in order)
    return [(index, key) for _, index, key in found]


def with_cells(rows: Iterable[ImportRow], batch: ImportBatch) -> list[dict[str, Any]]:
    """Rows with what the templates print beside them."""
    resource, columns = get_resource(batch.resource), shown_columns(batch)
    return [
        {
            "row": row,
            "texts": [(label, _cell_text(row, index)) for index, label in columns],
            "problems": [_with_text(row, message) for message in row.messages],
            "url": resource.url_of(row.target_id) if row.target_id else "",
            "fixed": len(batch.fixes.get(str(row.number), ())),
            "decided": DECIDED.get(row.decision.partition(":")[0], "").format(measure=resource.measure),
            "suspects": _suspects(row),
        }
        for row in rows
    ]


def _suspects(row: ImportRow) -> list[dict[str, Any]]:
    found = [one for message in row.messages for one in message.get("suspects", ())]
    # Lists staged before rows of one file were compared say nothing of a row.
    return [{"pk": pk, "name": name, "number": number[0] if number else 0} for pk, name, *number in found]


def _cell_text(row: ImportRow, index: int | None) -> str:
    return text_of(row.cells[index]) if index is not None and index < len(row.cells) else ""


def _with_text(row: ImportRow, message: Mapping[str, Any]) -> dict[str, Any]:
    return {**message, "text": _cell_text(row, message["index"])}


@dataclass(frozen=True, slots=True)
class EditedCell:
    """A mapped column of a row as its form shows it."""

    index: int
    heading: str
    label: str
    text: str
    before: str | None
    problems: list[dict[str, Any]]

    @property
    def lines(self) -> int:
        """Of a field that is high enough; 1 for a field of one line."""
        return min(max(self.text.count("\n") + 1, len(self.text) // 40 + 1), 6)


def cells_of(batch: ImportBatch, row: ImportRow) -> list[EditedCell]:
    """Every mapped column of a row, those with problems first."""
    resource, before = get_resource(batch.resource), batch.originals.get(str(row.number), {})
    cells = [
        EditedCell(
            index,
            batch.headings[index] if index < len(batch.headings) else "",
            resource.column(key).label,
            shown(row.cells[index]) if index < len(row.cells) else "",
            before.get(str(index)),
            [message for message in row.messages if message["index"] == index],
        )
        for index, key in mapped_columns(batch)
    ]
    return sorted(cells, key=lambda cell: not cell.problems)
