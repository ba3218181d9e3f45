"""What an enterprise's page shows of visits and appeals: fragments for htmx, whole pages without JavaScript."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Page
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from crm.http import user_of
from crm.views import CappedPaginator, GatedView
from parks.models import Enterprise
from visits.models import Appeal, Visit, WarningFlag
from visits.timeline import timeline

PER_PAGE = 20


class OfEnterprise(GatedView, TemplateView):
    """Base: the enterprise in the address must be visible; `fragment_name` is what the enterprise's page loads."""

    title: ClassVar[str]
    fragment_name: ClassVar[str]
    # Whether the fragment needs a card around it where it is a page of its own.
    is_boxed: ClassVar[bool] = False
    template_name = "visits/enterprise_page.html"
    enterprise: Enterprise

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_permission():
            self.enterprise = get_object_or_404(Enterprise.objects.visible_to(user_of(request)), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        is_fragment = getattr(self.request, "htmx", False)
        return [self.fragment_name if is_fragment else str(self.template_name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "enterprise": self.enterprise,
            "enterprise_key": str(self.enterprise.pk),
            "title": self.title,
            "fragment": self.fragment_name,
            "is_boxed": self.is_boxed,
        }

    def page(self, rows: Any) -> Page[Any]:
        return CappedPaginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))


class EnterpriseVisits(OfEnterprise):
    permission_required = "visits.view_visit"
    title = "走访"
    fragment_name = "visits/_enterprise_visits.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Visit.objects.visible_to(user_of(self.request)).to_enterprise(self.enterprise.pk).for_list()
        return super().get_context_data(**kwargs) | {"page_obj": self.page(rows)}


class EnterpriseAppeals(OfEnterprise):
    permission_required = "visits.view_appeal"
    title = "诉求"
    fragment_name = "visits/_enterprise_appeals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Appeal.objects.visible_to(user_of(self.request)).filter(enterprise=self.enterprise).for_list()
        return super().get_context_data(**kwargs) | {"page_obj": self.page(rows)}


class EnterpriseNext(OfEnterprise):
    """接下来: red flags, open appeals with the time left, planned visits, the day agreed for the next one."""

    permission_required = "visits.view_appeal"
    title = "接下来"
    fragment_name = "visits/_enterprise_next.html"
    is_boxed = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        appeals = Appeal.objects.visible_to(user).filter(enterprise=self.enterprise).open().by_due()
        visits = Visit.objects.visible_to(user).to_enterprise(self.enterprise.pk)
        last = visits.done().first()
        return super().get_context_data(**kwargs) | {
            "appeals": appeals[:10],
            "planned": visits.planned().order_by("started_at")[:3],
            "last_visit": last,
            "flags": WarningFlag.objects.visible_to(user).open().filter(enterprise=self.enterprise).by_level(),
        }


class EnterpriseTimeline(OfEnterprise):
    """The one timeline of an enterprise, newest first."""

    permission_required = "parks.view_enterprise"
    title = "时间线"
    fragment_name = "visits/_timeline.html"
    is_boxed = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        after = self.request.GET.get("after", "")
        entries, following = timeline(user_of(self.request), self.enterprise, after)
        return super().get_context_data(**kwargs) | {"entries": entries, "following": following, "after": after}
