"""How units are scored from a day on, and the official results that the city or district published."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from crm.models import Organisation
from reports.evaluation.choices import Area, ItemKind
from reports.evaluation.querysets import ResultQuerySet, SchemeQuerySet

_POSITIVE = [MinValueValidator(Decimal("0.01"), "须大于 0")]


class ScoreScheme(models.Model):
    """考评方案 of an institution from a day on; only ever added, so that a past month keeps its own."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="机构")
    name = models.CharField("名称", max_length=60)
    valid_from = models.DateField("自何日起")
    note = models.CharField("依据或说明", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = "考评方案"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-valid_from", "-pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "valid_from"], name="scheme_in_force")]

    def __str__(self) -> str:
        return self.name


class ScoreItem(models.Model):
    """What a scheme counts. A share is entered in percent; of a number of rows the target is that number."""

    scheme = models.ForeignKey(ScoreScheme, models.CASCADE, related_name="items", verbose_name="考评方案")
    position = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("怎么计", max_length=10, choices=ItemKind)
    metric = models.CharField("指标", max_length=60)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2, validators=_POSITIVE)
    target = models.DecimalField("目标值", max_digits=12, decimal_places=2, null=True, blank=True, validators=_POSITIVE)
    most = models.DecimalField("最多", max_digits=6, decimal_places=2, null=True, blank=True, validators=_POSITIVE)

    class Meta:
        verbose_name = "考评项目"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "kind", "metric"],
                name="a_scheme_counts_a_metric_once_in_a_way",
                violation_error_message="同一指标在同一方案里只能以一种方式计一次。",
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0), name="item_is_worth_something", violation_error_message="分值须大于 0。"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ItemKind.WEIGHT) | Q(target__gt=0),
                name="weighted_item_has_a_target",
                violation_error_message="计分项须有大于 0 的目标值。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.metric}"


class OfficialResult(models.Model):
    """What the city or district published of an institution's work in a month."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="被考评单位")
    month = models.DateField("月份")
    area = models.CharField("范围", max_length=10, choices=Area)
    rank = models.PositiveSmallIntegerField("名次", validators=[MinValueValidator(1, "名次从 1 起。")])
    out_of = models.PositiveSmallIntegerField("参评单位数", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True, blank=True)
    source = models.CharField("出处", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = ResultQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "官方考评结果"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-month", "area"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "month", "area"],
                name="one_official_result_per_month_and_area",
                violation_error_message="这个单位这个月的结果已经登记过了。",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & (Q(out_of=None) | Q(out_of__gte=F("rank"))),
                name="rank_is_within_those_ranked",
                violation_error_message="名次不能大于参评单位数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_area_display()}第{self.rank}"

    @property
    def rank_text(self) -> str:
        return f"第 {self.rank}" + (f" / {self.out_of}" if self.out_of else "")
