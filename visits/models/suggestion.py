"""建议: what an enterprise proposes, apart from what it needs; it has no clock."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from crm.models import Organisation
from parks.models import Enterprise
from visits.choices import AppealCategory, SuggestionStatus
from visits.models.visit import Visit
from visits.querysets import SuggestionQuerySet


class Suggestion(models.Model):
    """A proposal heard on a visit, of an enterprise or of nobody in particular (四下基层调研)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    # Made by the form before it is sent, so that a double press or a retry is recognised.
    client_id = models.UUIDField("客户端编号", default=uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="suggestions", verbose_name="走访")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="suggestions", verbose_name="企业"
    )
    content = models.TextField("建议内容", max_length=2000)
    category = models.CharField("类别", max_length=20, choices=AppealCategory, default=AppealCategory.OTHER)
    status = models.CharField("状态", max_length=20, choices=SuggestionStatus, default=SuggestionStatus.PENDING)
    reply = models.TextField("答复", max_length=2000, blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name="答复人",
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="记录人"
    )
    created_at = models.DateTimeField("提出时间", default=timezone.now, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "建议"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="suggestion_is_sent_once"),
            models.CheckConstraint(
                condition=Q(status=SuggestionStatus.PENDING, replied_at__isnull=True, replied_by__isnull=True, reply="")
                | (
                    ~Q(status=SuggestionStatus.PENDING)
                    & Q(replied_at__isnull=False, replied_by__isnull=False)
                    & ~Q(reply="")
                ),
                name="who_decided_on_a_suggestion_replied",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "created_at"], name="suggestion_by_time")]

    def __str__(self) -> str:
        return self.content[:40]

    def get_absolute_url(self) -> str:
        return reverse("visits:suggestion_reply", args=[self.pk])
