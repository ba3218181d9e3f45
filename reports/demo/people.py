"""The demo's organisations and accounts."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm.actions import create_organisation
from crm.models import Organisation, User
from crm.models.organisation import OrganisationKind as Kind
from parks.models import Park

TOWN = "西溪镇"


@dataclass(frozen=True, slots=True)
class Place:
    """What the records of the demo hang on."""

    office: Organisation
    park: Park
    units: tuple[Organisation, ...]
    users: dict[str, User]
    stewards: tuple[User, ...]
    # Who signs and answers for a unit, by the unit's id.
    handlers: dict[int, User] = field(default_factory=dict)


# Accounts offered on the log-in page: user name → name, role, reach.
ACCOUNTS = {
    "leader": ("周镇长", "leader", "organisation"),
    "manager": ("林主任", "manager", "organisation"),
    "steward": ("张敏", "steward", "organisation"),
    "desk": ("何静", "desk", "organisation"),
    "unit": ("郭强", "unit", "unit"),
    "viewer": ("苏宇", "viewer", "organisation"),
    "sysadmin": ("系统管理员", "sysadmin", "organisation"),
    "secadmin": ("安全管理员", "secadmin", "organisation"),
    "auditor": ("审计员", "auditor", "organisation"),
}
MORE_STEWARDS = {"steward2": "李涛", "steward3": "王欣"}
TOWN_UNITS = ("规划建设办公室", "经济发展办公室", "社会事务办公室", "综合行政执法队")


def make_place() -> Place:
    """区 → 镇 → 园区管理机构 → 科室, with one account of every role."""
    district = create_organisation(name="云川区", kind=Kind.DISTRICT)
    town = create_organisation(name=TOWN, kind=Kind.TOWN, parent=district)
    office = create_organisation(name="西溪网络安全产业园管理办公室", kind=Kind.PARK_OFFICE, parent=town)
    service = create_organisation(name="企业服务科", kind=Kind.UNIT, parent=office)
    desk = create_organisation(name="综合受理科", kind=Kind.UNIT, parent=office)
    units = tuple(create_organisation(name=name, kind=Kind.UNIT, parent=town) for name in TOWN_UNITS)
    where = {
        "leader": town, "manager": office, "steward": service, "desk": desk, "unit": units[0], "viewer": office,
        "sysadmin": town, "secadmin": town, "auditor": town,
    }  # fmt: skip
    users = {
        username: _account(username, name, role, scope, where[username])
        for username, (name, role, scope) in ACCOUNTS.items()
    }
    more = [
        _account(username, name, "steward", "organisation", service, is_demo=False)
        for username, name in MORE_STEWARDS.items()
    ]
    park = Park.objects.create(organisation=office, name="西溪网络安全产业园")
    handlers = {unit.pk: _handler(n, unit, users["unit"]) for n, unit in enumerate((*units, service))}
    return Place(office, park, (*units, service), users, (users["steward"], *more), handlers)


def _handler(n: int, unit: Organisation, first: User) -> User:
    """The unit's own clerk; the first unit's is the account on the log-in page."""
    if n == 0:
        return first
    return _account(f"unit{n + 1}", f"{unit.name[:2]}承办员", "unit", "unit", unit, is_demo=False)


def make_other_place() -> Place:
    """A second town with its own records, none of which the first may see."""
    district = Organisation.objects.get(name="云川区", kind=Kind.DISTRICT)
    town = create_organisation(name="东渠镇", kind=Kind.TOWN, parent=district)
    office = create_organisation(name="东渠镇企业服务中心", kind=Kind.PARK_OFFICE, parent=town)
    unit = create_organisation(name="东渠镇经济发展办公室", kind=Kind.UNIT, parent=town)
    user = _account("outsider", "东渠镇主管", "manager", "organisation", town)
    park = Park.objects.create(organisation=office, name="东渠小微企业园")
    return Place(office, park, (unit,), {"outsider": user}, (user,))


def _account(
    username: str, name: str, role: str, scope: str, organisation: Organisation, *, is_demo: bool = True
) -> User:
    """An account that has no password: outside demo mode nobody can log in with it."""
    user = User(username=username, name=name, role=role, scope=scope, organisation=organisation, is_demo=is_demo)
    user.set_unusable_password()
    user.save()
    return user
