"""Where rows of figures come from: one kind of rows with what a period takes of them. Nothing is counted here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet

from reports.rows.dimensions import narrowed
from reports.rows.scope import Scope


@dataclass(frozen=True, slots=True)
class Source:
    """`base` has passed `visible_to` and knows no period; `within` is what a period has of it.

    So rows of several periods are counted in one query. `dimensions` are those by which the rows can be parted; by
    months only where a row falls into one of them. `among` is a condition that every row of any of the scopes meets
    and from which the database can start, where few of many rows count.
    """

    key: str
    model: type[Model]
    base: Callable[[Scope], QuerySet[Any]]
    within: Callable[[Scope], Q]
    dimensions: tuple[str, ...] = ()
    among: Callable[[Sequence[Scope]], Q] | None = None

    def __call__(self, scope: Scope) -> QuerySet[Any]:
        return self.of([scope])

    def of(self, scopes: Iterable[Scope]) -> QuerySet[Any]:
        """The rows of any of these scopes, which differ in their period only."""
        several = list(scopes)
        rows = self.base(several[0])
        if self.among:
            rows = rows.filter(self.among(several))
        # Of several, each counter says which rows are its own; a second condition would mislead the database.
        if not self.among or len(several) == 1:
            rows = rows.filter(reduce(or_, [self.within(scope) for scope in several]))
        return narrowed(rows, self, several[0])
