"""The authentication backend that answers has_perm from the table of roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Model

from crm.models import User
from crm.roles import ROLES


class RoleBackend(AuthenticationBackend):
    """Answers has_perm from ROLES: no permission rows to keep in step, no query."""

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set(self._role_of(user_obj))

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set(self._role_of(user_obj))

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return perm in self._role_of(user_obj)

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, with the organisation that every scope question needs."""
        user = User.objects.select_related("organisation").filter(pk=user_id).first()
        return user if user and user.is_active else None

    def _role_of(self, user: Any) -> frozenset[str]:
        if not getattr(user, "is_active", False):
            return frozenset()
        role = ROLES.get(getattr(user, "role", ""))
        return role.permissions if role else frozenset()
