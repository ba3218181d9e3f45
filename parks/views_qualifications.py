"""资质: the queue of those that run out, renewing and withdrawing, and the catalogue."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import ListView

from crm.http import user_of
from crm.scoping import visible
from crm.views import GatedForm, GatedView, ScopedCreate, ScopedList, ScopedUpdate
from parks.actions import is_used_elsewhere
from parks.filters_qualifications import WINDOWS, QualificationQueueFilter
from parks.forms_qualifications import KindForm, RenewForm, WithdrawForm
from parks.models import Qualification, QualificationKind, Stewardship
from parks.querysets import on_date
from parks.records import kind_changes
from parks.views_conflicts import ChecksHistory


class QualificationQueue(ScopedList):
    """Awards that run out within 180, 90 or 30 days, or have run out and nothing followed."""

    model = Qualification
    permission_required = "parks.view_qualification"
    filterset_class = QualificationQueueFilter
    template_name = "parks/qualification_queue.html"

    def get_queryset(self) -> QuerySet[Qualification]:
        stewards = Stewardship.objects.filter(on_date(timezone.localdate()), is_primary=True).select_related("user")
        primary = Prefetch("enterprise__stewardships", stewards, to_attr="primary_stewards")
        rows: QuerySet[Qualification] = super().get_queryset()
        return rows.order_by("valid_to", "pk").select_related("enterprise", "kind").prefetch_related(primary)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen: QualificationQueueFilter = context["filter"]
        for row in context["page_obj"]:
            row.left = row.days_left(chosen.day)
            row.overdue = -row.left
        return context | {
            "windows": self.windows(chosen),
            "advice": WINDOWS[chosen.chosen][2],
            "day": chosen.day,
            "is_today": chosen.day == timezone.localdate(),
        }

    def windows(self, chosen: QualificationQueueFilter) -> list[dict[str, Any]]:
        query = self.request.GET.copy()
        query.pop("page", None)
        found = []
        for key, (_, label, _) in WINDOWS.items():
            query["window"] = key
            is_open = key == chosen.chosen
            found.append(
                {"label": label, "count": chosen.counts[f"n{key}"], "query": query.urlencode(), "is_open": is_open}
            )
        return found


class _AwardForm(GatedForm):
    """Base: a form about one award whose `store` writes through an action and returns what to say."""

    permission_required = "parks.change_qualification"
    template_name = "parks/award_form.html"
    title: ClassVar[str]
    button: ClassVar[str]

    @cached_property
    def old(self) -> Qualification:
        rows = visible(Qualification, user_of(self.request)).select_related("enterprise", "kind")
        found: Qualification = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"old": self.old}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"old": self.old, "title": self.title, "button": self.button}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = form.store()
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(f"{self.old.enterprise.get_absolute_url()}#qualifications")


class QualificationRenew(_AwardForm):
    form_class = RenewForm
    title, button = "续办", "登记续办"

    def get_form_kwargs(self) -> dict[str, Any]:
        new = Qualification(enterprise=self.old.enterprise, kind=self.old.kind)
        return super().get_form_kwargs() | {"instance": new}


class QualificationWithdraw(_AwardForm):
    form_class = WithdrawForm
    title, button = "撤销", "登记撤销"


class KindList(GatedView, ListView[QualificationKind]):
    """The catalogue, with how many of the reader's enterprises hold each today."""

    permission_required = "parks.view_qualification"
    queryset = QualificationKind.objects.all()
    template_name = "parks/kind_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows: Any = visible(Qualification, user_of(self.request))
        held = rows.valid_on(timezone.localdate()).order_by().values_list("kind")
        counts = dict(held.annotate(Count("enterprise", distinct=True)))
        for kind in context["object_list"]:
            kind.held = counts.get(kind.pk, 0)
        return context


class _KindForm:
    """Mixin: the catalogue is one for all organisations, so its rows are not scoped."""

    request: HttpRequest

    def get_queryset(self) -> QuerySet[QualificationKind]:
        return QualificationKind.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind, user = self.object, user_of(self.request)  # type: ignore[attr-defined]
        known = {"changes": kind_changes(kind), "is_shared": is_used_elsewhere(kind, user)} if kind else {}
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | known

    def form_valid(self, form: KindForm) -> HttpResponse:
        try:
            kind = form.store()
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        messages.success(self.request, f"已保存资质类别“{kind.name}”。")
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("parks:kind_list")


class KindCreate(_KindForm, ScopedCreate):
    model = QualificationKind
    permission_required = "parks.add_qualificationkind"
    form_class = KindForm
    template_name = "parks/kind_form.html"


class KindUpdate(ChecksHistory, _KindForm, ScopedUpdate):
    model = QualificationKind
    permission_required = "parks.change_qualificationkind"
    form_class = KindForm
    template_name = "parks/kind_form.html"
