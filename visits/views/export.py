"""Visits and appeals as files."""

from __future__ import annotations

from crm.views_export import ListExport
from visits.filters import AppealFilter, VisitFilter
from visits.models import Appeal, Visit
from visits.resources import AppealResource, VisitResource


class VisitExport(ListExport):
    model = Visit
    resource_class = VisitResource
    filterset_class = VisitFilter
    list_url = "visits:visit_list"
    order = ("-started_at", "-pk")


class AppealExport(ListExport):
    model = Appeal
    resource_class = AppealResource
    filterset_class = AppealFilter
    list_url = "visits:appeal_list"
    order = ("-created_at", "-pk")
