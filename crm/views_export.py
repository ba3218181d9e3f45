"""A list as a file: what the page shows, filtered the same way, for those who may export."""

from __future__ import annotations

import hashlib
from tempfile import TemporaryFile
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.audit import record
from crm.http import user_of
from crm.imports.export import Export, filter_words, write_csv, write_xlsx
from crm.imports.resource import ImportResource
from crm.models.audit import AuditAction
from crm.views import GatedView, ScopedRows

WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


class ListExport(ScopedRows, GatedView):
    """``?format=xlsx`` or ``csv`` and the filters of the list. Who exports a kind of rows may see it as well."""

    permission_required = "parks.export_enterprise"
    resource_class: ClassVar[type[ImportResource]]
    filterset_class: ClassVar[Any]
    list_url: ClassVar[str]
    order: ClassVar[tuple[str, ...]] = ("-updated_at", "-pk")

    def has_permission(self) -> bool:
        options = self.model._meta
        may_see = self.request.user.has_perm(f"{options.app_label}.view_{options.model_name}")
        return super().has_permission() and may_see

    def get(self, request: HttpRequest) -> FileResponse | HttpResponseRedirect:
        kind = request.GET.get("format") or "xlsx"
        if kind not in WRITERS:
            raise Http404
        chosen = self.filterset_class(request.GET, queryset=self.all_rows(), request=request)
        most = settings.YQT["EXPORT_MAX_ROWS"]
        if chosen.qs[: most + 1].count() > most:
            noun = self.resource_class.measure
            messages.error(request, f"一次最多导出 {most} {noun}，请先筛选，分几次导出。")
            return redirect(f"{reverse(self.list_url)}?{request.GET.urlencode()}")
        return self._file(kind, chosen.qs.order_by(*self.order), filter_words(chosen))

    def all_rows(self) -> Any:
        return self.get_queryset().order_by(*self.order)

    def _file(self, kind: str, rows: Any, filters: str) -> FileResponse:
        user, resource = user_of(self.request), self.resource_class()
        export = Export(resource, resource.export_rows(rows), resource.label, f"{user}（{user.organisation}）", filters)
        file = TemporaryFile()  # noqa: SIM115  (the response closes it)
        count = WRITERS[kind](file, export)
        file.seek(0)
        print_of_file = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        told = f"筛选：{filters or '无'}，文件指纹 {print_of_file}"
        summary = f"{resource.label} {count} {resource.measure}（{kind}），{told}"
        record(AuditAction.EXPORT, summary, actor=user, request=self.request)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{name_of(resource.label, str(user))}.{kind}")


def name_of(label: str, user: str) -> str:
    """A csv holds nothing but the list: who took it and when is said by the name of the file."""
    return f"{label}-{timezone.localtime():%Y%m%d-%H%M}-{''.join(one for one in user if one.isalnum())}"
