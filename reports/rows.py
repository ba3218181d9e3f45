"""Which rows a figure is about and which of them count, as query sets and conditions over a scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q

from parks.choices import Currency
from parks.models import Enterprise, Qualification, ServiceTier
from parks.querysets import CYBER_TAG, on_date, on_register
from reports import rates
from reports.scope import Scope
from reports.source import Source
from visits.choices import Via
from visits.models import Appeal, CallBack, VisitEnterprise
from visits.querysets import OPEN, standing_still


def every_row(scope: Scope) -> Q:
    return Q()


def nothing_set_apart(scope: Scope) -> dict[str, Q]:
    return {}


def not_in_yuan(scope: Scope) -> dict[str, Q]:
    """Told beside the share of large capital instead of being counted in it."""
    return {
        "金额未知{}家未计入": Q(registered_capital__isnull=True),
        "外币{}家未计入": Q(registered_capital__isnull=False) & ~Q(registered_capital_currency=Currency.CNY),
    }


def closed_in(scope: Scope) -> Q:
    return scope.within("closed_at") & ~Q(status__in=OPEN)


def due_by_now(scope: Scope) -> Q:
    """While the period runs, what falls due in it later says nothing yet."""
    return Q(due_at__lt=scope.as_of) | closed_in(scope)


def not_due_yet(scope: Scope) -> dict[str, Q]:
    return {"尚未到期{}件未计入": ~due_by_now(scope)}


def closed_by_the_end(scope: Scope) -> dict[str, Q]:
    return {"closed": Q(closed_at__lt=scope.period.end_at) & ~Q(status__in=OPEN)}


def closed_by_now(scope: Scope) -> dict[str, Q]:
    return {"closed": Q(closed_at__lte=scope.now) & ~Q(status__in=OPEN)}


def is_not_reached(scope: Scope) -> Q:
    """Called in the period, but never with a valid answer in it."""
    called = scope.attempts()
    return Q(pk__in=called.values("appeal_id")) & ~Q(pk__in=called.valid().values("appeal_id"))


def called_in_any(scopes: Sequence[Scope]) -> Q:
    periods = reduce(or_, (s.within("called_at") for s in scopes))
    return Q(pk__in=CallBack.objects.filter(periods, stands=True).values("appeal_id"))


def by_whom(scope: Scope) -> dict[str, Q]:
    """Who entered the answers that count: told beside them, because nobody should rate their own work unseen."""
    return {
        "企业自填{}件": Q(via=Via.LINK),
        "工作人员录入{}件": Q(via=Via.PHONE),
        "其中经办人自录{}件": Q(via=Via.PHONE, is_own=True),
        "名单导入{}件": Q(via=Via.LIST),
        "经复核{}件": Q(rechecks__isnull=False),
    }


def out_of_reach(scope: Scope) -> dict[str, Q]:
    return {"其中无效回访{}件": scope.within("out_of_reach_at")}


def is_open_at_the_end(scope: Scope) -> Q:
    """Accepted and not closed by the end of the period, reopened ones included."""
    return Q(accepted_at__lt=scope.as_of) & ~(Q(closed_at__lt=scope.as_of) & ~Q(status__in=OPEN))


def overdue(scope: Scope) -> Q:
    return Q(due_at__lt=scope.as_of) & ~standing_still(scope.as_of)


def on_the_long_list(scope: Scope) -> Q:
    return rates.on_the_long_list(scope, "")


def cyber(scope: Scope) -> Q:
    return Q(pk__in=Enterprise.tags.through.objects.filter(tag__name=CYBER_TAG).values("enterprise_id"))


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
    return Q(pk__in=lists.values("enterprise_id"))


def titled_in_any(scopes: Sequence[Scope]) -> Q:
    first, last = min(s.cutoff for s in scopes), max(s.cutoff for s in scopes)
    titles = Qualification.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)
    return Q(pk__in=titles.values("enterprise_id"))


def tagged_in_any(scopes: Sequence[Scope]) -> Q:
    return cyber(scopes[0])


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


def due_or_closed_in(scope: Scope) -> Q:
    return scope.within("due_at") | closed_in(scope)


def is_registered(scope: Scope) -> Q:
    return on_register(scope.cutoff)


def known_in_yuan(scope: Scope) -> Q:
    return Q(registered_capital__isnull=False, registered_capital_currency=Currency.CNY)


def large_capital(scope: Scope) -> dict[str, Q]:
    return {"large": Q(registered_capital__gte=settings.YQT["LARGE_CAPITAL_YUAN"])}


OF_FIRM = ("park", "tier", "steward", "team", "section", "capital", "stage")
OF_APPEAL = ("unit", "category", "source", "limit_class", "urgency", *OF_FIRM)
IN_TIME = ("month", "quarter")


def during(field: str) -> Callable[[Scope], Q]:
    return lambda scope: scope.within(field)


def appeals(key: str, within: Callable[[Scope], Q], moment: str = "") -> Source:
    return Source(key, Appeal, Scope.appeals, within, (*OF_APPEAL, *(IN_TIME if moment else ())), moment)


visit_pairs = Source(
    "visit_pairs",
    VisitEnterprise,
    Scope.all_visit_pairs,
    during("visit__started_at"),
    ("kind", *OF_FIRM, *IN_TIME),
    "visit__started_at",
)
accepted = appeals("accepted", during("accepted_at"), "accepted_at")
closed = appeals("closed", closed_in, "closed_at")
due_or_closed = appeals("due_or_closed", due_or_closed_in)
not_reached = replace(appeals("not_reached", is_not_reached), among=called_in_any)
still_open = appeals("still_open", is_open_at_the_end)
call_backs = Source("call_backs", CallBack, Scope.call_backs, during("called_at"), (*OF_APPEAL, *IN_TIME), "called_at")
registered = Source("registered", Enterprise, Scope.enterprises, is_registered, OF_FIRM)
# Few of all enterprises: found from their lists and titles, not by looking at every one.
on_list = Source("on_list", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=listed_in_any)
titled = Source("titled", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=titled_in_any)
tagged = Source("tagged", Enterprise, Scope.enterprises, is_registered, OF_FIRM, among=tagged_in_any)
