"""One figure by a dimension, and over several periods."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from reports.api.base import KEY, NUMBER, ONE_PART, SCOPE, TEXT, WRONG, ScopedView, metric_for
from reports.api.figures import CountedSerializer, DimensionSerializer, FigureSerializer
from reports.figures.address import rows_address
from reports.figures.breakdown import breakdown, series
from reports.figures.tally import Tally, figure, tallies
from reports.metrics import Metric
from reports.period import Period
from reports.report import Figure
from reports.rows.dimensions import DIMENSIONS, months_of, quarter_of_month
from reports.rows.scope import Scope

MOST_PERIODS, USUAL_PERIODS = 60, 12
EACH = ("month", "quarter")


class PartSerializer(CountedSerializer):
    key = serializers.CharField(help_text="这一部分的标识；“-”为不属于任何部分的")
    label = serializers.CharField()  # type: ignore[assignment]


class BreakdownSerializer(serializers.Serializer[Any]):
    figure = FigureSerializer(help_text="合计：按记录合并计算，不是各部分的平均")
    dimension = DimensionSerializer()
    parts = PartSerializer(many=True, help_text="没有记录的部分不列")


class PointSerializer(CountedSerializer):
    period_key = serializers.CharField(source="key")
    period_label = serializers.CharField(source="label")


class SeriesSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    definition = serializers.CharField(source="definition_text")
    points = PointSerializer(many=True, help_text="由早到晚；还没有开始的期间不列")


def told(metric: Metric, found: Tally, address: str, key: str = "", label: str = "") -> Figure:
    """Zero leads nowhere; a part and a period have a key and a label of their own."""
    counted = figure(metric, found, found)
    return replace(counted, key=key or metric.key, label=label or metric.label, address=address if found.rows else "")


@extend_schema_view(
    get=extend_schema(
        operation_id="figure_breakdown",
        summary="指标分项",
        description="一项指标按一个维度分，每部分附所计记录的地址。",
        parameters=[KEY, OpenApiParameter("dimension", TEXT, required=True, enum=list(DIMENSIONS)), *SCOPE],
        responses={200: BreakdownSerializer} | WRONG,
    )
)
class Breakdown(ScopedView):
    """One figure by one of its dimensions; every part leads to exactly its rows."""

    def answer(self, scope: Scope, **kwargs: Any) -> Response:
        if scope.by:
            raise ValidationError({"by": ["分项不能同时只看其中一部分，请去掉 by 和 value。"]})
        metric = metric_for(kwargs["key"], scope)
        dimension = DIMENSIONS[self.dimension_of(metric)]
        parts = breakdown(scope, [metric], dimension.key)[metric.key]
        total = tallies(scope, [metric])[metric.key]
        shown = {
            "figure": told(metric, total, rows_address(scope, metric.key)),
            "dimension": dimension,
            "parts": [told(metric, one.tally, one.address, key=one.key, label=one.label) for one in parts],
        }
        return Response(BreakdownSerializer(shown, context={"request": self.request}).data)

    def dimension_of(self, metric: Metric) -> str:
        wanted = self.request.query_params.get("dimension", "")
        if wanted not in metric.dimensions:
            offered = "、".join(metric.dimensions)
            raise ValidationError({"dimension": [f"“{metric.label}”可以按 {offered} 分。"]})
        return wanted


@extend_schema_view(
    get=extend_schema(
        operation_id="figure_series",
        summary="指标走势",
        description="一项指标的各期：填 each 为期间内的各月或各季，否则为到该期间为止的若干个同样长的期间。",
        parameters=[
            KEY,
            OpenApiParameter("each", TEXT, enum=list(EACH), description="期间内逐月或逐季"),
            OpenApiParameter("count", NUMBER, description=f"多少个期间，默认 {USUAL_PERIODS}，最多 {MOST_PERIODS}"),
            *SCOPE,
            *ONE_PART,
        ],
        responses={200: SeriesSerializer} | WRONG,
    )
)
class FigureSeries(ScopedView):
    """One figure over time, each period with the address of its rows."""

    def answer(self, scope: Scope, **kwargs: Any) -> Response:
        metric = metric_for(kwargs["key"], scope)
        periods = [one for one in self.periods(scope.period) if one.start_at <= scope.now]
        found = series(scope, [metric], periods)[metric.key] if periods else ()
        points = [
            told(metric, counted, rows_address(replace(scope, period=one), metric.key), key=one.key, label=one.label)
            for one, counted in zip(periods, found, strict=True)
        ]
        shown = {name: getattr(metric, name) for name in ("key", "label", "unit", "definition_text")}
        return Response(SeriesSerializer(shown | {"points": points}, context={"request": self.request}).data)

    def periods(self, last: Period) -> list[Period]:
        each = self.request.query_params.get("each", "")
        if each not in ("", *EACH):
            raise ValidationError({"each": [f"应为 {'、'.join(EACH)}，或不填。"]})
        if not each:
            return last.leading_up(self.number("count", USUAL_PERIODS, MOST_PERIODS))
        found = months_of(last)
        if each == "quarter":
            found = list(dict.fromkeys(quarter_of_month(one) for one in found))
        if len(found) > MOST_PERIODS:
            raise ValidationError({"period": [f"期间太长，最多 {MOST_PERIODS} 个月或季度。"]})
        return found
