"""提醒: what a person was reminded of, the newest first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views.generic import ListView

from crm.http import user_of
from crm.models import User
from crm.views import CappedPaginator, GatedView, ScopedRows
from visits import actions
from visits.models import Notice

MOST_COUNTED = 99


def other_notices(user: User) -> list[tuple[str, str, int]]:
    """Label, address and number unread of what upper apps tell a person."""
    return [import_string(path)(user) for path in settings.OTHER_NOTICES]


class NoticeList(ScopedRows, GatedView, ListView[Any]):
    model = Notice
    permission_required = "visits.view_notice"
    template_name = "visits/notice_list.html"
    paginate_by = 30
    paginator_class = CappedPaginator

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().order_by("-reminder__made_at", "reminder__appeal__due_at", "-reminder__pk")
        return rows.select_related(
            "reminder__appeal__enterprise", "reminder__appeal__lead_unit", "reminder__event__actor"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unread = Notice.objects.visible_to(user_of(self.request)).unread()
        return super().get_context_data(**kwargs) | {
            "unread": unread.count(),
            "others": [one for one in other_notices(user_of(self.request)) if one[2]],
        }


class NoticeCount(ScopedRows, GatedView):
    """Fragment for the bell of every page."""

    model = Notice
    permission_required = "visits.view_notice"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows: Any = self.get_queryset()
        others = sum(number for _, _, number in other_notices(user_of(request)))
        count = rows.unread()[: MOST_COUNTED + 1].count() + others
        text = f"{MOST_COUNTED}+" if count > MOST_COUNTED else count
        return render(request, "visits/_notice_count.html", {"count": count, "text": text})


class NoticesRead(GatedView):
    permission_required = "visits.view_notice"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count = actions.mark_read(user_of(request))
        messages.success(request, f"{count} 条提醒已标为已读。")
        return redirect("visits:notice_list")
