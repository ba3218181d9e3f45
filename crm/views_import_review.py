"""The import wizard from the review on: confirmation, result, error file.

What is put right in the review is in views_import_rows.py, what words mean in views_import_words.py.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from crm.audit import record
from crm.http import user_of
from crm.imports import review
from crm.imports.clearing import gone_on, may_restore
from crm.imports.commit import commit
from crm.imports.corrections import fixes_of
from crm.imports.error_file import NOT_IMPORTED, error_workbook
from crm.imports.errors import ImportStateError
from crm.imports.forms import CommitForm
from crm.imports.resource import get_resource
from crm.imports.staging import earlier_batch
from crm.imports.tasks import ROWS_AT_ONCE, start
from crm.imports.undo import may_undo
from crm.imports.words import used_words
from crm.models import ImportBatch
from crm.models.audit import AuditAction
from crm.models.imports import BatchState, Outcome, Verdict
from crm.views import CappedPaginator
from crm.views_import_run import run_page
from crm.views_imports import PLACE_KEPT, ImportView

ROWS_PER_PAGE = 50
# What htmx takes for the last answer.
STOP_POLLING = 286
FIXES_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportDetail(ImportView):
    """Steps 3 and 4: whatever the batch is ready for."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state == BatchState.DROPPED:
            theirs = may_restore(batch, user_of(request))
            return self.page("dropped", batch=batch, gone_on=gone_on(batch), may_restore=theirs)
        if batch.is_running:
            return run_page(self, batch)
        if getattr(request, "htmx", False) and request.GET.get("poll"):
            return self._after_run(batch)
        if batch.message:
            messages.warning(request, batch.message)
        if batch.state in (BatchState.UPLOADED, BatchState.FAILED):
            return redirect("crm:import_columns", pk=batch.pk)
        return self._result(batch) if batch.is_committed else self._review(batch)

    def _after_run(self, batch: ImportBatch) -> HttpResponse:
        """Ends the asking first: every answer that sends the browser on would break off a page still on its way."""
        if "go" in self.request.GET:
            return HttpResponse(headers={"HX-Redirect": batch.get_absolute_url()})
        page = self.page("_run_over", batch=batch)
        page.status_code = STOP_POLLING
        return page

    def _review(self, batch: ImportBatch) -> HttpResponse:
        if not self.request.GET and (kept := self.request.session.pop(PLACE_KEPT, None)) and kept[0] == batch.pk:
            return redirect(f"{batch.get_absolute_url()}?{kept[1]}")
        place = self._place(batch)
        page = CappedPaginator(review.review_rows(batch, place), ROWS_PER_PAGE).get_page(place.page)
        return self.page(
            "review",
            batch=batch,
            tabs=review.review_tabs(batch),
            tab=place.tab,
            place=place,
            reasons=review.reasons_of(batch, place.tab),
            page_obj=page,
            items=review.with_cells(page.object_list, batch),
            columns=review.shown_columns(batch),
            form=CommitForm(instance=batch),
            effect=review.chosen_effect(batch),
            fixes=fixes_of(batch, FIXES_SHOWN),
            fixes_count=sum(map(len, batch.fixes.values())),
            unknown=batch.digest.get("unknown", ()),
            unknown_count=sum(entry["count"] for entry in batch.digest.get("unknown", ())),
            used=used_words(batch),
            resource=get_resource(batch.resource),
            earlier=earlier_batch(batch),
            step=4,
        )

    def _place(self, batch: ImportBatch) -> review.Place:
        query = self.request.GET
        if query.get("tab") and query["tab"] not in Verdict.values:
            raise Http404
        place = review.Place.read(query)
        return place if place.tab else replace(place, tab=review.first_tab(batch))

    def _result(self, batch: ImportBatch) -> HttpResponse:
        tabs = review.result_tabs(batch)
        tab = self.request.GET.get("tab") or next((t.key for t in tabs if t.count), Outcome.CREATED.value)
        page = CappedPaginator(review.result_rows(batch, tab), ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
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
            step=5,
        )


class ImportPanel(ImportView):
    """The commit panel for another way of importing: its button names the number of rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        form = CommitForm(request.GET, instance=batch)
        if not form.is_valid():
            raise Http404
        effect, resource = review.chosen_effect(form.save(commit=False)), get_resource(batch.resource)
        return self.page("_panel", batch=batch, form=form, effect=effect, resource=resource, is_open=True)


class ImportCommit(ImportView):
    """The confirmation. Pressed twice, the second press lands on the same result."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        form = CommitForm(request.POST, instance=batch)
        if batch.state != BatchState.STAGED or not form.is_valid():
            return redirect(batch)
        if batch.created_by_id != user_of(request).pk and "others" not in request.POST:
            messages.error(request, f"这是{batch.created_by}上传的名单，一行也没有写入。仍要由您导入，请勾选后再确认。")
            return redirect(batch)
        chosen = {name: form.cleaned_data[name] for name in form.Meta.fields} | {"spared": form.spared}
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
        if batch.state == BatchState.DROPPED:
            return redirect(batch)
        name = f"未导入-{batch.filename.rsplit('.', 1)[0]}.xlsx"
        record(AuditAction.EXPORT, f"{batch}：下载未导入的行", actor=user_of(request), request=request)
        header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        return HttpResponse(error_workbook(batch), content_type=XLSX, headers={"Content-Disposition": header})
