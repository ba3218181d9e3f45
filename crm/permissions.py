"""The API's permission: what the view declares, or nothing."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasDeclaredPermission(BasePermission):
    """Allows a signed-in user who holds the view's `permission_required`; a view that declares none is closed.

    Rest framework's own DjangoModelPermissions lets any signed-in user read.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = getattr(view, "permission_required", None)
        return bool(request.user.is_authenticated and needed and request.user.has_perm(needed))
