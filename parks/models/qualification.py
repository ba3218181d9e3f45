"""Qualifications (资质) and their catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from crm.models import Organisation
from parks.choices import QualificationLevel
from parks.models.enterprise import Enterprise
from parks.querysets import QualificationQuerySet


class QualificationKind(models.Model):
    """A kind of title, as catalogued; `valid_months` is only the usual term, each award carries its own dates."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20)
    issuer = models.CharField("授予单位", max_length=80, blank=True)
    awarded_at = models.CharField("级别", max_length=10, choices=QualificationLevel)
    valid_months = models.PositiveSmallIntegerField("通常有效月数", null=True, blank=True)
    renewal = models.CharField("到期办理", max_length=80, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0)
    is_in_use = models.BooleanField("在用", default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "资质类别"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class OfItsEnterprise(models.ForeignKey):  # type: ignore[type-arg]
    """The organisation of the row's enterprise, which never changes; taken from there when a row is first saved.

    Who writes rows past `save` and `bulk_create` sets it.
    """

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, model_instance.enterprise.organisation_id)
        return super().pre_save(model_instance, add)


class Qualification(models.Model):
    """One award to one enterprise; `valid_to` is its last day, empty when it has no fixed end."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="qualifications", verbose_name="企业")
    # Awards of one organisation are found and counted without reading the enterprises.
    organisation = OfItsEnterprise(
        Organisation, models.PROTECT, related_name="+", db_index=False, editable=False, verbose_name="所属机构"
    )
    kind = models.ForeignKey(QualificationKind, models.PROTECT, related_name="qualifications", verbose_name="资质")
    batch = models.CharField("批次", max_length=40, blank=True)
    number = models.CharField("证书编号", max_length=60, blank=True)
    rule_version = models.CharField("认定办法", max_length=60, blank=True)
    valid_from = models.DateField("有效期自")
    valid_to = models.DateField("有效期至", null=True, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = QualificationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["organisation"])

    class Meta:
        verbose_name = "资质"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["kind__position", "-valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="qualification_ends_after_it_starts",
                violation_error_message="有效期至不能早于有效期自。",
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind", "valid_from"],
                name="qualification_is_recorded_once",
                violation_error_message="该企业同一起始日期的此项资质已登记。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["valid_to"], name="qualification_by_its_end"),
            models.Index(fields=["organisation", "valid_to"], name="qualification_of_one_by_end"),
            models.Index(fields=["organisation", "kind", "valid_to"], name="qualification_of_one_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.kind}"

    def days_left(self, today: date) -> int | None:
        """Days until the last valid day; None when there is no fixed end."""
        return (self.valid_to - today).days if self.valid_to else None

    def is_valid_on(self, day: date) -> bool:
        started = self.valid_from <= day
        ended = (self.valid_to is not None and self.valid_to < day) or (
            self.withdrawn_on is not None and self.withdrawn_on <= day
        )
        return started and not ended
