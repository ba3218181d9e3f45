"""The figures as JSON: the same strings as on the page and in the PDF, with the exact values behind them."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.http import user_of
from reports.address import scope_from
from reports.build import build_report
from reports.exact import json_number
from reports.period import HELP, BadPeriod

PERIOD_HELP = f"{HELP}；不填为本月"


class ChangeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="与上一期间相比，供显示")
    direction = serializers.ChoiceField(choices=["up", "down", "flat", "none"])


class FigureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField(help_text="指标名称")  # type: ignore[assignment]
    unit = serializers.CharField(help_text="单位；比率为空")
    section = serializers.CharField(help_text="所属部分")
    text = serializers.CharField(help_text="页面和 PDF 上显示的文字，没有记录时为“—”")
    value = serializers.SerializerMethodField(help_text="精确值：比率为 1 的分数，没有记录时为 null")
    numerator = serializers.SerializerMethodField(help_text="比率的分子（加权）")
    denominator = serializers.SerializerMethodField(help_text="比率的分母")
    definition = serializers.CharField(help_text="口径")
    note = serializers.CharField(help_text="本期分子、分母和未计入的记录")
    change = ChangeSerializer()
    last_year = ChangeSerializer(help_text="与上年同期相比", allow_null=True)

    def get_value(self, figure: Any) -> float | None:
        return json_number(figure.value)

    def get_numerator(self, figure: Any) -> float | None:
        return json_number(figure.numerator)

    def get_denominator(self, figure: Any) -> int | None:
        return figure.denominator  # type: ignore[no-any-return]


class ColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class RowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="承办单位、类别或诉求的标识；合计为空")
    cells = serializers.ListField(child=serializers.CharField())


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
    figures = FigureSerializer(many=True)
    tables = TableSerializer(many=True, help_text="分承办单位、分类别的办理情况，未办结诉求")


class Figures(APIView):
    """All figures of a period."""

    permission_required: ClassVar[str] = "reports.view_report"

    @extend_schema(
        operation_id="figures",
        summary="统计指标",
        description="一个期间的全部指标、分承办单位和分类别的办理情况、未办结诉求；与页面和 PDF 的数字一致。",
        parameters=[
            OpenApiParameter("period", OpenApiTypes.STR, description=PERIOD_HELP),
            OpenApiParameter("park", OpenApiTypes.INT, description="园区编号"),
        ],
        responses=ReportSerializer,
    )
    def get(self, request: Request) -> Response:
        try:
            scope = scope_from(request.query_params, user_of(request))
            return Response(ReportSerializer(build_report(scope)).data)
        except BadPeriod as problem:
            raise ValidationError({"period": [str(problem)]}) from problem
