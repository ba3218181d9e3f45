"""Rows of appeals: received, due, closed, dispatched, open; and what of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from reports.rows import rates
from reports.rows.common import IN_TIME, OF_APPEAL, appeals, counts_by_first_closing, during, has_ended, is_closed
from reports.rows.judged import AGAIN, due_field, with_due
from reports.rows.scope import Scope
from reports.rows.source import Source
from reports.rows.validity import answered
from visits.choices import AppealStatus
from visits.models import Appeal, AppealEvent, CallBack
from visits.querysets import OPEN, standing_still

DISPATCHING = ("dispatch", "transfer")
MERGED = Q(status=AppealStatus.MERGED)


def is_received(scope: Scope) -> Q:
    return scope.within("accepted_at") | is_merged_in(scope) if counts_merged() else scope.within("accepted_at")


def counts_merged() -> bool:
    return bool(settings.YQT["MERGED_COUNT"] == "each")


def is_merged_in(scope: Scope) -> Q:
    """Duplicates by the time they were accepted, or sent in where they were merged before that."""
    return MERGED & (scope.within("accepted_at") | Q(accepted_at__isnull=True) & scope.within("submitted_at"))


def closed_in(scope: Scope) -> Q:
    return is_closed(scope.within)


def is_past_due(scope: Scope) -> Q:
    return Q(**{f"{due_field()}__lt": scope.as_of})


def due_in(scope: Scope) -> Q:
    return scope.within(due_field())


def due_or_closed_in(scope: Scope) -> Q:
    return scope.within(due_field()) | closed_in(scope)


def due_by_now(scope: Scope) -> Q:
    """While the period runs, what falls due in it later says nothing yet."""
    return Q() if has_ended(scope) else is_past_due(scope) | closed_in(scope)


def not_due_yet(scope: Scope) -> dict[str, Q]:
    return {} if has_ended(scope) else {"尚未到期{}件未计入": ~due_by_now(scope)}


def closed_by_the_end(scope: Scope) -> dict[str, Q]:
    return {"closed": is_closed(lambda field: Q(**{f"{field}__lt": scope.period.end_at}))}


def closed_by_now(scope: Scope) -> dict[str, Q]:
    """A duplicate that counts is closed with the appeal it was merged into."""
    closed = is_closed(lambda field: Q(**{f"{field}__lte": scope.now}))
    if counts_merged():
        of_parent = Q(merged_into__closed_at__lte=scope.now) & ~Q(merged_into__status__in=OPEN)
        closed |= MERGED & of_parent
    return {"closed": closed}


def has_come_due(scope: Scope) -> Q:
    """Due already, or closed before it was."""
    if has_ended(scope):
        return Q()
    return is_past_due(scope) | is_closed(lambda field: Q(**{f"{field}__lt": scope.as_of}))


def coming_due(scope: Scope) -> dict[str, Q]:
    return {} if has_ended(scope) else {"尚未到期{}件未计入": ~has_come_due(scope)}


def closed_in_time(scope: Scope) -> dict[str, Q]:
    return {"in_time": in_time()}


def in_time() -> Q:
    return is_closed(lambda field: Q(**{f"{field}__lte": F(due_field())}))


def late(scope: Scope) -> dict[str, Q]:
    """Past due and open, its clock running, or closed after it was due: then it matters no more what came later."""
    stands = standing_still(scope.as_of) & ~is_closed(lambda field: Q(**{f"{field}__isnull": False}))
    return {"late": is_past_due(scope) & ~in_time() & ~stands}


def contact_has_come_due(scope: Scope) -> Q:
    return Q() if has_ended(scope) else Q(contact_due_at__lt=scope.as_of) | Q(first_contact_at__lt=scope.as_of)


def contact_coming_due(scope: Scope) -> dict[str, Q]:
    return {} if has_ended(scope) else {"尚未到期{}件未计入": ~contact_has_come_due(scope)}


def contacted_in_time(scope: Scope) -> dict[str, Q]:
    return {"in_time": Q(first_contact_at__lte=F("contact_due_at"))}


def called_back(scope: Scope) -> dict[str, Q]:
    """With a valid call-back in the round that ended with the closing."""
    # Asked of each that was closed: those of every period are many more. Who sees an appeal sees what hangs on it.
    calls = CallBack.objects.filter(answered(), appeal_id=OuterRef("pk"))
    in_last = Exists(calls.filter(round=OuterRef("round")))
    if not counts_by_first_closing():
        return {"called": Q(in_last)}
    return {"called": AGAIN & Q(Exists(calls.filter(round=1))) | ~AGAIN & Q(in_last)}


def done_again(scope: Scope) -> dict[str, Q]:
    return {"again": Q(round__gt=1)}


def is_dispatched_in(scope: Scope) -> Q:
    """By events: an appeal that was sent back has no time of dispatch any more."""
    return happened(scope, *DISPATCHING)


def dispatched_in_any(scopes: Sequence[Scope]) -> Q:
    periods = reduce(or_, (scope.within("at") for scope in scopes))
    return Q(pk__in=AppealEvent.objects.filter(periods, step__in=DISPATCHING).values("appeal_id"))


def returned(scope: Scope) -> dict[str, Q]:
    return {"returned": happened(scope, "return")}


def extended(scope: Scope) -> dict[str, Q]:
    return {"extended": happened(scope, "grant_extension")}


def happened(scope: Scope, *steps: str) -> Q:
    """To appeals that have passed `visible_to`: who sees an appeal sees its events."""
    return Q(pk__in=AppealEvent.objects.filter(scope.within("at"), step__in=steps).values("appeal_id"))


def worked_field() -> str:
    return "first_worked_minutes" if counts_by_first_closing() else "worked_minutes"


def worked_minutes(scope: Scope) -> Any:
    return F(worked_field())


def is_timed(scope: Scope) -> Q:
    return Q(**{f"{worked_field()}__isnull": False})


def not_timed(scope: Scope) -> dict[str, Q]:
    return {"没有办理时长记录的{}件未计入": ~is_timed(scope)}


def is_open_at_the_end(scope: Scope) -> Q:
    """Accepted and not closed by the end of the period, reopened ones included."""
    return Q(accepted_at__lt=scope.as_of) & ~(Q(closed_at__lt=scope.as_of) & ~Q(status__in=OPEN))


def overdue(scope: Scope) -> Q:
    return Q(due_at__lt=scope.as_of) & ~standing_still(scope.as_of)


def on_the_long_list(scope: Scope) -> Q:
    return rates.on_the_long_list(scope)


accepted = Source("accepted", Appeal, Scope.received, is_received, (*OF_APPEAL, *IN_TIME))
merged = Source("merged", Appeal, Scope.merged, is_merged_in, (*OF_APPEAL, *IN_TIME))
closed = appeals("closed", closed_in, *IN_TIME)
due_or_closed = replace(appeals("due_or_closed", due_or_closed_in), base=with_due)
due = replace(appeals("due", due_in, *IN_TIME), base=with_due)
contact_due = appeals("contact_due", during("contact_due_at"), *IN_TIME)
dispatched = replace(appeals("dispatched", is_dispatched_in), among=dispatched_in_any)
still_open = appeals("still_open", is_open_at_the_end)
