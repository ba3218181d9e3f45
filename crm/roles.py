"""What a user may do: one table of roles, and the backend that answers has_perm from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend

if TYPE_CHECKING:
    from django.db.models import Model

    from crm.models import User


@dataclass(frozen=True, slots=True)
class Role:
    """A post: its name on screen, where its holder starts, and what it may do."""

    label: str
    home: str
    permissions: frozenset[str]
    is_administrative: bool = False


def _perms(text: str) -> frozenset[str]:
    return frozenset(text.split())


READ = _perms(
    "parks.view_park parks.view_enterprise parks.view_contact parks.view_qualification parks.view_tag parks.view_stewardship"
    " parks.view_servicetier visits.view_visit visits.view_visitenterprise visits.view_appeal visits.view_appealevent"
    " visits.view_callback visits.view_photo crm.view_organisation crm.view_user"
)
REPORT = _perms("reports.view_report")
REGISTER = _perms(
    "parks.add_enterprise parks.change_enterprise parks.add_contact parks.change_contact parks.add_qualification"
    " parks.change_qualification parks.import_enterprise crm.view_importbatch"
)
VISIT = _perms("visits.add_visit visits.change_visit visits.add_appeal visits.change_appeal")
DESK = _perms("visits.accept_appeal visits.dispatch_appeal visits.review_appeal visits.call_back_appeal")
HANDLE = _perms("visits.handle_appeal")
DOWNLOAD = _perms("reports.download_report parks.export_enterprise")

# Business roles read business data; administrative roles (三权分立) read none of it, and as a user has one role
# nobody can hold two of them.
ROLES: dict[str, Role] = {
    "leader": Role("领导", "reports:dashboard", READ | REPORT | DOWNLOAD),
    "manager": Role("主管", "reports:dashboard", READ | REPORT | DOWNLOAD | REGISTER | VISIT | DESK | HANDLE),
    "steward": Role("服务管家", "visits:today", READ | REPORT | REGISTER | VISIT),
    "desk": Role("受理员", "visits:appeal_list", READ | REPORT | VISIT | DESK),
    "unit": Role(
        "承办单位",
        "visits:appeal_list",
        _perms(
            "visits.view_appeal visits.view_appealevent visits.view_callback crm.view_organisation crm.view_user"
            " parks.view_enterprise parks.view_tag parks.view_park"
        )
        | HANDLE,
    ),
    "viewer": Role("只读", "parks:enterprise_list", READ | REPORT),
    "sysadmin": Role(
        "系统管理员",
        "crm:user_list",
        _perms("crm.view_user crm.add_user crm.change_user crm.view_organisation crm.add_organisation"),
        is_administrative=True,
    ),
    "secadmin": Role("安全管理员", "crm:role_list", _perms("crm.view_role"), is_administrative=True),
    "auditor": Role("审计员", "crm:audit_list", _perms("crm.view_auditentry crm.view_user"), is_administrative=True),
}
ROLE_CHOICES = [(key, role.label) for key, role in ROLES.items()]


class RoleBackend(BaseBackend):
    """Answers has_perm from ROLES: no permission rows to keep in step, no query."""

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set(self._role_of(user_obj))

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return set(self._role_of(user_obj))

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return perm in self._role_of(user_obj)

    def _role_of(self, user: User) -> frozenset[str]:
        if not getattr(user, "is_active", False):
            return frozenset()
        role = ROLES.get(getattr(user, "role", ""))
        return role.permissions if role else frozenset()
