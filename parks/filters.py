"""Filters of the register; the page, the API and exports use the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from crm.filters import FilterForm
from crm.http import user_of
from crm.models import User
from crm.scoping import visible
from crm.search import found_first, narrowed
from parks.choices import RegistrationStatus, Stage, Tier
from parks.lists import CAPITAL_ORDER, EXPIRES_WITHIN_DAYS, QUEUES, QUEUES_BY_KEY
from parks.models import Enterprise, Industry, Park, Qualification, QualificationKind, Tag
from parks.querysets import on_date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
# Bands of registered capital in 万元, lower bound inclusive (domain: §4.3).
CAPITAL_BANDS = {
    "0-100": ("100 万以下", None, 100),
    "100-500": ("100–500 万", 100, 500),
    "500-1000": ("500–1000 万", 500, 1000),
    "1000-5000": ("1000–5000 万", 1000, 5000),
    "5000-10000": ("5000 万–1 亿", 5000, 10_000),
    "10000-": ("1 亿以上", 10_000, None),
}
# So many enterprises are looked up and sorted as soon as a page is filled by asking one after another for its awards.
MOST_KEYS = 2500
# Filters that may leave next to nothing, of which the planner cannot know.
RARE = ("park", "tag", "tier", "steward", "stage", "status", "missing")


def visible_choices(model: Any) -> Any:
    """Choices of a filter: the rows the reader may see."""
    return lambda request: visible(model, request.user) if request else model.objects.none()


class EnterpriseFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label="名称、拼音首字母、代码、法定代表人、电话",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "名称、拼音首字母、代码、电话"}),
    )
    park = django_filters.ModelChoiceFilter(queryset=visible_choices(Park), empty_label="园区")
    tag = django_filters.ModelChoiceFilter(
        queryset=visible_choices(Tag), field_name="tags", empty_label="标签", label="标签"
    )
    industry = django_filters.ModelChoiceFilter(
        queryset=Industry.objects.filter(rank="section"), method="in_section", empty_label="行业门类", label="行业"
    )
    capital = django_filters.ChoiceFilter(
        choices=[(key, band[0]) for key, band in CAPITAL_BANDS.items()],
        method="in_band",
        empty_label="注册资本",
        label="注册资本",
    )
    qualification = django_filters.ModelChoiceFilter(
        queryset=QualificationKind.objects.all(),
        to_field_name="code",
        method="holding",
        empty_label="资质",
        label="资质",
    )
    on = django_filters.DateFilter(
        method="as_is",
        label="截至",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": "资质、服务包和管家按这一天算"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    tier = django_filters.ChoiceFilter(choices=Tier, method="in_tier", empty_label="服务包", label="服务包")
    steward = django_filters.ModelChoiceFilter(
        queryset=lambda request: (
            visible(User, request.user).filter(role__in=["steward", "manager"]) if request else None
        ),
        method="looked_after_by",
        empty_label="服务管家",
        label="服务管家",
    )
    stage = django_filters.ChoiceFilter(choices=Stage, empty_label="阶段")
    status = django_filters.ChoiceFilter(choices=RegistrationStatus, empty_label="登记状态")
    missing = django_filters.ChoiceFilter(
        choices=[("uscc", "缺信用代码"), ("capital", "缺注册资本"), ("industry", "缺行业")],
        method="lacking",
        empty_label="资料缺项",
        label="资料缺项",
    )

    queue = django_filters.ChoiceFilter(
        choices=[(queue.key, queue.label) for queue in QUEUES], method="in_queue", empty_label="清单", label="清单"
    )
    ordering = django_filters.OrderingFilter(
        fields=[
            ("updated_at", "updated"),
            ("joined_on", "joined"),
            ("registered_capital", "capital"),
            ("name_key", "name"),
        ],
        choices=[("-updated", "最近更新"), ("-joined", "最近入园"), ("-capital", "注册资本高到低"), ("name", "按名称")],
        empty_label="排序",
        label="排序",
    )

    class Meta:
        model = Enterprise
        form = FilterForm
        fields = [
            "q", "park", "tag", "industry", "capital", "qualification", "on", "tier", "steward", "stage", "status"
        ]  # fmt: skip

    def filter_queryset(self, queryset: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        rows: QuerySet[Enterprise] = super().filter_queryset(queryset)
        return found_first(rows) if any(self.form.cleaned_data.get(name) for name in RARE) else rows

    def search(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        found: QuerySet[Enterprise] = narrowed(rows, value)
        return found

    def in_queue(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        queue = QUEUES_BY_KEY[value]
        if queue.awards:
            today = timezone.localdate()
            return self._awarded(rows, queue.awards(today), Qualification.objects.ending(today, EXPIRES_WITHIN_DAYS))
        few: QuerySet[Enterprise] = found_first(rows.filter(queue.condition))
        return few

    def _awarded(self, rows: QuerySet[Enterprise], awards: Any, among: Any) -> QuerySet[Enterprise]:
        """Enterprises with one of these awards: by their keys if `among`, which an index alone counts, are few."""
        mine = Qualification.objects.within_institution(user_of(self.request))
        if among.filter(mine).order_by()[: MOST_KEYS + 1].count() > MOST_KEYS:
            return self._of_many(rows, awards.order_by())
        return rows.filter(pk__among=set(awards.filter(mine).order_by().values_list("enterprise_id", flat=True)))

    def _of_many(self, rows: QuerySet[Enterprise], awards: Any) -> QuerySet[Enterprise]:
        return rows.filter(pk__in=awards.values("enterprise_id"))

    def in_section(self, rows: QuerySet[Enterprise], name: str, value: Industry) -> QuerySet[Enterprise]:
        # By the keys: of each of these the database knows how often it occurs.
        return rows.filter(industry__in=list(Industry.objects.in_section(value.pk).values_list("pk", flat=True)))

    def in_band(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        _, low, high = CAPITAL_BANDS[value]
        rows = rows.alias(capital_order=CAPITAL_ORDER).filter(registered_capital_currency="CNY")
        rows = rows.filter(capital_order__gte=Decimal(low or 0) * 10_000)
        return rows.filter(capital_order__lt=Decimal(high) * 10_000) if high is not None else rows

    def as_is(self, rows: Any, name: str, value: Any) -> Any:
        """Read by the filters that ask for a day."""
        return rows

    @property
    def day(self) -> date:
        """The day as of which titles, lists and stewards are asked for."""
        found: date | None = self.form.cleaned_data.get("on")
        return found or timezone.localdate()

    def holding(self, rows: Any, name: str, value: QualificationKind) -> Any:
        # By the key: of that the database knows how often it occurs.
        awards = Qualification.objects.filter(kind=value)
        return self._awarded(rows, awards.valid_on(self.day), awards)

    def in_tier(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        return rows.filter(on_date(self.day, "service_tiers__"), service_tiers__tier=value)

    def looked_after_by(self, rows: QuerySet[Enterprise], name: str, value: User) -> QuerySet[Enterprise]:
        today = on_date(self.day, "stewardships__")
        return rows.filter(today, stewardships__user=value, stewardships__is_primary=True)

    def lacking(self, rows: QuerySet[Enterprise], name: str, value: str) -> QuerySet[Enterprise]:
        conditions = {
            "uscc": Q(uscc=""),
            "capital": Q(registered_capital__isnull=True),
            "industry": Q(industry__isnull=True),
        }
        return rows.filter(conditions[value])


class EnterprisePageFilter(EnterpriseFilter):
    """For one page of the list: of many matches it is soon full in any order, asking row by row.

    The planner would collect and sort them all; what stands for a value it does not turn into a join.
    """

    def _of_many(self, rows: QuerySet[Enterprise], awards: Any) -> QuerySet[Enterprise]:
        held = awards.filter(enterprise=OuterRef("pk")).values("pk")[:1]
        return rows.alias(award=Subquery(held)).filter(award__isnull=False)
