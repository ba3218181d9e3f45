"""Questions about many visits, appeals and call-backs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from crm.models import User
from crm.models.user import UserQuerySet
from crm.roles import ROLES
from crm.scoping import ScopedQuerySet
from parks.querysets import EnterpriseQuerySet, on_date
from visits.choices import CONTACT_KINDS, AppealStatus, VisitStatus
from visits.workflow import STEPS, By

if TYPE_CHECKING:
    from visits.models import Appeal, AppealEvent, CallBack, Photo, Visit, VisitEnterprise  # noqa: F401

# Not part of any figure (domain: base set B).
NOT_COUNTED = (AppealStatus.DRAFT, AppealStatus.MERGED, AppealStatus.WITHDRAWN, AppealStatus.REJECTED)
OPEN = (
    AppealStatus.SUBMITTED,
    AppealStatus.ACCEPTED,
    AppealStatus.DISPATCHED,
    AppealStatus.HANDLING,
    AppealStatus.PAUSED,
    AppealStatus.ANSWERED,
)


def _rows(model: str) -> Any:
    """All rows of a model of this app, looked up late because the models import this module."""
    return apps.get_model("visits", model)._default_manager


def _staff_links() -> Any:
    """The table of who took part in which visit."""
    return apps.get_model("visits", "Visit").staff.through._default_manager


class VisitQuerySet(ScopedQuerySet["Visit"]):
    def of_person(self, user: User) -> Q:
        took_part = _staff_links().filter(user=user)
        return Q(created_by=user) | Q(pk__in=took_part.values("visit_id"))

    def of_unit(self, user: User) -> Q:
        assert user.organisation is not None
        links = _staff_links()
        took_part = links.filter(user__organisation__path__startswith=user.organisation.path)
        mine = Q(created_by__organisation__path__startswith=user.organisation.path)
        return self.within_institution(user) & (mine | Q(pk__in=took_part.values("visit_id")))

    def done(self) -> Self:
        return self.filter(status=VisitStatus.DONE)

    def planned(self) -> Self:
        return self.filter(status=VisitStatus.PLANNED)

    def to_enterprise(self, enterprise_id: int) -> Self:
        return self.filter(
            Exists(_rows("VisitEnterprise").filter(visit_id=OuterRef("pk"), enterprise_id=enterprise_id))
        )

    def to_enterprise_named(self, text: str) -> Self:
        pairs = _rows("VisitEnterprise").filter(visit_id=OuterRef("pk"))
        return self.filter(Exists(pairs.filter(Q(enterprise__name__icontains=text) | Q(enterprise__uscc=text))))

    def taken_by(self, user_id: int) -> Self:
        links = _rows("Visit_staff")
        return self.filter(Exists(links.filter(visit_id=OuterRef("pk"), user_id=user_id)))

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("created_by").prefetch_related("pairs__enterprise", "staff", "photos", "appeals")


class VisitEnterpriseQuerySet(ScopedQuerySet["VisitEnterprise"]):
    scope_organisation = "visit__organisation"

    def of_person(self, user: User) -> Q:
        return Q(visit__in=_rows("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(visit__in=_rows("Visit").visible_to(user))

    def counted(self) -> Self:
        """Pairs that count as 走访 (domain: V1): done, and not merely a phone call unless the setting says so."""
        done = self.filter(visit__status=VisitStatus.DONE)
        return done if settings.YQT["CONTACTS_COUNT_AS_VISITS"] else done.exclude(visit__kind__in=CONTACT_KINDS)

    def to_follow_up(self, by: date) -> Self:
        """Those whose visit named a day for the next one, up to `by`, and that had no later visit yet."""
        later = _rows("VisitEnterprise").filter(
            enterprise_id=OuterRef("enterprise_id"),
            visit__started_at__gt=OuterRef("visit__started_at"),
            visit__status__in=(VisitStatus.DONE, VisitStatus.PLANNED),
        )
        rows = self.filter(visit__status=VisitStatus.DONE, visit__next_visit_on__lte=by).exclude(Exists(later))
        return rows.select_related("visit", "enterprise").order_by("visit__next_visit_on", "pk")


class PhotoQuerySet(ScopedQuerySet["Photo"]):
    scope_organisation = "visit__organisation"

    def of_person(self, user: User) -> Q:
        return Q(visit__in=_rows("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(visit__in=_rows("Visit").visible_to(user))


class AppealQuerySet(ScopedQuerySet["Appeal"]):
    def of_person(self, user: User) -> Q:
        """Registered by the user, or of an enterprise the user looks after."""
        return Q(created_by=user) | Q(
            enterprise__in=apps.get_model("parks", "Enterprise")._default_manager.visible_to(user)
        )

    def of_unit(self, user: User) -> Q:
        """Led or joined by the user's unit, whichever institution owns the appeal."""
        assert user.organisation is not None
        path = user.organisation.path
        joined = _rows("JointUnit").filter(unit__path__startswith=path)
        return Q(lead_unit__path__startswith=path) | Q(pk__in=joined.values("appeal_id"))

    def counted(self) -> Self:
        """The base set B of all figures: not draft, rejected, merged or withdrawn."""
        return self.exclude(status__in=NOT_COUNTED)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Open and past due; a paused appeal's clock stands still."""
        return self.open().exclude(status=AppealStatus.PAUSED).filter(due_at__lt=now)

    def running(self) -> Self:
        """Open and its clock not standing still."""
        return self.open().exclude(status=AppealStatus.PAUSED)

    def concerning(self, user: User) -> Self:
        """Registered by the user, of an enterprise the user looks after, or led or joined by the user's unit."""
        stewarded = apps.get_model("parks", "Stewardship")._default_manager.filter(
            on_date(timezone.localdate()), user=user
        )
        condition = Q(created_by=user) | Q(enterprise__in=stewarded.values("enterprise_id"))
        if user.organisation is not None and user.organisation.is_unit:
            condition |= self.of_unit(user)
        return self.filter(condition)

    def awaiting(self, user: User) -> Self:
        """Those whose way forward is a step this user may take."""
        condition = Q(pk__in=())
        for step in STEPS.values():
            if step.is_forward and user.has_perm(step.permission):
                within = Q() if step.by == By.ANYONE else self.of_unit(user)
                condition |= Q(status__in=step.sources) & within
        return self.filter(condition)

    def by_due(self) -> Self:
        """Most pressing first; those without a limit by when they came."""
        return self.order_by(F("due_at").asc(nulls_last=True), "created_at", "pk")

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("enterprise", "lead_unit", "created_by")

    def with_latest_valid_call_back(self) -> Self:
        """Annotates `latest_call_back_id`: the last call-back in which a person answered both questions."""
        valid = _rows("CallBack").valid().filter(appeal_id=OuterRef("pk")).order_by("-called_at", "-pk")
        return self.annotate(latest_call_back_id=Subquery(valid.values("pk")[:1]))


