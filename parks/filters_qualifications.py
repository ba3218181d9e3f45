"""The queue of awards that run out: which kind, how soon, seen from which day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, Q
from django.utils import timezone

from parks.filters import FIRST_DAY, LAST_DAY
from parks.models import Qualification, QualificationKind

# Days ahead → what the queue is called and what to do with its rows.
WINDOWS: dict[str, tuple[int, str, str]] = {
    "180": (180, "180 天内", "现在该做：核对续办条件，请企业着手准备材料。"),
    "90": (90, "90 天内", "现在该做：管家联系企业，提醒提交续办或复核材料。"),
    "30": (30, "30 天内", "现在该做：逐家确认材料是否已经提交，来不及的尽快上报。"),
    "expired": (-1, "已过期", "现在该做：核实结果，续上的登记续办，没通过的登记撤销和原因。"),
}
FARTHEST = 180


class QualificationFilter(django_filters.FilterSet):
    kind = django_filters.ModelChoiceFilter(
        queryset=QualificationKind.objects.all(), to_field_name="code", empty_label="全部资质", label="资质"
    )

    class Meta:
        model = Qualification
        fields = ["kind"]


class QualificationQueueFilter(django_filters.FilterSet):
    kind = django_filters.ModelChoiceFilter(
        queryset=QualificationKind.objects.all(), to_field_name="code", empty_label="全部资质", label="资质"
    )
    on = django_filters.DateFilter(
        method="as_is",
        label="截至日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": "截至这一天"}),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    window = django_filters.ChoiceFilter(
        method="as_is",
        label="期限",
        empty_label=None,
        choices=[(key, label) for key, (_, label, _) in WINDOWS.items()],
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Qualification
        fields = ["kind", "on", "window"]

    def as_is(self, rows: Any, name: str, value: Any) -> Any:
        """Both are read in filter_queryset, because they have defaults."""
        return rows

    @property
    def day(self) -> date:
        found: date | None = self.form.cleaned_data.get("on")
        return found or timezone.localdate()

    @property
    def chosen(self) -> str:
        return self.form.cleaned_data.get("window") or "180"

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset.due_or_expired(self.day, FARTHEST))
        self.counts = rows.order_by().aggregate(**{f"n{key}": Count("pk", filter=self.within(key)) for key in WINDOWS})
        return rows.filter(self.within(self.chosen))

    def within(self, key: str) -> Q:
        if key == "expired":
            return Q(valid_to__lt=self.day)
        return Q(valid_to__gte=self.day, valid_to__lte=self.day + timedelta(days=WINDOWS[key][0]))
