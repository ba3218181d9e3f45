"""回收站: one page per kind of record, deleting with undo in the message, restoring. Each app names its own rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import ListView, View

from crm.http import undoable, user_of
from crm.views import CappedPaginator, GatedView, ScopedAction


@dataclass(frozen=True, slots=True)
class Bin:
    """A kind of record that has a bin: its tab and who may open it."""

    label: str
    url_name: str
    permission: str


BINS = (
    Bin("企业", "parks:enterprise_bin", "parks.change_enterprise"),
    Bin("走访", "visits:visit_bin", "visits.change_visit"),
    Bin("诉求", "visits:appeal_bin", "visits.change_appeal"),
    Bin("热线工单", "visits:ticket_bin", "visits.change_hotlineticket"),
)


class BinHome(GatedView, View):
    """`/bin/`: the first tab that the user may open."""

    permission_required = "visits.change_visit"

    def get(self, request: HttpRequest) -> HttpResponse:
        for one in BINS:
            if request.user.has_perm(one.permission):
                return redirect(one.url_name)
        raise Http404


class BinList(GatedView, ListView[Any]):
    """Deleted records that the user may restore, the latest first, searchable."""

    template_name = "crm/bin.html"
    paginate_by = 30
    paginator_class = CappedPaginator
    restore_url: ClassVar[str]
    search_fields: ClassVar[Sequence[str]]
    related: ClassVar[Sequence[str]] = ()
    action_template: ClassVar[str] = "crm/_bin_action.html"

    def get_queryset(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager  # type: ignore[union-attr]
        rows: QuerySet[Any] = manager.in_bin_of(user_of(self.request)).select_related("deleted_by", *self.related)
        if text := self.request.GET.get("q", "").strip():
            condition = Q()
            for name in self.search_fields:
                condition |= Q(**{f"{name}__icontains": text})
            rows = rows.filter(condition)
        return rows.order_by("-deleted_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, query = user_of(self.request), self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {
            "bins": [
                {
                    "label": one.label,
                    "url": reverse(one.url_name),
                    "is_open": reverse(one.url_name) == self.request.path,
                }
                for one in BINS
                if user.has_perm(one.permission)
            ],
            "q": self.request.GET.get("q", ""),
            "query": query.urlencode(),
            "restore_url": self.restore_url,
            "action_template": self.action_template,
        }


class ScopedDelete(ScopedAction):
    """Delete at once, with undo in the message instead of a question."""

    restore_url: ClassVar[str]
    list_url: ClassVar[str]

    def delete(self, record: Any) -> None:
        raise NotImplementedError

    def act(self, record: Any) -> HttpResponse:
        try:
            self.delete(record)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return redirect(record)
        undoable(self.request, f"已把“{record}”移入回收站。", reverse(self.restore_url, args=[record.pk]))
        return redirect(self.list_url)


class ScopedRestore(ScopedAction):
    """Take a record out of the bin and show it; refused, the bin says why."""

    bin_url: ClassVar[str]

    def get_queryset(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.in_bin_of(self.request.user)
        return rows

    def restore(self, record: Any) -> None:
        raise NotImplementedError

    def act(self, record: Any) -> HttpResponse:
        try:
            self.restore(record)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return redirect(self.bin_url)
        return self.done(f"已恢复“{record}”。", record)
