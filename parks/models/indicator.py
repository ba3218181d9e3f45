"""Economic indicators as they arrive, of a month or of a year up to a month, and the months derived from the latter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from parks.choices import IndicatorKind, Reach
from parks.models.enterprise import Enterprise
from parks.querysets import IndicatorQuerySet


class Indicator(models.Model):
    """One value of one enterprise, in yuan.

    What a total adds to the one before is a row of its own with `is_derived`, written by parks.actions.indicators; it
    is of the months `first_month` to `month`, because January and February often come as one.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="indicators", verbose_name="企业")
    indicator = models.CharField("指标", max_length=20, choices=IndicatorKind)
    year = models.PositiveSmallIntegerField("年")
    first_month = models.PositiveSmallIntegerField("自月")
    month = models.PositiveSmallIntegerField("月")
    reach = models.CharField("口径", max_length=10, choices=Reach)
    value = models.DecimalField("数值（元）", max_digits=20, decimal_places=2)
    source = models.CharField("来源", max_length=60, blank=True)
    as_of = models.DateField("数据截止日")
    is_derived = models.BooleanField("由累计推出", default=False, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "经济指标"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-year", "-month", "enterprise", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "indicator", "year", "month", "reach"],
                name="indicator_is_told_once",
                violation_error_message="这家企业已有同一指标、同一月份的数值。",
            ),
            models.CheckConstraint(
                condition=Q(first_month__gte=1, month__lte=12, month__gte=F("first_month")),
                name="indicator_is_of_months_of_a_year",
                violation_error_message="月份应为 1 至 12。",
            ),
            models.CheckConstraint(
                condition=Q(reach=Reach.MONTH) | Q(first_month=1, is_derived=False),
                name="indicator_total_begins_with_the_year",
                violation_error_message="累计数从 1 月算起。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["indicator", "reach", "year", "month"], name="indicator_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.get_indicator_display()} {self.months}"

    def get_absolute_url(self) -> str:
        return reverse("parks:enterprise_detail", args=[self.enterprise_id])

    @property
    def months(self) -> str:
        """2023年3月, 2023年1—2月."""
        first = f"{self.first_month}—" if self.first_month < self.month else ""
        return f"{self.year}年{first}{self.month}月"
