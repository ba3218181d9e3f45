"""What people decided about two records of the register: not the same, or the same and merged."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crm.models import Organisation
from parks.models.enterprise import Enterprise


class SharedValue(models.Model):
    """A name or telephone that several living enterprises of one register carry, and how many do."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    field = models.CharField("栏目", max_length=20)
    value = models.CharField("内容", max_length=200)
    held = models.PositiveIntegerField("企业数")

    class Meta:
        verbose_name = "相同内容"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "field", "value"], name="shared_value_is_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.value} × {self.held}"


class Uncompared(models.Model):
    """An enterprise written since shared values were last counted; no reference, which would be checked row by row."""

    enterprise = models.BigIntegerField("企业")

    class Meta:
        verbose_name = "待比对企业"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return str(self.enterprise)


class NotDuplicate(models.Model):
    """“不是重复”: two enterprises that look alike and are not; the pair is kept in the order of its keys."""

    first = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name="企业")
    second = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name="另一家企业")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="判断人")
    decided_at = models.DateTimeField("判断时间", auto_now_add=True)

    class Meta:
        verbose_name = "不是重复"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_is_judged_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_is_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


class MergeRecord(models.Model):
    """One merge: everything that it moved and overwrote, so that it can be undone."""

    survivor = models.ForeignKey(Enterprise, models.PROTECT, related_name="merges", verbose_name="保留的企业")
    source = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name="并入的企业")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="合并人")
    merged_at = models.DateTimeField("合并时间", auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    # Field of the survivor → its values before and after, as written by the model's own serialisation.
    fields = models.JSONField("改动的栏目", default=dict)
    # Relation → {key of the row: {field: value before}}; every row listed pointed at the source.
    moved = models.JSONField("移动的记录", default=dict)
    # Relation → keys of rows made for the survivor (former names and codes).
    added = models.JSONField("新增的记录", default=dict)

    class Meta:
        verbose_name = "合并记录"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at__isnull=True), name="source_is_merged_into_one_record"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("source")), name="merge_is_of_two_records"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.survivor_id}"
