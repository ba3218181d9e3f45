"""Two appeals that look like one and are not."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from visits.models.appeal import Appeal


class AppealsApart(models.Model):
    """“不是重复”: said of two appeals; the pair is kept in the order of its keys."""

    first = models.ForeignKey(Appeal, models.CASCADE, related_name="+", verbose_name="诉求")
    second = models.ForeignKey(Appeal, models.CASCADE, related_name="+", verbose_name="另一件诉求")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="判断人")
    decided_at = models.DateTimeField("判断时间", auto_now_add=True)

    class Meta:
        verbose_name = "不是重复的诉求"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="appeals_are_kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="appeals_apart_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
