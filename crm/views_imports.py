"""The import wizard up to the columns: list of batches, upload, header. The rules are in crm/imports/.

Review and result are in views_import_review.py.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from crm.http import user_of
from crm.imports.errors import ImportFileError, ImportStateError
from crm.imports.forms import ColumnsForm, HeaderForm, UploadForm
from crm.imports.glimpse import Glimpse, keep
from crm.imports.headers import table_at
from crm.imports.resource import ImportResource, get_resource, resource_keys
from crm.imports.review import Place
from crm.imports.staging import (
    create_batch,
    earlier_batch,
    glimpse_of,
    institution_of,
    open_batch,
    point_at,
    set_mapping,
    sheets_of,
    stage,
)
from crm.imports.tasks import ROWS_AT_ONCE, start
from crm.imports.template import template
from crm.models import ImportBatch
from crm.models.imports import BatchState
from crm.views import GatedView, ScopedRows

ROWS_PER_PAGE = 50
SAMPLE_ROWS = 3
NAMED = ("organisation", "created_by", "committed_by", "undone_by", "dropped_by", "run_by")
# In the session: where in which review somebody was before a task took over.
PLACE_KEPT = "import-place"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportView(ScopedRows, GatedView):
    """Every page of the wizard: may import at all, and this kind of list."""

    model = ImportBatch
    permission_required = "crm.view_importbatch"

    def may_import(self, resource: ImportResource) -> None:
        if not self.request.user.has_perm(resource.permission):
            raise Http404

    def resource(self) -> ImportResource:
        """The kind of list named by ``?kind=``, by default the first that the user may import."""
        try:
            resource = get_resource(self.request.GET.get("kind") or self._first_kind())
        except KeyError:
            raise Http404 from None
        self.may_import(resource)
        return resource

    def _first_kind(self) -> str:
        may = (key for key in resource_keys() if self.request.user.has_perm(get_resource(key).permission))
        return next(may, resource_keys()[0])

    def batch(self) -> ImportBatch:
        rows = self.get_queryset().select_related(*NAMED)
        batch: ImportBatch = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.may_import(get_resource(batch.resource))
        return batch

    def page(self, template: str, **context: Any) -> HttpResponse:
        return render(self.request, f"crm/imports/{template}.html", context)


class ImportCreate(ImportView):
    """Step 1: choose the file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(self.resource(), UploadForm(), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        declared = self.resource()
        form = UploadForm(request.POST, request.FILES)
        options: Any = declared.options_form(request.POST, user=user_of(request))  # type: ignore[call-arg]
        if form.is_valid() and options.is_valid():
            upload = form.cleaned_data["file"]
            try:
                batch = create_batch(
                    resource_key=declared.key,
                    content=upload.read(),
                    filename=upload.name or "",
                    actor=user_of(request),
                    options=options.options(),
                    must_find_header=False,
                )
            except (ImportFileError, ImportStateError) as error:
                form.add_error("file", str(error))
            else:
                return redirect("crm:import_columns", pk=batch.pk)
        return self._form(declared, form, options)

    def _form(self, resource: ImportResource, form: UploadForm, options: Any) -> HttpResponse:
        options = options or resource.options_form(user=user_of(self.request))  # type: ignore[call-arg]
        return self.page("upload", form=form, options=options, resource=resource, step=1)


class ImportTemplate(ImportView):
    """An empty list of a kind to fill in, with the drop-downs of the user's own office."""

    def get(self, request: HttpRequest) -> HttpResponse:
        resource = self.resource()
        try:
            resource.prepare(institution_of(user_of(request)), user_of(request))
        except ImportStateError as error:
            messages.error(request, str(error))
            return redirect("crm:import_list")
        header = content_disposition_header(as_attachment=True, filename=f"{resource.label}模板.xlsx") or "attachment"
        content = template(resource, resource.offers())
        return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": header})


class ImportColumns(ImportView):
    """Step 2: the header as found and the columns as understood, both correctable."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if not batch.is_open:
            return redirect(batch)
        seen = glimpse_of(batch)
        return self._form(batch, seen, HeaderForm(seen.sheets, batch), self._columns(batch, seen))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if not batch.is_open:
            return redirect(batch)
        seen = glimpse_of(batch)
        if "header_row" in request.POST:
            return self._move_header(batch, HeaderForm(seen.sheets, batch, request.POST), seen)
        form = self._columns(batch, seen, request.POST)
        if not form.is_valid():
            return self._form(batch, seen, HeaderForm(seen.sheets, batch), form)
        with transaction.atomic():
            try:
                batch = open_batch(batch.pk)
            except ImportStateError as error:
                messages.error(request, str(error))
                return redirect(batch)
            set_mapping(batch, seen.headings, form.mapping())
            return stage_now_or_later(request, batch, seen.count)

    def _columns(self, batch: ImportBatch, seen: Glimpse, data: Any = None) -> ColumnsForm:
        return ColumnsForm(seen, get_resource(batch.resource), batch.mapping, data)

    def _move_header(self, batch: ImportBatch, form: HeaderForm, seen: Glimpse) -> HttpResponse:
        if not form.is_valid():
            return self._form(batch, seen, form, self._columns(batch, seen))
        resource, wanted = get_resource(batch.resource), form.cleaned_data
        sheets = sheets_of(batch)
        chosen = next(sheet for sheet in sheets if sheet.name[:120] == wanted["sheet"])
        moved = table_at(chosen, wanted["header_row"], wanted["header_rows"], resource)
        try:
            with transaction.atomic():
                batch = open_batch(batch.pk)
                point_at(batch, moved, resource)
                batch.fixes, batch.originals, batch.decisions = {}, {}, {}
                batch.state = BatchState.UPLOADED
                batch.save()
        except ImportStateError as error:
            messages.error(self.request, str(error))
        else:
            keep(batch, sheets, moved)
        return redirect("crm:import_columns", pk=batch.pk)

    def _form(self, batch: ImportBatch, seen: Glimpse, header: HeaderForm, columns: ColumnsForm) -> HttpResponse:
        samples = [
            [texts[index] if index < len(texts) else "" for _, texts in seen.rows[:SAMPLE_ROWS]]
            for index in range(len(seen.headings))
        ]
        return self.page(
            "columns",
            batch=batch,
            header=header,
            columns=columns,
            pairs=list(zip(columns, samples, strict=True)),
            seen=seen,
            earlier=earlier_batch(batch),
            step=2,
        )


def stage_now_or_later(request: HttpRequest, batch: ImportBatch, rows: int, place: str = "") -> HttpResponse:
    """Judge a small file within the request, a large one as a task with a progress page; then back to the place.

    Within the transaction of what the caller changed, which is never seen without the verdicts that follow from it.
    """
    actor = user_of(request)
    if rows > ROWS_AT_ONCE:
        start(batch, BatchState.STAGING, actor=actor)
        request.session[PLACE_KEPT] = [batch.pk, place] if place else None
        return redirect(batch)
    try:
        stage(batch, actor=actor)
    except (ImportFileError, ImportStateError) as error:
        transaction.set_rollback(True)
        messages.error(request, str(error))
        return redirect("crm:import_columns", pk=batch.pk)
    if not place and batch.digest["unknown"]:
        return redirect("crm:import_words", pk=batch.pk)
    return redirect(place_in(batch, place))


def place_in(batch: ImportBatch, query: str) -> str:
    """The address of the review where somebody was, as far as there is anything left to see."""
    place = Place.read(QueryDict(query))
    is_there = batch.state == BatchState.STAGED and batch.counts.get(place.tab)
    return f"{batch.get_absolute_url()}?{place}" if is_there else batch.get_absolute_url()
