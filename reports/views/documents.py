"""Documents to download: the page where one is chosen, and an address for each kind and format."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.audit import record
from crm.http import user_of
from crm.models.audit import AuditAction
from reports.documents.build import NOTHING, build_report
from reports.documents.copy import Copy, mark_of
from reports.documents.header import BadHeader, red_header
from reports.documents.kinds import EVALUATION, KIND_BY_KEY, Kind
from reports.documents.material import Given
from reports.figures.address import scope_from
from reports.forms.documents import DocumentForm
from reports.pdf import FontsMissing
from reports.period import BadPeriod
from reports.renderers import RENDERERS
from reports.report import Report
from reports.rows.scope import Scope
from reports.views.dashboard import ScopedReport, attachment


class Download(ScopedReport):
    """Base: a report as a file; every download is on the audit trail."""

    permission_required = "reports.download_report"

    def send(self, scope: Scope, kind: Kind, form: str, given: Given = NOTHING) -> HttpResponse:
        report, renderer = build_report(scope, kind, given), RENDERERS[form]
        copy = Copy(mark_of(scope.user, scope.now), self.request.build_absolute_uri("/").rstrip("/"))
        try:
            content = renderer.render(report, copy)
        except FontsMissing as problem:
            messages.error(self.request, str(problem))
            return redirect("reports:dashboard")
        told = "".join(f"，{one}" for one in report.narrowed_to)
        summary = f"{report.title}（{report.period_label}{told}）{'' if form == 'pdf' else renderer.label}"
        record(AuditAction.DOWNLOAD, summary, actor=scope.user, request=self.request)
        disposition = attachment(f"{file_name(report)}.{form}")
        return HttpResponse(content, content_type=renderer.content_type, headers={"Content-Disposition": disposition})


class AppealReport(Download):
    """诉求办结与满意情况报告 at the address it always had."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        return self.send(scope, EVALUATION, "pdf")


class Document(Download):
    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        kind, form = KIND_BY_KEY.get(kwargs["kind"]), kwargs["form"]
        if kind is None or form not in RENDERERS:
            raise Http404
        kind.check(scope.period)
        if reason := kind.lacks_matter(scope.unit, scope.category, scope.matter):
            raise BadPeriod(reason)
        asked = self.request.GET
        try:
            header = red_header(asked.get("issuer", ""), asked.get("number", ""))
        except BadHeader as problem:
            raise BadPeriod(str(problem)) from problem
        return self.send(scope, kind, form, Given(header))


class Documents(Download):
    """The page to choose on; what is typed on it is sent, not put into an address."""

    def show(self, scope: Scope, **kwargs: Any) -> HttpResponse:
        return self.page(DocumentForm(user=scope.user, scope=scope))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            scope = scope_from({"period": request.POST.get("period", "")}, user_of(request))
        except BadPeriod:
            scope = scope_from({}, user_of(request))
        form = DocumentForm(request.POST, user=scope.user, scope=scope)
        if not form.is_valid():
            return self.page(form, status=400)
        data = form.cleaned_data
        return self.send(form.asked, KIND_BY_KEY[data["kind"]], data["format"], form.given)

    def page(self, form: DocumentForm, status: int = 200) -> HttpResponse:
        return render(self.request, "reports/documents.html", {"form": form}, status=status)


def file_name(report: Report) -> str:
    told = "".join(f"_{one}" for one in report.narrowed_to)
    return f"{report.title}_{report.period_key.replace('..', '至')}{told}"