class AppealEventQuerySet(ScopedQuerySet["AppealEvent"]):
    scope_organisation = "appeal__organisation"

    def of_person(self, user: User) -> Q:
        return Q(appeal__in=_rows("Appeal").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(appeal__in=_rows("Appeal").visible_to(user))


class CallBackQuerySet(ScopedQuerySet["CallBack"]):
    scope_organisation = "appeal__organisation"

    def of_person(self, user: User) -> Q:
        return Q(appeal__in=_rows("Appeal").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(appeal__in=_rows("Appeal").visible_to(user))

    def valid(self) -> Self:
        """A person of the enterprise was reached and answered solved and satisfied."""
        return self.filter(is_reached=True).exclude(solved="").exclude(satisfaction="")

    def latest_valid(self) -> Self:
        """Those with no later valid call-back of the same appeal."""
        later = (
            _rows("CallBack")
            .valid()
            .filter(appeal_id=OuterRef("appeal_id"))
            .filter(Q(called_at__gt=OuterRef("called_at")) | Q(called_at=OuterRef("called_at"), pk__gt=OuterRef("pk")))
        )
        return self.valid().exclude(Exists(later))


def with_last_visit(enterprises: EnterpriseQuerySet) -> EnterpriseQuerySet:
    """Annotates `last_visit_at` with the time of the last counted visit (None: never visited)."""
    pairs = _rows("VisitEnterprise").counted().filter(enterprise_id=OuterRef("pk")).order_by("-visit__started_at")
    return enterprises.annotate(last_visit_at=Subquery(pairs.values("visit__started_at")[:1]))


def due_for_visit(enterprises: EnterpriseQuerySet, today: date) -> EnterpriseQuerySet:
    """久未走访: enterprises on a “服务包” list not visited for longer than their tier allows, or never; longest first.

    Annotates `tier` and `last_visit_at`.
    """
    tiers = apps.get_model("parks", "ServiceTier")._default_manager
    listed = tiers.filter(on_date(today), enterprise_id=OuterRef("pk"))
    rows = with_last_visit(enterprises.on_register(today).in_service_package(today))
    late = Q(last_visit_at__isnull=True)
    for tier, days in settings.YQT["VISIT_INTERVAL_DAYS"].items():
        late |= Q(tier=tier, last_visit_at__lt=_midnight(today - timedelta(days=days)))
    rows = rows.annotate(tier=Subquery(listed.values("tier")[:1])).filter(late)
    return rows.order_by(F("last_visit_at").asc(nulls_first=True), "name", "pk")


def colleagues(user: User) -> UserQuerySet:
    """People of the user's institution who do business: 谁去."""
    people: UserQuerySet = User.objects.all()
    if user.organisation is None:
        return people.none()
    business = [key for key, role in ROLES.items() if not role.is_administrative]
    return people.staff_of(user.organisation.institution_path).filter(role__in=business)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
