"""共性问题: what a handler decided on a matter that several enterprises raise in a month."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from crm.models import Organisation
from visits.choices import AppealCategory, MatterState
from visits.models.appeal import Appeal
from visits.querysets.matters import CommonMatterQuerySet


class CommonMatter(models.Model):
    """Listed as a 每月一题 with who sees to it, or dismissed with a reason. Which appeals belong to it, links say."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    month_starts_on = models.DateField("统计月起始日")
    category = models.CharField("类别", max_length=20, choices=AppealCategory)
    state = models.CharField("处理", max_length=20, choices=MatterState, default=MatterState.LISTED)
    title = models.CharField("题目", max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责人"
    )
    note = models.TextField("说明", blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", default=timezone.now)

    objects = CommonMatterQuerySet.as_manager()

    class Meta:
        verbose_name = "共性问题"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-month_starts_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=MatterState.LISTED, owner__isnull=False)
                | Q(state=MatterState.DISMISSED, owner__isnull=True) & ~Q(note=""),
                name="matter_has_an_owner_or_says_why_not",
                violation_error_message="本月一题须有负责人；不作为共性问题的须写明理由。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "month_starts_on"], name="matter_by_month")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("visits:matter_update", args=[self.pk])


class MatterAppeal(models.Model):
    """An appeal that was there when the decision was made; it belongs to one matter only."""

    matter = models.ForeignKey(CommonMatter, models.CASCADE, related_name="links", verbose_name="共性问题")
    appeal = models.OneToOneField(Appeal, models.CASCADE, related_name="matter_link", verbose_name="诉求")

    class Meta:
        verbose_name = "共性问题的诉求"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.matter_id} ← {self.appeal_id}"
