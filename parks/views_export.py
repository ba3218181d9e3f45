"""The register as a file: what the list shows, filtered the same way, for those who may export."""

from __future__ import annotations

import hashlib
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.audit import record
from crm.http import user_of
from crm.imports.export import Export, filter_words, write_csv, write_xlsx
from crm.models.audit import AuditAction
from crm.views import GatedView, ScopedRows
from parks.filters import EnterpriseFilter
from parks.models import Enterprise
from parks.resources import EnterpriseResource

WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


class EnterpriseExport(ScopedRows, GatedView):
    """``?format=xlsx`` or ``csv`` and the filters of the list."""

    model = Enterprise
    permission_required = "parks.export_enterprise"

    def get(self, request: HttpRequest) -> FileResponse | HttpResponseRedirect:
        kind = request.GET.get("format") or "xlsx"
        if kind not in WRITERS:
            raise Http404
        chosen = EnterpriseFilter(request.GET, queryset=self._all_rows(), request=request)
        most = settings.YQT["EXPORT_MAX_ROWS"]
        if chosen.qs[: most + 1].count() > most:
            messages.error(request, f"一次最多导出 {most} 家，请先筛选，分几次导出。")
            return redirect(f"{reverse('parks:enterprise_list')}?{request.GET.urlencode()}")
        return self._file(kind, chosen.qs, filter_words(chosen))

    def _all_rows(self) -> Any:
        return self.get_queryset().order_by("-updated_at", "-pk")

    def _file(self, kind: str, rows: Any, filters: str) -> FileResponse:
        user, resource = user_of(self.request), EnterpriseResource()
        export = Export(resource, resource.export_rows(rows), "企业名单", f"{user}（{user.organisation}）", filters)
        file = TemporaryFile()  # noqa: SIM115  (the response closes it)
        count = WRITERS[kind](file, export)
        file.seek(0)
        print_of_file = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        summary = f"企业名单 {count} 家（{kind}），筛选：{filters or '无'}，文件指纹 {print_of_file}"
        record(AuditAction.EXPORT, summary, actor=user, request=self.request)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"企业名单-{timezone.localdate():%Y%m%d}.{kind}")
