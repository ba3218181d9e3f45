"""Questions about many appeals, their events and call-backs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils import timezone

from crm.models import User
from crm.scoping import ScopedQuerySet, one_of
from parks.querysets import on_date
from visits.choices import AppealStatus, JointStatus
from visits.querysets.rows import rows_of
from visits.workflow import STEPS, By, Step, Verb

if TYPE_CHECKING:
    from visits.models import Appeal, AppealEvent, CallBack  # noqa: F401

# Not part of any figure (domain: base set B).
NOT_COUNTED = (AppealStatus.DRAFT, AppealStatus.MERGED, AppealStatus.WITHDRAWN, AppealStatus.REJECTED)
OPEN = (
    AppealStatus.SUBMITTED,
    AppealStatus.ACCEPTED,
    AppealStatus.DISPATCHED,
    AppealStatus.HANDLING,
    AppealStatus.PAUSED,
    AppealStatus.SHELVED,
    AppealStatus.ANSWERED,
)
# All others, those of most appeals first: the database compares with one after the other.
OVER = (
    AppealStatus.CONFIRMED,
    AppealStatus.ARCHIVED,
    AppealStatus.CLOSED,
    AppealStatus.MERGED,
    AppealStatus.WITHDRAWN,
    AppealStatus.REJECTED,
    AppealStatus.DRAFT,
)
# Where nothing is due yet: after all that is. As the indexes have it, so that an order of due times is one of theirs.
WITHOUT_LIMIT = datetime(9999, 1, 1, tzinfo=UTC)
DUE_ORDER = Coalesce("due_at", Value(WITHOUT_LIMIT))


def standing_still(now: datetime) -> Q:
    """Whose clock stands still, by the same rule as visits.deadlines.stands_still."""
    is_over = Q(paused_until__isnull=False, paused_until__lt=timezone.localdate(now))
    return Q(status=AppealStatus.SHELVED) | Q(status=AppealStatus.PAUSED) & ~is_over


def running(now: datetime) -> Q:
    """Open and its clock not standing still."""
    return Q(status__in=OPEN) & ~standing_still(now)


def overdue(now: datetime) -> Q:
    """Open and past due; not while the clock stands still."""
    return running(now) & Q(LessThan(DUE_ORDER, now))


def due_within(start: datetime, end: datetime) -> Q:
    """Open, its clock running, and due from `start` until before `end`."""
    return running(start) & Q(GreaterThanOrEqual(DUE_ORDER, start)) & Q(LessThan(DUE_ORDER, end))


def awaiting_decision() -> Q:
    """Somebody asked for something (延期、挂账、剔除) and nobody has decided."""
    return Q(pk__in=rows_of("AppealRequest").pending().values("appeal_id"))


def awaiting_review(today: date) -> Q:
    """挂账 whose day of review has come."""
    return Q(status=AppealStatus.SHELVED, review_on__lte=today)


def to_do_for(user: User, statuses: Collection[AppealStatus] = tuple(AppealStatus)) -> Q:
    """What the user has to look after: open and of the user's concern, or awaiting a step of the user.

    Of some statuses only what may be of them is asked: the rest would tell the database of rows that are not there.
    """
    condition = _awaits(user, statuses)
    if any(status in OPEN for status in statuses):
        condition |= Q(status__in=OPEN) & _concerns(user)
    return condition & Q(status__in=statuses)


def _at_or_below(user: User, unit: str) -> Q:
    """Of the user's organisation or one below it, by keys where they are few (as crm.scoping does)."""
    assert user.organisation is not None
    path = user.organisation.path
    keys = user.organisation.keys_below(path)
    return Q(**{f"{unit}__path__startswith": path}) if keys is None else Q(**{f"{unit}__in": keys})


def _concerns(user: User) -> Q:
    stewarded = apps.get_model("parks", "Stewardship")._default_manager.filter(on_date(timezone.localdate()), user=user)
    condition = Q(created_by=user) | Q(enterprise__any_of=stewarded.values("enterprise_id"))
    if user.organisation is not None and user.organisation.is_unit:
        condition |= _of_unit_now(user)
    return condition


def _of_unit_now(user: User) -> Q:
    """Of those that are open: led or joined by the user's unit."""
    joined = rows_of("JointUnit").filter(_at_or_below(user, "unit"), appeal__status__in=OPEN)
    return _at_or_below(user, "lead_unit") | Q(pk__any_of=joined.values("appeal_id"))


