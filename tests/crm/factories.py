"""Makers of organisations and users."""

from __future__ import annotations

from crm.actions import create_organisation
from crm.models import Organisation, User


def make_organisation(name: str, kind: str = "park_office", parent: Organisation | None = None) -> Organisation:
    return create_organisation(name=name, kind=kind, parent=parent)


def make_user(
    username: str, organisation: Organisation | None, *, role: str = "manager", scope: str = "organisation"
) -> User:
    return User.objects.create_user(
        username=username,
        password="correct-horse-9",
        name=f"{username}员",
        role=role,
        scope=scope,
        organisation=organisation,
    )
