"""Time limits as the installation sets them: rows with a day from which they count, only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from crm.worktime import Limit, Unit
from visits.choices import AppealCategory, AppealClass, AppealSource
from visits.clock import Terms

UNITS = [(unit.value, unit.label) for unit in (Unit.HOUR, Unit.NATURAL_DAY, Unit.WORKING_DAY)]
_AT_LEAST_ONE = [MinValueValidator(1, "时限至少是 1")]


class TimeLimit(models.Model):
    """办理时限 of a kind of appeal from a day on; without an amount the kind has none of its own any more.

    An empty source, class or category means every one. Of the rows that fit an appeal the one that names most counts.
    """

    source = models.CharField("来源", max_length=20, choices=AppealSource, blank=True)
    appeal_class = models.CharField("时限类别", max_length=20, choices=AppealClass, blank=True)
    category = models.CharField("诉求类别", max_length=20, choices=AppealCategory, blank=True)
    amount = models.PositiveSmallIntegerField("办结时限", null=True, blank=True, validators=_AT_LEAST_ONE)
    unit = models.CharField("办结时限的单位", max_length=12, choices=UNITS, default=Unit.WORKING_DAY)
    contact_amount = models.PositiveSmallIntegerField("首次联系时限", null=True, blank=True, validators=_AT_LEAST_ONE)
    contact_unit = models.CharField("首次联系时限的单位", max_length=12, choices=UNITS, default=Unit.WORKING_DAY)
    valid_from = models.DateField("自何日起")
    reason = models.CharField("依据或说明", max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    at = models.DateTimeField("修改时间", auto_now_add=True)

    class Meta:
        verbose_name = "办理时限"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                # In a check NULL ≥ 1 is no objection, so that both are asked for besides.
                condition=Q(amount__isnull=False, contact_amount__isnull=False, amount__gte=1, contact_amount__gte=1)
                | Q(amount=None, contact_amount=None),
                name="time_limit_has_both_amounts_or_none",
                violation_error_message="办结和首次联系的时限要一起写，至少是 1。",
            ),
            models.CheckConstraint(
                condition=~Q(source="", appeal_class="", category="", amount=None),
                name="time_limit_of_all_appeals_cannot_end",
                violation_error_message="适用于全部诉求的时限不能取消，只能改成另一个。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} {self.close_text}"

    @property
    def kind(self) -> tuple[str, str, str]:
        """What it is about; a later row of the same kind takes its place."""
        return self.category, self.source, self.appeal_class

    @property
    def rank(self) -> tuple[int, list[bool]]:
        """Who names more comes first; of equals a category is closer than a source, a source closer than a class."""
        return -sum(map(bool, self.kind)), [not name for name in self.kind]

    @property
    def terms(self) -> Terms | None:
        if self.amount is None or self.contact_amount is None:
            return None
        return Terms(Limit(self.amount, Unit(self.unit)), Limit(self.contact_amount, Unit(self.contact_unit)))

    @property
    def kind_label(self) -> str:
        named = (self.get_source_display(), self.get_appeal_class_display(), self.get_category_display())
        return " · ".join(filter(None, map(str, named))) or "全部诉求"

    @property
    def close_text(self) -> str:
        return str(self.terms.close) if self.terms else "不再单列"

    @property
    def contact_text(self) -> str:
        return str(self.terms.contact) if self.terms else "—"