def _awaits(user: User, statuses: Collection[AppealStatus]) -> Q:
    # Steps that ask the same of an appeal are one condition of all their statuses: shorter to read and to plan.
    alike: dict[Any, tuple[Step, set[AppealStatus]]] = {}
    for step in STEPS.values():
        if step.is_forward and user.has_perm(step.permission):
            asked = (step.verb == Verb.GRANT and step.request, step.by, step.by == By.JOINT and step.key)
            alike.setdefault(asked, (step, set()))[1].update(set(step.sources) & set(statuses))
    condition = Q(pk__in=())
    for step, sources in alike.values():
        if sources:
            condition |= Q(status__in=sorted(sources)) & _asks_for(step) & _within(step, user)
    return condition


def _asks_for(step: Step) -> Q:
    """A decision is awaited where something was asked."""
    if step.verb != Verb.GRANT:
        return Q()
    return Q(pk__in=rows_of("AppealRequest").pending().filter(kind=step.request).values("appeal_id"))


def _within(step: Step, user: User) -> Q:
    if step.by == By.ANYONE:
        return Q()
    if user.organisation is None:
        return Q(pk__in=())
    if step.by == By.LEAD:
        return _at_or_below(user, "lead_unit")
    if step.by == By.LEAD_OR_JOINT:
        return _of_unit_now(user)
    status = JointStatus.WAITING if step.key == "joint_sign" else JointStatus.WORKING
    return Q(pk__any_of=rows_of("JointUnit").of_people(user).filter(status=status).values("appeal_id"))


class AppealQuerySet(ScopedQuerySet["Appeal"]):
    bin_marks = ("deleted_at", "enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        """Registered by the user, or of an enterprise the user looks after."""
        own = apps.get_model("parks", "Enterprise")._default_manager.visible_to(user)
        return Q(created_by=user) | one_of("enterprise", own, "pk")

    def of_unit(self, user: User) -> Q:
        """Led or joined by the user's unit, whichever institution owns the appeal."""
        joined = rows_of("JointUnit").filter(_at_or_below(user, "unit"))
        return _at_or_below(user, "lead_unit") | one_of("pk", joined, "appeal_id")

    def counted(self) -> Self:
        """Of living appeals the base set B of all figures: not draft, rejected, merged or withdrawn."""
        return self.exclude(status__in=NOT_COUNTED)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.filter(overdue(now))

    def running(self, now: datetime) -> Self:
        return self.filter(running(now))

    def awaiting(self, user: User) -> Self:
        """Those whose way forward is a step this user may take."""
        return self.filter(_awaits(user, tuple(AppealStatus)))

    def to_do_for(self, user: User, statuses: Collection[AppealStatus] = tuple(AppealStatus)) -> Self:
        return self.filter(to_do_for(user, statuses))

    def awaiting_decision(self) -> Self:
        return self.filter(awaiting_decision())

    def awaiting_review(self, today: date) -> Self:
        return self.filter(awaiting_review(today))

    def by_due(self) -> Self:
        """Open ones first, the most pressing on top; then the closed, longest waiting first."""
        return self.order_by(F("closed_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "created_at", "pk")

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("enterprise", "lead_unit", "created_by")


class AppealEventQuerySet(ScopedQuerySet["AppealEvent"]):
    scope_organisation = "appeal__organisation"
    bin_marks = ("appeal__deleted_at", "appeal__enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        return Q(appeal__in=rows_of("Appeal").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(appeal__in=rows_of("Appeal").visible_to(user))


class CallBackQuerySet(ScopedQuerySet["CallBack"]):
    bin_marks = ("appeal__deleted_at", "appeal__enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        return Q(appeal__in=rows_of("Appeal").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(appeal__in=rows_of("Appeal").visible_to(user))

    def valid(self) -> Self:
        """A person of the enterprise was reached and answered solved and satisfied; history only is left out."""
        return self.filter(is_reached=True, stands=True).exclude(solved="").exclude(satisfaction="")

    def latest_valid(self) -> Self:
        """Those with no later valid call-back of the same appeal."""
        return self.filter(is_last=True)

    def of_counted(self) -> Self:
        """Of appeals of the base set B."""
        return self.exclude(_of_appeal(Q(status__in=NOT_COUNTED)))


def _of_appeal(condition: Q) -> Any:
    """Whose appeal meets a condition that few appeals meet: these are asked instead of the appeal of every row."""
    return Exists(rows_of("Appeal").filter(condition, pk=OuterRef("appeal_id")))
