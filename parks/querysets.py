"""Questions about many rows of the register."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from crm.models import User
    from parks.models import (  # noqa: F401
        Contact,
        Enterprise,
        Indicator,
        MonthlyReturn,
        Park,
        Qualification,
        ServiceTier,
        Stewardship,
        Tag,
    )

_M = TypeVar("_M", bound=models.Model, covariant=True)

CYBER_TAG = "网安"
# Who may see amounts that tell of a single firm or two; reports hide them from all others (reports/sensitive.py).
AMOUNTS_OF_ONE = "reports.view_sensitive"


def _rows(model: str) -> Any:
    """All rows of a model of this app, looked up late because the models import this module."""
    return apps.get_model("parks", model)._default_manager


def on_date(day: date, prefix: str = "") -> Q:
    """Time-ranged rows (from inclusive, to exclusive, open when empty) in force on a day."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
    )


def on_register(day: date) -> Q:
    """Enterprises that joined by the end of a day and had not moved out or closed by then."""
    return Q(joined_on__lte=day) & (Q(left_on__isnull=True) | Q(left_on__gt=day))


def valid_on(day: date) -> Q:
    """Qualifications in force on a day: awarded, not expired (last day inclusive), not withdrawn by then."""
    return (
        Q(valid_from__lte=day)
        & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))
    )


def of_register(day: date) -> Q:
    """What hangs on enterprises that are on the register on a day."""
    left = Q(enterprise__left_on__isnull=True) | Q(enterprise__left_on__gt=day)
    return left & Q(enterprise__joined_on__lte=day)


class ParkQuerySet(ScopedQuerySet["Park"]):
    pass


class TagQuerySet(ScopedQuerySet["Tag"]):
    pass


class EnterpriseQuerySet(ScopedQuerySet["Enterprise"]):
    bin_marks = ("deleted_at",)

    def merged_away(self, user: User) -> EnterpriseQuerySet:
        """Those that were merged into another and that the user could see before."""
        return self._within_reach(user, "view").filter(merged_into__isnull=False)

    def of_person(self, user: User) -> Q:
        return Q(pk__in=self._stewarded(Q(user=user)))

    def of_unit(self, user: User) -> Q:
        assert user.organisation is not None
        stewarded = self._stewarded(Q(user__organisation__path__startswith=user.organisation.path))
        return self.within_institution(user) & (super().of_unit(user) | Q(pk__in=stewarded))

    def _stewarded(self, condition: Q) -> models.QuerySet[Any, Any]:
        rows: models.QuerySet[Any] = _rows("Stewardship").filter(condition & on_date(timezone.localdate()))
        return rows.values("enterprise_id")

    def on_register(self, day: date) -> EnterpriseQuerySet:
        """Joined by the end of a day and not moved out or closed by then."""
        return self.filter(on_register(day))

    def cyber(self) -> EnterpriseQuerySet:
        """Tagged 网安: no industry code covers these firms, so the tag is set by hand."""
        return self.tagged(CYBER_TAG)

    def tagged(self, name: str) -> EnterpriseQuerySet:
        links = apps.get_model("parks", "Enterprise").tags.through._default_manager
        return self.filter(Exists(links.filter(enterprise_id=OuterRef("pk"), tag__name=name)))

    def qualified(self, kind: str, day: date) -> EnterpriseQuerySet:
        """Holding a qualification of this kind that is valid on a day."""
        valid = _rows("Qualification").filter(enterprise_id=OuterRef("pk"), kind__code=kind).valid_on(day)
        return self.filter(Exists(valid))

    def in_service_package(self, day: date) -> EnterpriseQuerySet:
        """On a “服务包” list of any tier on a day."""
        return self.filter(Exists(_rows("ServiceTier").filter(on_date(day), enterprise_id=OuterRef("pk"))))


class OfEnterpriseQuerySet(ScopedQuerySet[_M]):
    """Rows that hang on an enterprise and are seen by whoever sees it."""

    scope_organisation = "enterprise__organisation"
    bin_marks = ("enterprise__deleted_at",)

    def on_enterprises_of(self, user: User) -> OfEnterpriseQuerySet[_M]:
        """On enterprises within the user's reach, joined: the planner begins with these rows, which are fewer."""
        return self._limited_to(user).living()

    def of_person(self, user: User) -> Q:
        return Q(enterprise__in=_visible_enterprises(user))

    def of_unit(self, user: User) -> Q:
        return Q(enterprise__in=_visible_enterprises(user))


def _visible_enterprises(user: User) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = _rows("Enterprise").visible_to(user)
    return rows


class ContactQuerySet(OfEnterpriseQuerySet["Contact"]):
    pass


class StewardshipQuerySet(OfEnterpriseQuerySet["Stewardship"]):
    pass


class IndicatorQuerySet(OfEnterpriseQuerySet["Indicator"]):
    def of_months(self, indicator: str) -> IndicatorQuerySet:
        """What can be added up: values of months, told or derived."""
        return self.filter(indicator=indicator, reach="month")


class MonthlyReturnQuerySet(OfEnterpriseQuerySet["MonthlyReturn"]):
    """Amounts of single firms, which are confidential by the law on tax collection and the one on statistics."""

    def _within_reach(self, user: User | AnonymousUser, what: str) -> Self:
        return super()._within_reach(user, what) if user.has_perm(AMOUNTS_OF_ONE) else self.none()


class ServiceTierQuerySet(OfEnterpriseQuerySet["ServiceTier"]):
    pass


class QualificationQuerySet(OfEnterpriseQuerySet["Qualification"]):
    scope_organisation = "organisation"

    def valid_on(self, day: date) -> QualificationQuerySet:
        """In force on a day."""
        return self.filter(valid_on(day))

    def of_register(self, day: date) -> QualificationQuerySet:
        """Of enterprises that are on the register on a day."""
        return self.filter(of_register(day))

    def ending(self, day: date, within: int) -> QualificationQuerySet:
        """Whose last day comes within so many days from one, renewed or not."""
        return self.filter(valid_to__gte=day, valid_to__lte=day + timedelta(days=within))

    def due_or_expired(self, day: date, within: int) -> QualificationQuerySet:
        """Awards of before a day that end within so many days from it, or ended, and that nothing followed.

        What was awarded by the day counts as following; as of today, so does what is recorded for later.
        """
        followed = _rows("Qualification").filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")),
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            enterprise_id=OuterRef("enterprise_id"),
            kind_id=OuterRef("kind_id"),
        )
        if day < timezone.localdate():
            followed = followed.filter(valid_from__lte=day)
        return self.of_register(day).filter(
            ~Exists(followed),
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            valid_from__lte=day,
            valid_to__lte=day + timedelta(days=within),
        )
