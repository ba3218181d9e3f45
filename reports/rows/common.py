"""What all kinds of rows share: by what they can be parted, and when they fall into a period."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db.models import Q

from reports.rows.scope import Scope
from reports.rows.source import Source
from visits.models import Appeal
from visits.querysets import OPEN

OF_FIRM = ("park", "tier", "steward", "team", "section", "capital", "size", "stage")
OF_APPEAL = ("unit", "category", "source", "limit_class", "urgency", *OF_FIRM)
IN_TIME = ("month", "quarter")


def every_row(scope: Scope) -> Q:
    return Q()


def nothing_set_apart(scope: Scope) -> dict[str, Q]:
    return {}


def during(field: str) -> Callable[[Scope], Q]:
    return lambda scope: scope.within(field)


def appeals(key: str, within: Callable[[Scope], Q], *more: str) -> Source:
    return Source(key, Appeal, Scope.appeals, within, (*OF_APPEAL, *more))


def counts_by_first_closing() -> bool:
    return bool(settings.YQT["REOPENED_BY"] == "first")


def is_closed(when: Callable[[str], Q]) -> Q:
    """Closed at a time that meets a condition: for the last time, or for the first where that is what counts."""
    last = when("closed_at") & ~Q(status__in=OPEN)
    if not counts_by_first_closing():
        return last
    # Of appeals whose course is not on record there is only the last.
    unknown = Q(first_closed_at__isnull=True)
    return ~unknown & when("first_closed_at") | unknown & last
