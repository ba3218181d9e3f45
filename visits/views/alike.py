"""Appeals that may be one: a word while one is written, both side by side on the page, “不是重复” with undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.http import undoable, user_of
from crm.models import User
from crm.views import GatedView, ScopedAction, ScopedDetail
from parks.models import Enterprise
from visits import actions
from visits.duplicates import open_ones_like, rivals_of
from visits.matters import group_of
from visits.models import Appeal
from visits.months import month_of
from visits.precedents import precedents_of
from visits.querysets import OPEN
from visits.workflow import ACCEPT, DISPATCH, HANDLE, REVIEW, STEPS, Step

# As little as this is no matter yet.
LEAST = 4


def rival_context(appeal: Appeal, user: User) -> dict[str, Any]:
    """For whoever may merge, and only while there is something to merge."""
    may_merge = appeal.status in OPEN and user.has_perm(STEPS["merge"].permission)
    return {"rivals": rivals_of(appeal, user) if may_merge else []}


def precedent_context(appeal: Appeal, user: User, steps: list[Step]) -> dict[str, Any]:
    """For those who handle what is still open."""
    handles = appeal.status in OPEN and any(user.has_perm(right) for right in (ACCEPT, DISPATCH, HANDLE, REVIEW))
    return {
        "precedents": precedents_of(appeal, user) if handles else [],
        "may_answer": STEPS["answer"] in steps,
    }


class CommonTag(ScopedDetail):
    """Fragment: whether several enterprises raise the same. The page does not wait for a month to be compared."""

    model = Appeal
    permission_required = "visits.view_commonmatter"
    template_name = "visits/_common_tag.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal: Appeal = self.object
        found = {
            "common": group_of(appeal, user_of(self.request)),
            "common_month": month_of(timezone.localdate(appeal.created_at)),
        }
        return super().get_context_data(**kwargs) | found


class AlikeHint(GatedView):
    """Fragment: open appeals of the enterprise like the text in the form. By POST, so that no log keeps the text."""

    permission_required = "visits.add_appeal"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user, key, text = user_of(request), request.POST.get("enterprise", ""), request.POST.get("content", "")
        if not key.isdecimal() or len(key) > 18 or len(text.strip()) < LEAST:
            return HttpResponse()
        enterprise = get_object_or_404(Enterprise.objects.visible_to(user), pk=key)
        return render(request, "visits/_alike_hint.html", {"found": open_ones_like(user, enterprise, text)})


class _OfPair(ScopedAction):
    """Base: the appeal in the address and the `other` one, both visible."""

    model = Appeal
    permission_required = STEPS["merge"].permission

    def other(self, record: Appeal) -> Appeal:
        other: Appeal = get_object_or_404(self.get_queryset(), pk=self.kwargs["other"])
        if other.pk == record.pk:
            raise Http404
        return other


class KeepApart(_OfPair):
    def act(self, record: Appeal) -> HttpResponse:
        other = self.other(record)
        try:
            actions.keep_apart(record, other, actor=user_of(self.request))
        except actions.StepRefused as refused:
            messages.warning(self.request, " ".join(refused.messages))
            return redirect(record)
        undo = reverse("visits:appeal_together", args=[record.pk, other.pk])
        undoable(self.request, f"已记下 {record} 与 {other} 不是重复，以后不再提示。", undo)
        return redirect(record)


class PutTogether(_OfPair):
    def act(self, record: Appeal) -> HttpResponse:
        actions.put_together(record, self.other(record))
        return self.done("已恢复提示。", record)
