"""Questions about many appeals, their events and call-backs."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crm.models import User
from crm.scoping import ScopedQuerySet
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


def standing_still(now: datetime) -> Q:
    """Whose clock stands still, by the same rule as visits.deadlines.stands_still."""
    is_over = Q(paused_until__isnull=False, paused_until__lt=timezone.localdate(now))
    return Q(status=AppealStatus.SHELVED) | Q(status=AppealStatus.PAUSED) & ~is_over


class AppealQuerySet(ScopedQuerySet["Appeal"]):
    bin_marks = ("deleted_at", "enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        """Registered by the user, or of an enterprise the user looks after."""
        return Q(created_by=user) | Q(
            enterprise__in=apps.get_model("parks", "Enterprise")._default_manager.visible_to(user)
        )

    def of_unit(self, user: User) -> Q:
        """Led or joined by the user's unit, whichever institution owns the appeal."""
        assert user.organisation is not None
        path = user.organisation.path
        joined = rows_of("JointUnit").filter(unit__path__startswith=path)
        return Q(lead_unit__path__startswith=path) | Q(pk__in=joined.values("appeal_id"))

    def counted(self) -> Self:
        """The base set B of all figures: not draft, rejected, merged, withdrawn or deleted."""
        return self.living().exclude(status__in=NOT_COUNTED)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Open and past due; not while the clock stands still."""
        return self.running(now).filter(due_at__lt=now)

    def running(self, now: datetime) -> Self:
        """Open and its clock not standing still."""
        return self.open().exclude(standing_still(now))

    def awaiting(self, user: User) -> Self:
        """Those whose way forward is a step this user may take."""
        return self.filter(self._awaits(user))

    def to_do_for(self, user: User) -> Self:
        """What the user has to look after: open and of the user's concern, or awaiting a step of the user."""
        return self.filter(Q(status__in=OPEN) & self._concerns(user) | self._awaits(user))

    def _concerns(self, user: User) -> Q:
        stewarded = apps.get_model("parks", "Stewardship")._default_manager.filter(
            on_date(timezone.localdate()), user=user
        )
        condition = Q(created_by=user) | Q(enterprise__in=stewarded.values("enterprise_id"))
        if user.organisation is not None and user.organisation.is_unit:
            condition |= self.of_unit(user)
        return condition

    def _awaits(self, user: User) -> Q:
        condition = Q(pk__in=())
        for step in STEPS.values():
            if step.is_forward and user.has_perm(step.permission):
                condition |= Q(status__in=step.sources) & self._asks_for(step) & self._within(step, user)
        return condition

    def _asks_for(self, step: Step) -> Q:
        """A decision is awaited where something was asked."""
        if step.verb != Verb.GRANT:
            return Q()
        return Q(pk__in=rows_of("AppealRequest").pending().filter(kind=step.request).values("appeal_id"))

    def _within(self, step: Step, user: User) -> Q:
        if step.by == By.ANYONE:
            return Q()
        if user.organisation is None:
            return Q(pk__in=())
        if step.by == By.LEAD:
            return Q(lead_unit__path__startswith=user.organisation.path)
        if step.by == By.LEAD_OR_JOINT:
            return self.of_unit(user)
        status = JointStatus.WAITING if step.key == "joint_sign" else JointStatus.WORKING
        return Q(pk__in=rows_of("JointUnit").of_people(user).filter(status=status).values("appeal_id"))

    def awaiting_decision(self) -> Self:
        """Somebody asked for something (延期、挂账、剔除) and nobody has decided."""
        return self.filter(pk__in=rows_of("AppealRequest").pending().values("appeal_id"))

    def awaiting_review(self, today: date) -> Self:
        """挂账 whose day of review has come."""
        return self.filter(status=AppealStatus.SHELVED, review_on__lte=today)

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
    scope_organisation = "appeal__organisation"
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
        later = (
            rows_of("CallBack")
            .valid()
            .filter(appeal_id=OuterRef("appeal_id"))
            .filter(Q(called_at__gt=OuterRef("called_at")) | Q(called_at=OuterRef("called_at"), pk__gt=OuterRef("pk")))
        )
        return self.valid().exclude(Exists(later))
