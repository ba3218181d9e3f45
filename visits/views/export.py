"""Visits, appeals and hotline tickets as files."""

from __future__ import annotations

from crm.views_export import ListExport
from visits.filters import AppealFilter, VisitFilter
from visits.filters_tickets import TicketFilter
from visits.models import Appeal, HotlineTicket, Visit
from visits.resources import AppealResource, TicketResource, VisitResource


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


class TicketExport(ListExport):
    """Names and telephones of residents are in it: for those who handle tickets."""

    model = HotlineTicket
    permission_required = "visits.change_hotlineticket"
    resource_class = TicketResource
    filterset_class = TicketFilter
    list_url = "visits:ticket_list"
    order = ("-called_at", "-pk")
