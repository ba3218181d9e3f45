"""办理时限: what counts today and who changed what, the form that adds a change; and what an edited calendar moved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import ListView

from crm.http import user_of
from crm.models import CalendarEdit
from crm.views import CappedPaginator, GatedView
from visits.actions.limits import set_limit
from visits.forms.limit import LimitForm
from visits.limits import LimitTable
from visits.models import Appeal, CalendarFollowed, DueMove, TimeLimit

CHANGES_SHOWN = 30


class LimitList(GatedView):
    """One table for the installation, like the calendar and for the same people."""

    permission_required = "crm.view_calendarday"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(LimitForm(initial=self._asked()))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("crm.change_calendarday"):
            raise Http404
        form = LimitForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            row = set_limit(actor=user_of(request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self._page(form, status=422)
        said = f"{row}，自 {row.valid_from:%Y-%m-%d} 起受理的诉求适用。" if row else "没有变化。"
        messages.success(request, said)
        return redirect("visits:limit_list")

    def _asked(self) -> dict[str, Any]:
        """The row whose 修改 was pressed, as the form begins with it."""
        pk = self.request.GET.get("row", "")
        row = TimeLimit.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 10 else None
        names = ("source", "appeal_class", "category", "amount", "unit", "contact_amount", "contact_unit")
        return {name: getattr(row, name) for name in names} if row else {}

    def _page(self, form: LimitForm, status: int = 200) -> HttpResponse:
        today = timezone.localdate()
        context = {
            "form": form,
            "rows": LimitTable().in_force(today),
            "coming": TimeLimit.objects.filter(valid_from__gt=today).order_by("valid_from", "pk"),
            "changes": TimeLimit.objects.exclude(actor=None).select_related("actor")[:CHANGES_SHOWN],
            "may_change": self.request.user.has_perm("crm.change_calendarday"),
        }
        return render(self.request, "visits/limit_list.html", context, status=status)


class CalendarMoves(GatedView, ListView[DueMove]):
    """The open appeals, of those that the user sees, whose limits one edit of the calendar moved."""

    permission_required = "visits.view_appeal"
    template_name = "visits/calendar_moves.html"
    paginate_by = 30
    paginator_class = CappedPaginator

    def get_queryset(self) -> QuerySet[DueMove]:
        self.edit = get_object_or_404(CalendarEdit.objects.select_related("actor"), pk=self.kwargs["pk"])
        seen = Appeal.objects.visible_to(user_of(self.request))
        moves = DueMove.objects.filter(edit=self.edit, appeal__in=seen)
        return moves.select_related("appeal__enterprise").order_by("new_due_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        done = CalendarFollowed.objects.select_related("told_with").filter(pk=self.edit.pk).first()
        told = {"edit": self.edit, "is_done": done is not None, "told_with": done and done.told_with}
        return super().get_context_data(**kwargs) | told
