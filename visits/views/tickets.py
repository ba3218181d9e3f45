"""热线工单: the list, the page of one, saying whose it is, raising it to an appeal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from crm.http import user_of
from crm.keyset import Sort
from crm.lists import KeysetList
from crm.views import GatedForm, GatedView, ScopedAction, ScopedDetail
from parks.models import Enterprise
from visits import actions
from visits.filters_tickets import BY_KEY, QUEUES, TicketFilter, queue_counts
from visits.forms.ticket import TicketMatchForm, TicketRaiseForm
from visits.models import Appeal, HotlineTicket

CONTENT_LENGTH = 5000


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


class _TicketForm(GatedForm):
    """Base: a page about one ticket, for those who handle them."""

    permission_required = "visits.change_hotlineticket"
    ticket: HotlineTicket

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_permission():
            rows = HotlineTicket.objects.visible_to(user_of(request)).select_related("enterprise", "appeal")
            self.ticket = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"ticket": self.ticket}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.store(form)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)

    def store(self, form: Any) -> HttpResponse:
        raise NotImplementedError


class TicketMatch(_TicketForm):
    form_class = TicketMatchForm
    template_name = "visits/ticket_match.html"

    def get_initial(self) -> dict[str, Any]:
        return {"enterprise": self.ticket.enterprise} if self.ticket.enterprise else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "search" in request.POST:
            form.hold()
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def store(self, form: TicketMatchForm) -> HttpResponse:
        firm = form.cleaned_data["enterprise"]
        ticket = actions.match_ticket(self.ticket, actor=user_of(self.request), enterprise=firm)
        messages.success(self.request, f"工单 {ticket} 已对应到“{firm}”。")
        return redirect(ticket)


class TicketRaise(_TicketForm):
    form_class = TicketRaiseForm
    template_name = "visits/ticket_raise.html"

    def has_permission(self) -> bool:
        return super().has_permission() and self.request.user.has_perm("visits.add_appeal")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.ticket.appeal_id or not self.ticket.enterprise_id:
            told = "已转为诉求。" if self.ticket.appeal_id else "先匹配企业，再转为诉求。"
            messages.warning(request, told)
            return redirect(self.ticket)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        title, content = self.ticket.title, self.ticket.content
        told = content if title in content else "\n".join(filter(None, (title, content)))
        return {"content": told[:CONTENT_LENGTH]}

    def store(self, form: TicketRaiseForm) -> HttpResponse:
        appeal = actions.raise_ticket(self.ticket, actor=user_of(self.request), **form.cleaned_data)
        messages.success(self.request, f"工单 {self.ticket} 已转为诉求 {appeal}。")
        return redirect(appeal)


class _TicketAction(ScopedAction):
    """Base: back to the ticket, whatever came of it."""

    model = HotlineTicket
    permission_required = "visits.change_hotlineticket"

    def act(self, record: HotlineTicket) -> HttpResponse:
        try:
            messages.success(self.request, self.change(record))
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
        return redirect(record)

    def change(self, record: HotlineTicket) -> str:
        raise NotImplementedError


class TicketResident(_TicketAction):
    def change(self, record: HotlineTicket) -> str:
        actions.mark_resident(record, actor=user_of(self.request))
        return f"工单 {record} 已标为居民工单，单独统计。"


class TicketMatchAgain(_TicketAction):
    def change(self, record: HotlineTicket) -> str:
        row = actions.match_again(record, actor=user_of(self.request))
        return f"工单 {row} 已对应到名册中的企业。" if row.enterprise_id else f"工单 {row} 仍没有对应的企业。"


class TicketsMatchAgain(GatedView):
    """All unmatched at once, after the register has grown."""

    http_method_names = ["post", "options"]
    permission_required = "visits.change_hotlineticket"

    def post(self, request: HttpRequest) -> HttpResponse:
        found, looked_at = actions.match_unmatched(actor=user_of(request))
        messages.success(request, f"重新匹配了 {looked_at} 件，{found} 件找到了企业。")
        return redirect("visits:ticket_list")
