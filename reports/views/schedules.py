"""定期报告: what is drafted when and for whom, what became of it; and the notices of a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import ListView

from crm.http import user_of
from crm.views import CappedPaginator, GatedForm, GatedView, ScopedAction, ScopedRows
from reports import actions
from reports.documents.kinds import KIND_BY_KEY
from reports.forms.schedules import ScheduleForm
from reports.issuing import bots
from reports.models import Delivery, DeliveryState, ReportNotice, ReportSchedule, RunState, ScheduleRun
from reports.tasks import draft_due

CHANGE = "reports.change_reportschedule"
RUNS_SHOWN = 20


class ScheduleList(ScopedRows, GatedView):
    model = ReportSchedule
    permission_required = CHANGE

    def get(self, request: HttpRequest) -> HttpResponse:
        now, known = timezone.now(), bots.bots()
        schedules = self.get_queryset().select_related("owner", "park").prefetch_related("people")
        runs = ScheduleRun.objects.filter(schedule__in=self.get_queryset()).select_related("schedule", "issue")
        runs = runs.defer("issue__data", "issue__rules", "issue__words")
        context = {
            "lines": [line(one, now, known) for one in schedules],
            "failed": runs.filter(state=RunState.FAILED)[:RUNS_SHOWN],
            "runs": runs.exclude(state=RunState.FAILED)[:RUNS_SHOWN],
            "unsent": Delivery.objects.filter(run__in=runs.values("pk"), state=DeliveryState.FAILED)
            .select_related("user", "run__schedule")
            .order_by("-pk")[:RUNS_SHOWN],
        }
        return render(request, "reports/schedule_list.html", context)


def line(schedule: ReportSchedule, now: Any, known: dict[str, bots.Bot]) -> dict[str, Any]:
    kind = KIND_BY_KEY.get(schedule.kind)
    bot = known.get(schedule.bot)
    return {
        "schedule": schedule,
        "kind": kind.label if kind else schedule.kind,
        "next": schedule.next_due(now),
        "people": "、".join(str(one) for one in schedule.people.all()),
        "bot": bot.name if bot else f"群机器人“{schedule.bot}”已不在设置中" if schedule.bot else "",
    }


class ScheduleEdit(GatedForm):
    """A new schedule, or a change of one."""

    permission_required = CHANGE
    form_class = ScheduleForm
    template_name = "reports/schedule_form.html"

    @property
    def schedule(self) -> ReportSchedule | None:
        key = self.kwargs.get("pk")
        return get_object_or_404(ReportSchedule.objects.visible_to(user_of(self.request)), pk=key) if key else None

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {"schedule": self.schedule}

    def form_valid(self, form: ScheduleForm) -> HttpResponse:
        try:
            row = actions.save_schedule(self.schedule, actor=user_of(self.request), **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, " ".join(refused.messages))
            return self.form_invalid(form)
        messages.success(self.request, f"已保存：{row}。到时自动起草，之前的不补。")
        return redirect("reports:schedule_list")


class ScheduleSwitch(ScopedAction):
    model = ReportSchedule
    permission_required = CHANGE

    def act(self, record: ReportSchedule) -> HttpResponse:
        on = self.request.POST.get("on") == "1"
        actions.switch_schedule(record, actor=user_of(self.request), on=on)
        return self.done("已启用，从现在起按时起草。" if on else "已停用。", "reports:schedule_list")


class ScheduleRunNow(GatedView):
    """Look now for what is due, instead of waiting for the timer."""

    permission_required = CHANGE
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        draft_due.enqueue()
        messages.success(request, "已开始检查到期的报告，稍后刷新本页看结果。")
        return redirect("reports:schedule_list")


class ReportNotices(ScopedRows, GatedView, ListView[Any]):
    model = ReportNotice
    permission_required = "reports.view_reportissue"
    template_name = "reports/notice_list.html"
    paginate_by = 30
    paginator_class = CappedPaginator

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset().select_related("run__schedule", "run__issue")
        return rows.defer("run__issue__data", "run__issue__rules", "run__issue__words")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unread = ReportNotice.objects.visible_to(user_of(self.request)).unread().count()
        return super().get_context_data(**kwargs) | {"unread": unread}


class ReportNoticesRead(GatedView):
    permission_required = "reports.view_reportissue"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        count = actions.mark_read(user_of(request))
        messages.success(request, f"{count} 条报告提醒已标为已读。")
        return redirect("reports:notice_list")
