"""Which enterprises of one register may be the same: the one place that knows the signs.

Asked of one that is being typed (`candidates`) and of the whole register (`find_pairs`), each in a fixed number of
queries. A branch is never taken for its parent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from crm.models import User
from parks.models import Enterprise, FormerCode, FormerName, NotDuplicate, SharedValue
from parks.names import normalise_name
from parks.querysets import EnterpriseQuerySet
from parks.shared import catch_up

# A telephone shared by more firms than this is that of a registration agent or a building, not of one firm.
SHARED_BY_AT_MOST = 5
# Nor does a value that so many carry say anything: the telephone of a whole building.
VALUE_SHARED_BY_AT_MOST = 50
VALUES_PER_SIGN = 500
ROWS_PER_SIGN = 2000
CANDIDATES_SHOWN = 6
_BRANCH = re.compile(
    r"(?:分公司|分店|分部|分厂|分所|分院|分校|分社|分中心|支公司|支行|分行|分理处|营业部|门市部|门店|办事处|代表处|联络处)"
    r"(?:\([^()]*\))?\Z|\([^()]{1,20}[店馆]\)\Z"
)


class Sign(StrEnum):
    """Why two enterprises may be the same; the earlier, the surer."""

    CODE = "信用代码相同"
    FORMER_CODE = "一家的原代码是另一家的代码"
    NAME = "名称相同"
    FORMER_NAME = "一家的曾用名是另一家的名称"
    PERSON_AND_PHONE = "法定代表人和电话相同"
    PHONE_AND_ADDRESS = "电话和注册地址相同"


ORDER = {sign: number for number, sign in enumerate(Sign)}
# The signs that are a set of equal columns within one register.
COLUMNS: dict[Sign, tuple[str, ...]] = {
    Sign.NAME: ("normalised_name",),
    Sign.PERSON_AND_PHONE: ("legal_representative", "phone"),
    Sign.PHONE_AND_ADDRESS: ("phone", "registered_address"),
}
_WEAK = (Sign.PERSON_AND_PHONE, Sign.PHONE_AND_ADDRESS)


def is_branch(name: str) -> bool:
    """A part of another enterprise by its name: 分公司, 支行, （XX店）…"""
    return bool(_BRANCH.search(normalise_name(name)))


def may_be_same(a: str, b: str, sign: Sign) -> bool:
    """Whether the sign means anything between these names: a branch is not its parent, and shares its telephone."""
    branches = is_branch(a), is_branch(b)
    return not any(branches) if sign in _WEAK else branches[0] == branches[1]


@dataclass(slots=True)
class Pair:
    """Two enterprises that may be the same, in the order of their keys."""

    first: Any
    second: Any
    signs: list[Sign] = field(default_factory=list)

    @property
    def sides(self) -> tuple[Any, Any]:
        return self.first, self.second

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return min(ORDER[sign] for sign in self.signs), -len(self.signs), self.first.pk, self.second.pk


class Pairs(list[Pair]):
    """The surest first; `capped` are the signs of which there are more."""

    capped: tuple[Sign, ...] = ()


def find_pairs(user: User) -> Pairs:
    """Pairs of enterprises that the user may see, the surest first, without those judged “不是重复”."""
    catch_up()
    rows = Enterprise.objects.visible_to(user).order_by()
    found: dict[tuple[int, int], Pair] = {}
    capped: set[Sign] = set()
    names, phones = _shared(rows, user, "normalised_name"), _shared(rows, user, "phone")
    for sign, columns in COLUMNS.items():
        shared = names if sign is Sign.NAME else phones
        capped |= {sign} if shared.is_capped else set()
        for members in _groups(shared.rows, columns):
            for a, b in combinations(members, 2):
                _note(found, a, b, sign)
    for sign, pairs in (
        (Sign.FORMER_NAME, _by_former_name(rows)),
        (Sign.FORMER_CODE, _by_former_code(rows)),
    ):
        capped |= {sign} if len(pairs) >= ROWS_PER_SIGN else set()
        for a, b in pairs:
            _note(found, a, b, sign)
    for first, second in NotDuplicate.objects.filter(first__in={first for first, _ in found}).values_list(
        "first_id", "second_id"
    ):
        found.pop((first, second), None)
    result = Pairs(sorted(found.values(), key=lambda pair: pair.rank))
    result.capped = tuple(sign for sign in Sign if sign in capped)
    return result


def _note(found: dict[tuple[int, int], Pair], a: Enterprise, b: Enterprise, sign: Sign) -> None:
    first, second = (a, b) if a.pk < b.pk else (b, a)
    if first.pk != second.pk and may_be_same(a.name, b.name, sign):
        signs = found.setdefault((first.pk, second.pk), Pair(first, second)).signs
        if sign not in signs:
            signs.append(sign)


def _lean(rows: EnterpriseQuerySet) -> EnterpriseQuerySet:
    return rows.only("name", "uscc", "organisation_id", *{name for names in COLUMNS.values() for name in names})


@dataclass(frozen=True, slots=True)
class _Shared:
    """Enterprises that share a value with another of their register; more of them where `is_capped`."""

    rows: list[Enterprise]
    is_capped: bool


def _shared(rows: EnterpriseQuerySet, user: User, column: str) -> _Shared:
    mine = SharedValue.objects.filter(Enterprise.objects.within_institution(user), field=column).order_by("pk")
    several = mine.filter(held__lte=VALUE_SHARED_BY_AT_MOST)
    values = list(several.values_list("organisation_id", "value")[: VALUES_PER_SIGN + 1])
    by_owner: dict[int, list[str]] = defaultdict(list)
    for owner, value in values[:VALUES_PER_SIGN]:
        by_owner[owner].append(value)
    # Each value is looked up in its own register only.
    carried = reduce(or_, (Q(organisation=one, **{f"{column}__among": by_owner[one]}) for one in by_owner), Q(pk=None))
    found = list(_lean(rows).filter(carried)[:ROWS_PER_SIGN])
    return _Shared(found, len(values) > VALUES_PER_SIGN or len(found) >= ROWS_PER_SIGN)


def _groups(rows: Iterable[Enterprise], columns: tuple[str, ...]) -> Iterable[list[Enterprise]]:
    """Those of one register that agree in these columns, none of them blank."""
    members: dict[tuple[Any, ...], list[Enterprise]] = defaultdict(list)
    for one in rows:
        values = tuple(getattr(one, name) for name in columns)
        if all(values):
            members[(one.organisation_id, *values)].append(one)
    return [group for group in members.values() if 2 <= len(group) <= SHARED_BY_AT_MOST]


def _by_former_name(rows: EnterpriseQuerySet) -> list[tuple[Enterprise, Enterprise]]:
    namesake = Enterprise.objects.living().filter(
        organisation_id=OuterRef("enterprise__organisation_id"), normalised_name=OuterRef("normalised_name")
    )
    olds = FormerName.objects.filter(Exists(namesake.exclude(pk=OuterRef("enterprise_id")).order_by()))
    return _across(rows, olds, "normalised_name", "normalised_name")


def _by_former_code(rows: EnterpriseQuerySet) -> list[tuple[Enterprise, Enterprise]]:
    holder = Enterprise.objects.living().filter(
        organisation_id=OuterRef("enterprise__organisation_id"), uscc=OuterRef("code")
    )
    olds = FormerCode.objects.filter(Exists(holder.exclude(pk=OuterRef("enterprise_id")).order_by()))
    return _across(rows, olds, "code", "uscc")


def _across(rows: EnterpriseQuerySet, olds: Any, key: str, column: str) -> list[tuple[Enterprise, Enterprise]]:
    """(who had it, who has it now) of what one enterprise carried before and another carries now; three queries."""
    had = list(
        olds.filter(Exists(rows.filter(pk=OuterRef("enterprise_id"))))
        .annotate(owner=F("enterprise__organisation_id"))
        .values_list("enterprise_id", "owner", key)[:ROWS_PER_SIGN]
    )
    now: dict[tuple[int, str], list[Enterprise]] = defaultdict(list)
    for one in _lean(rows).filter(**{f"{column}__in": {value for _, _, value in had}}):
        now[one.organisation_id, getattr(one, column)].append(one)
    before = _lean(rows).in_bulk({pk for pk, _, _ in had})
    return [(before[pk], one) for pk, owner, value in had for one in now[owner, value] if pk in before]


@dataclass(frozen=True, slots=True)
class Typed:
    """What is known of an enterprise that is being typed; any of it may be blank."""

    name: str = ""
    uscc: str = ""
    legal_representative: str = ""
    phone: str = ""
    registered_address: str = ""


TYPED = tuple(one.name for one in fields(Typed))


def candidates(user: User, typed: Typed, other_than: int | None = None) -> list[tuple[Enterprise, Sign]]:
    """Enterprises that may be the typed one, the surest first, each with its sign; a query per sign."""
    rows = (
        Enterprise.objects.visible_to(user)
        .exclude(pk=other_than or 0)
        .exclude(pk__in=_judged(other_than))
        .order_by("pk")
    )
    found: dict[int, tuple[Enterprise, Sign]] = {}
    # One question per sign: each has its index, their disjunction has none.
    for sign, condition in _conditions(typed).items():
        for one in rows.filter(condition)[:CANDIDATES_SHOWN]:
            if may_be_same(typed.name or one.name, one.name, sign):
                found.setdefault(one.pk, (one, sign))
    return list(found.values())[:CANDIDATES_SHOWN]


def _conditions(typed: Typed) -> dict[Sign, Q]:
    """Sign → condition, for the signs of which enough has been typed."""
    key = normalise_name(typed.name)
    conditions: dict[Sign, Q] = {}
    if typed.uscc:
        conditions[Sign.CODE] = Q(uscc=typed.uscc)
        conditions[Sign.FORMER_CODE] = Q(pk__in=FormerCode.objects.filter(code=typed.uscc).values("enterprise_id"))
    if key:
        conditions[Sign.NAME] = Q(normalised_name=key)
        old = FormerName.objects.filter(normalised_name=key)
        conditions[Sign.FORMER_NAME] = Q(pk__in=old.values("enterprise_id"))
    if typed.phone and typed.legal_representative:
        conditions[Sign.PERSON_AND_PHONE] = Q(legal_representative=typed.legal_representative, phone=typed.phone)
    if typed.phone and typed.registered_address:
        conditions[Sign.PHONE_AND_ADDRESS] = Q(phone=typed.phone, registered_address=typed.registered_address)
    return conditions


def _judged(pk: int | None) -> list[int]:
    """Those that were judged not to be this one."""
    pairs = NotDuplicate.objects.filter(Q(first=pk) | Q(second=pk)) if pk else NotDuplicate.objects.none()
    return [second if first == pk else first for first, second in pairs.values_list("first_id", "second_id")]
