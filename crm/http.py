"""What views know of the request: a user who is logged in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from crm.models import User


def user_of(request: HttpRequest) -> User:
    """The logged-in user of a request that passed a gated view."""
    return cast(User, request.user)
