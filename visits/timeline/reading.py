"""A page of an enterprise's timeline: one query says what comes when, a fixed number read what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, IntegerField, Q, Value
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise
from visits.models import Visit
from visits.timeline.lines import LINES, Asked, Fact, Line

PER_PAGE = 20
SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    key: str
    record: Any
    fact: Fact | None = None

    @property
    def is_day(self) -> bool:
        """Whether only the day is known."""
        local = timezone.localtime(self.at)
        return self.fact is not None and (local.hour, local.minute, local.second) == (0, 0, 0)


# (moment, number of the line, key of the row): the order of the timeline, and a place in it.
Place = tuple[datetime, int, int]


def timeline(user: User, enterprise: Enterprise, after: str = "") -> tuple[list[Entry], str]:
    """A page of the timeline, newest first, from after a place; and the place after which the next one begins."""
    asked = Asked(enterprise, user, timezone.localdate())
    places = list(places_of(asked, place_of(after))[: PER_PAGE + 1])
    following = _written(places[PER_PAGE - 1]) if len(places) > PER_PAGE else ""
    return read(places[:PER_PAGE], asked), following


def places_of(asked: Asked, after: Place | None) -> Any:
    """The places of everything the reader may see, in one query however many kinds there are."""
    parts = [_part(number, line, asked, after) for number, line in enumerate(LINES)]
    return parts[0].union(*parts[1:], all=True).order_by("-moment", "-sort", "-key")


def _part(number: int, line: Line, asked: Asked, after: Place | None) -> Any:
    rows = line.rows(asked).order_by().annotate(moment=line.at, sort=Value(number, IntegerField()), key=F("pk"))
    if after is not None:
        at, sort, pk = after
        further = Q(moment__lt=at)
        if number <= sort:
            further |= Q(moment=at) if number < sort else Q(moment=at, pk__lt=pk)
        rows = rows.filter(further)
    return rows.values_list("moment", "sort", "key")


def place_of(text: str) -> Place | None:
    """A place as `_written`; None for the beginning and for what is none of ours."""
    moment, _, rest = text.partition(SEPARATOR)
    sort, _, pk = rest.partition(SEPARATOR)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    if at.tzinfo is None or not (sort.isdecimal() and pk.isdecimal() and len(sort) < 3 and len(pk) < 19):
        return None
    return at, int(sort), int(pk)


def _written(place: Place) -> str:
    at, sort, pk = place
    return SEPARATOR.join([at.isoformat(), str(sort), str(pk)])


def read(places: Sequence[Place], asked: Asked) -> list[Entry]:
    """The rows behind the places, in their order: a query for each kind of line that is there."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for _, sort, pk in places:
        wanted[sort].append(pk)
    found = {sort: _records(LINES[sort], keys) for sort, keys in wanted.items()}
    facts = [(at, LINES[sort], found[sort].get(pk)) for at, sort, pk in places]
    return [
        Entry(at, line.key, record, line.tell(record) if line.tell else None)
        for at, line, record in facts
        if record is not None
    ]


def _records(line: Line, keys: Sequence[int]) -> dict[int, Any]:
    manager = line.model._default_manager
    rows = manager.for_timeline() if line.model is Visit else manager.select_related(*line.related)
    records: dict[int, Any] = rows.in_bulk(keys)
    return records
