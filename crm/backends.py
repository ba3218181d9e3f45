"""The authentication backend that answers has_perm from the table of roles."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Model, Subquery

from crm.models import Organisation, User
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
        """The user of a session, with the organisation that every scope question needs and the keys of its reach."""
        reach = Organisation.objects.keys_of_institution("organisation__institution_path")
        rows = User.objects.select_related("organisation").annotate(reach=Subquery(reach)).order_by()
        user = rows.filter(pk=user_id).first()
        if user and user.organisation is not None and user.reach:
            keys = sorted(map(int, user.reach.split(",")))
            user.organisation.knows_below(user.organisation.institution_path, keys)
        return user if user and user.is_active else None

    def _role_of(self, user: Any) -> frozenset[str]:
        if not getattr(user, "is_active", False):
            return frozenset()
        role = ROLES.get(getattr(user, "role", ""))
        return role.permissions if role else frozenset()
