"""Lists of qualifications: whose, which, from when to when."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from crm.imports.cells import CellError
from crm.imports.columns import Reading, Values
from crm.imports.resource import ImportResource, Keys, plain_fields
from crm.models import Organisation, User
from parks.import_columns.qualifications import OWN_COLUMNS, kinds_by_word
from parks.models import Qualification, QualificationKind
from parks.resources.firms import Firms, firm_columns, labelled, resolve, subject


class QualificationResource(ImportResource):
    key = "qualifications"
    label = "资质名单"
    noun = "资质"
    measure = "项"
    identity = "企业、资质和起始日期"
    permission = "parks.import_qualification"
    undo_permission = "parks.undo_import"
    undo_any_permission = "parks.undo_any_import"
    model = Qualification
    columns = (*firm_columns(several=False), *OWN_COLUMNS)
    required = "firm"
    stand_ins = ("uscc",)

    def __init__(self) -> None:
        self._firms: Firms | None = None
        self._months: dict[int, int | None] = {}
        self._names: dict[int, str] = {}

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._firms = Firms(organisation, user)

    def lookups(self) -> dict[str, Any]:
        rows = QualificationKind.objects.values_list("pk", "valid_months", "name")
        self._months, self._names = {pk: months for pk, months, _ in rows}, {pk: name for pk, _, name in rows}
        return {"kinds": kinds_by_word()}

    def subject_of(self, values: Values) -> str:
        kind = self._names.get(values.get("kind_id", 0), "")
        return f"{subject(values)} {kind}".strip() if subject(values) else ""

    def finish(self, values: Values, reading: Reading) -> None:
        assert self._firms is not None
        found = resolve(values, self._firms)
        if len(found) > 1:
            raise CellError("一行只能写一家企业的资质", column="firm")
        owner = self._firms.owner_of(found[0])
        values |= {"enterprise_id": found[0].pk, "_organisation": owner, **labelled(found)}
        if "kind_id" not in values:
            raise CellError("没有写是哪一项资质", column="kind")
        self._complete_dates(values, reading)

    def _complete_dates(self, values: Values, reading: Reading) -> None:
        start, end, months = values.get("valid_from"), values.get("valid_to"), self._months[values["kind_id"]]
        if start is None and end is not None and months:
            start = values["valid_from"] = months_later(end, -months) + timedelta(days=1)
            reading.warn(f"没有写有效期自，按通常 {months} 个月推算为 {start}")
        if start is None:
            raise CellError("没有写有效期自，也推算不出来", column="valid_from")
        if end is not None and end < start:
            raise CellError("有效期至早于有效期自", column="valid_to")
        if end is None and months:
            # Not in `values`: an empty cell must not overwrite what the register knows.
            last = months_later(start, months) - timedelta(days=1)
            values["_usual_end"] = last.isoformat()
            reading.warn(f"没有写有效期至，新登记的按通常 {months} 个月到 {last}")

    def keys_of(self, values: Values) -> Keys:
        return _keys(values["enterprise_id"], values["kind_id"], values["valid_from"])

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        rows = Qualification.objects.living().filter(organisation__path__startswith=organisation.path)
        found = rows.values_list("pk", "enterprise_id", "kind_id", "valid_from")
        return ((pk, _keys(firm, kind, start)) for pk, firm, kind, start in found)

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(Qualification.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> Qualification:
        qualification = Qualification(organisation_id=values["_organisation"])
        self.apply(qualification, values, [name for name in values if not name.startswith("_")])
        if qualification.valid_to is None and (usual := values.get("_usual_end")):
            qualification.valid_to = date.fromisoformat(usual)
        return qualification

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        return sorted({name.removesuffix("_id") for name in plain_fields(fields)})

    def apply(self, target: Qualification, values: Values, fields: Iterable[str]) -> None:
        for name in fields:
            if not name.startswith("_"):
                setattr(target, name, values[name])

    def export_rows(self, rows: Any) -> Iterator[Qualification]:
        found: Iterator[Qualification] = rows.select_related("enterprise", "kind").iterator(chunk_size=2000)
        return found

    def offers(self) -> dict[str, list[str]]:
        return {"kind": list(QualificationKind.objects.values_list("name", flat=True))}

    def url_of(self, pk: int) -> str:
        return reverse("parks:qualification_update", args=[pk])


def months_later(day: date, months: int) -> date:
    """The same day so many months on; the last day where the month is shorter."""
    month = day.year * 12 + day.month - 1 + months
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))


def _keys(enterprise: int, kind: int, start: date) -> Keys:
    key = f"{enterprise}|{kind}|{start}"
    return Keys(key, key)
