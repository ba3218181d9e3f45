"""The enterprise, the names it had and the people to call."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from crm.models import Organisation
from crm.models.bin import Binnable
from crm.pinyin import SORT_KEY_LENGTH
from crm.search import SearchText
from parks.choices import Currency, RegistrationStatus, Stage
from parks.models.industry import Industry
from parks.models.park import Park, Tag
from parks.querysets import ContactQuerySet, EnterpriseQuerySet
from parks.sizes import Size, size_of


class Enterprise(Binnable):
    """A registered enterprise, individual business or branch on the register of one organisation.

    Amounts are in units of their currency (yuan), never converted; `…_raw` keeps what the list said.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="所属机构")
    park = models.ForeignKey(
        Park, models.PROTECT, null=True, blank=True, related_name="enterprises", verbose_name="园区"
    )

    name = models.CharField("企业名称", max_length=200)
    # Set by every writer from `name` through parks.names.normalise_name; the key of lists that carry no code.
    normalised_name = models.CharField("规范名称", max_length=200, editable=False)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    uscc_note = models.CharField("代码核对说明", max_length=200, blank=True)
    reg_no = models.CharField("工商注册号", max_length=20, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=100, blank=True)
    english_name = models.CharField("英文名称", max_length=200, blank=True)

    registered_capital = models.DecimalField("注册资本", max_digits=20, decimal_places=4, null=True, blank=True)
    registered_capital_currency = models.CharField("注册资本币种", max_length=3, choices=Currency, default=Currency.CNY)
    registered_capital_raw = models.CharField("注册资本原文", max_length=60, blank=True)
    paid_in_capital = models.DecimalField("实缴资本", max_digits=20, decimal_places=4, null=True, blank=True)
    paid_in_capital_currency = models.CharField("实缴资本币种", max_length=3, choices=Currency, default=Currency.CNY)
    paid_in_capital_raw = models.CharField("实缴资本原文", max_length=60, blank=True)

    established_on = models.DateField("成立日期", null=True, blank=True)
    approved_on = models.DateField("核准日期", null=True, blank=True)
    term_from = models.DateField("营业期限自", null=True, blank=True)
    term_to = models.DateField("营业期限至", null=True, blank=True)
    status = models.CharField("登记状态", max_length=20, choices=RegistrationStatus, blank=True)
    enterprise_type = models.CharField("企业类型", max_length=100, blank=True)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="行业")
    registered_address = models.CharField("注册地址", max_length=300, blank=True)
    actual_address = models.CharField("经营地址", max_length=300, blank=True)
    building = models.CharField("楼宇", max_length=60, blank=True)
    room = models.CharField("房间", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=200, blank=True)
    email = models.CharField("邮箱", max_length=200, blank=True)
    website = models.CharField("网址", max_length=200, blank=True)
    business_scope = models.TextField("经营范围", blank=True)
    registrar = models.CharField("登记机关", max_length=100, blank=True)
    insured_count = models.PositiveIntegerField("参保人数", null=True, blank=True)
    insured_year = models.PositiveSmallIntegerField("参保人数年度", null=True, blank=True)
    employee_count = models.PositiveIntegerField("从业人数", null=True, blank=True)
    # What the size is told from, of one year, in yuan.
    annual_revenue = models.DecimalField("营业收入", max_digits=20, decimal_places=4, null=True, blank=True)
    total_assets = models.DecimalField("资产总额", max_digits=20, decimal_places=4, null=True, blank=True)
    figures_year = models.PositiveSmallIntegerField("财务数据年度", null=True, blank=True)
    remark = models.TextField("备注", blank=True)

    stage = models.CharField("阶段", max_length=20, choices=Stage, default=Stage.REGISTERED)
    joined_on = models.DateField("入园日期", help_text="进入本园区名册的日期，统计在册企业时以此为准。")
    left_on = models.DateField("迁出或注销日期", null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="enterprises", verbose_name="标签")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # Goes up by one with every change; a form or import that saw an older one must look again.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    # Both set by every writer through parks.search.
    search_text = SearchText("检索字段")
    name_key = models.CharField("拼音排序", max_length=SORT_KEY_LENGTH, default="", editable=False)

    # A duplicate that was merged stays in the bin and points at the record that took its place.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="合并到"
    )

    objects = EnterpriseQuerySet.as_manager()
    history = HistoricalRecords(
        history_change_reason_field=models.CharField(max_length=100, null=True),
        excluded_fields=["search_text", "name_key"],
    )

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["name_key", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "uscc"],
                condition=~Q(uscc="") & Q(deleted_at__isnull=True),
                name="enterprise_uscc_is_unique_in_its_organisation",
                violation_error_message="名册中已有此统一社会信用代码的企业。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="enterprise_leaves_after_it_joined",
                violation_error_message="迁出或注销日期不能早于入园日期。",
            ),
            models.CheckConstraint(
                condition=Q(registered_capital__isnull=True) | Q(registered_capital__gte=0),
                name="enterprise_registered_capital_is_not_negative",
                violation_error_message="注册资本不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(paid_in_capital__isnull=True) | Q(paid_in_capital__gte=0),
                name="enterprise_paid_in_capital_is_not_negative",
                violation_error_message="实缴资本不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.REGISTERED, Stage.SETTLED], left_on__isnull=True)
                | Q(stage__in=[Stage.MOVED_OUT, Stage.CLOSED], left_on__isnull=False),
                name="enterprise_has_left_if_and_only_if_it_has_a_date",
                violation_error_message="迁出、注销的企业须填写日期；注册、入驻的企业不应有迁出或注销日期。",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(deleted_at__isnull=False),
                name="enterprise_that_was_merged_is_in_the_bin",
                violation_error_message="已合并的企业应在回收站中。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "phone"], name="enterprise_by_phone"),
            models.Index(fields=["organisation", "normalised_name"], name="enterprise_by_name"),
            models.Index(fields=["organisation", "legal_representative"], name="enterprise_by_representative"),
            models.Index(fields=["organisation", "registered_address"], name="enterprise_by_address"),
            # The orders of the list, each ending in the key by which pages follow one another; for who sees one
            # organisation of many first, then for who sees them all.
            models.Index(fields=["organisation", "name_key", "id"], name="enterprise_of_one_by_name"),
            models.Index(fields=["organisation", "updated_at", "id"], name="enterprise_of_one_by_update"),
            models.Index(fields=["organisation", "joined_on", "id"], name="enterprise_of_one_by_joined"),
            models.Index(
                "organisation",
                Coalesce("registered_capital", Value(Decimal(-1))),
                "id",
                name="enterprise_of_one_by_capital",
            ),
            models.Index(fields=["name_key", "id"], name="enterprise_in_name_order"),
            models.Index(fields=["updated_at", "id"], name="enterprise_in_updated_order"),
            models.Index(fields=["joined_on", "id"], name="enterprise_in_joined_order"),
            models.Index(
                Coalesce("registered_capital", Value(Decimal(-1))),
                "id",
                name="enterprise_in_capital_order",
            ),
            # Whether what hangs on an enterprise is in reach and on the register, told without reading the enterprise.
            models.Index(
                fields=["id", "organisation", "left_on", "joined_on"],
                condition=Q(deleted_at__isnull=True),
                name="enterprise_in_reach",
            ),
            # What is rare in a register is found without reading it.
            models.Index(fields=["stage"], name="enterprise_by_stage"),
            models.Index(fields=["status"], name="enterprise_by_status"),
            models.Index(fields=["organisation"], condition=Q(uscc=""), name="enterprise_without_code"),
            models.Index(
                fields=["organisation"], condition=Q(registered_capital__isnull=True), name="enterprise_without_capital"
            ),
            models.Index(
                fields=["organisation"], condition=Q(industry__isnull=True), name="enterprise_without_industry"
            ),
            # What hangs on an enterprise asks whether it is one of the few in the bin.
            models.Index(fields=["id"], condition=Q(deleted_at__isnull=False), name="enterprise_in_bin"),
            # The figures of the register count all its rows from the index.
            models.Index(
                fields=[
                    "organisation",
                    "joined_on",
                    "left_on",
                    "registered_capital",
                    "registered_capital_currency",
                    "id",
                ],
                condition=Q(deleted_at__isnull=True),
                name="enterprise_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("parks:enterprise_detail", args=[self.pk])

    @property
    def size(self) -> Size:
        return size_of(self.industry_id or "", self.employee_count, self.annual_revenue, self.total_assets)


class FormerName(models.Model):
    """曾用名: lists may still carry it, so it is matched too."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_names", verbose_name="企业")
    name = models.CharField("曾用名", max_length=200)
    normalised_name = models.CharField("规范名称", max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="former_name_is_listed_once")
        ]

    def __str__(self) -> str:
        return self.name


class FormerCode(models.Model):
    """A credit code the enterprise had before, or that a merged record of it carried."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_codes", verbose_name="企业")
    code = models.CharField("原信用代码", max_length=18, db_index=True)

    class Meta:
        verbose_name = "原信用代码"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "code"], name="former_code_is_listed_once")
        ]

    def __str__(self) -> str:
        return self.code


class Contact(models.Model):
    """A person of the enterprise: name, post and work numbers only."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="contacts", verbose_name="企业")
    name = models.CharField("姓名", max_length=50)
    post = models.CharField("职务", max_length=50, blank=True)
    mobile = models.CharField("手机", max_length=30, blank=True)
    phone = models.CharField("座机", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    is_primary = models.BooleanField("首要联系人", default=False)
    remark = models.CharField("备注", max_length=200, blank=True)
    # Set by every writer through parks.search.
    search_text = SearchText("检索字段")

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "联系人"
        verbose_name_plural = verbose_name
        ordering: ClassVar = ["-is_primary", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(is_primary=True),
                name="enterprise_has_one_primary_contact",
                violation_error_message="一家企业只能有一位首要联系人。",
            )
        ]

    def __str__(self) -> str:
        return self.name
