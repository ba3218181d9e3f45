"""A batch in the hands of the worker: how far it is, ending it, beginning it anew. The rules: crm/imports/tasks.py."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.http import user_of
from crm.imports.tasks import cancel, restart, status_of
from crm.imports.undo import may_undo
from crm.models import ImportBatch
from crm.models.imports import BatchState
from crm.views_imports import ImportView


def run_page(view: ImportView, batch: ImportBatch) -> HttpResponse:
    """The page of a running batch; for htmx only the part that changes."""
    template = "_progress" if getattr(view.request, "htmx", False) else "progress"
    step = 4 if batch.state == BatchState.STAGING else 5
    return view.page(template, batch=batch, status=status_of(batch), step=step, may_end=_may_end(view, batch))


def _may_end(view: ImportView, batch: ImportBatch) -> bool:
    """Whoever may run it: every importer of such lists, but an undo only who may undo."""
    return batch.state != BatchState.UNDOING or may_undo(batch, user_of(view.request))


class _RunAction(ImportView):
    http_method_names = ["post", "options"]

    def batch(self) -> ImportBatch:
        batch = super().batch()
        if not _may_end(self, batch):
            raise Http404
        return batch


class ImportCancel(_RunAction):
    """A run that has already ended keeps its result."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, user = self.batch(), user_of(request)
        if batch.is_running and batch.run_by_id != user.pk and "others" not in request.POST:
            messages.error(request, f"这一批由{batch.run_by}在处理，没有取消。仍要取消，请在下面确认。")
        elif not cancel(batch, actor=user):
            messages.info(request, f"处理已经结束，没有取消。现在是“{batch.get_state_display()}”")
        return redirect(batch)


class ImportRestart(_RunAction):
    """After the worker stopped. A second press finds the run begun anew."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.is_running and restart(batch, actor=user_of(request)):
            messages.success(request, "已重新开始")
        return redirect(batch)
