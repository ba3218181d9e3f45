"""Who sees the address of a big screen: those of the institution whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from crm.models import User
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from reports.models import HallScreen  # noqa: F401


class HallScreenQuerySet(ScopedQuerySet["HallScreen"]):
    def within_institution(self, user: User) -> Q:
        assert user.organisation is not None
        return Q(organisation__path=user.organisation.institution_path)
