"""Orders and columns of lists, and paging by key: a page starts after the last row of the one before.

So the thousandth page costs what the first costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
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
class FinerSort(Sort):
    """Where many rows share a value: by a second field, which is never empty, before the key."""

    then: str = "pk"

    def ordering(self, is_forward: bool) -> list[str]:
        first, key = Sort.ordering(self, is_forward)
        return [first, key.replace("pk", self.then), key]

    def beyond(self, value: Any, pk: int, is_forward: bool) -> Q:
        first, second = value
        way = "lt" if self.is_descending == is_forward else "gt"
        further = Q(**{f"{self.then}__{way}": second}) | Q(**{self.then: second, f"pk__{way}": pk})
        return Q(**{f"{self.name}__{way}e": first}) & (
            Q(**{f"{self.name}__{way}": first}) | Q(**{self.name: first}) & further
        )

    def cursor(self, row: Any) -> str:
        return CURSOR_SEPARATOR.join(map(str, (row.pk, *self.value(row))))

    def value(self, row: Any) -> Any:
        return Sort.value(self, row), getattr(row, self.then)

    def place(self, model: Any, cursor: str) -> tuple[Any, int] | None:
        first, _, text = cursor.rpartition(CURSOR_SEPARATOR)
        place = Sort.place(self, model, first)
        try:
            second = model._meta.get_field(self.then).to_python(text)
        except ValidationError:
            return None
        return None if place is None or second is None else ((place[0], second), place[1])


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
        self._fill(sort.place(rows.model, before or after), is_backward=bool(before))

    def _fill(self, place: Any, *, is_backward: bool) -> None:
        self.has_previous = self.has_next = False
        self.object_list: list[Any] = []
        if is_backward and place:
            self._fill_backward(place)
        if not self.object_list:
            self._fill_forward(None if is_backward else place)

    def _fill_forward(self, place: Any) -> None:
        found = self._fetch(place, is_forward=True)
        self.object_list = found[: self._size]
        self.has_next, self.has_previous = len(found) > self._size, place is not None

    def _fill_backward(self, place: Any) -> None:
        """Nothing where fewer rows than a page lie before: the first page is shown then, whole."""
        found = self._fetch(place, is_forward=False)
        if len(found) >= self._size:
            self.object_list = found[: self._size][::-1]
            self.has_next, self.has_previous = True, len(found) > self._size

    def _fetch(self, place: Any, is_forward: bool) -> list[Any]:
        rows = self._rows
        if place:
            value, pk = place
            rows = rows.filter(self._sort.beyond(value, pk, is_forward))
        return list(rows.order_by(*self._sort.ordering(is_forward))[: self._size + 1])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    def _cursor(self, row: Any) -> str:
        return self._sort.cursor(row)

    @property
    def next_cursor(self) -> str:
        return self._cursor(self.object_list[-1])

    @property
    def previous_cursor(self) -> str:
        return self._cursor(self.object_list[0])


class Part(NamedTuple):
    """Rows of a list that stand together, in an order of their own."""

    # Asked for when the page may reach them: to say what they are costs some milliseconds.
    rows: Callable[[], QuerySet[Any]]
    sort: Sort


class PartedPage(KeysetPage):
    """A page of a list whose parts follow one another; `rows` are those of all parts, with what a page shows.

    Each part is walked along an index of its own, so that nothing is sorted that is not shown: the nearest alone, and
    the others, in one statement, only where it does not fill the page.
    """

    def __init__(
        self, rows: QuerySet[Any], parts: Sequence[Part], size: int, after: str = "", before: str = ""
    ) -> None:
        self._rows, self._parts, self._size = rows, parts, size
        self._part_of: dict[int, int] = {}
        self._fill(self._place(before or after), is_backward=bool(before))

    def _place(self, cursor: str) -> tuple[int, Any] | None:
        """Number of a part, and the place in it."""
        number, _, rest = cursor.partition(CURSOR_SEPARATOR)
        if not number.isdecimal() or len(number) > 2 or int(number) >= len(self._parts):
            return None
        place = self._parts[int(number)].sort.place(self._rows.model, rest)
        return None if place is None else (int(number), place)

    def _fetch(self, place: Any, is_forward: bool) -> list[Any]:
        keys = self._keys(place, is_forward)[: self._size + 1]
        found = {row.pk: row for row in self._rows.filter(pk__in=keys).order_by()}
        return [found[key] for key in keys if key in found]

    def _keys(self, place: Any, is_forward: bool) -> list[int]:
        nearest, *others = self._ahead(place, is_forward)
        pairs = self._pairs([nearest], place, is_forward)
        if len(pairs) <= self._size and others:
            pairs += self._pairs(others, place, is_forward)
        self._part_of = {key: part for part, key in pairs}
        return [key for _, key in pairs]

    def _pairs(self, numbers: Sequence[int], place: Any, is_forward: bool) -> list[tuple[int, int]]:
        """Part and key of the first rows of these parts."""
        asked = {number: statement(self._first(number, place, is_forward)) for number in numbers}
        pieces = [f"SELECT {number} AS part, found.* FROM ({sql}) AS found" for number, (sql, _) in asked.items()]  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(pieces), [value for _, values in asked.values() for value in values])
            return sorted(cursor.fetchall(), key=lambda pair: pair[0], reverse=not is_forward)

    def _ahead(self, place: Any, is_forward: bool) -> range:
        """The parts in which the page may lie, the nearest first."""
        if place is None:
            return range(len(self._parts))
        return range(place[0], len(self._parts)) if is_forward else range(place[0], -1, -1)

    def _first(self, number: int, place: Any, is_forward: bool) -> QuerySet[Any, Any]:
        part = self._parts[number]
        rows = part.sort.prepared(part.rows())
        if place is not None and place[0] == number:
            value, pk = place[1]
            rows = rows.filter(part.sort.beyond(value, pk, is_forward))
        found: QuerySet[Any, Any] = rows.order_by(*part.sort.ordering(is_forward)).values("pk")[: self._size + 1]
        return found

    def _cursor(self, row: Any) -> str:
        number = self._part_of[row.pk]
        return f"{number}{CURSOR_SEPARATOR}{self._parts[number].sort.cursor(row)}"


def statement(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """What the database is asked, to be part of a larger question."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE 1 = 0", ()
    return sql, tuple(params)


def counts_up_to(most: int, questions: Iterable[QuerySet[Any, Any]]) -> list[int]:
    """How many rows each finds, up to one more than `most`, in one query.

    Each is a question of its own: as filters of one count they would be put to every row of the table.
    """
    asked = [statement(rows.order_by().values("pk")[: most + 1]) for rows in questions]
    parts = [f"(SELECT COUNT(*) FROM ({sql}) AS found)" for sql, _ in asked]  # noqa: S608  (Django's own statement)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", [value for _, values in asked for value in values])
        return list(cursor.fetchone())


def neighbours(rows: QuerySet[Any], sort: Sort, row: Any) -> tuple[Any | None, Any | None]:
    """The rows before and after a row in an order, whether or not it still belongs to them."""
    rows, value = sort.prepared(rows), sort.value(row)
    previous = rows.filter(sort.beyond(value, row.pk, is_forward=False)).order_by(*sort.ordering(is_forward=False))
    following = rows.filter(sort.beyond(value, row.pk, is_forward=True)).order_by(*sort.ordering(is_forward=True))
    return previous.first(), following.first()
