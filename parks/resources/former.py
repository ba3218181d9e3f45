"""Names and codes that enterprises had before: of a whole register in memory, compared with a list, and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crm.imports.columns import Reading, Values
from crm.imports.journal import Journal
from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.resource import Change
from crm.models import Organisation
from parks.models import Enterprise, FormerCode, FormerName
from parks.names import normalise_name, split_former_names


class Former:
    """``names`` are those of a firm by their comparable spelling, as they are written."""

    def __init__(self) -> None:
        self._names: dict[int, dict[str, str]] = defaultdict(dict)
        self._codes: dict[int, set[str]] = defaultdict(set)

    def load_names(self, organisation: Organisation) -> list[tuple[int, str]]:
        rows = FormerName.objects.filter(
            enterprise__organisation__path__startswith=organisation.path, enterprise__deleted_at=None
        )
        self._names.clear()
        for pk, name, key in rows.values_list("enterprise_id", "name", "normalised_name"):
            self._names[pk][key] = name
        return [(pk, key) for pk, names in self._names.items() for key in names]

    def load_codes(self, organisation: Organisation) -> list[tuple[int, str]]:
        rows = FormerCode.objects.filter(
            enterprise__organisation__path__startswith=organisation.path, enterprise__deleted_at=None
        )
        self._codes.clear()
        for pk, code in rows.values_list("enterprise_id", "code"):
            self._codes[pk].add(code)
        return [(pk, code) for pk, codes in self._codes.items() for code in codes]

    def names(self, pk: int) -> Mapping[str, str]:
        return self._names.get(pk, {})

    def codes(self, pk: int) -> set[str]:
        return self._codes.setdefault(pk, set())

    def reconcile_name(
        self, values: Values, target: Enterprise, change: Change, changes: list[Change], reading: Reading
    ) -> None:
        """Another spelling is no change, nor is a name that was given up; a new one puts the present aside."""
        key = normalise_name(values["name"])
        if key == target.normalised_name:
            changes.remove(change)
        elif key in self.names(target.pk):
            changes.remove(change)
            reading.warn(f"文件用的是曾用名，现名称为 {target.name}")
        else:
            reading.warn(f"企业更名，原名称“{target.name}”将记入曾用名")

    def reconcile_names(self, values: Values, target: Enterprise, changes: list[Change]) -> None:
        known = self.names(target.pk)
        # A former name may hold a comma itself; then its pieces come back.
        pieces = {normalise_name(piece) for name in known.values() for piece in split_former_names(name)} | {*known}
        names = [name for name in values.get("_former_names", ()) if normalise_name(name) not in pieces]
        if names := [name for name in names if normalise_name(name) != target.normalised_name]:
            before = "、".join(known.values())
            changes.append(Change("_former_names", "曾用名", before, "、".join([*known.values(), *names])))


def write_names(written: Iterable[tuple[Enterprise, Values, Sequence[str]]], journal: Journal) -> None:
    wanted = {
        (enterprise.pk, name): normalise_name(name)
        for enterprise, values, fields in written
        if "_former_names" in fields or "name" in fields
        for name in values.get("_former_names", ())
        if normalise_name(name) != enterprise.normalised_name
    }
    known: set[tuple[int, str]] = set()
    for part in chunks(sorted({pk for pk, _ in wanted}), TARGETS_PER_QUERY):
        known |= set(FormerName.objects.filter(enterprise_id__among=part).values_list("enterprise_id", "name"))
    new = {key: plain for key, plain in wanted.items() if key not in known}
    rows = [FormerName(enterprise_id=pk, name=name, normalised_name=plain) for (pk, name), plain in new.items()]
    for row in FormerName.objects.bulk_create(rows, batch_size=1000):
        journal.made(row.enterprise_id, row)


def write_codes(wanted: Sequence[tuple[Enterprise, str]], journal: Journal) -> None:
    known: set[tuple[int, str]] = set()
    for part in chunks(sorted(firm.pk for firm, _ in wanted), TARGETS_PER_QUERY):
        known |= set(FormerCode.objects.filter(enterprise_id__among=part).values_list("enterprise_id", "code"))
    rows = [FormerCode(enterprise=firm, code=code) for firm, code in wanted if (firm.pk, code) not in known]
    for row in FormerCode.objects.bulk_create(rows, batch_size=1000):
        journal.made(row.enterprise_id, row)
