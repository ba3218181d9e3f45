"""What is asked on a visit, and what each enterprise answered."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import ClassVar, TypeAlias
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from crm.models import Organisation
from visits.choices import LEASE_DAYS, AnswerType, FlagKind, VisitKind
from visits.models.visit import VisitEnterprise
from visits.querysets import QuestionQuerySet, VisitAnswerQuerySet

Answer: TypeAlias = str | Decimal | date | bool | None


class Question(models.Model):
    """A question of an organisation's visits of one kind; without an organisation, of all that have none of their own.

    Once answered its meaning stays: a change makes a new version of the same lineage (visits.actions.questions).
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="所属机构"
    )
    kind = models.CharField("走访形式", max_length=20, choices=VisitKind, default=VisitKind.VISIT)
    lineage = models.UUIDField("版本系列", default=uuid4, editable=False)
    text = models.CharField("问题", max_length=200)
    answer_type = models.CharField("答案类型", max_length=20, choices=AnswerType, default=AnswerType.CHOICE)
    choices = models.TextField("选项", blank=True, help_text="一行一个，选择题填写。")
    is_required = models.BooleanField("必答", default=False)
    position = models.PositiveSmallIntegerField("顺序", default=10)
    flag = models.CharField("触发预警", max_length=20, choices=FlagKind, blank=True)
    flag_when = models.CharField(
        "触发条件", max_length=200, blank=True,
        help_text="选择题写触发的选项，用“、”隔开；日期题写提前多少天；数字题写不大于多少。是否题答“是”、文字题有内容即触发。",
    )  # fmt: skip
    valid_from = models.DateField("启用日期", default=timezone.localdate)
    valid_to = models.DateField("停用日期", null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "走访问题"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["kind", "position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="question_ends_after_it_begins",
                violation_error_message="停用日期不能早于启用日期。",
            ),
            models.CheckConstraint(
                condition=(Q(answer_type=AnswerType.CHOICE) & ~Q(choices=""))
                | (~Q(answer_type=AnswerType.CHOICE) & Q(choices="")),
                name="choices_belong_to_a_question_of_choice",
                violation_error_message="选择题要写选项，其他题不要写选项。",
            ),
            models.UniqueConstraint(
                fields=["lineage"], condition=Q(valid_to__isnull=True), name="one_version_of_a_question_is_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "kind"], name="question_by_organisation")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("visits:question_update", args=[self.pk])

    @property
    def asked(self) -> str:
        """Before a colon."""
        return self.text.rstrip("？?")

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    @property
    def warning_options(self) -> list[str]:
        return [part for part in re.split(r"[、,，;；\n]+\s*", self.flag_when.strip()) if part]

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def warns(self, answer: Answer, day: date) -> bool:
        """Whether the answer given on a day is a red flag."""
        if not self.flag or answer is None or answer == "":
            return False
        if isinstance(answer, bool) or self.answer_type == AnswerType.TEXT:
            return bool(answer)
        if isinstance(answer, date):
            return (answer - day).days <= int(self.flag_when or LEASE_DAYS)
        if isinstance(answer, Decimal):
            return answer <= Decimal(self.flag_when or 0)
        return answer in self.warning_options


class VisitAnswer(models.Model):
    """What an enterprise answered on a visit, in the column of its type."""

    pair = models.ForeignKey(VisitEnterprise, models.CASCADE, related_name="answers", verbose_name="走访企业")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name="问题")
    text = models.CharField("文字", max_length=1000, blank=True)
    number = models.DecimalField("数字", max_digits=18, decimal_places=4, null=True, blank=True)
    day = models.DateField("日期", null=True, blank=True)
    is_yes = models.BooleanField("是", null=True, blank=True)

    objects = VisitAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "走访答案"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["question__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pair", "question"], name="an_enterprise_answers_once_on_a_visit"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(number__isnull=False) | Q(day__isnull=False) | Q(is_yes__isnull=False),
                name="an_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question.asked}：{self.shown}"

    @property
    def value(self) -> Answer:
        return {
            AnswerType.NUMBER.value: self.number,
            AnswerType.DATE.value: self.day,
            AnswerType.YES_NO.value: self.is_yes,
        }.get(self.question.answer_type, self.text)

    @property
    def shown(self) -> str:
        return shown(self.value)


def shown(answer: Answer) -> str:
    """As people read it."""
    if isinstance(answer, bool):
        return "是" if answer else "否"
    return f"{answer.normalize():f}" if isinstance(answer, Decimal) else str(answer or "")
