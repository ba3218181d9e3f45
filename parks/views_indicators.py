"""经济指标 of one enterprise: the tab of its page, and the form of a month. Amounts of single firms are for few."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from crm.http import user_of
from crm.scoping import visible
from crm.views import GatedView, ScopedCreate, ScopedUpdate
from parks.economy import year_of
from parks.forms_indicators import NewReturnForm, ReturnForm
from parks.models import Enterprise, MonthlyReturn
from parks.querysets import AMOUNTS_OF_ONE
from parks.views_conflicts import ChecksHistory


class _OfFew(GatedView):
    """Base: besides the page's own permission, the one to see amounts of single firms."""

    def has_permission(self) -> bool:
        return super().has_permission() and self.request.user.has_perm(AMOUNTS_OF_ONE)


class EnterpriseIndicators(_OfFew, TemplateView):
    """A fragment for htmx, a whole page without JavaScript."""

    permission_required = "parks.view_monthlyreturn"

    def get_template_names(self) -> list[str]:
        return ["parks/_indicators.html" if getattr(self.request, "htmx", False) else "parks/indicators.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        enterprise = get_object_or_404(visible(Enterprise, user), pk=self.kwargs["pk"])
        wanted = self.request.GET.get("year", "")
        is_year = len(wanted) == 4 and wanted.isascii() and wanted.isdigit()
        year = year_of(enterprise, user, int(wanted) if is_year else 0)
        return super().get_context_data(**kwargs) | {"enterprise": enterprise, "shown": year}


class _ReturnPage(_OfFew):
    permission_required = "parks.change_monthlyreturn"

    def form_valid(self, form: ReturnForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if hasattr(form, "is_kept"):
            period = form.instance.period
            said = f"已保存 {period}的经济指标。" if form.is_kept else f"{period}的指标已全部清空，这个月不再列出。"
            messages.success(self.request, said)
        return response

    def get_success_url(self) -> str:
        row: MonthlyReturn = self.object  # type: ignore[attr-defined]
        return f"{reverse('parks:enterprise_indicators', args=[row.enterprise_id])}?year={row.year}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"enterprise": context["form"].instance.enterprise}


class ReturnCreate(_ReturnPage, ScopedCreate):
    model = MonthlyReturn
    template_name = "parks/return_form.html"
    form_class = NewReturnForm

    def get_form_kwargs(self) -> dict[str, Any]:
        enterprise = get_object_or_404(visible(Enterprise, user_of(self.request)), pk=self.kwargs["enterprise_pk"])
        return super().get_form_kwargs() | {"instance": MonthlyReturn(enterprise=enterprise)}


class ReturnUpdate(_ReturnPage, ChecksHistory, ScopedUpdate):
    model = MonthlyReturn
    template_name = "parks/return_form.html"
    form_class = ReturnForm
