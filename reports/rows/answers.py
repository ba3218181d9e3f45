"""Rows of call-backs: what enterprises answered, who entered it, and who was called in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from django.db.models import Q

from reports.rows.common import IN_TIME, OF_APPEAL, appeals, during
from reports.rows.scope import Scope
from reports.rows.source import Source
from reports.rows.validity import answered, counts_in_vain
from visits.choices import Via
from visits.models import CallBack
from visits.querysets import CallBackQuerySet


def is_called(scope: Scope) -> Q:
    """Called in the period, in vain or not."""
    return Q(pk__in=attempts(scope).values("appeal_id"))


def attempts(scope: Scope) -> CallBackQuerySet:
    """Calls of the period that are not history only; of appeals that have passed `visible_to`."""
    return CallBack.objects.filter(scope.within("called_at"), stands=True)


def called_in_any(scopes: Sequence[Scope]) -> Q:
    periods = reduce(or_, (scope.within("called_at") for scope in scopes))
    return Q(pk__in=CallBack.objects.filter(periods, stands=True).values("appeal_id"))


def has_answered(scope: Scope) -> dict[str, Q]:
    """With a valid answer in the period."""
    return {"answered": Q(pk__in=attempts(scope).filter(answered()).values("appeal_id"))}


def is_not_reached(scope: Scope) -> Q:
    """Called in the period, but never with a valid answer in it."""
    return is_called(scope) & ~has_answered(scope)["answered"]


def is_answered(scope: Scope) -> Q:
    """V without those called in vain, where these are counted at all."""
    return answered() if counts_in_vain() else Q()


def by_whom(scope: Scope) -> dict[str, Q]:
    """Who entered the answers that count: told beside them, because nobody should rate their own work unseen."""
    valid = is_answered(scope)
    return {
        "企业自填{}件": valid & Q(via=Via.LINK),
        "工作人员录入{}件": valid & Q(via=Via.PHONE),
        "其中经办人自录{}件": valid & Q(via=Via.PHONE, is_own=True),
        "名单导入{}件": valid & Q(via=Via.LIST),
        "经复核{}件": valid & Q(rechecks__isnull=False),
    }


def by_link(scope: Scope) -> dict[str, Q]:
    return {"by_link": Q(via=Via.LINK)}


def by_own_people(scope: Scope) -> dict[str, Q]:
    return {"own": Q(is_own=True)}


def out_of_reach(scope: Scope) -> dict[str, Q]:
    return {"其中无效回访{}件": scope.within("out_of_reach_at")}


attempted = replace(appeals("attempted", is_called), among=called_in_any)
not_reached = replace(appeals("not_reached", is_not_reached), among=called_in_any)
call_backs = Source("call_backs", CallBack, Scope.call_backs, during("called_at"), ("via", *OF_APPEAL, *IN_TIME))
