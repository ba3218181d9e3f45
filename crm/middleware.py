"""What happens around every page: first passwords are changed, an ended session leads to the log-in,
a database that is busy is told as such.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse


class WholePageLogin:
    """A piece of a page that was asked for after the session ended: the log-in replaces the page, not the piece."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = reverse("account_login")
        if response.status_code != 302 or not response.headers["Location"].startswith(login):
            return response
        if "HX-Request" not in request.headers:
            return response
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        again = redirect_to_login(f"{page.path}?{page.query}" if page.query else page.path or "/", login)
        return HttpResponse(headers={"HX-Redirect": again.headers["Location"]})


class MustChangePassword:
    """A person who got a password from the administrator changes it before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and not request.path.startswith("/accounts/"):
            return redirect(reverse("account_change_password"))
        return self.get_response(request)


class BusyDatabase:
    """SQLite lets one write at a time: who waited for a large import in vain is told so, and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError) or "database is locked" not in str(error):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "60"
        return response
