"""Rows of the register: who is on it, who came and went, and which titles are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from parks.choices import Currency, Stage
from parks.models import Enterprise, Qualification, ServiceTier
from parks.querysets import CYBER_TAG, of_register, on_date, on_register, valid_on
from reports.rows.common import IN_TIME, OF_FIRM
from reports.rows.scope import Scope
from reports.rows.source import Source


def not_in_yuan(scope: Scope) -> dict[str, Q]:
    """Told beside the share of large capital instead of being counted in it."""
    return {
        "金额未知{}家未计入": Q(registered_capital__isnull=True),
        "外币{}家未计入": Q(registered_capital__isnull=False) & ~Q(registered_capital_currency=Currency.CNY),
    }


def cyber(scope: Scope) -> Q:
    return Q(pk__in=_tagged())


def _tagged() -> Any:
    return Enterprise.tags.through.objects.filter(tag__name=CYBER_TAG).values("enterprise_id")


def qualified(code: str) -> Callable[[Scope], Q]:
    def holds(scope: Scope) -> Q:
        valid = Qualification.objects.filter(kind__code=code).valid_on(scope.cutoff)
        return Q(pk__in=valid.values("enterprise_id"))

    return holds


def listed_but_not_visited(scope: Scope) -> Q:
    # Whoever has moved into the park since was visited all the same.
    visited = replace(scope, park=None).visit_pairs()
    return listed(scope) & ~Q(pk__in=visited.values("enterprise_id"))


def listed(scope: Scope) -> Q:
    """On a “服务包” list on the cut-off day."""
    return _on_list(scope, scope.cutoff)


def listed_for_some_time(scope: Scope) -> Q:
    """Listed on the cut-off day and for long enough to have been visited (domain: V3)."""
    return _on_list(scope, scope.cutoff - timedelta(days=settings.YQT["COVERAGE_LISTED_DAYS"]))


def _on_list(scope: Scope, since: date, tiers: Sequence[str] = ()) -> Q:
    lists = ServiceTier.objects.filter(on_date(scope.cutoff), starts_on__lte=since)
    return Q(pk__in=(lists.filter(tier__in=tiers) if tiers else lists).values("enterprise_id"))


def listed_in_any(scopes: Sequence[Scope]) -> Q:
    first, last = min(s.cutoff for s in scopes), max(s.cutoff for s in scopes)
    lists = ServiceTier.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first), starts_on__lte=last)
    return Q(pk__any_of=lists.values("enterprise_id"))


def titled_in_any(scopes: Sequence[Scope]) -> Q:
    first, last = min(s.cutoff for s in scopes), max(s.cutoff for s in scopes)
    titles = scopes[0].awards().filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)
    return Q(pk__any_of=titles.values("enterprise_id"))


def tagged_in_any(scopes: Sequence[Scope]) -> Q:
    return Q(pk__any_of=_tagged())


def visited(scope: Scope) -> dict[str, Q]:
    return {"visited": Q(pk__in=scope.visit_pairs().values("enterprise_id"))}


def visited_in_time(scope: Scope) -> dict[str, Q]:
    """Visited within the interval of the own tier, counted back from the cut-off day (domain: V4)."""
    in_time, tiers_by_days = Q(pk__in=()), defaultdict(list)
    for tier, days in settings.YQT["VISIT_INTERVAL_DAYS"].items():
        tiers_by_days[days].append(tier)
    for days, tiers in tiers_by_days.items():
        recent = scope.visit_pairs_since(scope.cutoff - timedelta(days=days))
        in_time |= _on_list(scope, scope.cutoff, tiers) & Q(pk__in=recent.values("enterprise_id"))
    return {"in_time": in_time}


def is_registered(scope: Scope) -> Q:
    return on_register(scope.cutoff)


def known_in_yuan(scope: Scope) -> Q:
    return Q(registered_capital__isnull=False, registered_capital_currency=Currency.CNY)


def large_capital(scope: Scope) -> dict[str, Q]:
    return {"large": Q(registered_capital__gte=settings.YQT["LARGE_CAPITAL_YUAN"])}


def on_days(field: str) -> Callable[[Scope], Q]:
    return lambda scope: scope.on_days(field)


def has_moved_out(scope: Scope) -> Q:
    return Q(stage=Stage.MOVED_OUT)


def has_closed(scope: Scope) -> Q:
    return Q(stage=Stage.CLOSED)


def is_in_force(scope: Scope) -> Q:
    """Awards that are valid on the cut-off day, of enterprises on the register on it."""
    return valid_on(scope.cutoff) & of_register(scope.cutoff)


def of_living_firms(scopes: Sequence[Scope]) -> Q:
    """Known already, and said again: an index of living firms holds all that is asked of them."""
    return Q(enterprise__deleted_at__isnull=True)


registered = Source("registered", Enterprise, Scope.enterprises, is_registered, OF_FIRM)
# Few of all enterprises: found from their lists and titles, not by looking at every one.
on_list = Source("on_list", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=listed_in_any)
titled = Source("titled", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=titled_in_any)
tagged = Source("tagged", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=tagged_in_any)
joined = Source("joined", Enterprise, Scope.enterprises, on_days("joined_on"), (*OF_FIRM, *IN_TIME))
left = Source("left", Enterprise, Scope.enterprises, on_days("left_on"), (*OF_FIRM, *IN_TIME))
awards = Source("awards", Qualification, Scope.awards, is_in_force, ("qualification", *OF_FIRM), of_living_firms)
