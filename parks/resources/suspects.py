"""New firms of a list that may be known under another name: the weaker signs of parks/duplicates.py.

They are looked for on the register and among the other new rows of the same file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from crm.imports.columns import Values
from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.resource import Suspect
from crm.models import Organisation, User
from parks.duplicates import COLUMNS, SHARED_BY_AT_MOST, Sign, may_be_same
from parks.models import Enterprise

_SIGNS = {sign: COLUMNS[sign] for sign in (Sign.PERSON_AND_PHONE, Sign.PHONE_AND_ADDRESS)}
_READ = ("legal_representative", "phone", "registered_address")
_Group: TypeAlias = tuple[Sign, tuple[str, ...]]


class Suspects:
    """Goes through a file part by part; of earlier rows it keeps their signs as numbers, and of each the first row."""

    def __init__(self) -> None:
        self._held: Counter[int] = Counter()
        self._first: dict[int, tuple[int, str]] = {}

    def among(
        self, rows: Sequence[tuple[int, Values]], organisation: Organisation, user: User
    ) -> dict[int, list[Suspect]]:
        """(number, values) of new rows → who each may be; a query per ten thousand telephones."""
        signed = [(number, values["name"], _groups(values)) for number, values in rows]
        self._held.update(hash(group) for _, _, groups in signed for group in groups)
        known = _known({values["phone"] for _, values in rows if values.get("phone")}, organisation, user)
        found: dict[int, list[Suspect]] = {}
        for number, name, groups in signed:
            named: dict[tuple[int, int], Suspect] = {}
            for group in groups:
                for one in self._sharing(number, name, group, known.get(group, ())):
                    named.setdefault((one.pk, one.row), one)
            if named:
                found[number] = list(named.values())
        return found

    def _sharing(self, number: int, name: str, group: _Group, others: Sequence[tuple[int, str]]) -> list[Suspect]:
        """Those of the register and the earlier row of the file that agree in the sign and may be the same."""
        sign, key = group[0], hash(group)
        row, earlier = self._first.setdefault(key, (number, name))
        # A telephone of many firms is that of an agent or a building.
        if len(others) + self._held[key] > SHARED_BY_AT_MOST:
            return []
        found = [Suspect(pk, other, str(sign)) for pk, other in others if may_be_same(name, other, sign)]
        if row != number and may_be_same(name, earlier, sign):
            found.append(Suspect(0, earlier, str(sign), row))
        elif row != number:
            # The first was a branch; a later row is compared with this one.
            self._first[key] = number, name
        return found


def _groups(values: Values) -> list[_Group]:
    found = []
    for sign, columns in _SIGNS.items():
        group = tuple(str(values.get(name) or "") for name in columns)
        if all(group):
            found.append((sign, group))
    return found


def _known(phones: set[Any], organisation: Organisation, user: User) -> dict[_Group, list[tuple[int, str]]]:
    found: dict[_Group, list[tuple[int, str]]] = defaultdict(list)
    below = Enterprise.objects.visible_to(user).filter(organisation__path__startswith=organisation.path)
    for part in chunks(sorted(phones), TARGETS_PER_QUERY):
        rows = below.filter(phone__among=part).order_by("pk").values("pk", "name", *_READ)
        for row in rows:
            for group in _groups(row):
                found[group].append((row["pk"], row["name"]))
    return found
