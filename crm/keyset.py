"""Orders and columns of lists, and paging by key: a page starts after the last row of the one before.

So the thousandth page costs what the first costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Expression, Q, QuerySet

CURSOR_SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: by a field, then by the key. `expression` stands for the field where it may be empty."""

    key: str
    label: str
    field: str
    is_descending: bool = False
    expression: Expression | None = None
    when_empty: Any = None

    @property
    def name(self) -> str:
        return f"sort_{self.field}" if self.expression else self.field

    def prepared(self, rows: Any) -> Any:
        return rows.alias(**{self.name: self.expression}) if self.expression else rows

    def ordering(self, is_forward: bool) -> list[str]:
        sign = "-" if self.is_descending == is_forward else ""
        return [f"{sign}{self.name}", f"{sign}pk"]

    def beyond(self, value: Any, pk: int, is_forward: bool) -> Q:
        """Rows after (or before) a place. The first condition alone bounds the walk along the index."""
        way = "lt" if self.is_descending == is_forward else "gt"
        further = Q(**{f"{self.name}__{way}": value}) | Q(**{self.name: value, f"pk__{way}": pk})
        return Q(**{f"{self.name}__{way}e": value}) & further

    def cursor(self, row: Any) -> str:
        return f"{row.pk}{CURSOR_SEPARATOR}{self.value(row)}"

    def value(self, row: Any) -> Any:
        value = getattr(row, self.field)
        return self.when_empty if value is None else value

    def place(self, model: Any, cursor: str) -> tuple[Any, int] | None:
        """Value and key of a cursor; None for one that is not ours."""
        key, separator, text = cursor.partition(CURSOR_SEPARATOR)
        if not separator or not key.isdecimal() or len(key) > 18:
            return None
        try:
            value = model._meta.get_field(self.field).to_python(text)
        except ValidationError:
            return None
        return None if value is None else (value, int(key))


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be left out; `is_usual` ones are shown until the reader chooses."""

    key: str
    label: str
    is_usual: bool = True


class KeysetPage:
    """One page of rows in an order, and the cursors of its neighbours."""

    def __init__(self, rows: QuerySet[Any], sort: Sort, size: int, after: str = "", before: str = "") -> None:
        self._rows, self._sort, self._size = sort.prepared(rows), sort, size
        self.has_previous = self.has_next = False
        place = sort.place(rows.model, before or after)
        self.object_list: list[Any] = []
        if before and place:
            self._fill_backward(place)
        if not self.object_list:
            self._fill_forward(None if before else place)

    def _fill_forward(self, place: tuple[Any, int] | None) -> None:
        found = self._fetch(place, is_forward=True)
        self.object_list = found[: self._size]
        self.has_next, self.has_previous = len(found) > self._size, place is not None

    def _fill_backward(self, place: tuple[Any, int]) -> None:
        """Nothing where fewer rows than a page lie before: the first page is shown then, whole."""
        found = self._fetch(place, is_forward=False)
        if len(found) >= self._size:
            self.object_list = found[: self._size][::-1]
            self.has_next, self.has_previous = True, len(found) > self._size

    def _fetch(self, place: tuple[Any, int] | None, is_forward: bool) -> list[Any]:
        rows = self._rows.filter(self._sort.beyond(*place, is_forward)) if place else self._rows
        return list(rows.order_by(*self._sort.ordering(is_forward))[: self._size + 1])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_cursor(self) -> str:
        return self._sort.cursor(self.object_list[-1])

    @property
    def previous_cursor(self) -> str:
        return self._sort.cursor(self.object_list[0])


def neighbours(rows: QuerySet[Any], sort: Sort, row: Any) -> tuple[Any | None, Any | None]:
    """The rows before and after a row in an order, whether or not it still belongs to them."""
    rows, value = sort.prepared(rows), sort.value(row)
    previous = rows.filter(sort.beyond(value, row.pk, is_forward=False)).order_by(*sort.ordering(is_forward=False))
    following = rows.filter(sort.beyond(value, row.pk, is_forward=True)).order_by(*sort.ordering(is_forward=True))
    return previous.first(), following.first()
