"""热线工单: what the 12345 hotline handed down, as its list tells; never an appeal by itself."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from crm.models import Organisation
from crm.models.bin import Binnable
from crm.search import SearchText
from parks.models import Enterprise
from visits.choices import MatchedBy, Satisfaction, Solved, TicketParty, TicketStatus
from visits.models.appeal import Appeal
from visits.querysets import HotlineTicketQuerySet


class HotlineTicket(Binnable):
    """Of an enterprise, of a resident, or of a firm that the register does not know."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    number = models.CharField("工单编号", max_length=60)
    kind = models.CharField("工单类型", max_length=100, blank=True)
    category = models.CharField("问题分类", max_length=200, blank=True)
    category_2 = models.CharField("二级分类", max_length=200, blank=True)
    category_3 = models.CharField("三级分类", max_length=200, blank=True)
    tags = models.CharField("标签", max_length=500, blank=True)
    title = models.CharField("标题", max_length=500, blank=True)
    content = models.TextField("主要内容", blank=True)
    status = models.CharField("工单状态", max_length=20, choices=TicketStatus, default=TicketStatus.PENDING)
    nature = models.CharField("工单性质", max_length=100, blank=True)
    accept_way = models.CharField("处理受理方式", max_length=100, blank=True)
    caller = models.CharField("来电人", max_length=100, blank=True)
    caller_phone = models.CharField("来电人电话", max_length=100, blank=True)
    district = models.CharField("被反映区", max_length=100, blank=True)
    town = models.CharField("被反映街乡镇", max_length=100, blank=True)
    community = models.CharField("村/社区", max_length=200, blank=True)
    place = models.CharField("小区点位", max_length=300, blank=True)
    # In words: the hotline's units are not the accounts of this system.
    lead_unit = models.CharField("主办单位", max_length=200, blank=True)
    result = models.TextField("办理结果", blank=True)
    reply = models.TextField("回复内容", blank=True)
    called_at = models.DateTimeField("来电时间")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # What the hotline's own call-back found; empty where the list does not say.
    is_valid_call_back = models.BooleanField("是否有效回访", null=True, blank=True)
    is_contacted = models.BooleanField("是否联系", null=True, blank=True)
    solved = models.CharField("是否解决", max_length=20, choices=Solved, blank=True)
    satisfaction = models.CharField("是否满意", max_length=20, choices=Satisfaction, blank=True)

    firm_name = models.CharField("企业名称", max_length=200, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="hotline_tickets", verbose_name="对应企业"
    )
    party = models.CharField("归属", max_length=20, choices=TicketParty, default=TicketParty.RESIDENT, editable=False)
    matched_by = models.CharField("匹配依据", max_length=20, choices=MatchedBy, blank=True, editable=False)
    match_note = models.CharField("匹配说明", max_length=300, blank=True, editable=False)
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, null=True, blank=True, related_name="tickets", editable=False, verbose_name="转为诉求"
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="导入人"
    )
    created_at = models.DateTimeField("导入时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # Set by every writer through visits.search.
    search_text = SearchText("检索字段")

    objects = HotlineTicketQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "热线工单"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-called_at", "-pk"]
        constraints: ClassVar = [
            # A number in the bin may come again with the next list.
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=Q(deleted_at__isnull=True),
                name="ticket_number_is_unique",
                violation_error_message="已有同一编号的热线工单。",
            ),
            models.CheckConstraint(
                condition=Q(party=TicketParty.ENTERPRISE, enterprise__isnull=False)
                | (~Q(party=TicketParty.ENTERPRISE) & Q(enterprise__isnull=True)),
                name="ticket_is_of_an_enterprise_if_and_only_if_it_names_one",
                violation_error_message="企业工单须有对应企业。",
            ),
            models.CheckConstraint(
                condition=Q(appeal__isnull=True) | Q(enterprise__isnull=False),
                name="ticket_with_an_appeal_has_an_enterprise",
                violation_error_message="转为诉求的工单须有对应企业。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "called_at"], name="ticket_by_time"),
            models.Index(fields=["organisation", "party", "called_at"], name="ticket_by_party"),
            models.Index(fields=["organisation", "category"], name="ticket_by_category"),
            models.Index(fields=["organisation", "lead_unit"], name="ticket_by_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("visits:ticket_detail", args=[self.pk])

    @property
    def subject(self) -> str:
        """What it is about, in one line."""
        return self.title or " ".join(self.content.split())[:60]
