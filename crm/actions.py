"""Changes of organisations and users."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.http import QueryDict
from django.utils.crypto import get_random_string

from crm import audit
from crm.models import Organisation, SavedView, User
from crm.models.audit import AuditAction
from crm.models.organisation import PATH_STEP, OrganisationKind

PASSWORD_LENGTH = 14


@transaction.atomic
def create_organisation(*, name: str, kind: str, parent: Organisation | None = None) -> Organisation:
    """Add a node and give it its path; the path needs the id, so the row is written twice."""
    node = Organisation.objects.create(name=name, kind=kind, parent=parent, path=f"new/{uuid4()}")
    node.path = f"{parent.path if parent else ''}{node.pk:0{PATH_STEP}d}/"
    inherits = kind == OrganisationKind.UNIT and parent is not None
    node.institution_path = parent.institution_path if inherits and parent else node.path
    node.save(update_fields=["path", "institution_path"])
    Organisation.tree_version += 1
    return node


@transaction.atomic
def create_user(user: User, *, actor: User | None) -> tuple[User, str]:
    """Open an account with a random password, to be changed at the first log-in; returns both."""
    password = _give_password(user)
    audit.record(AuditAction.USER, f"开通 {user.username}（{user.get_role_display()}）", actor=actor)
    return user, password


@transaction.atomic
def update_user(user: User, *, actor: User) -> User:
    user.save()
    audit.record(AuditAction.USER, f"变更 {user.username}（{user.get_role_display()}）", actor=actor)
    return user


@transaction.atomic
def reset_password(user: User, *, actor: User) -> str:
    """Replace a forgotten password by a random one and return it."""
    password = _give_password(user)
    audit.record(AuditAction.USER, f"重置 {user.username} 的密码", actor=actor)
    return password


def _give_password(user: User) -> str:
    password = get_random_string(PASSWORD_LENGTH)
    user.set_password(password)
    user.must_change_password = True
    user.save()
    return password


@transaction.atomic
def save_view(*, name: str, list_key: str, query: str, is_shared: bool, actor: User) -> SavedView:
    """Keep a list as it stands under a name; a name that the actor has already is written over."""
    assert actor.organisation is not None
    asked = QueryDict(query, mutable=True)
    columns = asked.getlist("columns")
    for part in ("columns", "page", "after", "before"):
        asked.pop(part, None)
    institution = Organisation.objects.get(path=actor.organisation.institution_path)
    values = {"query": asked.urlencode(), "columns": columns, "is_shared": is_shared, "organisation": institution}
    return SavedView.objects.update_or_create(owner=actor, list_key=list_key, name=name, defaults=values)[0]
