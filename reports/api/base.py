"""What the endpoints share: the scope in an address, a figure by its key, and where its rows are."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.http import user_of
from reports.figures.address import rows_endpoint, scope_from
from reports.metrics import METRIC_BY_KEY, Metric
from reports.metrics.drawn import DRAWN_BY_KEY
from reports.period import HELP, BadPeriod
from reports.rows.dimensions import DIMENSIONS
from reports.rows.scope import Scope

TEXT, NUMBER = OpenApiTypes.STR, OpenApiTypes.INT
SCOPE = [
    OpenApiParameter("period", TEXT, description=f"{HELP}；不填为本月"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="自选日期的第一天，与 to 同时填写"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="自选日期的最后一天"),
    OpenApiParameter("park", NUMBER, description="园区编号"),
    OpenApiParameter("unit", NUMBER, description="承办单位编号"),
    OpenApiParameter("category", TEXT, description="诉求类别"),
    OpenApiParameter("matter", NUMBER, description="共性问题编号"),
]
ONE_PART = [
    OpenApiParameter("by", TEXT, enum=list(DIMENSIONS), description="只看一个部分：按什么分"),
    OpenApiParameter("value", TEXT, description="只看一个部分：哪一部分；“-”为不属于任何部分的"),
]
KEY = OpenApiParameter("key", TEXT, OpenApiParameter.PATH, description="指标，见 /api/metrics/")
WRONG = {400: OpenApiTypes.OBJECT, 403: OpenApiTypes.OBJECT, 404: OpenApiTypes.OBJECT}


class ScopedView(APIView):
    """Base: the scope of the query; a wrong period is told by its parameter, what may not be seen is 404."""

    permission_required: ClassVar[str] = "reports.view_report"

    def get(self, request: Request, **kwargs: Any) -> Response:
        try:
            return self.answer(scope_from(request.query_params, user_of(request)), **kwargs)
        except BadPeriod as problem:
            raise ValidationError({"period": [str(problem)]}) from problem

    def answer(self, scope: Scope, **kwargs: Any) -> Response:
        raise NotImplementedError

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 up to `most` in the query."""
        text = self.request.query_params.get(name, "") or str(usual)
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            raise ValidationError({name: [f"应为 1 至 {most} 的整数。"]})
        return int(text)


class PlaceSerializer(serializers.Serializer[Any]):
    """Base of what has rows behind it: an `address` of the page, empty where there are none."""

    rows = serializers.SerializerMethodField(help_text="这些记录的接口地址；没有记录时为空")

    def get_rows(self, place: Any) -> str:
        return self.context["request"].build_absolute_uri(rows_endpoint(place.address)) if place.address else ""


def metric_for(key: str, scope: Scope) -> Metric:
    """404 for what is no figure, or has no such parts as the scope is narrowed to."""
    metric = METRIC_BY_KEY.get(key) or DRAWN_BY_KEY.get(key)
    if metric is None or (scope.by and scope.by not in metric.dimensions):
        raise Http404
    return metric
