"""Undoing a committed batch: what would happen, then the press. The rules are in crm/imports/undo.py."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.http import user_of
from crm.imports import review
from crm.imports.errors import ImportStateError
from crm.imports.resource import get_resource
from crm.imports.tasks import ROWS_AT_ONCE, start
from crm.imports.undo import may_undo, undo
from crm.imports.undo_plan import plan_undo, reasons_of
from crm.models import ImportBatch
from crm.models.imports import BatchState
from crm.views_imports import ImportView

KEPT_SHOWN = 50


class ImportUndo(ImportView):
    """A second press lands on the result of the first."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        if batch.state != BatchState.COMMITTED:
            return redirect(batch)
        if self._is_large(batch):
            # To look at every row takes as long as half the undo; the result names what was kept.
            return self.page("undo", batch=batch, resource=get_resource(batch.resource), may_go=True)
        plan = plan_undo(batch)
        return self.page(
            "undo",
            batch=batch,
            plan=plan,
            may_go=bool(plan.removes or plan.restores),
            reasons=reasons_of(plan.kept),
            items=review.with_cells(plan.kept[:KEPT_SHOWN], batch),
            resource=get_resource(batch.resource),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch()
        try:
            if self._is_large(batch):
                start(batch, BatchState.UNDOING, actor=user_of(request))
            elif batch.state == BatchState.COMMITTED:
                undo(batch.pk, actor=user_of(request))
        except ImportStateError as error:
            messages.error(request, str(error))
        return redirect(batch)

    def _is_large(self, batch: ImportBatch) -> bool:
        return bool(sum(batch.results.get(name, 0) for name in ("created", "updated")) > ROWS_AT_ONCE)

    def batch(self) -> ImportBatch:
        batch = super().batch()
        if not may_undo(batch, user_of(self.request)):
            raise Http404
        return batch
