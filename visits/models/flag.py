"""Red flags: what a visit warns of, until someone has seen to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from parks.models import Enterprise
from visits.choices import FlagKind, FlagLevel
from visits.models.visit import Visit
from visits.querysets import WarningFlagQuerySet


class WarningFlag(models.Model):
    """One thing to watch at an enterprise. Found again while open it is confirmed, not doubled."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="flags", verbose_name="企业")
    visits = models.ManyToManyField(Visit, related_name="flags", verbose_name="走访")
    kind = models.CharField("预警", max_length=20, choices=FlagKind)
    level = models.CharField("级别", max_length=10, choices=FlagLevel)
    detail = models.CharField("说明", max_length=500, blank=True)
    raised_at = models.DateTimeField("发现时间", default=timezone.now)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="发现人"
    )
    confirmed_at = models.DateTimeField("最近发现", default=timezone.now)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name="处理人",
    )  # fmt: skip
    handled_note = models.CharField("处理情况", max_length=500, blank=True)

    objects = WarningFlagQuerySet.as_manager()

    class Meta:
        verbose_name = "预警"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-confirmed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=Q(handled_at__isnull=True),
                name="a_flag_is_open_once",
                violation_error_message="这家企业已有一条未处理的同类预警。",
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True, handled_note="")
                | (Q(handled_at__isnull=False, handled_by__isnull=False) & ~Q(handled_note="")),
                name="who_handled_a_flag_says_how",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["handled_at", "confirmed_at"], name="flag_open_by_time")]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_kind_display()}"
