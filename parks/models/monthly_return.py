"""What one enterprise's month came to as a list or a person told it; what is counted follows from it (Indicator)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from parks.choices import IndicatorKind, Reach
from parks.models.enterprise import Enterprise
from parks.querysets import MonthlyReturnQuerySet


class MonthlyReturn(models.Model):
    """In yuan; `…_month` is the month's own, `…_total` the year's up to and with it. What nobody told is None."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="returns", verbose_name="企业")
    year = models.PositiveSmallIntegerField("年")
    month = models.PositiveSmallIntegerField("月")
    output_month = models.DecimalField("工业总产值当月", max_digits=20, decimal_places=2, null=True, blank=True)
    output_total = models.DecimalField("工业总产值累计", max_digits=20, decimal_places=2, null=True, blank=True)
    revenue_month = models.DecimalField("营业收入当月", max_digits=20, decimal_places=2, null=True, blank=True)
    revenue_total = models.DecimalField("营业收入累计", max_digits=20, decimal_places=2, null=True, blank=True)
    profit_month = models.DecimalField("利润总额当月", max_digits=20, decimal_places=2, null=True, blank=True)
    profit_total = models.DecimalField("利润总额累计", max_digits=20, decimal_places=2, null=True, blank=True)
    tax_month = models.DecimalField("税收当月", max_digits=20, decimal_places=2, null=True, blank=True)
    tax_total = models.DecimalField("税收累计", max_digits=20, decimal_places=2, null=True, blank=True)
    district_month = models.DecimalField("区级财力当月", max_digits=20, decimal_places=2, null=True, blank=True)
    district_total = models.DecimalField("区级财力累计", max_digits=20, decimal_places=2, null=True, blank=True)
    research_month = models.DecimalField("研发费用当月", max_digits=20, decimal_places=2, null=True, blank=True)
    research_total = models.DecimalField("研发费用累计", max_digits=20, decimal_places=2, null=True, blank=True)
    investment_month = models.DecimalField("固定资产投资当月", max_digits=20, decimal_places=2, null=True, blank=True)
    investment_total = models.DecimalField("固定资产投资累计", max_digits=20, decimal_places=2, null=True, blank=True)
    as_of = models.DateField("数据截止日")
    source = models.CharField("来源", max_length=60, blank=True)

    objects = MonthlyReturnQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "经济指标月报"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-year", "-month", "enterprise"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise", "year", "month"],
                name="a_month_is_returned_once",
                violation_error_message="这家企业这个月的指标已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="return_is_of_a_month_of_the_year",
                violation_error_message="月份应为 1 至 12。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("parks:return_update", args=[self.pk])

    @property
    def period(self) -> str:
        return f"{self.year}年{self.month}月"

    def told(self, kind: str, reach: str) -> Decimal | None:
        amount: Decimal | None = getattr(self, amount_name(kind, reach))
        return amount


def amount_name(kind: str, reach: str) -> str:
    return f"{kind}_{reach}"


# Every amount: (indicator, reach, field).
AMOUNTS = tuple(
    (kind.value, reach.value, amount_name(kind.value, reach.value)) for kind in IndicatorKind for reach in Reach
)
AMOUNT_NAMES = tuple(name for _, _, name in AMOUNTS)
