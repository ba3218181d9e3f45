"""Reports on their way to the issue: the list, a new draft, the page of one, its words, its steps, its files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from crm.http import typed, user_of
from crm.views import GatedForm, GatedView, ScopedAction, ScopedDetail, ScopedList, ScopedRows
from reports import actions
from reports.documents.cases import case_of, cases_to_pick
from reports.documents.kinds import KIND_BY_KEY
from reports.documents.parts.given import told
from reports.filters import IssueFilter
from reports.forms.issues import DraftForm, WordsForm, put_in
from reports.issuing.proof import address_of
from reports.issuing.reprint import shown_to
from reports.issuing.steps import DROPPED, STEPS
from reports.issuing.wording import Words
from reports.models import IssueStatus, ReportIssue
from reports.renderers import RENDERERS
from reports.report import Definition
from reports.screens.revisions import counted_by
from visits.models import Appeal
from visits.qr import qr_svg

VIEW, ADD, DOWNLOAD = "reports.view_reportissue", "reports.add_report", "reports.download_report"
PEOPLE = ("organisation", "park", "drafted_by", "reviewed_by", "issued_by", "edited_by")


class IssueList(ScopedList):
    model = ReportIssue
    permission_required = VIEW
    filterset_class = IssueFilter
    template_name = "reports/issue_list.html"
    fragment_name = "reports/_issue_rows.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset().select_related("park", "drafted_by", "reviewed_by", "issued_by")
        found: QuerySet[Any] = rows.defer("data", "rules", "words").with_correction()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = dict(super().get_queryset().order_by().values_list("status").annotate(Count("pk")))
        return super().get_context_data(**kwargs) | {
            "counts": [(value, label, counts.get(value, 0)) for value, label in IssueStatus.choices],
            "total": sum(counts.values()),
        }


class IssueCreate(GatedForm):
    permission_required = ADD
    form_class = DraftForm
    template_name = "reports/issue_form.html"

    def form_valid(self, form: DraftForm) -> HttpResponse:
        try:
            issue = actions.draft_report(KIND_BY_KEY[form.cleaned_data["kind"]], form.scope(timezone.now()))
        except actions.ReportRefused as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)
        return redirect(issue)


class IssueDetail(ScopedDetail):
    model = ReportIssue
    permission_required = VIEW
    template_name = "reports/issue_detail.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related(*PEOPLE).prefetch_related("files")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        issue, user = self.object, user_of(self.request)
        address = self.verify_address(issue)
        return super().get_context_data(**kwargs) | {
            "report": shown_to(issue.to_print(), user),
            "is_whole": typed(self.request, "whole") == "1",
            "steps": actions.steps_open_to(issue, user),
            "formats": RENDERERS,
            "words": issue.own_words,
            "lacks_address": not (settings.SITE_ADDRESS or issue.is_issued),
            "qr": qr_svg(address, f"{issue} 的核验二维码") if address else "",
            "may_compare": issue.is_issued and counted_by(issue, user) is not None,
            "versions": ReportIssue.objects.visible_to(user)
            .of_slot(issue.organisation, issue.kind, issue.query)
            .exclude(status__in=(DROPPED,))
            .defer("data", "rules", "words"),
            "is_superseded": issue.is_issued and ReportIssue.objects.issued().filter(supersedes=issue).exists(),
        }

    def verify_address(self, issue: ReportIssue) -> str:
        if not issue.code:
            return ""
        return address_of(issue.code) or self.request.build_absolute_uri(f"/verify/{issue.code}/")


class IssueWords(ScopedRows, GatedView):
    """The words of a draft, with the system's beside them."""

    model = ReportIssue
    permission_required = ADD

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.draft(pk)
        return self.page(issue, self.form(issue, None)) if issue.is_draft else redirect(issue)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        issue = self.draft(pk)
        if "restore" in request.POST or "pick" in request.POST:
            return self.page(issue, self.form(issue, self.filled_in(issue)))
        form = self.form(issue, request.POST)
        if not form.is_valid():
            return self.page(issue, form, 422)
        kept: Words = form.words
        try:
            actions.edit_words(issue, kept, actor=user_of(request), seen=form.cleaned_data["seen"])
        except actions.ReportRefused as refused:
            form.add_error(None, refused)
            return self.page(issue, form, 409)
        messages.success(request, "文字已保存。" if kept.summary else "已保存，总体情况用系统文字。")
        return redirect(issue)

    def draft(self, pk: int) -> ReportIssue:
        found: ReportIssue = get_object_or_404(self.get_queryset().select_related("edited_by", "drafted_by"), pk=pk)
        return found

    def filled_in(self, issue: ReportIssue) -> QueryDict:
        """What was typed, with the system's summary or a picked case in it; nothing is saved yet."""
        data = self.request.POST.copy()
        if "restore" in data:
            data["summary"] = "\n".join(issue.computed.summary)
        key = data.get("appeal", "")
        appeal = next((one for one in self.candidates(issue) if str(one.pk) == key), None)
        if "pick" in data and appeal:
            case = case_of(appeal, user_of(self.request))
            put_in(data, Definition(case.title, told(case)))
        return data

    def candidates(self, issue: ReportIssue) -> list[Appeal]:
        return list(cases_to_pick(actions.scope_of(issue, user_of(self.request), issue.computed_at)))

    def form(self, issue: ReportIssue, data: Any) -> WordsForm:
        return WordsForm(data, computed=issue.computed.summary, words=issue.own_words)

    def page(self, issue: ReportIssue, form: WordsForm, status: int = 200) -> HttpResponse:
        context = {
            "issue": issue,
            "form": form,
            "computed": issue.computed.summary,
            "candidates": self.candidates(issue) if issue.is_draft else [],
        }
        return render(self.request, "reports/issue_words.html", context, status=status)


class Refusable(ScopedAction):
    """A change that may be refused: then the page says why, and nothing has changed."""

    model = ReportIssue

    def try_to(self, issue: ReportIssue) -> str:
        """Make the change and return what to say."""
        raise NotImplementedError

    def act(self, record: ReportIssue) -> HttpResponse:
        try:
            return self.done(self.try_to(record), record)
        except actions.AlreadyDone as done:
            messages.info(self.request, " ".join(done.messages))
        except ValidationError as refused:
            messages.warning(self.request, " ".join(refused.messages))
        return redirect(record)

    @property
    def seen(self) -> int | None:
        text = self.request.POST.get("seen", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class IssueStep(Refusable):
    permission_required = VIEW

    def try_to(self, issue: ReportIssue) -> str:
        step = STEPS.get(self.kwargs["step"])
        if step is None:
            raise Http404
        note = self.request.POST.get("note", "").replace("\x00", "")
        actions.take_step(issue, step.key, actor=user_of(self.request), note=note, seen=self.seen)
        return step.done


class IssueRecompute(Refusable):
    permission_required = ADD

    def try_to(self, issue: ReportIssue) -> str:
        actions.recompute_report(issue, actor=user_of(self.request), seen=self.seen)
        return "已按现在的记录重新统计，您写的文字没有变。"


class IssueCorrect(ScopedAction):
    """A new draft about the same thing, which supersedes this issue once it is issued itself."""

    model = ReportIssue
    permission_required = ADD

    def act(self, record: ReportIssue) -> HttpResponse:
        try:
            draft = actions.correct_report(record, actor=user_of(self.request))
        except ValidationError as refused:
            messages.warning(self.request, " ".join(refused.messages))
            return redirect(record)
        return self.done("已起草更正版。原来的报告保持不变，更正版印发后会标明“已更正”。", draft)
