"""回收站 of visits, appeals and hotline tickets: deleting, restoring, and what is in there."""

from __future__ import annotations

from crm.http import user_of
from crm.views_bin import BinList, ScopedDelete, ScopedRestore
from visits import actions
from visits.models import Appeal, HotlineTicket, Visit


class VisitBin(BinList):
    model = Visit
    permission_required = "visits.change_visit"
    restore_url = "visits:visit_restore"
    search_fields = ("topic", "summary", "place")


class VisitDelete(ScopedDelete):
    model = Visit
    permission_required = "visits.change_visit"
    restore_url = "visits:visit_restore"
    list_url = "visits:visit_list"

    def delete(self, record: Visit) -> None:
        actions.delete_visit(record, actor=user_of(self.request))


class VisitRestore(ScopedRestore):
    model = Visit
    permission_required = "visits.change_visit"
    bin_url = "visits:visit_bin"

    def restore(self, record: Visit) -> None:
        actions.restore_visit(record, actor=user_of(self.request))


class AppealBin(BinList):
    model = Appeal
    permission_required = "visits.change_appeal"
    restore_url = "visits:appeal_restore"
    search_fields = ("number", "content", "enterprise__name")
    related = ("enterprise",)


class AppealDelete(ScopedDelete):
    model = Appeal
    permission_required = "visits.change_appeal"
    restore_url = "visits:appeal_restore"
    list_url = "visits:appeal_list"

    def delete(self, record: Appeal) -> None:
        actions.delete_appeal(record, actor=user_of(self.request))


class AppealRestore(ScopedRestore):
    model = Appeal
    permission_required = "visits.change_appeal"
    bin_url = "visits:appeal_bin"

    def restore(self, record: Appeal) -> None:
        actions.restore_appeal(record, actor=user_of(self.request))


class TicketBin(BinList):
    model = HotlineTicket
    permission_required = "visits.change_hotlineticket"
    restore_url = "visits:ticket_restore"
    search_fields = ("number", "title", "content", "firm_name")
    related = ("enterprise",)


class TicketDelete(ScopedDelete):
    model = HotlineTicket
    permission_required = "visits.change_hotlineticket"
    restore_url = "visits:ticket_restore"
    list_url = "visits:ticket_list"

    def delete(self, record: HotlineTicket) -> None:
        actions.delete_ticket(record, actor=user_of(self.request))


class TicketRestore(ScopedRestore):
    model = HotlineTicket
    permission_required = "visits.change_hotlineticket"
    bin_url = "visits:ticket_bin"

    def restore(self, record: HotlineTicket) -> None:
        actions.restore_ticket(record, actor=user_of(self.request))
