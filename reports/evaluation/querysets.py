"""Who sees schemes and official results: readers of the institution, of those above it and of those below."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from crm.models import User
from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from reports.models import OfficialResult, ScoreScheme  # noqa: F401


def steps_of(path: str) -> list[int]:
    """Keys of the organisations named in a path, the highest first."""
    return [int(step) for step in path.split("/") if step]


def in_one_line(user: User) -> Q:
    """What is set or said of a town holds for its park offices, and a town reads what they have."""
    assert user.organisation is not None
    own = user.organisation.institution_path
    return Q(organisation__path__startswith=own) | Q(organisation__in=steps_of(own))


class SchemeQuerySet(ScopedQuerySet["ScoreScheme"]):
    def within_institution(self, user: User) -> Q:
        return in_one_line(user)

    def in_force(self, day: date) -> SchemeQuerySet:
        """Begun by a day, the newest first; of one day the one entered last."""
        return self.filter(valid_from__lte=day).order_by("-valid_from", "-pk")


class ResultQuerySet(ScopedQuerySet["OfficialResult"]):
    def within_institution(self, user: User) -> Q:
        return in_one_line(user)

    def of_months(self, first: date, end: date) -> ResultQuerySet:
        return self.filter(month__gte=first, month__lt=end)

    def newest_first(self) -> Any:
        return self.select_related("organisation").order_by("-month", "organisation__path", "area")
