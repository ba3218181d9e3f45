"""Filters of visits and appeals; page and API use the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django.utils import timezone

from crm.filters import KeyFilter
from crm.models import Organisation, User
from crm.moments import moment
from crm.scoping import visible
from crm.search import narrowed
from visits.choices import AppealCategory, AppealStatus, VisitKind, VisitStatus
from visits.models import Appeal, Visit
from visits.querysets import AppealQuerySet, VisitQuerySet, colleagues
from visits.queues import BY_KEY, QUEUES


def _units(request: Any) -> Any:
    return visible(Organisation, request.user) if request else Organisation.objects.none()


def _people(request: Any) -> Any:
    return colleagues(request.user) if request and request.user.is_authenticated else User.objects.none()


class AppealFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="编号、企业、内容")
    queue = django_filters.ChoiceFilter(
        choices=[(queue.key, queue.label) for queue in QUEUES], method="in_queue", label="队列", empty_label="全部"
    )
    category = django_filters.ChoiceFilter(choices=AppealCategory.choices, label="类别", empty_label="类别")
    lead_unit = django_filters.ModelChoiceFilter(queryset=_units, label="领办单位", empty_label="领办单位")
    status = django_filters.ChoiceFilter(choices=AppealStatus.choices, label="状态", empty_label="状态")
    enterprise = KeyFilter(field_name="enterprise_id", label="企业编号")

    class Meta:
        model = Appeal
        fields = ["q", "queue", "category", "lead_unit", "status", "enterprise"]

    def search(self, rows: AppealQuerySet, name: str, value: str) -> AppealQuerySet:
        found: AppealQuerySet = narrowed(rows, value)
        return found

    def in_queue(self, rows: AppealQuerySet, name: str, value: str) -> AppealQuerySet:
        return BY_KEY[value].rows(rows, timezone.now(), self.request.user)


PERIODS = [("week", "本周"), ("month", "本月"), ("quarter", "本季度"), ("year", "本年")]


def starts_on(period: str, today: date) -> date:
    """First day of the week, month, quarter or year in which a day lies."""
    if period == "week":
        return today - timedelta(days=today.weekday())
    month = {"month": today.month, "quarter": (today.month - 1) // 3 * 3 + 1, "year": 1}[period]
    return today.replace(month=month, day=1)


class VisitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="企业、主题、内容、地点")
    period = django_filters.ChoiceFilter(choices=PERIODS, method="in_period", label="期间", empty_label="全部时间")
    start = django_filters.DateFilter(method="not_before", label="自")
    end = django_filters.DateFilter(method="not_after", label="至")
    kind = django_filters.ChoiceFilter(choices=VisitKind.choices, label="形式", empty_label="形式")
    staff = django_filters.ModelChoiceFilter(
        queryset=_people, method="taken_by", label="走访人员", empty_label="走访人员"
    )
    status = django_filters.ChoiceFilter(choices=VisitStatus.choices, label="状态", empty_label="状态")
    enterprise = KeyFilter(method="to_enterprise", label="企业编号")

    class Meta:
        model = Visit
        fields = ["q", "period", "start", "end", "kind", "staff", "status", "enterprise"]

    def search(self, rows: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        found: VisitQuerySet = narrowed(rows, value)
        return found

    def to_enterprise(self, rows: VisitQuerySet, name: str, value: Any) -> VisitQuerySet:
        return rows.to_enterprise(value)

    def taken_by(self, rows: VisitQuerySet, name: str, value: User) -> VisitQuerySet:
        return rows.taken_by(value.pk)

    def in_period(self, rows: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        return rows.filter(started_at__gte=moment(starts_on(value, timezone.localdate())))

    def not_before(self, rows: VisitQuerySet, name: str, value: date) -> VisitQuerySet:
        return rows.filter(started_at__gte=moment(value))

    def not_after(self, rows: VisitQuerySet, name: str, value: date) -> VisitQuerySet:
        return rows.filter(started_at__lt=moment(value + timedelta(days=1)))
