"""Screens for leaders: the dashboard, the rows behind a figure. They print the report and compute nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from crm.http import typed, user_of
from crm.views import GatedView
from parks.models import Park
from reports.documents.build import as_of_label, build_figures, compared_label
from reports.documents.parts.appeals import unit_tables
from reports.evaluation import official
from reports.figures import drilldown, sensitive
from reports.figures.address import query_of, scope_from
from reports.figures.tally import figure, tallies
from reports.metrics import METRIC_BY_KEY
from reports.metrics.drawn import DRAWN_BY_KEY
from reports.period import BadPeriod
from reports.period.picker import Choice, choices
from reports.report import Column, Figure, Row, Table
from reports.rows.scope import Scope
from reports.screens import boards
from visits.choices import AppealCategory

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class LinkedCell:
    column: Column
    text: str
    address: str


class ScopedReport(GatedView):
    """Base: a page over the scope in its address; a period that is none gets the page with the reason, not an error."""

    permission_required = "reports.view_report"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            scope = scope_from(request.GET, user_of(request))
            return self.show(scope, **kwargs)
        except BadPeriod as problem:
            return self.refuse(str(problem))

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError

    def refuse(self, problem: str) -> HttpResponse:
        context = {"problem": problem, **picker_context(scope_from({}, user_of(self.request)))}
        return render(self.request, "reports/bad_period.html", context, status=400)


class Dashboard(ScopedReport):
    """One address for all: what stands on it depends on what the reader may do (reports.screens.boards)."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        user = scope.user
        board = boards.board_for(user, typed(self.request, "board"))
        scope = boards.scope_on(board, scope)
        headlines = build_figures(scope, [METRIC_BY_KEY[key] for key in board.headlines], with_last_year=False)
        context = {
            "board": board,
            "boards": boards.boards_of(user),
            "headlines": [linked(one) for one in headlines],
            "attention": [linked(one) for one in boards.attention(scope)],
            "waiting": boards.waiting(board, user),
            "pieces": boards.pieces_of(scope),
            "official": official.latest_of_all(user, scope.cutoff),
            "as_of": as_of_label(scope),
            "compared": compared_label(scope),
            "query": query_of(scope),
            "own_query": query_of(replace(scope, by="", value="")),
            **picker_context(scope),
        }
        return render(self.request, "reports/dashboard.html", context)


class PiecePage(ScopedReport):
    """Base: a piece that the dashboard asks for after it is shown, and a page of its own where no script runs."""

    title = ""
    template = ""

    def piece(self, scope: Scope, **kwargs: Any) -> dict[str, Any]:
        raise NotImplementedError

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        context = {"title": self.title, "scope": scope, "query": query_of(scope), **self.piece(scope, **kwargs)}
        if getattr(self.request, "htmx", False):
            return render(self.request, self.template, context)
        context |= {"piece": self.template, **picker_context(scope)}
        return render(self.request, "reports/piece.html", context)


class SectionPage(PiecePage):
    """All figures of one section."""

    template = "reports/_section.html"

    def piece(self, scope: Scope, **kwargs: Any) -> dict[str, Any]:
        found = boards.PIECE_BY_KEY.get(kwargs["key"])
        metrics = boards.metrics_of(found, scope) if found else []
        if not found or not metrics:
            raise Http404
        figures = build_figures(scope, metrics, with_last_year=False)
        return {
            "title": found.section,
            "figures": [linked(one) for one in figures],
            "compared": compared_label(scope),
        }


class UnitTables(PiecePage):
    """Handling by unit and by category."""

    title = "承办单位和诉求类别"
    template = "reports/_tables.html"

    def piece(self, scope: Scope, **kwargs: Any) -> dict[str, Any]:
        return {"tables": [linked_table(table) for table in unit_tables(scope)]}


class Workloads(PiecePage):
    """By steward takes longer than the rest."""

    title = "管家工作量"
    template = "reports/_table.html"

    def piece(self, scope: Scope, **kwargs: Any) -> dict[str, Any]:
        return {"linked": linked_table(boards.workloads(scope))}


class FigureRows(ScopedReport):
    """The records behind one figure: as many as it says, and what each counts for."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        metric = METRIC_BY_KEY.get(kwargs["key"]) or DRAWN_BY_KEY.get(kwargs["key"])
        if metric is None or (scope.by and scope.by not in metric.dimensions):
            raise Http404
        found = tallies(scope, [metric])[metric.key]
        part = self.request.GET.get("part", "")
        if part and part not in (metric.parts() if metric.parts else {}):
            raise Http404
        rows = drilldown.rows_behind(metric, scope, part)
        listing = drilldown.listing_of(rows)
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        context = {
            "figure": figure(metric, found, found),
            "found": found,
            "columns": [*listing.columns, *drilldown.last_column(metric)],
            "lines": drilldown.lines(
                metric, page.object_list, listing, may_see=scope.user.has_perm(sensitive.PERMISSION)
            ),
            "page": page,
            "query": query_of(scope, part=part),
            "part_label": drilldown.PART_LABELS.get(part, ""),
            "back": f"{reverse('reports:dashboard')}?{query_of(scope, unit='', category='', by='', value='')}",
            "scope": scope,
            "category_label": AppealCategory(scope.category).label if scope.category else "",
            "falls_in": drilldown.part_label(scope, is_named=bool(page.paginator.count)),
        }
        return render(self.request, "reports/figure_rows.html", context)


def attachment(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"


def linked(one: Figure) -> dict[str, Any]:
    return {"figure": one, "address": one.address}


def linked_table(table: Table) -> dict[str, Any]:
    """A table whose figures link to their rows."""
    return {"table": table, "rows": [{"cells": linked_cells(table.columns, row), "row": row} for row in table.lines]}


def linked_cells(columns: Sequence[Column], row: Row) -> list[LinkedCell]:
    addresses = row.addresses or ("",) * len(columns)
    return [LinkedCell(*cell) for cell in zip(columns, row.cells, addresses, strict=True)]


def picker_context(scope: Scope) -> dict[str, Any]:
    today = timezone.localdate(scope.now)
    offered: list[Choice] = choices(today, scope.period)
    following = scope.period.following()
    return {
        "scope": scope,
        "choices": offered,
        "earlier": query_of(scope, period=scope.period.previous().key),
        "later": query_of(scope, period=following.key) if following and following.start <= today else "",
        "parks": Park.objects.visible_to(scope.user),
    }
