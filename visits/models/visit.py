"""The visit, the enterprises it was paid to, and its photos."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from crm.models import Organisation, User
from crm.models.bin import Binnable
from crm.search import SearchText
from parks.choices import Tier
from parks.models import Enterprise, Park
from visits.choices import VisitKind, VisitStatus
from visits.querysets import PhotoQuerySet, VisitEnterpriseQuerySet, VisitQuerySet


class Visit(Binnable):
    """One occasion on which staff met one or several enterprises (none for 四下基层调研 in a village)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    # Made by the form before it is sent, so that a double press or a retry is recognised.
    client_id = models.UUIDField("客户端编号", default=uuid4, editable=False)
    kind = models.CharField("形式", max_length=20, choices=VisitKind, default=VisitKind.VISIT)
    status = models.CharField("状态", max_length=20, choices=VisitStatus, default=VisitStatus.DONE)
    # Empty on those cancelled before a reason was asked for.
    cancel_reason = models.CharField("取消原因", max_length=300, blank=True)
    started_at = models.DateTimeField("时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    topic = models.CharField("主题", max_length=200)
    summary = models.TextField("谈了什么", blank=True)
    next_visit_on = models.DateField("下次走访", null=True, blank=True)
    enterprises = models.ManyToManyField(
        Enterprise, through="VisitEnterprise", related_name="visits", verbose_name="企业"
    )
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="visits", verbose_name="参加人员")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="记录人"
    )
    # Not auto_now_add: imports and the demo record what happened earlier.
    created_at = models.DateTimeField("记录时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # Goes up by one with every change; a form that saw an older one must look again.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    # Set by every writer through visits.search.
    search_text = SearchText("检索字段")

    objects = VisitQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-started_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["created_by", "client_id"], name="visit_is_sent_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_it_starts",
                violation_error_message="结束时间不能早于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(cancel_reason="") | Q(status=VisitStatus.CANCELLED),
                name="only_a_cancelled_visit_has_a_reason_for_it",
                violation_error_message="只有取消的走访才有取消原因。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "started_at"], name="visit_by_time"),
            # The order of lists and of what a search finds.
            models.Index(fields=["started_at", "id"], name="visit_in_time_order"),
            # Whether a row hangs on something deleted is asked of the few that are.
            models.Index(fields=["id"], condition=Q(deleted_at__isnull=False), name="visit_in_bin"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("visits:visit_detail", args=[self.pk])

    def may_be_changed_by(self, user: User) -> bool:
        """By who wrote it or took part, and by whoever may correct every visit."""
        if user.has_perm("visits.change_any_visit"):
            return True
        return user.has_perm("visits.change_visit") and (
            self.created_by_id == user.pk or self.staff.filter(pk=user.pk).exists()
        )


class VisitEnterprise(models.Model):
    """One 家次: a visit × an enterprise, with who came and how the enterprise stood on the day."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="pairs", verbose_name="走访")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visit_pairs", verbose_name="企业")
    # Invited to a 座谈会 and absent: kept, but no 家次.
    has_attended = models.BooleanField("到场", default=True)
    attendees = models.CharField("企业参加人", max_length=300, blank=True)
    note = models.TextField("本企业情况", max_length=2000, blank=True)
    # Copied by visits.standing at the time of the visit: later moves must not change history.
    park = models.ForeignKey(Park, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当时园区")
    tier = models.CharField("当时服务包级别", max_length=20, choices=Tier, blank=True)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当时管家"
    )
    team = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当时管家单位"
    )
    # Copied from the visit by the database (visits.copies); `met_at` is empty where the enterprise was not met.
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name="所属机构",
    )
    kind = models.CharField("形式", max_length=20, choices=VisitKind, blank=True, editable=False)
    met_at = models.DateTimeField("走访时间", null=True, editable=False)
    COPIED_BY_DATABASE: ClassVar = frozenset({"organisation", "kind", "met_at"})

    objects = VisitEnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "走访企业"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-visit__started_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "enterprise"], name="enterprise_is_counted_once_in_a_visit")
        ]
        indexes: ClassVar = [
            # 家次 of any period, counted without reading a row.
            models.Index(
                fields=["organisation", "met_at", "enterprise", "kind", "visit"],
                condition=Q(met_at__isnull=False),
                name="pair_met_by_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.enterprise}"


class Photo(models.Model):
    """A photo taken on a visit, stored without its EXIF data."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos", verbose_name="走访")
    image = models.ImageField("照片", upload_to="visits/%Y/%m")
    thumbnail = models.ImageField("缩略图", upload_to="visits/%Y/%m")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "照片"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"照片 {self.pk}"
