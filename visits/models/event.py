"""The timeline of an appeal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from visits.choices import AppealStatus
from visits.models.appeal import Appeal
from visits.querysets import AppealEventQuerySet
from visits.workflow import BY_LINK, BY_LINK_STEP, label_of

HANDED_OVER = ("dispatch", "transfer", "return", "grant_extension")


class AppealEvent(models.Model):
    """One step on the timeline; events are only ever added, and every duration comes from them."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="events", verbose_name="诉求")
    step = models.CharField("步骤", max_length=20)
    from_status = models.CharField("原状态", max_length=20, choices=AppealStatus)
    to_status = models.CharField("新状态", max_length=20, choices=AppealStatus)
    at = models.DateTimeField("时间")
    # Nobody for one step only: the enterprise answered by link.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    note = models.TextField("说明", blank=True)
    # What the step set, for people to read later: units, dates, result.
    data = models.JSONField("内容", default=dict, blank=True)

    objects = AppealEventQuerySet.as_manager()

    class Meta:
        verbose_name = "办理过程"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(actor__isnull=False) | Q(step=BY_LINK_STEP),
                name="appeal_event_names_who_took_it_unless_the_enterprise_answered",
                violation_error_message="办理过程须有操作人。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["appeal", "at"], name="appeal_event_by_time"),
            # What figures ask of a period: who was handed an appeal, sent it back, or was given more time.
            models.Index(
                fields=["at", "appeal"], condition=Q(step__in=HANDED_OVER), name="appeal_event_of_handing_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal} {self.step}"

    @property
    def label(self) -> str:
        return label_of(self.step) if self.actor_id else "企业自填评价"

    @property
    def who(self) -> str:
        """Who took the step, in words."""
        return str(self.actor) if self.actor else BY_LINK
