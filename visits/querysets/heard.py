"""Questions about what was heard on visits: answers, red flags and suggestions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from crm.models import User
from crm.scoping import ScopedQuerySet
from parks.querysets import OfEnterpriseQuerySet
from visits.choices import FlagLevel, SuggestionStatus
from visits.querysets.rows import rows_of

if TYPE_CHECKING:
    from visits.models import Question, Suggestion, VisitAnswer, WarningFlag  # noqa: F401


class QuestionQuerySet(ScopedQuerySet["Question"]):
    """Everybody sees the common questions and those of the own institution."""

    def within_institution(self, user: User) -> Q:
        return super().within_institution(user) | Q(organisation__isnull=True)

    def of_unit(self, user: User) -> Q:
        return self.within_institution(user)

    def of_person(self, user: User) -> Q:
        return Q()

    def in_force(self, day: date) -> Self:
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))

    def asked_by(self, organisation_id: int) -> Self:
        """The organisation's own; of kinds of visits for which it never had any, the common ones."""
        own = Q(organisation=organisation_id)
        kinds = rows_of("Question").filter(own).order_by().values("kind")
        return self.filter(own | (Q(organisation__isnull=True) & ~Q(kind__in=kinds)))


class VisitAnswerQuerySet(ScopedQuerySet["VisitAnswer"]):
    scope_organisation = "pair__visit__organisation"
    bin_marks = ("pair__visit__deleted_at", "pair__enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        return Q(pair__visit__in=rows_of("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(pair__visit__in=rows_of("Visit").visible_to(user))


class WarningFlagQuerySet(OfEnterpriseQuerySet["WarningFlag"]):
    """Seen by whoever sees the enterprise."""

    def living(self) -> Self:
        """Also found on a visit that is not in the bin."""
        links = rows_of("WarningFlag_visits").filter(warningflag_id=OuterRef("pk"), visit__deleted_at__isnull=True)
        return super().living().filter(Exists(links))

    def open(self) -> Self:
        return self.filter(handled_at__isnull=True)

    def by_level(self) -> Self:
        """Open ones first, the gravest and latest on top."""
        grave = Case(
            *(When(level=level, then=Value(n)) for n, level in enumerate(FlagLevel.values)),
            output_field=IntegerField(),
        )
        is_done = Case(When(handled_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
        return self.order_by(is_done, grave, "-confirmed_at", "-pk")


class SuggestionQuerySet(ScopedQuerySet["Suggestion"]):
    bin_marks = ("visit__deleted_at", "enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        return Q(created_by=user) | Q(visit__in=rows_of("Visit").visible_to(user))

    def of_unit(self, user: User) -> Q:
        return Q(visit__in=rows_of("Visit").visible_to(user))

    def pending(self) -> Self:
        return self.filter(status=SuggestionStatus.PENDING)

    def raised_within(self, start: datetime, end: datetime) -> Self:
        """建议 of a period, by the time of their visit; none of what is in the bin."""
        return self.living().filter(visit__started_at__gte=start, visit__started_at__lt=end)
