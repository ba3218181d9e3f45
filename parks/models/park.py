"""Parks and the tags that staff put on enterprises."""

from typing import ClassVar

from django.db import models

from crm.models import Organisation
from parks.querysets import ParkQuerySet, TagQuerySet


class Park(models.Model):
    """An industrial park, run by one organisation."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="管理机构")
    name = models.CharField("名称", max_length=100)

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = "园区"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="park_name_is_unique_in_its_organisation",
                violation_error_message="本机构已有同名园区。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A label of one organisation, such as 网安."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    name = models.CharField("名称", max_length=30)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = "标签"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="tag_name_is_unique_in_its_organisation",
                violation_error_message="已有同名标签。",
            )
        ]

    def __str__(self) -> str:
        return self.name
