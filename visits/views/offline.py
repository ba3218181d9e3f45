"""The visit form without a network: what makes the site installable, and what a device asks before it sends.

The first three hold nothing of anybody and need no log-in: a browser asks for them by itself, also before the log-in.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from crm.http import user_of
from crm.pinyin import initials
from crm.views import GatedView
from visits.querysets import at_hand

THEME, CANVAS = "#1857b8", "#f6f7f9"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-512.png", "512x512", "maskable"),
)
SECTIONS = (("failed", "发送失败"), ("waiting", "待发送"), ("draft", "草稿"), ("sent", "已发送"))


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone installs: name, icons and the page it starts on."""
    name = settings.YQT["SITE_NAME"]
    icons = [{"src": static(f"crm/{file}"), "sizes": size, "purpose": use} for file, size, use in ICONS]
    facts = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": "zh-CN",
        "start_url": reverse("visits:today"),
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": CANVAS,
        "icons": [icon | {"type": "image/png"} for icon in icons],
        "shortcuts": [{"name": "记走访", "url": reverse("visits:visit_create")}],
    }
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@never_cache
@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, whose pages it stands in for; a release changes its text, so that browsers replace it."""
    context = {"release": release(), "is_debug": settings.DEBUG}
    response = render(request, "visits/sw.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def release() -> str:
    """The hash over all static files; without it (DEBUG) files are asked from the network first."""
    return str(getattr(staticfiles_storage, "manifest_hash", ""))


@login_not_required
@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """Kept by the browser and shown in place of any page that cannot be reached."""
    return render(request, "visits/offline.html")


class Outbox(GatedView, TemplateView):
    """What waits on this device; the page itself is empty, the browser fills it from its own store."""

    permission_required = "visits.add_visit"
    template_name = "visits/outbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"sections": SECTIONS} | unheard(self.request)


def unheard(request: HttpRequest) -> dict[str, Any]:
    """Context of a page that a device fetches to keep: messages stay for the page that a person looks at."""
    return {"messages": []} if "X-Keep" in request.headers else {}


class OutboxToken(GatedView):
    """Asked before sending: who is logged in now, and a form token of this session."""

    permission_required = "visits.add_visit"

    def get(self, request: HttpRequest) -> HttpResponse:
        response = JsonResponse({"user": str(user_of(request).pk), "token": get_token(request)})
        response.headers["Cache-Control"] = "no-store"
        return response


class EnterprisesAtHand(GatedView):
    """Names to choose from without a network: few, nearest first, only what the user may see."""

    permission_required = "visits.add_visit"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = at_hand(user_of(request))
        response = JsonResponse({"enterprises": [[pk, name, initials(name)] for pk, name in rows]})
        response.headers["Cache-Control"] = "no-store"
        return response
