"""What views know of the request: a user who is logged in, text that was typed; and a word that can be taken back."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest

from crm.models import User

UNDO = "undo "


def typed(request: HttpRequest, name: str) -> str:
    """A raw parameter of the address; without NUL, which PostgreSQL refuses in a text."""
    return request.GET.get(name, "").replace("\x00", "")


def user_of(request: HttpRequest) -> User:
    """The logged-in user of a request that passed a gated view."""
    return cast(User, request.user)


def undoable(request: HttpRequest, text: str, address: str) -> None:
    """Say what was done, with a button that undoes it by a POST to `address`."""
    messages.success(request, text, extra_tags=f"{UNDO}{address}")
