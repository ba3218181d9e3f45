"""核验: whoever holds a copy learns whether its code was issued, for what, when, and whether hashes match."""

from __future__ import annotations

import hmac
import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.generic import View

from crm import throttling
from reports.issuing.proof import code_typed
from reports.models import ReportIssue

HASH = re.compile(r"[0-9a-f]{64}")


@method_decorator(login_not_required, name="dispatch")
class Verify(View):
    """Codes that do not exist are counted, as addresses of call-back links are: guessing stops after a few."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        typed = code or request.GET.get("code", "")
        if not typed.strip():
            return render(request, "reports/verify.html", {})
        if throttling.is_used_up(request, "verify_miss", peek=True):
            return throttling.too_often(request)
        wanted = code_typed(typed)
        # Asked in any case: what is no code takes as long as what is an unknown one.
        found = ReportIssue.objects.issued().filter(code=wanted or "-").prefetch_related("files").first()
        if found is None:
            throttling.is_used_up(request, "verify_miss")
            return render(request, "reports/verify.html", {"typed": typed[:40], "is_unknown": True}, status=404)
        if code != wanted:
            return redirect("reports:verify", code=wanted)
        return render(request, "reports/verify.html", self.told(found))

    def told(self, issue: ReportIssue) -> dict[str, Any]:
        given = "".join(self.request.GET.get("sha256", "").split()).lower()
        is_hash = bool(HASH.fullmatch(given))
        return {
            "issue": issue,
            "is_superseded": ReportIssue.objects.issued().filter(supersedes=issue).exists(),
            "given": given[:80],
            "is_hash": is_hash,
            "matches": is_hash and self.matched(issue, given),
        }

    def matched(self, issue: ReportIssue, given: str) -> str:
        """In words, which of the hashes it is; empty for none."""
        known = {"数据指纹": issue.fingerprint} | {f"{one.format} 文件": one.sha256 for one in issue.files.all()}
        found = [name for name, value in known.items() if hmac.compare_digest(value, given)]
        return "、".join(found)
