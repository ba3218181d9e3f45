"""What hangs on an appeal while it is handled: the joint units' own parts, requests to be decided, files."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from crm.models import Organisation, User
from crm.worktime import Limit, Unit
from visits.choices import JointStatus, RequestKind
from visits.models.appeal import Appeal
from visits.models.event import AppealEvent
from visits.querysets import AppealFileQuerySet, AppealRequestQuerySet, JointUnitQuerySet


class JointUnit(models.Model):
    """联办: a unit that helps the lead unit, and how far it has come with its own part."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="joint_rows", verbose_name="诉求")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="联办单位")
    status = models.CharField("状态", max_length=20, choices=JointStatus, default=JointStatus.WAITING)
    # What a whistle asked it to come for; empty when it was named with the dispatch.
    asked_for = models.TextField("请来做什么", blank=True)
    # Earlier than the appeal's own limit; without it the appeal's holds, and moves with it.
    due_at = models.DateTimeField("反馈时限", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    answered_at = models.DateTimeField("反馈时间", null=True, blank=True)
    answer = models.TextField("反馈内容", blank=True)

    objects = JointUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "联办单位"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appeal", "unit"], name="joint_unit_is_named_once"),
            models.CheckConstraint(
                condition=Q(status=JointStatus.ANSWERED, answered_at__isnull=False)
                | (~Q(status=JointStatus.ANSWERED) & Q(answered_at__isnull=True)),
                name="joint_unit_has_answered_if_and_only_if_it_says_when",
                violation_error_message="已反馈的联办单位须有反馈时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.unit}"

    def is_of(self, user: User) -> bool:
        """Whether the user works in this unit (the same rule as JointUnitQuerySet.of_people)."""
        own = user.organisation
        return own is not None and (
            own.institution_path == self.unit.institution_path and own.path.startswith(self.unit.path)
        )

    @property
    def is_open(self) -> bool:
        return self.status != JointStatus.ANSWERED

    @property
    def limit(self) -> datetime | None:
        """Its own deadline, or the appeal's."""
        return self.due_at or self.appeal.due_at


class AppealRequest(models.Model):
    """What a lead unit asked for (延期、挂账、剔除) and another person granted or denied."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="requests", verbose_name="诉求")
    kind = models.CharField("申请事项", max_length=20, choices=RequestKind)
    round = models.PositiveSmallIntegerField("第几轮办理")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    reason = models.TextField("申请理由")
    # How much longer an extension asks for, counted like the limit itself.
    amount = models.PositiveSmallIntegerField("延长", null=True, blank=True)
    unit = models.CharField("单位", max_length=20, choices=Unit, blank=True)
    until = models.DateField("复核日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    is_granted = models.BooleanField("是否同意", null=True, blank=True)
    note = models.TextField("审批意见", blank=True)

    objects = AppealRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "诉求申请"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appeal", "kind"],
                condition=Q(decided_at__isnull=True),
                name="appeal_has_one_open_request_of_a_kind",
                violation_error_message="同一事项已有申请等待审批。",
            ),
            models.UniqueConstraint(
                fields=["appeal", "round"],
                condition=Q(kind=RequestKind.EXTENSION, is_granted=True),
                name="appeal_is_extended_once_in_a_round",
                violation_error_message="每轮办理只能延期一次。",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.EXTENSION, amount__gt=0) & ~Q(unit="")
                | ~Q(kind=RequestKind.EXTENSION) & Q(amount__isnull=True, unit=""),
                name="extension_says_how_much_longer",
                violation_error_message="延期申请须写明延长多少。",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False),
                name="request_is_decided_by_someone_at_some_time",
                violation_error_message="审批须有审批人、时间和结果。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.get_kind_display()}申请"

    @property
    def more_time(self) -> Limit | None:
        return Limit(self.amount, Unit(self.unit)) if self.amount else None

    @property
    def is_pending(self) -> bool:
        return self.decided_at is None


class AppealFile(models.Model):
    """Evidence that came with a step; served only through a page that asks who is reading."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="files", verbose_name="诉求")
    event = models.ForeignKey(AppealEvent, models.CASCADE, related_name="files", verbose_name="办理过程")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    file = models.FileField("文件", upload_to="appeals/%Y/%m")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = AppealFileQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("visits:appeal_file", args=[self.pk])
