"""Which limits an appeal has: the table of the installation, by kind and day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Protocol

from django.utils import timezone

from visits.clock import Terms, Usual
from visits.models import TimeLimit


class Kind(Protocol):
    """What of an appeal decides its limits."""

    @property
    def source(self) -> str: ...
    @property
    def appeal_class(self) -> str: ...
    @property
    def category(self) -> str: ...


class LimitTable:
    """All rows at once, for one appeal or for many; one query the first time it is asked."""

    def __init__(self) -> None:
        self._rows: list[TimeLimit] = []
        self._found = cache(self._find)

    def usual(self, appeal: Kind) -> Usual:
        """Its terms by the moment at which a round began; the appeal may still change until then."""
        return lambda began: self.terms(appeal, timezone.localdate(began))

    def terms(self, appeal: Kind, day: date) -> Terms:
        return self.of_kind(appeal.category, appeal.source, appeal.appeal_class, day)

    def of_kind(self, category: str, source: str, appeal_class: str, day: date) -> Terms:
        return self._found((category, source, appeal_class), day)

    def in_force(self, day: date) -> list[TimeLimit]:
        """The rows that count on a day, the closest kinds first."""
        return [row for row in newest_of_each_kind(self._all(), day) if row.terms]

    def _find(self, kind: tuple[str, str, str], day: date) -> Terms:
        for row in self.in_force(day):
            if row.terms and all(named in ("", asked) for named, asked in zip(row.kind, kind, strict=True)):
                return row.terms
        raise LookupError(f"no time limit for {kind} on {day}")

    def _all(self) -> list[TimeLimit]:
        self._rows = self._rows or list(TimeLimit.objects.all())
        return self._rows


def newest_of_each_kind(rows: Iterable[TimeLimit], day: date) -> list[TimeLimit]:
    """Of each kind the row that took effect last, by the day or before it; the closest kinds first."""
    newest: dict[tuple[str, str, str], TimeLimit] = {}
    for row in sorted(rows, key=lambda row: (row.valid_from, row.pk)):
        if row.valid_from <= day:
            newest[row.kind] = row
    return sorted(newest.values(), key=lambda row: row.rank)
