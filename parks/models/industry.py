"""The national classification of economic activities, GB/T 4754-2017."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from parks.choices import IndustryLevel


class IndustryQuerySet(models.QuerySet["Industry"]):
    def in_section(self, section: str) -> IndustryQuerySet:
        """The section itself and its divisions, groups and classes."""
        return self.filter(
            Q(pk=section) | Q(parent=section) | Q(parent__parent=section) | Q(parent__parent__parent=section)
        )


class Industry(models.Model):
    """One entry; the code's length is its level (I, 65, 651, 6513)."""

    code = models.CharField("代码", max_length=4, primary_key=True)
    name = models.CharField("名称", max_length=100)
    rank = models.CharField("层级", max_length=10, choices=IndustryLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级")

    objects = IndustryQuerySet.as_manager()

    class Meta:
        verbose_name = "国民经济行业"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
