"""What an issued report is compared and printed as: its files, and 本月修订."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from crm.audit import record
from crm.http import user_of
from crm.models.audit import AuditAction
from crm.views import GatedView, ScopedRows
from reports.documents.copy import Copy, mark_of
from reports.figures.sensitive import PERMISSION
from reports.issuing.reprint import shown_to
from reports.metrics import ECONOMY
from reports.models import ReportIssue
from reports.pdf import FontsMissing
from reports.renderers import RENDERERS
from reports.screens.revisions import counted_by, revisions
from reports.views.dashboard import attachment


class IssueFile(ScopedRows, GatedView):
    """A file of an issued report, byte for byte; of a draft what it would print now."""

    model = ReportIssue
    permission_required = "reports.download_report"

    def get(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        issue: ReportIssue = get_object_or_404(self.get_queryset(), pk=pk)
        if format not in RENDERERS:
            raise Http404
        if issue.is_issued and shown_to(issue.computed, user_of(request)) != issue.computed:
            messages.error(request, "原件里有您无权查看的金额，不能下载；能看的部分都在这一页上。")
            return redirect(issue)
        try:
            content = stored(issue, format) if issue.is_issued else self.preview(issue, format)
        except (FontsMissing, OSError) as problem:
            messages.error(request, f"没有文件：{problem}")
            return redirect(issue)
        state = "" if issue.is_issued else f"（{issue.get_status_display()}）"
        record(
            AuditAction.DOWNLOAD,
            f"{issue}{issue.version_label}{state}，{format}",
            actor=user_of(request),
            request=request,
        )
        name = f"{issue.title}_{issue.period_key.replace('..', '至')}{state}.{format}"
        headers = {"Content-Disposition": attachment(name)}
        return HttpResponse(content, content_type=RENDERERS[format].content_type, headers=headers)

    def preview(self, issue: ReportIssue, format: str) -> bytes:
        """Of a draft: who printed it and when stands across it, and that it is a draft."""
        mark = f"{issue.get_status_display()}　{mark_of(user_of(self.request), timezone.now())}"
        copy = Copy(mark, self.request.build_absolute_uri("/").rstrip("/"))
        return RENDERERS[format].render(shown_to(issue.to_print(), user_of(self.request)), copy)


def stored(issue: ReportIssue, format: str) -> bytes:
    row = get_object_or_404(issue.files.all(), format=format)
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return content


class IssueRevisions(ScopedRows, GatedView):
    """本月修订: a fragment of the issued report's page, and a page of its own without JavaScript."""

    model = ReportIssue
    permission_required = "reports.view_reportissue"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows: Any = self.get_queryset()
        issue: ReportIssue = get_object_or_404(
            rows.issued().select_related("organisation", "drafted_by__organisation"), pk=pk
        )
        counts = counted_by(issue, user_of(request))
        if counts is None:
            raise Http404
        may_see_all = user_of(request).has_perm(PERMISSION)
        # Counted by another, who may see amounts of few firms: money is told to those alone who may as well.
        shown = {one.key for one in issue.computed.figures if may_see_all or one.section != ECONOMY}
        found = [one for one in revisions(issue, counts) if one.figure.key in shown]
        template = "reports/_revisions.html" if request.headers.get("HX-Request") else "reports/revisions.html"
        return render(request, template, {"issue": issue, "revisions": found, "counted_at": timezone.now()})
