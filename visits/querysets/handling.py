"""Questions about what hangs on an appeal while it is handled: who sees the appeal sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from crm.models import User
from crm.scoping import ScopedQuerySet
from visits.querysets.rows import rows_of

if TYPE_CHECKING:
    from visits.models import AppealFile, AppealRequest, JointUnit  # noqa: F401

_BIN_MARKS = ("appeal__deleted_at", "appeal__enterprise__deleted_at")


def _of_visible_appeals(user: User) -> Q:
    return Q(appeal__in=rows_of("Appeal").visible_to(user))


class AppealRequestQuerySet(ScopedQuerySet["AppealRequest"]):
    scope_organisation = "appeal__organisation"
    bin_marks = _BIN_MARKS

    def of_person(self, user: User) -> Q:
        return _of_visible_appeals(user)

    def of_unit(self, user: User) -> Q:
        return _of_visible_appeals(user)

    def pending(self) -> Self:
        return self.filter(decided_at__isnull=True)


class AppealFileQuerySet(ScopedQuerySet["AppealFile"]):
    scope_organisation = "appeal__organisation"
    bin_marks = _BIN_MARKS

    def of_person(self, user: User) -> Q:
        return _of_visible_appeals(user)

    def of_unit(self, user: User) -> Q:
        return _of_visible_appeals(user)


class JointUnitQuerySet(models.QuerySet["JointUnit"]):
    def of_people(self, user: User) -> Self:
        """Of the unit in which the user works: its own institution, and there the unit itself or one above."""
        if user.organisation is None:
            return self.none()
        own = [int(step) for step in user.organisation.path.split("/") if step]
        return self.filter(unit__in=own, unit__institution_path=user.organisation.institution_path)
