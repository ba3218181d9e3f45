"""All batches: where each stands and how to go on with it; dropping one that nobody will finish, and back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.http import undoable, user_of
from crm.imports.clearing import drop, may_drop, may_restore, restore
from crm.imports.errors import ImportStateError
from crm.imports.resource import ImportResource, get_resource, resource_keys
from crm.imports.tasks import RUNS
from crm.models.imports import OPEN_STATES, BatchState
from crm.views import CappedPaginator
from crm.views_imports import ImportView

# What a chip of the list shows; without one, everything but what was dropped.
STANDS = {
    "open": ("待处理", OPEN_STATES),
    "running": ("处理中", (*RUNS,)),
    "committed": ("已导入", (BatchState.COMMITTED,)),
    "undone": ("已撤销", (BatchState.UNDONE,)),
    "dropped": ("已作废", (BatchState.DROPPED,)),
}
LARGE = ("headings", "skipped", "fixes", "originals", "decisions", "digest")


class ImportList(ImportView):
    """Batches, latest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        resources = [resource for key in resource_keys() if self._may(resource := get_resource(key))]
        rows = self.get_queryset().filter(resource__in=[resource.key for resource in resources])
        counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        stand, user = request.GET.get("stand", ""), user_of(request)
        if stand and stand not in STANDS:
            raise Http404
        shown = rows.filter(state__in=STANDS[stand][1]) if stand else rows.exclude(state=BatchState.DROPPED)
        page = CappedPaginator(shown.select_related("created_by").defer(*LARGE), 30).get_page(request.GET.get("page"))
        labels = {resource.key: resource.label for resource in resources}
        return self.page(
            "list",
            page_obj=page,
            resources=resources,
            items=[(batch, labels[batch.resource], may_drop(batch, user), may_restore(batch, user)) for batch in page],
            stand=stand,
            query=f"stand={stand}" if stand else "",
            total=sum(counts.values()) - counts.get(BatchState.DROPPED, 0),
            has_any=bool(counts),
            stands=[(key, label, sum(counts.get(s, 0) for s in states)) for key, (label, states) in STANDS.items()],
        )

    def _may(self, resource: ImportResource) -> bool:
        return self.request.user.has_perm(resource.permission)


class ImportDrop(ImportView):
    """A second press finds it dropped."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state != BatchState.DROPPED:
            if batch.is_open and not may_drop(batch, user_of(request)):
                raise Http404
            try:
                drop(batch.pk, actor=user_of(request))
            except ImportStateError as error:
                messages.error(request, str(error))
                return redirect(batch)
        days = settings.YQT["DROPPED_IMPORT_DAYS"]
        undoable(request, f"{batch} 已作废，{days} 天内可以恢复。", reverse("crm:import_restore", args=[batch.pk]))
        return redirect("crm:import_list")


class ImportRestore(ImportView):
    """A second press finds it restored."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state == BatchState.DROPPED:
            if batch.is_restorable and not may_restore(batch, user_of(request)):
                raise Http404
            try:
                batch = restore(batch.pk, actor=user_of(request))
            except ImportStateError as error:
                messages.error(request, str(error))
                return redirect(batch)
            messages.success(request, f"{batch} 已恢复，可以接着核对。")
        return redirect(batch)
