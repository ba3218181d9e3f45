"""预警 and 建议: the lists, seeing to a red flag with undo, answering a suggestion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from crm.http import undoable, user_of
from crm.views import GatedForm, ScopedAction, ScopedList
from visits import actions
from visits.filters_heard import FlagFilter, SuggestionFilter
from visits.forms.heard import ReplyForm
from visits.models import Suggestion, WarningFlag


class FlagList(ScopedList):
    model = WarningFlag
    permission_required = "visits.view_warningflag"
    filterset_class = FlagFilter
    template_name = "visits/flag_list.html"
    fragment_name = "visits/_flag_rows.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = WarningFlag.objects.visible_to(user_of(self.request)).by_level()
        return rows.select_related("enterprise", "raised_by", "handled_by").prefetch_related("visits")


class _FlagAction(ScopedAction):
    """Base: back to where one was, whatever came of it."""

    model = WarningFlag
    permission_required = "visits.change_warningflag"

    def act(self, record: WarningFlag) -> HttpResponse:
        try:
            self.change(record)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
        back = self.request.POST.get("back", "")
        is_ours = url_has_allowed_host_and_scheme(back, {self.request.get_host()})
        return redirect(back if is_ours else reverse("visits:flag_list"))

    def change(self, record: WarningFlag) -> None:
        raise NotImplementedError


class FlagHandle(_FlagAction):
    def change(self, record: WarningFlag) -> None:
        actions.handle_flag(record, actor=user_of(self.request), note=self.request.POST.get("note", ""))
        address = reverse("visits:flag_reopen", args=[record.pk])
        undoable(self.request, f"已记下“{record}”的处理情况。", address)


class FlagReopen(_FlagAction):
    def change(self, record: WarningFlag) -> None:
        actions.reopen_flag(record)
        messages.success(self.request, f"“{record}”恢复为未处理。")


class SuggestionList(ScopedList):
    model = Suggestion
    permission_required = "visits.view_suggestion"
    filterset_class = SuggestionFilter
    template_name = "visits/suggestion_list.html"
    fragment_name = "visits/_suggestion_rows.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Suggestion.objects.visible_to(user_of(self.request))
        return rows.select_related("enterprise", "visit", "replied_by", "created_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Suggestion.objects.visible_to(user_of(self.request)).order_by()
        counts = dict(seen.values_list("status").annotate(Count("pk")))
        return super().get_context_data(**kwargs) | {"counts": counts, "total": sum(counts.values())}


class SuggestionReply(GatedForm):
    permission_required = "visits.view_suggestion"
    form_class = ReplyForm
    template_name = "visits/suggestion_reply.html"

    @property
    def suggestion(self) -> Suggestion:
        rows = Suggestion.objects.visible_to(user_of(self.request)).select_related("enterprise", "visit", "replied_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        return {"status": self.suggestion.status, "reply": self.suggestion.reply}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"object": self.suggestion}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.request.user.has_perm("visits.change_suggestion"):
            return self.handle_no_permission()
        return super().post(*args, **kwargs)

    def form_valid(self, form: ReplyForm) -> HttpResponse:
        try:
            row = form.store(self.suggestion)
        except ValidationError as refused:
            form.add_error("reply", refused)
            return self.form_invalid(form)
        messages.success(self.request, f"已答复建议：{row.get_status_display()}。")
        return redirect("visits:suggestion_list")
