"""The import wizard from the review on: corrections, confirmation, result, error file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from crm.audit import record
from crm.http import user_of
from crm.imports import review
from crm.imports.commit import commit
from crm.imports.error_file import NOT_IMPORTED, error_workbook
from crm.imports.errors import ImportStateError
from crm.imports.forms import CommitForm
from crm.imports.resource import get_resource
from crm.imports.staging import earlier_batch
from crm.imports.tasks import ROWS_AT_ONCE, start
from crm.imports.undo import may_undo
from crm.models import ImportBatch
from crm.models.audit import AuditAction
from crm.models.imports import BatchState, Outcome, Verdict
from crm.views import CappedPaginator
from crm.views_import_run import run_page
from crm.views_imports import ImportView, stage_now_or_later

ROWS_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportDetail(ImportView):
    """Steps 3 and 4: whatever the batch is ready for."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state == BatchState.UPLOADED or batch.state == BatchState.FAILED:
            if batch.message:
                messages.error(request, batch.message)
            return redirect("crm:import_columns", pk=batch.pk)
        if batch.is_running:
            return run_page(self, batch)
        response = self._result(batch) if batch.is_committed else self._review(batch)
        if getattr(request, "htmx", False) and request.GET.get("poll"):
            response = HttpResponse(headers={"HX-Redirect": batch.get_absolute_url()})
        return response

    def _review(self, batch: ImportBatch) -> HttpResponse:
        if batch.message:
            messages.error(self.request, batch.message)
        tab = self.request.GET.get("tab") or review.first_tab(batch)
        if tab not in Verdict.values:
            raise Http404
        page = CappedPaginator(review.review_rows(batch, tab), ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        return self.page(
            "review",
            batch=batch,
            tabs=review.review_tabs(batch),
            tab=tab,
            page_obj=page,
            items=review.with_cells(page.object_list, batch),
            columns=review.shown_columns(batch),
            form=CommitForm(instance=batch),
            effect=review.effect_of(batch, batch.mode, batch.accept_doubts, batch.overwrite_edited),
            resource=get_resource(batch.resource),
            earlier=earlier_batch(batch),
            step=3,
        )

    def _result(self, batch: ImportBatch) -> HttpResponse:
        if batch.message:
            messages.error(self.request, batch.message)
        tabs = review.result_tabs(batch)
        tab = self.request.GET.get("tab") or next((t.key for t in tabs if t.count), Outcome.CREATED.value)
        page = CappedPaginator(batch.rows.filter(outcome=tab), ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        return self.page(
            "result",
            batch=batch,
            tabs=tabs,
            tab=tab,
            page_obj=page,
            items=review.with_cells(page.object_list, batch),
            columns=review.shown_columns(batch),
            resource=get_resource(batch.resource),
            may_undo=may_undo(batch, user_of(self.request)),
            not_imported=batch.rows.filter(NOT_IMPORTED).count(),
            step=4,
        )


class ImportPanel(ImportView):
    """The commit panel for another way of importing: its button names the number of rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        form = CommitForm(request.GET, instance=batch)
        if not form.is_valid():
            raise Http404
        chosen = form.save(commit=False)
        effect = review.effect_of(batch, chosen.mode, chosen.accept_doubts, chosen.overwrite_edited)
        return self.page("_panel", batch=batch, form=form, effect=effect, resource=get_resource(batch.resource))


class ImportCorrect(ImportView):
    """Corrections on the review page: a cell, a suggestion, all suggestions, decisions on duplicates."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        rows, tab = batch.counts.get("rows", 0), request.POST.get("tab", "")
        try:
            return stage_now_or_later(request, batch, lambda: self._change(batch, request.POST), rows, tab=tab)
        except ValueError:
            messages.error(request, "更正的内容无法识别")
            return redirect(batch)

    def _change(self, batch: ImportBatch, data: Any) -> ImportBatch:
        if "all" in data:
            return review.correct(batch.pk, review.suggestions_of(batch))
        if "number" in data:
            fix = {int(data["index"]): str(data.get("text", "")).replace("\x00", "")[:2000]}
            return review.correct(batch.pk, {int(data["number"]): fix})
        decisions = {int(name.removeprefix("row-")): str(data[name]) for name in data if name.startswith("row-")}
        return review.decide(batch.pk, decisions)


class ImportCommit(ImportView):
    """The confirmation. Pressed twice, the second press lands on the same result."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        form = CommitForm(request.POST, instance=ImportBatch(pk=batch.pk))
        if batch.state != BatchState.STAGED or not form.is_valid():
            return redirect(batch)
        chosen = {name: form.cleaned_data[name] for name in form.Meta.fields}
        try:
            if batch.counts.get("rows", 0) > ROWS_AT_ONCE:
                start(batch, BatchState.COMMITTING, actor=user_of(request), **chosen)
            elif ImportBatch.objects.filter(pk=batch.pk, state=BatchState.STAGED).update(message="", **chosen):
                commit(batch.pk, actor=user_of(request))
        except ImportStateError as error:
            messages.error(request, str(error))
        return redirect(batch)


class ImportErrors(ImportView):
    """The rows that stay out, as a workbook."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        name = f"未导入-{batch.filename.rsplit('.', 1)[0]}.xlsx"
        record(AuditAction.EXPORT, f"{batch}：下载未导入的行", actor=user_of(request), request=request)
        header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        return HttpResponse(error_workbook(batch), content_type=XLSX, headers={"Content-Disposition": header})
