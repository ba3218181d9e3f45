"""Appeals: queues, record page, registering, and taking a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from crm.http import user_of
from crm.keyset import KeysetPage, Sort
from crm.lists import KeysetList
from crm.models import User
from crm.views import GatedForm, GatedView, ScopedDetail
from parks.models import Enterprise
from visits import actions
from visits.actions import guard
from visits.actions.chasing import times_chased
from visits.actions.conditions import pending
from visits.choices import AppealSource
from visits.filters import AppealFilter
from visits.forms import AppealForm, StepForm
from visits.models import Appeal, AppealFile, HotlineTicket, Visit
from visits.querysets import NOT_COUNTED
from visits.queues import BY_KEY, QUEUES, Queue, queue_counts, shown
from visits.views.alike import precedent_context, rival_context
from visits.views.call_backs import call_back_context
from visits.views.clock import clock_lines
from visits.workflow import STEPS, Step


class AppealList(KeysetList):
    """Within a queue the most pressing comes first; the whole list shows the newest first."""

    model = Appeal
    permission_required = "visits.view_appeal"
    filterset_class = AppealFilter
    template_name = "visits/appeal_list.html"
    fragment_name = "visits/_appeal_rows.html"
    sorts = (Sort("-created", "最近登记", "created_at", is_descending=True),)

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Appeal.objects.visible_to(user_of(self.request)).for_list()
        return rows

    @property
    def queue(self) -> Queue | None:
        return BY_KEY.get(self.request.GET.get("queue", ""))

    def page_of(self, rows: Any, after: str, before: str) -> KeysetPage:
        if self.queue is None:
            return super().page_of(rows, after, before)
        return self.queue.page(rows, user_of(self.request), self.page_size, after, before)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The counts of the queues are asked for afterwards: the list does not wait for them."""
        hint = self.queue.hint if self.queue else ""
        queues = [{"queue": queue} for queue in QUEUES]
        asked = {"queues": queues, "open_queue": self.request.GET.get("queue", ""), "queue_hint": hint}
        return super().get_context_data(**kwargs) | asked


class AppealQueues(GatedView):
    """Fragment: the queues with their counts."""

    permission_required = "visits.view_appeal"

    def get(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        counts = queue_counts(Appeal.objects.visible_to(user), user)
        queues = [{"queue": queue, "count": counts[queue.key], "text": shown(counts[queue.key])} for queue in QUEUES]
        context = {"queues": queues, "open_queue": request.GET.get("queue", "")}
        return render(request, "visits/_appeal_queues.html", context)


@dataclass(frozen=True, slots=True)
class Buttons:
    """The steps one may take: the way forward filled, then the usual ones, the rare ones behind “更多”."""

    first: Step | None
    usual: list[Step]
    rare: list[Step]

    @classmethod
    def of(cls, steps: list[Step]) -> Self:
        first = next((step for step in steps if step.is_forward), None)
        others = [step for step in steps if step != first]
        return cls(first, [step for step in others if not step.is_rare], [step for step in others if step.is_rare])


def joint_parts(appeal: Appeal) -> list[dict[str, Any]]:
    """Each joint unit with its own limit, and whether it is late with its part."""
    now = timezone.now()
    rows = appeal.joint_rows.all()
    return [{"row": row, "limit": row.due_at, "is_late": row.is_open and _past(row.due_at, now)} for row in rows]


def _past(limit: datetime | None, now: datetime) -> bool:
    return limit is not None and limit < now


class AppealDetail(ScopedDetail):
    model = Appeal
    restore_url = "visits:appeal_restore"
    permission_required = "visits.view_appeal"
    template_name = "visits/appeal_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("enterprise", "contact", "lead_unit", "created_by", "merged_into")
        duplicates = Prefetch("duplicates", Appeal.objects.living())
        return rows.prefetch_related(
            "joint_rows__unit", duplicates, "call_backs__called_by", "events__actor", "events__files",
            "requests__asked_by", "requests__decided_by", "due_moves__edit",
        )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal, user = self.object, user_of(self.request)
        events, steps = list(appeal.events.all()), actions.steps_open_to(appeal, user)
        return (
            super().get_context_data(**kwargs)
            | {
                "events": events[::-1],
                "chased": times_chased(events),
                "seen": max((event.pk for event in events), default=0),
                "buttons": Buttons.of(steps),
                "may_be_common": appeal.status not in NOT_COUNTED,
                "pending": [asked for asked in appeal.requests.all() if asked.is_pending],
                "joint": joint_parts(appeal),
                "clock_lines": clock_lines(appeal),
                "enterprise_is_visible": Enterprise.objects.visible_to(user).filter(pk=appeal.enterprise_id).exists(),
                "tickets": HotlineTicket.objects.visible_to(user).filter(appeal=appeal),
                "visit": Visit.objects.visible_to(user).filter(pk=appeal.visit_id).first(),
            }
            | call_back_context(appeal, user)
            | rival_context(appeal, user)
            | precedent_context(appeal, user, steps)
        )


class AppealCreate(GatedForm):
    permission_required = "visits.add_appeal"
    form_class = AppealForm
    template_name = "visits/appeal_form.html"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("enterprise", "")
        rows = Enterprise.objects.visible_to(user_of(self.request))
        enterprise = rows.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
        return {"enterprise": enterprise, "source": AppealSource.HOTLINE} if enterprise else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if "search" in request.POST:
            form.hold()
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: AppealForm) -> HttpResponse:
        appeal = actions.create_appeal(actor=user_of(self.request), **form.cleaned_data)
        messages.success(self.request, f"已提交诉求 {appeal.number}。")
        return redirect(appeal)


