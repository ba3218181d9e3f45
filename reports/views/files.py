"""企业档案 and 诉求办理单 in every format; every one printed is on the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header

from crm.audit import record
from crm.http import user_of
from crm.models import User
from crm.models.audit import AuditAction
from crm.views import GatedView, ScopedRows
from parks.models import Enterprise
from reports.documents.copy import Copy, mark_of
from reports.documents.dossier import build_dossier
from reports.documents.sheet import build_sheet
from reports.pdf import FontsMissing
from reports.renderers import RENDERERS
from reports.report import Report
from visits.models import Appeal


class RecordFile(ScopedRows, GatedView):
    """Base: one record as a file, for whoever may see its page."""

    related: tuple[str, ...] = ()

    def get(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        if format not in RENDERERS:
            raise Http404
        found: Any = get_object_or_404(self.get_queryset().select_related(*self.related), pk=pk)
        user, now, renderer = user_of(request), timezone.now(), RENDERERS[format]
        report = self.build(found, user)
        try:
            content = renderer.render(report, Copy(mark_of(user, now)))
        except FontsMissing as problem:
            messages.error(request, str(problem))
            return redirect(found)
        record(AuditAction.DOWNLOAD, f"{report.title}：{found}（{renderer.label}）", actor=user, request=request)
        shown = content_disposition_header(format != "pdf", f"{report.title}_{found}.{format}") or "inline"
        return HttpResponse(content, content_type=renderer.content_type, headers={"Content-Disposition": shown})

    def build(self, found: Model, user: User) -> Report:
        raise NotImplementedError


class EnterpriseDossier(RecordFile):
    model = Enterprise
    permission_required = "parks.view_enterprise"
    related = ("industry", "park")

    def build(self, found: Any, user: User) -> Report:
        return build_dossier(found, user, timezone.now())


class AppealSheet(RecordFile):
    model = Appeal
    permission_required = "visits.view_appeal"
    related = ("enterprise", "lead_unit", "contact", "created_by")

    def build(self, found: Any, user: User) -> Report:
        return build_sheet(found, user, timezone.now())
