"""服务: stewards and “服务包” list of an enterprise, now and before, and the forms that change them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from crm.http import user_of
from crm.scoping import visible
from crm.views import GatedForm, ScopedDetail
from parks.forms_service import StewardEndForm, StewardForm, TierForm
from parks.models import Enterprise, ServiceTier, Stewardship
from parks.records import told_of


class EnterpriseService(ScopedDetail):
    """Every range there was, the newest first."""

    model = Enterprise
    permission_required = "parks.view_enterprise"
    restore_url = "parks:enterprise_restore"
    template_name = "parks/enterprise_service.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enterprise, user = self.object, user_of(self.request)
        stewards = list(enterprise.stewardships.select_related("user").order_by("-starts_on", "-pk"))
        tiers = list(enterprise.service_tiers.order_by("-starts_on", "-pk"))
        for model, rows in ((Stewardship, stewards), (ServiceTier, tiers)):
            told = told_of(model, enterprise, user)
            for row in rows:
                row.told = told.get(row.pk)
        return super().get_context_data(**kwargs) | {
            "stewards": stewards,
            "tiers": tiers,
            "today": timezone.localdate(),
        }


class _ServiceForm(GatedForm):
    """Base: a form whose `store` writes through an action and returns what to say."""

    permission_required = "parks.change_enterprise"
    template_name = "parks/service_form.html"
    title: ClassVar[str]
    button: ClassVar[str]

    @cached_property
    def enterprise(self) -> Enterprise:
        found: Enterprise = get_object_or_404(visible(Enterprise, user_of(self.request)), pk=self.kwargs["pk"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"enterprise": self.enterprise}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        named = {"enterprise": self.enterprise, "title": self.title, "button": self.button}
        return super().get_context_data(**kwargs) | named

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = form.store()
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(reverse("parks:enterprise_service", args=[self.enterprise.pk]))


class StewardAssign(_ServiceForm):
    form_class = StewardForm
    title, button = "分配管家", "分配管家"


class TierMove(_ServiceForm):
    form_class = TierForm
    title, button = "调整服务包级别", "调整级别"


class StewardEnd(_ServiceForm):
    form_class = StewardEndForm
    title, button = "结束管家", "结束担任"

    @cached_property
    def stewardship(self) -> Stewardship:
        rows = visible(Stewardship, user_of(self.request)).select_related("enterprise", "user")
        found: Stewardship = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @cached_property
    def enterprise(self) -> Enterprise:
        return self.stewardship.enterprise

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        del kwargs["enterprise"]
        return kwargs | {"stewardship": self.stewardship}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = f"结束 {self.stewardship.user} 的{self.stewardship.get_role_display()}"
        return super().get_context_data(**kwargs) | {"title": title}
