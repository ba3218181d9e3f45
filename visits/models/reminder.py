"""What people are reminded of: a reason once, a notice for each person, a digest a day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from visits.choices import ReminderKind
from visits.models.appeal import Appeal
from visits.models.event import AppealEvent
from visits.querysets import NoticeQuerySet


class Reminder(models.Model):
    """A reason to remind of an appeal: a rung of the ladder, once a round; or somebody pressed for it."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="reminders", verbose_name="诉求")
    round = models.PositiveSmallIntegerField("第几轮办理")
    kind = models.CharField("原因", max_length=20, choices=ReminderKind)
    event = models.OneToOneField(
        AppealEvent, models.CASCADE, null=True, blank=True, related_name="reminder", verbose_name="催办或督办"
    )
    made_at = models.DateTimeField("提醒时间")

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appeal", "round", "kind"], condition=Q(event__isnull=True), name="rung_is_reached_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.get_kind_display()}"


class Digest(models.Model):
    """What one person is told on one day, all of it at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests", verbose_name="收件人")
    day = models.DateField("日期")
    made_at = models.DateTimeField("汇总时间")

    class Meta:
        verbose_name = "每日提醒"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "day"], name="digest_is_one_a_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.day:%Y-%m-%d}"


class Notice(models.Model):
    """A reminder for one person; it waits until the digest of a day takes it."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="notices", verbose_name="提醒")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="收件人")
    digest = models.ForeignKey(
        Digest, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name="每日提醒"
    )
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒通知"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [models.UniqueConstraint(fields=["reminder", "user"], name="notice_is_sent_once")]
        indexes: ClassVar = [models.Index(fields=["user", "read_at"], name="notice_of_a_person")]

    def __str__(self) -> str:
        return f"{self.reminder} → {self.user}"
