"""What an edit of the working calendar did to the due times of open appeals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from crm.models import CalendarEdit
from visits.models.appeal import Appeal


class CalendarFollowed(models.Model):
    """An edit after which all open appeals have been reckoned anew."""

    edit = models.OneToOneField(CalendarEdit, models.CASCADE, primary_key=True, related_name="+")
    # A later edit that was there already: what both moved is told with that one.
    told_with = models.ForeignKey(CalendarEdit, models.CASCADE, null=True, related_name="+", verbose_name="随后的变更")
    at = models.DateTimeField("完成时间", auto_now_add=True)

    class Meta:
        verbose_name = "日历变更后的重算"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.edit}"


class DueMove(models.Model):
    """An open appeal whose limits an edit of the calendar moved; seen by who sees the appeal."""

    edit = models.ForeignKey(CalendarEdit, models.CASCADE, related_name="+", verbose_name="日历变更")
    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="due_moves", verbose_name="诉求")
    old_due_at = models.DateTimeField("原办理时限", null=True)
    new_due_at = models.DateTimeField("新办理时限", null=True)
    old_contact_due_at = models.DateTimeField("原首次联系时限", null=True)
    new_contact_due_at = models.DateTimeField("新首次联系时限", null=True)

    class Meta:
        verbose_name = "时限变动"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["edit", "new_due_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edit", "appeal"], name="due_move_is_told_once")]

    def __str__(self) -> str:
        return f"{self.appeal} {self.old_due_at} → {self.new_due_at}"
