"""Working hours of the week and the dates that differ from it: holidays, make-up days, hours of their own."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from crm.worktime import FIRST, LAST, parse_hours

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def check_hours(text: str) -> None:
    """A validator: hours as ``crm.worktime.parse_hours`` reads them."""
    try:
        parse_hours(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class DayKind(models.TextChoices):
    OFF = "off", "休"
    WORK = "work", "班"
    OWN = "own", "自定时段"


class WeekdayHours(models.Model):
    """When one weekday is worked; no hours mean that it is free."""

    weekday = models.PositiveSmallIntegerField("星期", primary_key=True, choices=list(enumerate(WEEKDAYS)))
    hours = models.CharField("时段", max_length=60, blank=True, validators=[check_hours])

    class Meta:
        verbose_name = "每周工作时间"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["weekday"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hours or '休息'}"


class CalendarDay(models.Model):
    """A date that differs from its weekday. A 班 has the hours of an ordinary working day."""

    date = models.DateField(
        "日期",
        primary_key=True,
        validators=[
            MinValueValidator(FIRST, "日期不能早于 2000 年"),
            MaxValueValidator(LAST, "日期不能晚于 2099 年"),
        ],
    )
    kind = models.CharField("安排", max_length=4, choices=DayKind)
    hours = models.CharField("时段", max_length=60, blank=True, validators=[check_hours])
    name = models.CharField("说明", max_length=40, blank=True)

    class Meta:
        verbose_name = "放假与调休"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind=DayKind.OWN, hours__gt="") | (~models.Q(kind=DayKind.OWN) & models.Q(hours="")),
                name="calendar_day_has_hours_of_its_own_or_none",
                violation_error_message="自定时段要写明时段；休和班不写时段。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.get_kind_display()} {self.hours or self.name}".rstrip()


class CalendarEdit(models.Model):
    """One change of the calendar: who changed what. The last one says which calendar is in force."""

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    summary = models.CharField("内容", max_length=300)

    class Meta:
        verbose_name = "日历变更"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.summary
