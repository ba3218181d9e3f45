"""The tree of organisations: 区 → 镇 → 园区管理机构 → 科室."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Func, OuterRef, Q

from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from crm.models.user import User

PATH_STEP = 6
# A condition that names more keys than this takes longer to read than a join.
MOST_KEYS = 300


class OrganisationKind(models.TextChoices):
    DISTRICT = "district", "区"
    TOWN = "town", "镇、街道"
    PARK_OFFICE = "park_office", "园区管理机构"
    UNIT = "unit", "科室、部门"


class JoinedKeys(Func):
    """All keys of a subquery as one text, so that they come with the row that asks for them."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG((%(expressions)s)::text, ',')", **extra)


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    scope_organisation = ""

    def _limited_to(self, user: User) -> OrganisationQuerySet:
        """Own institution and below, those above it, and their units: an appeal may be handed to any of them."""
        assert user.organisation is not None
        own = user.organisation.institution_path
        above = [int(step) for step in own.split("/") if step]
        return self.filter(Q(path__startswith=own) | Q(pk__in=above) | Q(kind=OrganisationKind.UNIT, parent__in=above))

    def at_or_below(self, user: User) -> OrganisationQuerySet:
        """The user's institution and everything under it, without those above."""
        return self.filter(path__startswith=user.organisation.institution_path) if user.organisation else self.none()

    def keys_of_institution(self, path: str) -> models.QuerySet[Any, Any]:
        """For a subquery: the keys, as one text, of all nodes at or below the path that the outer row names."""
        below = self.filter(path__startswith=OuterRef(path)).order_by()
        return below.annotate(keys=JoinedKeys(F("pk"))).values("keys")

    def units(self) -> OrganisationQuerySet:
        return self.filter(kind=OrganisationKind.UNIT)


class Organisation(models.Model):
    """One node; `path` holds the ids of all nodes above it, so that "below" is a prefix comparison."""

    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField("路径", max_length=120, unique=True, editable=False)
    institution_path = models.CharField("所属机构路径", max_length=120, editable=False)

    # Goes up with every change of the tree in this process.
    tree_version: ClassVar[int] = 0

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="organisation_name_is_unique_under_its_parent",
                violation_error_message="同一上级下已有同名单位，请换一个名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unit(self) -> bool:
        return self.kind == OrganisationKind.UNIT

    def keys_below(self, path: str) -> list[int] | None:
        """Keys of the nodes at or below a path; None where they are too many to name.

        Read once per instance, which is that of one request, and again when this process has changed the tree.
        """
        known = self._reach
        if (path, Organisation.tree_version) not in known:
            below = Organisation.objects.filter(path__startswith=path).order_by("pk").values_list("pk", flat=True)
            self.knows_below(path, list(below[: MOST_KEYS + 1]))
        keys = known[path, Organisation.tree_version]
        return keys if len(keys) <= MOST_KEYS else None

    def knows_below(self, path: str, keys: list[int]) -> None:
        """Spare `keys_below` its query: the keys were read together with something else."""
        self._reach[path, Organisation.tree_version] = keys

    @cached_property
    def _reach(self) -> dict[tuple[str, int], list[int]]:
        return {}
