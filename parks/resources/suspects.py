"""New firms of a list that may be on the register under another name: the weaker signs of parks/duplicates.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.resource import Suspect, Values
from crm.models import Organisation, User
from parks.duplicates import COLUMNS, SHARED_BY_AT_MOST, Sign, may_be_same
from parks.models import Enterprise

_SIGNS = {sign: COLUMNS[sign] for sign in (Sign.PERSON_AND_PHONE, Sign.PHONE_AND_ADDRESS)}
_READ = ("legal_representative", "phone", "registered_address")
_Group: TypeAlias = tuple[Sign, tuple[str, ...]]


def suspects_of(rows: Sequence[tuple[int, Values]], organisation: Organisation, user: User) -> dict[int, list[Suspect]]:
    """(number, values) of new rows → who on the register each may be; a query per ten thousand telephones."""
    in_file = Counter(group for _, values in rows for group in _groups(values))
    known = _known({values["phone"] for _, values in rows if values.get("phone")}, organisation, user)
    found: dict[int, list[Suspect]] = {}
    for number, values in rows:
        named: dict[int, Suspect] = {}
        for sign, group in _groups(values):
            others = known.get((sign, group), ())
            # A telephone of many firms is that of an agent or a building.
            if len(others) + in_file[sign, group] <= SHARED_BY_AT_MOST:
                for pk, name in others:
                    if may_be_same(values["name"], name, sign):
                        named.setdefault(pk, Suspect(pk, name, str(sign)))
        if named:
            found[number] = list(named.values())
    return found


def _groups(values: Values) -> Iterable[_Group]:
    for sign, columns in _SIGNS.items():
        group = tuple(str(values.get(name) or "") for name in columns)
        if all(group):
            yield sign, group


def _known(phones: set[Any], organisation: Organisation, user: User) -> dict[_Group, list[tuple[int, str]]]:
    found: dict[_Group, list[tuple[int, str]]] = defaultdict(list)
    below = Enterprise.objects.visible_to(user).filter(organisation__path__startswith=organisation.path)
    for part in chunks(sorted(phones), TARGETS_PER_QUERY):
        rows = below.filter(phone__among=part).order_by("pk").values("pk", "name", *_READ)
        for row in rows:
            for group in _groups(row):
                found[group].append((row["pk"], row["name"]))
    return found
