"""The tree of organisations: 区 → 镇 → 园区管理机构 → 科室."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from crm.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from crm.models.user import User

PATH_STEP = 6


class OrganisationKind(models.TextChoices):
    DISTRICT = "district", "区"
    TOWN = "town", "镇、街道"
    PARK_OFFICE = "park_office", "园区管理机构"
    UNIT = "unit", "科室、部门"


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
