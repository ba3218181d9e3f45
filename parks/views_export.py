"""The register and its qualifications as files."""

from __future__ import annotations

from crm.views_export import ListExport
from parks.filters import EnterpriseFilter
from parks.filters_indicators import ReturnFilter
from parks.filters_qualifications import QualificationFilter, QualificationQueueFilter
from parks.models import Enterprise, MonthlyReturn, Qualification
from parks.querysets import AMOUNTS_OF_ONE
from parks.resources import EnterpriseResource, IndicatorResource, QualificationResource


class EnterpriseExport(ListExport):
    model = Enterprise
    resource_class = EnterpriseResource
    filterset_class = EnterpriseFilter
    list_url = "parks:enterprise_list"


class QualificationExport(ListExport):
    model = Qualification
    resource_class = QualificationResource
    filterset_class = QualificationQueueFilter
    list_url = "parks:qualification_queue"
    order = ("valid_to", "pk")


class AllQualificationsExport(QualificationExport):
    """Not only those that run out."""

    filterset_class = QualificationFilter


class ReturnExport(ListExport):
    """Of all enterprises, or of one; nothing to who may not see amounts of single firms."""

    model = MonthlyReturn
    resource_class = IndicatorResource
    filterset_class = ReturnFilter
    list_url = "parks:enterprise_list"
    order = ("enterprise__name_key", "enterprise", "year", "month")

    def has_permission(self) -> bool:
        return super().has_permission() and self.request.user.has_perm(AMOUNTS_OF_ONE)
