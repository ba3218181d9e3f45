"""The record of a visit as a PDF to sign; every one printed is on the audit trail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header

from crm.audit import record
from crm.http import user_of
from crm.models.audit import AuditAction
from crm.views import GatedView, ScopedRows
from reports.documents.record import build_record
from reports.pdf import FontsMissing
from reports.pdf.record import render_record
from visits.models import Visit


class VisitRecord(ScopedRows, GatedView):
    model = Visit
    permission_required = "visits.view_visit"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        visit: Visit = get_object_or_404(self.get_queryset().select_related("organisation", "created_by"), pk=pk)
        user = user_of(request)
        try:
            content = render_record(build_record(visit, user, timezone.now()))
        except FontsMissing as problem:
            messages.error(request, str(problem))
            return redirect(visit)
        record(AuditAction.DOWNLOAD, f"走访记录：{visit.topic}", actor=user, request=request)
        name = f"走访记录-{timezone.localtime(visit.started_at):%Y%m%d}-{visit.topic}.pdf"
        shown = content_disposition_header(as_attachment=False, filename=name) or "inline"
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})
