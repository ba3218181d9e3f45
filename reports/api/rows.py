"""The records behind a figure: exactly those it counts, with the fields that its page shows, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from crm.api import Pages
from reports.api.base import KEY, NUMBER, ONE_PART, SCOPE, TEXT, WRONG, ScopedView, metric_for
from reports.api.figures import ColumnSerializer, FigureSerializer
from reports.api.parts import told
from reports.figures import drilldown, sensitive
from reports.figures.address import rows_address
from reports.figures.exact import json_number
from reports.figures.shown import MINUTES_PER_HOUR
from reports.figures.tally import tallies
from reports.metrics import Metric
from reports.rows.scope import Scope


class LineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="记录编号")
    page = serializers.CharField(help_text="记录的页面地址")
    cells = serializers.DictField(child=serializers.CharField(), help_text="与明细页相同的各列，键见 columns")
    counts_for = serializers.FloatField(
        allow_null=True, help_text="计入多少：比率为计入分子的数，时长为小时，金额为元；无权查看的金额为 null"
    )
    meets = serializers.ListField(child=serializers.CharField(), help_text="比率：这条记录符合哪些条件")


class RowsSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="共多少条记录")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    figure = FigureSerializer()
    model = serializers.CharField(help_text="记录种类")
    columns = ColumnSerializer(many=True)
    results = LineSerializer(many=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="figure_rows",
        summary="指标明细",
        description="一项指标所计的记录，条数或合计与指标一致；比率列出分母，counts_for 为计入分子的数。",
        parameters=[
            KEY,
            OpenApiParameter("part", TEXT, description="比率的一个条件，见 /api/metrics/ 的 parts"),
            *SCOPE,
            *ONE_PART,
            OpenApiParameter("limit", NUMBER, description=f"每页条数，最多 {Pages.max_limit}"),
            OpenApiParameter("offset", NUMBER, description="从第几条起"),
        ],
        responses={200: RowsSerializer} | WRONG,
    )
)
class FigureRows(ScopedView):
    """As many records as the figure says, within what the reader may see."""

    def answer(self, scope: Scope, **kwargs: Any) -> Response:
        metric, part = metric_for(kwargs["key"], scope), self.request.query_params.get("part", "")
        if part and part not in (metric.parts() if metric.parts else {}):
            raise Http404
        rows = drilldown.rows_behind(metric, scope, part).order_by("pk")
        listing, pages = drilldown.listing_of(rows), Pages()
        shown = pages.paginate_queryset(rows, self.request, view=self)
        may_see = scope.user.has_perm(sensitive.PERMISSION)
        found = {
            "count": pages.count,
            "next": pages.get_next_link(),
            "previous": pages.get_previous_link(),
            "figure": told(metric, tallies(scope, [metric])[metric.key], rows_address(scope, metric.key)),
            "model": rows.model._meta.label_lower,
            "columns": listing.columns,
            "results": lines(metric, shown or (), listing, may_see=may_see),
        }
        return Response(RowsSerializer(found, context={"request": self.request}).data)


def lines(
    metric: Metric, rows: Iterable[Any], listing: drilldown.Listing, *, may_see: bool
) -> Iterator[dict[str, Any]]:
    names = [column.key for column in listing.columns]
    for row in rows:
        yield {
            "id": row.pk,
            "page": listing.record(row).get_absolute_url(),  # type: ignore[attr-defined]
            "cells": dict(zip(names, listing.cells(row), strict=True)),
            "counts_for": worth(metric, row) if may_see or metric.style != "yuan" else None,
            "meets": [name for name in metric.parts() if getattr(row, f"part_{name}")] if metric.parts else [],
        }


def worth(metric: Metric, row: Any) -> float | None:
    """In hours, in yuan, or what it adds to a numerator."""
    amount = Fraction(drilldown.counts_for(metric, row))
    return json_number(amount / MINUTES_PER_HOUR if metric.style == "hours" else amount)
