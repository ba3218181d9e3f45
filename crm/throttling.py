"""How often one network address may do something without an account: allauth's counters and its reading of proxies."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RETRY_AFTER = 60


def is_used_up(request: HttpRequest, action: str, *, peek: bool = False) -> bool:
    """Count one use of an action of settings.PUBLIC_RATE_LIMITS; True when there were too many. `peek` only looks."""
    usage = ratelimit.consume(
        request, app="crm", action=action, config=settings.PUBLIC_RATE_LIMITS, dry_run=peek, limit_get=True
    )
    return usage is None


def too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
