"""Filters of the lists of red flags and suggestions."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q

from visits.choices import AppealCategory, FlagKind, FlagLevel, SuggestionStatus
from visits.models import Suggestion, WarningFlag
from visits.querysets import SuggestionQuerySet, WarningFlagQuerySet

OPEN, HANDLED = "open", "handled"


class FlagFilter(django_filters.FilterSet):
    """Without a word about the state, those that wait for someone."""

    q = django_filters.CharFilter(method="search", label="企业、说明")
    state = django_filters.ChoiceFilter(
        choices=[(OPEN, "未处理"), (HANDLED, "已处理"), ("all", "全部")],
        method="in_state",
        label="状态",
        empty_label=None,
    )
    kind = django_filters.ChoiceFilter(choices=FlagKind.choices, label="预警", empty_label="预警")
    level = django_filters.ChoiceFilter(choices=FlagLevel.choices, label="级别", empty_label="级别")

    class Meta:
        model = WarningFlag
        fields = ["q", "state", "kind", "level"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        if data.get("state") not in (OPEN, HANDLED, "all"):
            data["state"] = OPEN
        super().__init__(data, *args, **kwargs)

    def search(self, rows: WarningFlagQuerySet, name: str, value: str) -> WarningFlagQuerySet:
        return rows.filter(Q(enterprise__name__icontains=value) | Q(detail__icontains=value))

    def in_state(self, rows: WarningFlagQuerySet, name: str, value: str) -> WarningFlagQuerySet:
        return rows if value == "all" else rows.filter(handled_at__isnull=value == OPEN)


class SuggestionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="企业、内容")
    status = django_filters.ChoiceFilter(choices=SuggestionStatus.choices, label="状态", empty_label="状态")
    category = django_filters.ChoiceFilter(choices=AppealCategory.choices, label="类别", empty_label="类别")

    class Meta:
        model = Suggestion
        fields = ["q", "status", "category"]

    def search(self, rows: SuggestionQuerySet, name: str, value: str) -> SuggestionQuerySet:
        return rows.filter(Q(enterprise__name__icontains=value) | Q(content__icontains=value))
