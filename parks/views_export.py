"""The register and its qualifications as files."""

from __future__ import annotations

from crm.views_export import ListExport
from parks.filters import EnterpriseFilter
from parks.filters_qualifications import QualificationFilter, QualificationQueueFilter
from parks.models import Enterprise, Qualification
from parks.resources import EnterpriseResource, QualificationResource


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
