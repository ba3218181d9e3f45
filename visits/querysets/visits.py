"""Questions about many visits, their enterprises and photos."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q

from crm.models import User
from crm.scoping import ScopedQuerySet
from visits.choices import CONTACT_KINDS, VisitStatus
from visits.querysets.rows import rows_of

if TYPE_CHECKING:
    from visits.models import Photo, Visit, VisitEnterprise  # noqa: F401


class VisitQuerySet(ScopedQuerySet["Visit"]):
    bin_marks = ("deleted_at",)

    def of_person(self, user: User) -> Q:
        took_part = rows_of("Visit_staff").filter(user=user)
        return Q(created_by=user) | Q(pk__in=took_part.values("visit_id"))

    def of_unit(self, user: User) -> Q:
        assert user.organisation is not None
        links = rows_of("Visit_staff")
        took_part = links.filter(user__organisation__path__startswith=user.organisation.path)
        mine = Q(created_by__organisation__path__startswith=user.organisation.path)
        return self.within_institution(user) & (mine | Q(pk__in=took_part.values("visit_id")))

    def done(self) -> Self:
        return self.filter(status=VisitStatus.DONE)

    def planned(self) -> Self:
        return self.filter(status=VisitStatus.PLANNED)

    def to_enterprise(self, enterprise_id: int) -> Self:
        return self.filter(
            Exists(rows_of("VisitEnterprise").living().filter(visit_id=OuterRef("pk"), enterprise_id=enterprise_id))
        )

    def taken_by(self, user_id: int) -> Self:
        links = rows_of("Visit_staff")
        return self.filter(Exists(links.filter(visit_id=OuterRef("pk"), user_id=user_id)))

    def taken_by_role(self, role: str) -> Self:
        """At least one of those who go holds the role."""
        return self.filter(Exists(rows_of("Visit_staff").filter(visit_id=OuterRef("pk"), user__role=role)))

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self._with(living_pairs())

    def for_timeline(self) -> Self:
        """As for a list, with what each enterprise answered."""
        return self._with(told_pairs())

    def _with(self, pairs: Prefetch[Any]) -> Self:
        appeals = Prefetch("appeals", rows_of("Appeal").living())
        return self.select_related("created_by").prefetch_related(pairs, "staff", "photos", appeals)


def living_pairs() -> Prefetch[Any]:
    """Prefetch `pairs` with their enterprises, without those whose enterprise is in the bin."""
    return Prefetch("pairs", rows_of("VisitEnterprise").living().select_related("enterprise"))


def told_pairs() -> Prefetch[Any]:
    """As `living_pairs`, with what each enterprise answered."""
    pairs = rows_of("VisitEnterprise").living().select_related("enterprise", "park", "steward", "team")
    answers = Prefetch("answers", rows_of("VisitAnswer").select_related("question"))
    return Prefetch("pairs", pairs.prefetch_related(answers).order_by("pk"))


class VisitEnterpriseQuerySet(ScopedQuerySet["VisitEnterprise"]):
    bin_marks = ("visit__deleted_at", "enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        return Q(visit__in=rows_of("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(visit__in=rows_of("Visit").visible_to(user))

    def counted(self) -> Self:
        """Of living pairs those that count as 走访 (domain: V1): done, attended, no mere call unless so set."""
        met = self.filter(met_at__isnull=False)
        return met if settings.YQT["CONTACTS_COUNT_AS_VISITS"] else met.exclude(kind__in=CONTACT_KINDS)

    def to_follow_up(self, by: date) -> Self:
        """Those whose visit named a day for the next one, up to `by`, and that had no later visit yet."""
        later = (
            rows_of("VisitEnterprise")
            .living()
            .filter(
                enterprise_id=OuterRef("enterprise_id"),
                visit__started_at__gt=OuterRef("visit__started_at"),
                visit__status__in=(VisitStatus.DONE, VisitStatus.PLANNED),
            )
        )
        rows = self.filter(visit__status=VisitStatus.DONE, visit__next_visit_on__lte=by).exclude(Exists(later))
        return rows.select_related("visit", "enterprise").order_by("visit__next_visit_on", "pk")


class PhotoQuerySet(ScopedQuerySet["Photo"]):
    scope_organisation = "visit__organisation"
    bin_marks = ("visit__deleted_at",)

    def of_person(self, user: User) -> Q:
        return Q(visit__in=rows_of("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(visit__in=rows_of("Visit").visible_to(user))
