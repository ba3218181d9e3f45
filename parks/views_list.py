"""The register's list and the counts of its queues."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from crm.http import user_of
from crm.keyset import neighbours
from crm.lists import KeysetList, sort_of
from crm.models import User
from crm.views import CappedPaginator, GatedView
from parks.actions.bulk import stewards_for
from parks.cells import lines
from parks.filters import EnterpriseFilter, EnterprisePageFilter
from parks.lists import COLUMNS, QUEUES, SORTS, Queue
from parks.models import Enterprise, Qualification, Stewardship, Tag
from parks.querysets import on_date

TAGS_SHOWN = 8
# What the columns and the orders need; the rest of a row is not read.
LISTED = (
    *("name", "uscc", "registered_capital", "registered_capital_currency", "stage", "joined_on", "established_on"),
    *("legal_representative", "phone", "building", "room", "updated_at", "name_key", "industry__name", "park__name"),
)
MAIN_FILTERS = ("q", "industry", "capital", "qualification", "steward", "ordering")


class EnterpriseList(KeysetList):
    model = Enterprise
    permission_required = "parks.view_enterprise"
    template_name = "parks/enterprise_list.html"
    fragment_name = "parks/_enterprise_rows.html"
    sorts = SORTS
    columns = COLUMNS
    view_key = "enterprises"

    def get_filterset_class(self) -> type[EnterpriseFilter]:
        return EnterpriseFilter if "count" in self.request.GET else EnterprisePageFilter

    def get_queryset(self) -> QuerySet[Enterprise]:
        today = timezone.localdate()
        valid = Qualification.objects.valid_on(today).select_related("kind").only("enterprise_id", "kind__short_name")
        stewards = Stewardship.objects.filter(on_date(today), is_primary=True)
        stewards = stewards.select_related("user").only("enterprise_id", "user__name")
        return (
            super()
            .get_queryset()
            .select_related("industry", "park")
            .only(*LISTED)
            .prefetch_related(
                Prefetch("tags", Tag.objects.only("name"), to_attr="shown_tags"),
                Prefetch("qualifications", valid, to_attr="valid_qualifications"),
                Prefetch("stewardships", stewards, to_attr="primary_stewards"),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {name for name, value in self.request.GET.items() if value}
        context = super().get_context_data(**kwargs)
        return context | {
            "lines": lines(context["page_obj"], context["columns"], quote(context["query"])),
            "can_change": self.request.user.has_perm("parks.change_enterprise"),
            "tags": Tag.objects.visible_to(user_of(self.request))[:TAGS_SHOWN],
            "bulk_stewards": stewards_for(user_of(self.request)),
            "queues": QUEUES,
            "main_filters": MAIN_FILTERS,
            "has_more_filters": bool(asked & set(EnterpriseFilter.base_filters) - {*MAIN_FILTERS, "queue"}),
        }


def around(request: HttpRequest, enterprise: Enterprise) -> dict[str, Any]:
    """The enterprises before and after one in the list that the reader came from, and the list's address."""
    if "list" not in request.GET:
        return {}
    asked = QueryDict(request.GET["list"][:2000])
    visible = Enterprise.objects.visible_to(user_of(request))
    rows: Any = EnterprisePageFilter(asked, queryset=visible, request=request).qs
    previous, following = neighbours(rows.order_by(), sort_of(SORTS, asked), enterprise)
    return {"previous": previous, "following": following, "list_query": asked.urlencode()}


class QueueCount(CappedPaginator):
    """Work for days is enough to know of a queue."""

    cap = 300


def _waiting(queue: Queue, user: User) -> QuerySet[Any] | list[int]:
    if not queue.awards:
        return Enterprise.objects.visible_to(user).filter(queue.condition)
    awards = queue.awards(timezone.localdate()).on_enterprises_of(user).values_list("enterprise_id", flat=True)
    # A few more than the cap, because an enterprise may have several; seldom are these too few to tell.
    first = list(awards.order_by()[: QueueCount.cap * 6 // 5])
    is_told = len(first) < QueueCount.cap * 6 // 5 or len(set(first)) > QueueCount.cap
    return list(set(first)) if is_told else awards.order_by("enterprise_id").distinct()


class EnterpriseQueues(GatedView):
    """Fragment: the queues with their counts, asked for after the list, which does not wait for them."""

    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = {queue.key: QueueCount(_waiting(queue, user_of(request)), 1).count_text for queue in QUEUES}
        context = {"queues": QUEUES, "counts": counts, "chosen": request.GET.get("queue", "")}
        return render(request, "parks/_queues.html", context)
