"""The print card of an enterprise as a PDF; every one printed is on the audit trail."""

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
from parks.models import Enterprise
from reports.documents.card import build_card
from reports.pdf import FontsMissing
from reports.pdf.card import render_card


class EnterpriseCard(ScopedRows, GatedView):
    model = Enterprise
    permission_required = "parks.view_enterprise"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = self.get_queryset().select_related("industry", "park")
        enterprise: Enterprise = get_object_or_404(rows, pk=pk)
        user = user_of(request)
        try:
            content = render_card(build_card(enterprise, user, timezone.now()))
        except FontsMissing as problem:
            messages.error(request, str(problem))
            return redirect(enterprise)
        record(AuditAction.DOWNLOAD, f"企业卡片：{enterprise.name}", actor=user, request=request)
        shown = content_disposition_header(as_attachment=False, filename=f"{enterprise.name}.pdf") or "inline"
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": shown})
