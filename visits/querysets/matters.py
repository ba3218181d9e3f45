"""Who sees what was decided on a common matter: readers of the whole institution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from crm.models import User
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from visits.models import CommonMatter  # noqa: F401


class CommonMatterQuerySet(ScopedQuerySet["CommonMatter"]):
    """Its words are about appeals of the institution, so nobody sees them who sees only some of these."""

    def of_unit(self, user: User) -> Q:
        return Q(pk__in=())
