"""Which rows a user may see: the one gate of every list, page, search, export, endpoint, figure and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from crm.models import Organisation, User

MOST_VALUES = 1000
_M = TypeVar("_M", bound=models.Model, covariant=True)


class Scope(models.TextChoices):
    """How far a user's view of the records reaches."""

    OWN = "own", "本人"
    UNIT = "unit", "本部门"
    ORGANISATION = "organisation", "本机构及下级"


class ScopedQuerySet(models.QuerySet[_M]):
    """A query set that knows who may see its rows.

    A subclass names the lookup to the owning organisation and, where the model has them, the rows of one person
    and of one unit. It fails closed: no log-in, no organisation or no permission to view the model gives no rows.
    """

    scope_organisation: ClassVar[str] = "organisation"
    # The marks of the bin that take a row away: its own, and those of the records on which it hangs.
    bin_marks: ClassVar[tuple[str, ...]] = ()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows for every purpose but the bin: what is deleted counts nowhere."""
        return self._within_reach(user, "view").living()

    def living(self) -> Self:
        """Neither deleted nor hanging on something deleted."""
        kept = self
        for mark in self.bin_marks:
            record, _, own = mark.rpartition("__")
            # What names the organisation is read anyway; of anything else only the bin is asked, which holds few.
            if not record or f"{self.scope_organisation}__".startswith(f"{record}__"):
                kept = kept.filter(**{f"{mark}__isnull": True})
            else:
                kept = kept.exclude(_in_bin(self.model, self.scope_organisation, record, own))
        return kept

    def in_bin_of(self, user: User | AnonymousUser) -> Self:
        """Deleted rows that the user may restore: who may change may delete."""
        return self._within_reach(user, "change").filter(deleted_at__isnull=False)

    def _within_reach(self, user: User | AnonymousUser, what: str) -> Self:
        if not user.is_authenticated or not user.is_active or user.organisation is None:
            return self.none()
        if not user.has_perm(f"{self.model._meta.app_label}.{what}_{self.model._meta.model_name}"):
            return self.none()
        return self._limited_to(user)

    def _limited_to(self, user: User) -> Self:
        if user.scope == Scope.OWN:
            return self.filter(self.within_institution(user) & self.of_person(user))
        if user.scope == Scope.UNIT:
            return self.filter(self.of_unit(user))
        return self.filter(self.within_institution(user))

    def within_institution(self, user: User) -> Q:
        """Rows owned by the user's institution or one below it."""
        assert user.organisation is not None
        return self._below(user.organisation, user.organisation.institution_path)

    def of_unit(self, user: User) -> Q:
        """Rows of the user's own unit; unless a model says more, those the unit itself owns."""
        assert user.organisation is not None
        return self._below(user.organisation, user.organisation.path)

    def of_person(self, user: User) -> Q:
        """Rows that the user answers for; a model without such a person has none."""
        return Q(pk__in=())

    def _below(self, place: Organisation, path: str) -> Q:
        """By the keys of the organisations: of each the database knows how many rows it has, of a path it does not."""
        keys = place.keys_below(path) if self.scope_organisation else None
        if keys is not None:
            return Q(**{f"{self.scope_organisation}__in": keys})
        return Q(**{f"{self.scope_organisation}__path__startswith".removeprefix("__"): path})


def _in_bin(model: type[models.Model], scope: str, record: str, mark: str) -> Exists:
    """Whose record on the way is deleted, without reading the records of every row.

    What names the organisation is read anyway; of the way from there the first record leads to the rest.
    """
    *read, first = _read_and_first(scope, record)
    owner = model
    for name in (*read, first):
        owner = owner._meta.get_field(name).related_model  # type: ignore[assignment]
    rest = record.split("__")[len(read) + 1 :]
    deleted = owner._base_manager.filter(**{"__".join((*rest, f"{mark}__isnull")): False})
    return Exists(deleted.filter(pk=OuterRef("__".join((*read, f"{first}_id")))))


def _read_and_first(scope: str, record: str) -> list[str]:
    way = record.split("__")
    read = 0
    while read + 1 < len(way) and f"{scope}__".startswith(f"{'__'.join(way[: read + 1])}__"):
        read += 1
    return way[: read + 1]


def one_of(field: str, found: models.QuerySet[Any, Any], column: str) -> Q:
    """Whose `field` is among the values of a column of the rows found: by the values where they are few.

    Of values the database knows how many rows they have and takes an index, of a subquery it knows nothing.
    """
    values = list(found.order_by().values_list(column, flat=True)[: MOST_VALUES + 1])
    few = len(values) <= MOST_VALUES
    return Q(**{f"{field}__among": values}) if few else Q(**{f"{field}__in": found.values(column)})


def visible(model: type[models.Model], user: User | AnonymousUser) -> models.QuerySet[Any]:
    """The rows of any scoped model that the user may see (for choices in forms and serializers)."""
    manager: Any = model._default_manager
    rows: models.QuerySet[Any] = manager.visible_to(user)
    return rows
