"""The appeal; its timeline is in event.py, what the enterprise said when called back in call_back.py.

Status and times are set by visits.actions only, along the table in visits.workflow.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from crm.models import Organisation
from crm.models.bin import Binnable
from crm.search import SearchText
from parks.models import Contact, Enterprise
from visits.choices import (
    AppealCategory,
    AppealClass,
    AppealSource,
    AppealStatus,
    Result,
    Urgency,
)
from visits.deadlines import DueState, due_state
from visits.models.visit import Visit
from visits.querysets import DUE_ORDER, NOT_COUNTED, OPEN, AppealQuerySet

_OPEN = Q(status__in=OPEN, deleted_at__isnull=True)


class Appeal(Binnable):
    """诉求: what an enterprise asks for, from receipt to a result it confirmed."""

    # References without an index of their own are found by one that begins with them; every step writes all indexes.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="所属机构"
    )
    number = models.CharField("编号", max_length=20)
    client_id = models.UUIDField("客户端编号", default=uuid4, editable=False)
    source = models.CharField("来源", max_length=20, choices=AppealSource, default=AppealSource.VISIT)
    visit = models.ForeignKey(
        Visit, models.SET_NULL, null=True, blank=True, db_index=False, related_name="appeals", verbose_name="来自走访"
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="appeals", verbose_name="企业")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+", verbose_name="联系人"
    )
    content = models.TextField("诉求内容")
    category = models.CharField("类别", max_length=20, choices=AppealCategory, default=AppealCategory.OTHER)
    appeal_class = models.CharField("时限类别", max_length=20, choices=AppealClass, default=AppealClass.COORDINATE)
    urgency = models.CharField("紧急程度", max_length=20, choices=Urgency, default=Urgency.NORMAL)

    status = models.CharField("状态", max_length=20, choices=AppealStatus, default=AppealStatus.DRAFT, editable=False)
    lead_unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="领办单位"
    )
    joint_units = models.ManyToManyField(
        Organisation, through="JointUnit", related_name="+", blank=True, verbose_name="联办单位"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, db_index=False, related_name="duplicates", verbose_name="合并到"
    )
    result = models.CharField("办理结果", max_length=20, choices=Result, blank=True)
    result_text = models.TextField("答复内容", blank=True)
    round = models.PositiveSmallIntegerField("第几轮办理", default=1, editable=False)

    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    dispatched_at = models.DateTimeField("派单时间", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    contact_due_at = models.DateTimeField("首次联系时限", null=True, blank=True)
    first_contact_at = models.DateTimeField("首次联系时间", null=True, blank=True)
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    # The earliest thing the lead still owes (visits.clock); empty while the clock stands still or has ended.
    next_due_at = models.DateTimeField("最近时限", null=True, blank=True, editable=False)
    paused_at = models.DateTimeField("挂起时间", null=True, blank=True)
    paused_until = models.DateField("挂起至", null=True, blank=True)
    shelved_at = models.DateTimeField("挂账时间", null=True, blank=True)
    review_on = models.DateField("挂账复核日期", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # Of the first closing, where the last one is not what counts; and working time (visits.worked) up to each.
    first_closed_at = models.DateTimeField("首次办结时间", null=True, blank=True, editable=False)
    worked_minutes = models.PositiveIntegerField("办理工作分钟", null=True, blank=True, editable=False)
    first_worked_minutes = models.PositiveIntegerField("首次办理工作分钟", null=True, blank=True, editable=False)
    # 无效回访: set by the attempt that made it so, cleared by an answer or a new round.
    out_of_reach_at = models.DateTimeField("无效回访时间", null=True, blank=True, editable=False)
    supervised_at = models.DateTimeField("督办时间", null=True, blank=True)
    excluded_at = models.DateTimeField("剔除时间", null=True, blank=True)
    excluded_reason = models.TextField("剔除理由", blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        related_name="+",
        editable=False,
        verbose_name="登记人",
    )
    # Not auto_now_add: imports and the demo record what happened earlier.
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # Set by every writer through visits.search.
    search_text = SearchText("检索字段")

    objects = AppealQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["search_text", "next_due_at", "first_closed_at", "worked_minutes", "first_worked_minutes"]
    )

    class Meta:
        verbose_name = "诉求"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="appeal_number_is_unique"),
            models.UniqueConstraint(fields=["created_by", "client_id"], name="appeal_is_sent_once"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(accepted_at__isnull=False, due_at__gte=F("accepted_at")),
                name="appeal_is_due_after_it_was_accepted",
                violation_error_message="办理时限不能早于受理时间。",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(accepted_at__isnull=False, closed_at__gte=F("accepted_at")),
                name="appeal_closes_after_it_was_accepted",
                violation_error_message="办结时间不能早于受理时间。",
            ),
            models.CheckConstraint(
                condition=Q(status=AppealStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=AppealStatus.MERGED) & Q(merged_into__isnull=True)),
                name="appeal_is_merged_if_and_only_if_it_says_into_which",
                violation_error_message="合并的诉求须指明合并到哪一件。",
            ),
            models.CheckConstraint(
                condition=Q(status=AppealStatus.PAUSED, paused_at__isnull=False)
                | (~Q(status=AppealStatus.PAUSED) & Q(paused_at__isnull=True)),
                name="appeal_is_paused_if_and_only_if_it_says_since_when",
                violation_error_message="挂起的诉求须有挂起时间。",
            ),
            models.CheckConstraint(
                condition=Q(status=AppealStatus.SHELVED, shelved_at__isnull=False, review_on__isnull=False)
                | (~Q(status=AppealStatus.SHELVED) & Q(shelved_at__isnull=True, review_on__isnull=True)),
                name="appeal_is_shelved_if_and_only_if_it_says_until_which_review",
                violation_error_message="挂账的诉求须有挂账时间和复核日期。",
            ),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_reason="")
                | (Q(excluded_at__isnull=False) & ~Q(excluded_reason="")),
                name="appeal_is_excluded_if_and_only_if_it_says_why",
                violation_error_message="剔除的诉求须有理由。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "status"], name="appeal_by_status"),
            models.Index(fields=["organisation", "accepted_at"], name="appeal_by_accepted"),
            models.Index(fields=["organisation", "closed_at"], name="appeal_by_closed"),
            models.Index(fields=["organisation", "due_at"], name="appeal_by_due"),
            models.Index(fields=["organisation", "contact_due_at"], name="appeal_by_contact_due"),
            # The orders of queues. Few of all appeals are open: an index of those alone costs the closed ones nothing.
            models.Index(
                F("status"), DUE_ORDER, F("created_at"), F("id"), condition=_OPEN, name="appeal_open_by_status_and_due"
            ),
            models.Index(DUE_ORDER, F("created_at"), F("id"), condition=_OPEN, name="appeal_open_by_due"),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(status__in=(AppealStatus.DRAFT, AppealStatus.SUBMITTED), deleted_at__isnull=True),
                name="appeal_not_yet_accepted",
            ),
            models.Index(
                fields=["closed_at", "id"],
                condition=Q(status=AppealStatus.CLOSED, deleted_at__isnull=True),
                name="appeal_awaiting_call_back",
            ),
            models.Index(
                fields=["closed_at", "id"],
                condition=Q(status__in=(AppealStatus.CONFIRMED, AppealStatus.ARCHIVED), deleted_at__isnull=True),
                name="appeal_finished",
            ),
            # What is open of a person, an enterprise, a unit.
            models.Index(fields=["created_by"], condition=_OPEN, name="appeal_open_by_author"),
            models.Index(fields=["enterprise"], condition=_OPEN, name="appeal_open_by_enterprise"),
            models.Index(fields=["lead_unit"], condition=_OPEN, name="appeal_open_by_lead"),
            # References that most appeals do not have.
            models.Index(fields=["visit"], condition=Q(visit__isnull=False), name="appeal_from_visit"),
            models.Index(fields=["contact"], condition=Q(contact__isnull=False), name="appeal_of_contact"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="appeal_merged_into"),
            # What takes a call-back or an event of an appeal out of a figure: few of all, asked first.
            models.Index(fields=["id"], condition=Q(deleted_at__isnull=False), name="appeal_in_bin"),
            models.Index(fields=["id"], condition=Q(status__in=NOT_COUNTED), name="appeal_not_counted"),
            models.Index(fields=["id"], condition=Q(excluded_at__isnull=False), name="appeal_excluded"),
            # Queues of few rows among many, found without reading the many.
            models.Index(
                fields=["organisation"], condition=Q(supervised_at__isnull=False), name="appeal_under_supervision"
            ),
            models.Index(
                fields=["organisation"], condition=Q(out_of_reach_at__isnull=False), name="appeal_out_of_reach"
            ),
            # The order of lists and of what a search finds.
            models.Index(fields=["created_at", "id"], name="appeal_in_created_order"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("visits:appeal_detail", args=[self.pk])

    def due_state(self, now: datetime | None = None) -> DueState | None:
        """How much time is left, in words; None while no clock runs."""
        return due_state(self.status, self.due_at, self.closed_at, now or timezone.now(), self.paused_until)