class AppealStep(GatedForm):
    """One step of one appeal: a page with what the step needs, or a bare POST when it needs nothing."""

    permission_required = "visits.view_appeal"
    form_class = StepForm
    template_name = "visits/appeal_step.html"
    appeal: Appeal
    step: Step

    def has_permission(self) -> bool:
        """The table names the permission of each step."""
        step = STEPS.get(self.kwargs["step"])
        if step is None:
            raise Http404
        self.step = step
        return super().has_permission() and self.request.user.has_perm(step.permission)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.has_permission():
            rows = Appeal.objects.visible_to(user_of(request)).select_related("enterprise", "lead_unit", "contact")
            rows = rows.prefetch_related("joint_rows__unit", "requests__asked_by")
            self.appeal = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = guard.refusal(self.appeal, self.step, user_of(request))
        if refusal:
            messages.warning(request, refusal)
            return redirect(self.appeal)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        last = self.appeal.events.order_by("-pk").values_list("pk", flat=True).first()
        return {"seen": last} | self._draft()

    def _draft(self) -> dict[str, Any]:
        """An answer to begin with: that of a precedent the user may see."""
        key = self.request.GET.get("from", "")
        if self.step.key != "answer" or not key.isdecimal() or len(key) > 18:
            return {}
        texts = Appeal.objects.visible_to(user_of(self.request)).filter(pk=key).values_list("result_text", flat=True)
        text = texts.first()
        return {"result_text": text} if text else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"appeal": self.appeal, "step": self.step}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rivals = Appeal.objects.none()
        if self.step.key == "merge":
            rows = Appeal.objects.visible_to(user_of(self.request)).counted()
            rivals = rows.filter(enterprise=self.appeal.enterprise).exclude(pk=self.appeal.pk)[:20]
        return super().get_context_data(**kwargs) | {
            "appeal": self.appeal,
            "step": self.step,
            "rivals": rivals,
            "asked": pending(self.appeal, self.step.request) if self.step.verb else None,
            "missing": [row.unit for row in self.appeal.joint_rows.all() if row.is_open],
        }

    def form_valid(self, form: StepForm) -> HttpResponse:
        user, seen = user_of(self.request), form.cleaned_data["seen"]
        try:
            actions.advance_appeal(self.appeal, self.step.key, actor=user, seen=seen, **form.facts())
        except guard.AlreadyDone as done:
            messages.info(self.request, " ".join(done.messages))
            return redirect(self._next_page(user))
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        messages.success(self.request, f"{self.appeal.number} 已{self.step.label}。")
        return redirect(self._next_page(user))

    def _next_page(self, user: User) -> Any:
        """The appeal, unless the step took it out of the user's sight (退回派单)."""
        still = Appeal.objects.visible_to(user).filter(pk=self.appeal.pk).first()
        return still if still else "visits:appeal_list"


class AppealFileView(GatedView):
    """A file, for those who may see its appeal: always saved, never opened as a page of ours."""

    permission_required = "visits.view_appealfile"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        kept = get_object_or_404(AppealFile.objects.visible_to(user_of(request)), pk=pk)
        response = FileResponse(
            kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response
