"""走访问卷: what is asked on each kind of visit, for those who keep the questions of their institution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View

from crm.http import undoable, user_of
from crm.views import GatedView, ScopedAction, ScopedCreate, ScopedUpdate
from visits import actions
from visits.actions.appeals import institution_of
from visits.choices import VisitKind
from visits.forms.heard import QuestionForm
from visits.models import Question


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of one kind of visit."""

    kind: str
    label: str
    questions: list[Question]
    is_common: bool


def _kind(text: str) -> str:
    if text not in VisitKind.values:
        raise Http404
    return text


class QuestionList(GatedView, TemplateView):
    """Every kind of visit with its questions, those asked no more at the end."""

    permission_required = "visits.change_question"
    template_name = "visits/question_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = user_of(self.request), timezone.localdate()
        owner = institution_of(user)
        rows = (
            Question.objects.visible_to(user)
            .asked_by(owner.pk)
            .annotate(
                # The common ones are answered elsewhere, too.
                answered=Count("answers", filter=Q(answers__pair__visit__organisation=owner))
            )
        )
        questions = list(rows.order_by("position", "pk"))
        for question in questions:
            question.is_asked = question.is_in_force(today)  # type: ignore[attr-defined]
        questions.sort(key=lambda one: one.valid_to is not None)
        return super().get_context_data(**kwargs) | {
            "today": today,
            "sheets": [_sheet(k, questions) for k in VisitKind],
        }


def _sheet(kind: VisitKind, questions: list[Question]) -> Sheet:
    mine = [question for question in questions if question.kind == kind]
    return Sheet(kind.value, str(kind.label), mine, any(question.organisation_id is None for question in mine))


class QuestionsOwn(GatedView, View):
    """Have one's own instead of the common questions, beginning with a copy of them."""

    permission_required = "visits.change_question"
    http_method_names = ["post", "options"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = _kind(self.request.POST.get("kind", ""))
        actions.own_questions(kind, actor=user_of(self.request))
        messages.success(self.request, f"“{VisitKind(kind).label}”现在用本机构自己的问卷，可以逐题修改。")
        return redirect("visits:question_list")


class _QuestionForm:
    """What adding and changing share."""

    request: Any

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Question.objects.visible_to(user_of(self.request)).filter(organisation__isnull=False)
        return rows

    def form_valid(self, form: QuestionForm) -> HttpResponse:
        try:
            question = form.store()
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        is_new_version = form.instance.pk not in (None, question.pk)
        said = f"答过的旧题保留，新题自 {question.valid_from} 起问。" if is_new_version else f"已保存问题“{question}”。"
        messages.success(self.request, said)
        return redirect("visits:question_list")


class QuestionCreate(_QuestionForm, ScopedCreate):
    model = Question
    permission_required = "visits.add_question"
    form_class = QuestionForm
    template_name = "visits/question_form.html"

    def get_initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", VisitKind.VISIT)}


class QuestionUpdate(_QuestionForm, ScopedUpdate):
    model = Question
    permission_required = "visits.change_question"
    form_class = QuestionForm
    template_name = "visits/question_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"answered": self.object.answers.count()}


class _QuestionAction(ScopedAction):
    model = Question
    permission_required = "visits.change_question"

    def act(self, record: Question) -> HttpResponse:
        try:
            self.change(record)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
        return redirect("visits:question_list")

    def change(self, record: Question) -> None:
        raise NotImplementedError


class QuestionRetire(_QuestionAction):
    def change(self, record: Question) -> None:
        actions.retire_question(record, actor=user_of(self.request))
        address = reverse("visits:question_resume", args=[record.pk])
        undoable(self.request, f"不再问“{record}”，答过的都保留。", address)


class QuestionResume(_QuestionAction):
    def change(self, record: Question) -> None:
        actions.resume_question(record, actor=user_of(self.request))
        messages.success(self.request, f"又开始问“{record}”。")
