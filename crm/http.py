"""What views know of the request: a user who is logged in, and text that was typed."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from crm.models import User


def typed(request: HttpRequest, name: str) -> str:
    """A raw parameter of the address; without NUL, which PostgreSQL refuses in a text."""
    return request.GET.get(name, "").replace("\x00", "")


def user_of(request: HttpRequest) -> User:
    """The logged-in user of a request that passed a gated view."""
    return cast(User, request.user)
