"""The records behind a figure of a report as they were when it was computed, by their kept keys."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.http import user_of
from crm.views import GatedView, ScopedRows
from reports.figures import drilldown
from reports.issuing.reprint import shown_to
from reports.models import FrozenRows, ReportIssue
from reports.report import Column
from reports.views.dashboard import PAGE_SIZE


class IssueFigureRows(ScopedRows, GatedView):
    """Exactly the frozen rows, page by page; those the reader may not see, or that were deleted, are counted."""

    model = ReportIssue
    permission_required = "reports.view_reportissue"

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        issue: ReportIssue = get_object_or_404(self.get_queryset(), pk=pk)
        kept = {row.part: row for row in issue.frozen_rows.filter(figure=key)}
        figure = next((one for one in shown_to(issue.computed, user_of(request)).figures if one.key == key), None)
        if figure is None or "" not in kept:
            raise Http404
        rows, listing = self.seen(kept[""])
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "issue": issue,
            "figure": figure,
            "count": kept[""].count,
            "hidden": kept[""].count - page.paginator.count,
            "columns": [*listing.columns, *(Column(part, label(part)) for part in kept if part)],
            "lines": lines(page.object_list, listing, [set(row.keys) for part, row in kept.items() if part]),
            "page": page,
        }
        return render(request, "reports/issue_rows.html", context)

    def seen(self, row: FrozenRows) -> tuple[Any, drilldown.Listing]:
        listing = drilldown.LISTINGS[row.record_model]
        manager: Any = row.record_model._default_manager
        rows = manager.visible_to(user_of(self.request)).filter(pk__in=row.keys).select_related(*listing.related)
        return rows.order_by("pk"), listing


def label(part: str) -> str:
    return drilldown.PART_LABELS.get(part, "计入")


def lines(rows: Any, listing: drilldown.Listing, parts: list[set[int]]) -> list[drilldown.Line]:
    return [
        drilldown.Line(
            listing.record(row).get_absolute_url(),  # type: ignore[attr-defined]
            (*listing.cells(row), *("是" if row.pk in keys else "—" for keys in parts)),
        )
        for row in rows
    ]
