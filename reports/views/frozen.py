"""The records behind a figure of a report as they were when it was computed, by their kept keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.http import user_of
from crm.views import GatedView, ScopedRows
from reports.figures import drilldown
from reports.figures.sensitive import HIDDEN
from reports.issuing.cells import Place, cells_of
from reports.issuing.reprint import shown_to
from reports.models import FrozenRows, ReportIssue
from reports.report import Column, Figure, Report
from reports.views.dashboard import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page says of a cell, in the words of the report."""

    label: str
    text: str
    definition: str
    shown_unit: str = ""


class IssueFigureRows(ScopedRows, GatedView):
    """Exactly the frozen rows, page by page; those the reader may not see, or that were deleted, are counted."""

    model = ReportIssue
    permission_required = "reports.view_reportissue"

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        issue: ReportIssue = get_object_or_404(self.get_queryset(), pk=pk)
        place = Place(key, *(request.GET.get(name, "") for name in ("by", "value", "part")))
        named = heading(shown_to(issue.computed, user_of(request)), place, issue.query)
        kept = {(row.figure, row.part): row for row in issue.frozen_rows.filter(figure__in=(key, place.kept_as))}
        wanted = [kept.get((place.kept_as, "")), *([kept.get((key, place.part))] if place.part else [])]
        if named is None or named.text == HIDDEN or None in wanted:
            raise Http404
        keys = sorted(set.intersection(*(set(row.keys) for row in wanted if row)))
        conditions = {row.part: set(row.keys) for row in kept.values() if row.part and not place.part}
        rows, listing = self.seen(kept[place.kept_as, ""], keys)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {
            "issue": issue,
            "figure": named,
            "count": len(keys),
            "hidden": len(keys) - page.paginator.count,
            "columns": [*listing.columns, *(Column(part, label(part)) for part in conditions)],
            "lines": lines(page.object_list, listing, list(conditions.values())),
            "page": page,
            "query": place.query,
        }
        return render(request, "reports/issue_rows.html", context)

    def seen(self, row: FrozenRows, keys: list[int]) -> tuple[Any, drilldown.Listing]:
        listing = drilldown.LISTINGS[row.record_model]
        manager: Any = row.record_model._default_manager
        rows = manager.visible_to(user_of(self.request)).filter(pk__in=keys).select_related(*listing.related)
        return rows.order_by("pk"), listing


def heading(report: Report, place: Place, about: str) -> Figure | Heading | None:
    """The figure, or the first cell that leads there; None where the report has no such."""
    figure = next((one for one in report.figures if one.key == place.figure), None)
    if figure and place == Place(place.figure):
        return figure
    cell = next((one for one in cells_of(report, about) if one.place == place), None)
    return Heading(cell.label, cell.text, figure.definition if figure else "") if cell else None


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
