"""Of which enterprise and which year the returns are that are taken as a file."""

from __future__ import annotations

from typing import Any

import django_filters

from crm.scoping import visible
from parks.models import Enterprise, MonthlyReturn


def _within_reach(request: Any) -> Any:
    return visible(Enterprise, request.user)


class ReturnFilter(django_filters.FilterSet):
    enterprise = django_filters.ModelChoiceFilter(queryset=_within_reach, label="企业")
    year = django_filters.NumberFilter(label="年份")

    class Meta:
        model = MonthlyReturn
        fields = ["enterprise", "year"]
