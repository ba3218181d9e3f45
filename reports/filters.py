"""Filters of the list of reports."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q

from crm.filters import QuickSelect
from reports.documents.kinds import KINDS
from reports.models import IssueStatus, ReportIssue
from reports.querysets import ReportIssueQuerySet


class IssueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="标题、期间、核验码")
    status = django_filters.ChoiceFilter(choices=IssueStatus.choices, label="状态", empty_label="状态")
    kind = django_filters.ChoiceFilter(
        choices=[(kind.key, kind.label) for kind in KINDS], label="种类", empty_label="种类", widget=QuickSelect
    )

    class Meta:
        model = ReportIssue
        fields = ["q", "status", "kind"]

    def search(self, rows: ReportIssueQuerySet, name: str, value: Any) -> ReportIssueQuerySet:
        text = value.replace("\x00", "").strip()
        found = Q(title__icontains=text) | Q(period_label__icontains=text) | Q(period_key__icontains=text)
        return rows.filter(found | Q(code__icontains=text))
