"""Who looks after an enterprise, and on which “服务包” list it stands; both from a day to a day,
because monthly figures ask who was on the list in that month."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from parks.choices import StewardRole, Tier
from parks.models.enterprise import Enterprise
from parks.querysets import ServiceTierQuerySet, StewardshipQuerySet


class Stewardship(models.Model):
    """A steward of an enterprise from `starts_on` until before `ends_on`."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="stewardships", verbose_name="企业")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stewardships", verbose_name="服务管家"
    )
    role = models.CharField("管家类别", max_length=20, choices=StewardRole, default=StewardRole.LOCAL)
    is_primary = models.BooleanField("主管家", default=True)
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)

    objects = StewardshipQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.CharField(max_length=100, null=True))

    class Meta:
        verbose_name = "管家关系"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-is_primary", "-starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="stewardship_ends_after_it_starts",
                violation_error_message="结束日期须晚于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(is_primary=True, ends_on__isnull=True),
                name="enterprise_has_one_primary_steward",
                violation_error_message="该企业已有主管家。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.user}"


class ServiceTier(models.Model):
    """An enterprise on a “服务包” list from `starts_on` until before `ends_on`; one tier at a time."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="service_tiers", verbose_name="企业")
    tier = models.CharField("服务包级别", max_length=20, choices=Tier)
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)

    objects = ServiceTierQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.CharField(max_length=100, null=True))

    class Meta:
        verbose_name = "服务包级别"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="service_tier_ends_after_it_starts",
                violation_error_message="结束日期须晚于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(ends_on__isnull=True),
                name="enterprise_is_in_one_open_tier",
                violation_error_message="该企业已在一级服务包名单中。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_tier_display()}"
