"""All figures of a period, and the catalogue of what figures there are."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reports.api.base import ONE_PART, SCOPE, WRONG, PlaceSerializer, ScopedView
from reports.documents.build import build_report
from reports.figures.address import rows_endpoint
from reports.figures.exact import json_number
from reports.metrics import METRICS, Metric
from reports.rows.dimensions import DIMENSIONS
from reports.rows.scope import Scope


class ChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="与上一期间相比，供显示")
    direction = serializers.ChoiceField(choices=["up", "down", "flat", "none"])


class CountedSerializer(PlaceSerializer):
    """What was counted, as printed and exactly."""

    text = serializers.CharField(help_text="页面和 PDF 上显示的文字，没有记录时为“—”，保密的为“*”")
    value = serializers.SerializerMethodField(help_text="精确值：比率为 1 的分数，没有记录时为 null")
    numerator = serializers.SerializerMethodField(help_text="比率的分子（加权）")
    denominator = serializers.SerializerMethodField(help_text="比率的分母")
    note = serializers.CharField(help_text="本期分子、分母和未计入的记录")

    def get_value(self, figure: Any) -> float | None:
        return json_number(figure.value)

    def get_numerator(self, figure: Any) -> float | None:
        return json_number(figure.numerator)

    def get_denominator(self, figure: Any) -> int | None:
        return figure.denominator  # type: ignore[no-any-return]


class FigureSerializer(CountedSerializer):
    key = serializers.CharField()
    label = serializers.CharField(help_text="指标名称")  # type: ignore[assignment]
    unit = serializers.CharField(help_text="单位；比率为空")
    section = serializers.CharField(help_text="所属部分")
    definition = serializers.CharField(help_text="口径")


class ComparedSerializer(FigureSerializer):
    change = ChangeSerializer()
    last_year = ChangeSerializer(help_text="与上年同期相比", allow_null=True)


class ColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class RowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="承办单位、类别或诉求的标识；合计为空")
    cells = serializers.ListField(child=serializers.CharField())
    rows = serializers.SerializerMethodField(help_text="每格一个：所计记录的接口地址，没有的为空")

    def get_rows(self, row: Any) -> list[str]:
        absolute = self.context["request"].build_absolute_uri
        return [absolute(rows_endpoint(one)) if one else "" for one in row.addresses]


class TableSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    columns = ColumnSerializer(many=True)
    rows = RowSerializer(many=True)
    total = RowSerializer(allow_null=True)


class ReportSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    period_key = serializers.CharField()
    period_label = serializers.CharField()
    compared_label = serializers.CharField(help_text="升降所比的期间")
    organisation = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="数据截止时间")
    summary = serializers.ListField(child=serializers.CharField())
    figures = ComparedSerializer(many=True)
    tables = TableSerializer(many=True, help_text="分承办单位、分类别的办理情况，未办结诉求")


@extend_schema_view(
    get=extend_schema(
        operation_id="figures",
        summary="统计指标",
        description="一个期间的全部指标、分承办单位和分类别的办理情况、未办结诉求；与页面和 PDF 的数字一致。",
        parameters=[*SCOPE, *ONE_PART],
        responses={200: ReportSerializer} | WRONG,
    )
)
class Figures(ScopedView):
    """All figures of a period."""

    def answer(self, scope: Scope, **kwargs: Any) -> Response:
        return Response(ReportSerializer(build_report(scope), context={"request": self.request}).data)


class DimensionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    remark = serializers.CharField(help_text="各部分怎样划分")


class MetricSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    section = serializers.CharField()
    definition = serializers.CharField(source="definition_text", help_text="口径，按现行设置")
    dimensions = serializers.SerializerMethodField(help_text="可以按什么分")
    parts = serializers.SerializerMethodField(help_text="明细可以只看其中一部分：比率的各个分子及权重")

    def get_dimensions(self, metric: Metric) -> list[str]:
        return list(metric.dimensions)

    def get_parts(self, metric: Metric) -> dict[str, float]:
        return {name: float(weight) for name, weight in metric.parts().items()} if metric.parts else {}


class CatalogueSerializer(serializers.Serializer[Any]):
    metrics = MetricSerializer(many=True)
    dimensions = DimensionSerializer(many=True)


class Catalogue(APIView):
    """Every figure with its 口径 and its dimensions: no records."""

    permission_required: ClassVar[str] = "reports.view_report"

    @extend_schema(
        operation_id="metrics",
        summary="指标目录",
        description="有哪些指标、各自的口径、可以按什么分；不含数据。",
        responses=CatalogueSerializer,
    )
    def get(self, request: Request) -> Response:
        return Response(CatalogueSerializer({"metrics": METRICS, "dimensions": DIMENSIONS.values()}).data)
