"""Reports that are drafted by rule: what is due when, what became of each time, and who was told how."""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from crm.calendar import current
from crm.models import Organisation
from parks.models import Park
from reports.issuing.scheduling import RULES, Rule, next_slot
from reports.models.issue import ReportIssue
from reports.querysets import OfRunQuerySet, ReportNoticeQuerySet, ReportScheduleQuerySet


class ReportSchedule(models.Model):
    """Drafts with the rights of its owner, and tells people. A webhook's address and secret are settings, not rows."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="统计范围")
    kind = models.CharField("文种", max_length=30)
    rule = models.CharField("何时", max_length=20, choices=[(rule.key, rule.label) for rule in RULES.values()])
    day = models.PositiveSmallIntegerField("第几日或周几", null=True, blank=True)
    at = models.TimeField("时间", default=time(9))
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="园区")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="负责人"
    )
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="通知谁")
    by_mail = models.BooleanField("同时发邮件", default=False)
    bot = models.CharField("群机器人", max_length=40, blank=True)
    is_active = models.BooleanField("启用", default=True)
    # What fell due before is not made up for: set when it was made, changed or started again.
    starts_at = models.DateTimeField("自何时起")

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = "定期报告"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rule="month_day", day__gte=1, day__lte=31)
                | Q(rule="week", day__gte=1, day__lte=7)
                | (~Q(rule__in=("month_day", "week")) & Q(day__isnull=True)),
                name="schedule_names_a_day_if_its_rule_has_one",
                violation_error_message="每月按日的要填 1 至 31，每周的要填 1 至 7，其余不填日。",
            )
        ]

    def __str__(self) -> str:
        return self.told

    def get_absolute_url(self) -> str:
        return reverse("reports:schedule_list")

    @property
    def timing(self) -> Rule:
        return RULES[self.rule]

    @property
    def told(self) -> str:
        return self.timing.told(self.day, self.at)

    def next_due(self, now: datetime) -> datetime | None:
        return next_slot(self.timing, self.day, self.at, current(), now) if self.is_active else None


class RunState(models.TextChoices):
    MADE = "made", "已起草"
    EXISTED = "existed", "已有报告"
    FAILED = "failed", "没有生成"


class ScheduleRun(models.Model):
    """What became of one time at which a schedule fell due; made once, whoever runs it and however often."""

    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="runs", verbose_name="定期报告")
    due_at = models.DateTimeField("应生成时间")
    period_label = models.CharField("期间", max_length=60)
    state = models.CharField("结果", max_length=20, choices=RunState, default=RunState.FAILED)
    issue = models.ForeignKey(ReportIssue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报告")
    problem = models.CharField("没有生成的原因", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField("试过几次", default=0)
    tried_at = models.DateTimeField("最后一次", null=True, blank=True)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = "定期报告的一次"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-due_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="schedule_runs_once_for_a_time"),
            models.CheckConstraint(
                condition=Q(state=RunState.FAILED, issue__isnull=True)
                | (~Q(state=RunState.FAILED) & Q(issue__isnull=False)),
                name="run_has_a_report_unless_it_failed",
                violation_error_message="已起草的一次须有报告。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d}"

    @property
    def is_failed(self) -> bool:
        return self.state == RunState.FAILED


class ReportNotice(models.Model):
    """In the bell of one person: a draft waits, or could not be made."""

    run = models.ForeignKey(ScheduleRun, models.CASCADE, related_name="notices", verbose_name="哪一次")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="收件人")
    is_failure = models.BooleanField("没有生成", default=False)
    made_at = models.DateTimeField("提醒时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects = ReportNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "报告提醒"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "user", "is_failure"], name="report_notice_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.run} → {self.user}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发"
    FAILED = "failed", "没有发出"


class Delivery(models.Model):
    """A message to go out, by mail to a person or by a bot to a group; whoever claims it sends it."""

    run = models.ForeignKey(ScheduleRun, models.CASCADE, related_name="deliveries", verbose_name="哪一次")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="收件人"
    )
    bot = models.CharField("群机器人", max_length=40, blank=True)
    state = models.CharField("状态", max_length=20, choices=DeliveryState, default=DeliveryState.WAITING)
    problem = models.CharField("没有发出的原因", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField("试过几次", default=0)
    tried_at = models.DateTimeField("最后一次", null=True, blank=True)

    objects = OfRunQuerySet.as_manager()

    class Meta:
        verbose_name = "报告通知"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "user"], condition=Q(bot=""), name="mail_of_a_run_goes_to_one_once"),
            models.UniqueConstraint(fields=["run", "bot"], condition=~Q(bot=""), name="bot_tells_of_a_run_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, bot="") | Q(user__isnull=True, bot__gt=""),
                name="delivery_is_to_a_person_or_by_a_bot",
                violation_error_message="通知要么给一个人，要么由群机器人发。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} → {self.bot or self.user}"
