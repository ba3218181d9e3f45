"""The people and units of an office by name, for lists that write them in words."""

from __future__ import annotations

from collections import defaultdict

from crm.models import Organisation, User
from crm.roles import ROLES


def people_of(organisation: Organisation) -> dict[str, int]:
    """Name → account, also of those who have left: lists tell of the past. A name borne twice is nobody."""
    business = [key for key, role in ROLES.items() if not role.is_administrative]
    staff = User.objects.filter(organisation__path__startswith=organisation.institution_path, role__in=business)
    found: dict[str, dict[bool, list[int]]] = defaultdict(lambda: {True: [], False: []})
    for pk, name, is_active in staff.exclude(name="").values_list("pk", "name", "is_active"):
        found[name][is_active].append(pk)
    chosen = {name: accounts[True] or accounts[False] for name, accounts in found.items()}
    return {name: pks[0] for name, pks in chosen.items() if len(pks) == 1}


def units_of(user: User) -> dict[str, int]:
    """Name → organisation, of those to which the user may hand an appeal; the nearest wins."""
    rows = Organisation.objects.visible_to(user).order_by("-path").values_list("name", "pk")
    return dict(rows)
