"""Bases of all pages: log-in, permission and rows. A test walks the URLconf and fails on a page without one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import DetailView, FormView, View
from django.views.generic.edit import CreateView, UpdateView
from django_filters.views import FilterView

from crm.http import user_of

COUNT_CAP = 10_000


class GatedView(PermissionRequiredMixin, View):
    """A page for signed-in holders of one permission; without it 403, outside the rows 404."""

    permission_required: str
    raise_exception = True

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An address for pressing a button, opened as a page (after a new log-in, from the history): say so."""
        response = render(request, "405.html", status=405)
        response.headers["Allow"] = ", ".join(name.upper() for name in self.http_method_names if hasattr(self, name))
        return response

    def has_permission(self) -> bool:
        return bool(self.permission_required) and self.request.user.has_perm(self.permission_required)


class CappedPaginator(Paginator[Any]):
    """Counts no further than `cap` rows: a list of a million must not be counted to be shown."""

    cap = COUNT_CAP

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: self.cap + 1].count()
        return len(rows)

    @property
    def count_text(self) -> str:
        return f"{self.cap}+" if self.count > self.cap else str(self.count)


class ScopedRows:
    """Mixin: the rows of `model` that the user may see."""

    model: type[Model]
    request: HttpRequest

    def get_queryset(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(self.request.user)
        return rows


class ScopedList(ScopedRows, GatedView, FilterView):
    """A list page with filters in the address; htmx asks for the rows only (`fragment_name`)."""

    paginate_by = 30
    paginator_class = CappedPaginator
    strict = False
    fragment_name: ClassVar[str] = ""

    def get_template_names(self) -> Sequence[str]:
        if self.fragment_name and getattr(self.request, "htmx", False) and not self.request.htmx.boosted:  # type: ignore[attr-defined]
            return [self.fragment_name]
        return super().get_template_names()  # type: ignore[no-any-return]

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(filterset_class)
        if kwargs["data"] is None:
            kwargs["data"] = {}
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {"query": query.urlencode(), "is_filtered": any(v for v in query.values())}


class TellsDeleted(ScopedRows):
    """Mixin: the address of a deleted record says so to those who may restore it; it is 404 to all others."""

    kwargs: dict[str, Any]
    restore_url: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)  # type: ignore[misc, no-any-return]
        except Http404:
            answer = self.deleted(self.kwargs["pk"]) if self.restore_url else None
            if answer is None:
                raise
            return answer

    def deleted(self, pk: int) -> HttpResponse | None:
        manager: Any = self.model._default_manager
        record = manager.in_bin_of(self.request.user).select_related("deleted_by").filter(pk=pk).first()
        if record is None:
            return None
        context = {"object": record, "restore_url": self.restore_url}
        return render(self.request, "crm/deleted.html", context, status=410)


class ScopedDetail(TellsDeleted, GatedView, DetailView[Any]):
    """A record page."""


class _KnowsUser:
    """Mixin: hands the user to the form."""

    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}  # type: ignore[misc, no-any-return]


class GatedForm(_KnowsUser, GatedView, FormView[Any]):
    """A page around a plain form."""


class ScopedCreate(_KnowsUser, ScopedRows, GatedView, CreateView[Any, Any]):
    """A page that makes a record; the form's `save` calls an action."""


class ScopedUpdate(_KnowsUser, TellsDeleted, GatedView, UpdateView[Any, Any]):
    """A page that changes a record the user may see."""


class ScopedAction(ScopedRows, GatedView):
    """One change of one record, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        return self.act(record)

    def act(self, record: Any) -> HttpResponse:
        raise NotImplementedError

    def done(self, message: str, to: str | Model) -> HttpResponseRedirect:
        messages.success(self.request, message)
        return redirect(to)  # type: ignore[arg-type]


class Home(View):
    """`/`: the page on which the user's role starts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(user_of(request).home)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An outdated form: say what to do instead of "CSRF"."""
    return render(request, "403_csrf.html", status=403)
