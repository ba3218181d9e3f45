"""What all kinds of rows share: by what they can be parted, and when they fall into a period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q

from reports.rows.scope import Scope
from reports.rows.source import Source
from visits.models import Appeal
from visits.querysets import OVER

OF_FIRM = ("park", "tier", "steward", "team", "section", "capital", "size", "stage")
OF_APPEAL = ("unit", "category", "source", "limit_class", "urgency", *OF_FIRM)
IN_TIME = ("month", "quarter")


def every_row(scope: Scope) -> Q:
    return Q()


def has_ended(scope: Scope) -> bool:
    """Nothing of the period is still to come."""
    return scope.as_of == scope.period.end_at


def nothing_set_apart(scope: Scope) -> dict[str, Q]:
    return {}


def during(field: str) -> Callable[[Scope], Q]:
    return lambda scope: scope.within(field)


def from_first_to_last(field: str) -> Callable[[Sequence[Scope]], Q]:
    """Of periods that follow one another nearly without a gap all of their span: one range of an index instead of
    several, which no index gives in one reading."""

    def among(scopes: Sequence[Scope]) -> Q:
        periods = [scope.period for scope in scopes]
        first, end = min(p.start_at for p in periods), max(p.end_at for p in periods)
        if end - first > 1.5 * sum((p.end_at - p.start_at for p in periods), timedelta()):
            return reduce(or_, (scope.within(field) for scope in scopes))
        return Q(**{f"{field}__gte": first, f"{field}__lt": end})

    return among


def appeals(key: str, within: Callable[[Scope], Q], *more: str) -> Source:
    return Source(key, Appeal, Scope.appeals, within, (*OF_APPEAL, *more))


def counts_by_first_closing() -> bool:
    return bool(settings.YQT["REOPENED_BY"] == "first")


def is_closed(when: Callable[[str], Q]) -> Q:
    """Closed at a time that meets a condition: for the last time, or for the first where that is what counts."""
    last = when("closed_at") & Q(status__in=OVER)
    if not counts_by_first_closing():
        return last
    # Of appeals whose course is not on record there is only the last.
    unknown = Q(first_closed_at__isnull=True)
    return ~unknown & when("first_closed_at") | unknown & last
