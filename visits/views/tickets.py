"""热线工单: the list, the page of one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from crm.http import user_of
from crm.keyset import Sort
from crm.lists import KeysetList
from crm.views import ScopedDetail
from parks.models import Enterprise
from visits.filters_tickets import BY_KEY, QUEUES, TicketFilter, queue_counts
from visits.models import Appeal, HotlineTicket


class TicketList(KeysetList):
    model = HotlineTicket
    permission_required = "visits.view_hotlineticket"
    filterset_class = TicketFilter
    template_name = "visits/ticket_list.html"
    fragment_name = "visits/_ticket_rows.html"
    sorts = (Sort("-called", "最近来电", "called_at", is_descending=True),)
    view_key = "tickets"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = HotlineTicket.objects.visible_to(user_of(self.request)).for_list()
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_queue = self.request.GET.get("queue", "")
        counts = queue_counts(HotlineTicket.objects.visible_to(user_of(self.request)))
        return super().get_context_data(**kwargs) | {
            "queues": [(queue, counts[queue.key]) for queue in QUEUES],
            "open_queue": open_queue,
            "queue_hint": BY_KEY[open_queue].hint if open_queue in BY_KEY else "",
        }


class TicketDetail(ScopedDetail):
    model = HotlineTicket
    restore_url = "visits:ticket_restore"
    permission_required = "visits.view_hotlineticket"
    template_name = "visits/ticket_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("enterprise", "created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticket, user = self.object, user_of(self.request)
        firms = Enterprise.objects.visible_to(user).filter(pk=ticket.enterprise_id)
        return super().get_context_data(**kwargs) | {
            "enterprise_is_visible": firms.exists(),
            "appeal": Appeal.objects.visible_to(user).filter(pk=ticket.appeal_id).first(),
            "is_apart": HotlineTicket.objects.filter(pk=ticket.pk).apart_from_appeal().exists(),
        }
