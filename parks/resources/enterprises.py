"""What a list of enterprises may hold and how it meets the register; read by the import engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils import timezone

from crm.bulk import Mould
from crm.imports.columns import Reading, Values
from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.resource import Change, ImportResource, Keys, Suspect, plain_fields
from crm.models import Organisation, User
from parks.choices import Currency, RegistrationStatus
from parks.import_columns import ENTERPRISE_COLUMNS, writing
from parks.models import Enterprise, Industry, Park
from parks.names import normalise_name
from parks.resources import capitals, stages
from parks.resources.capitals import CAPITALS, money
from parks.resources.former import Former, write_codes, write_names
from parks.resources.lines import lines
from parks.resources.options import EnterpriseImportForm
from parks.resources.relations import CONTACT_FIELDS, Relations
from parks.resources.suspects import Suspects
from parks.search import FACTS, FIELDS, index_enterprise, tell_followers
from parks.shared import compare_later

FOUND_BY = FACTS | {"_former_names"}
_GONE = {RegistrationStatus.MOVED.value, RegistrationStatus.CANCELLED.value, RegistrationStatus.REVOKED.value}


class EnterpriseResource(ImportResource):
    key = "enterprises"
    label = "企业名单"
    noun = "企业"
    measure = "家"
    permission = "parks.import_enterprise"
    undo_permission = "parks.undo_import"
    undo_any_permission = "parks.undo_any_import"
    model = Enterprise
    columns = ENTERPRISE_COLUMNS
    required = "name"
    options_form: ClassVar[type[forms.Form]] = EnterpriseImportForm
    extras = (("有效资质", writing.joined("qualifications")),)

    def __init__(self) -> None:
        self._former = Former()
        self._industry_names: dict[str, str] = {}
        self._relations: Relations | None = None
        self._park_names: dict[int, str] = {}
        self._mould: Mould | None = None
        self._suspects = Suspects()

    def prepare(self, organisation: Organisation, user: User) -> None:
        self._relations = Relations(organisation, user)

    def owner(self, options: Mapping[str, Any]) -> Organisation | None:
        """Firms of a park are on the register of the office that runs it, whoever imports them."""
        park = options.get("park")
        return Organisation.objects.get(pk=Park.objects.get(pk=park).organisation_id) if park else None

    def lookups(self) -> dict[str, Any]:
        rows = list(Industry.objects.order_by("-code").values_list("code", "name", "rank"))
        names = {(rank, name): code for code, name, rank in rows}
        # Without a level the most general entry of that name is meant: sorted so that it is written last.
        names |= {("", name): code for code, name, _ in sorted(rows, key=lambda row: -len(row[0]))}
        self._industry_names = {code: name for code, name, _ in rows}
        others = self._relations.lookups() if self._relations else {"people": {}, "parks": {}, "tags": set()}
        self._park_names = {pk: name for name, pk in others["parks"].items()}
        return {"industry_codes": self._industry_names, "industry_names": names, **others}

    def finish(self, values: Values, reading: Reading) -> None:
        mobile = values.pop("_mobile", "")
        if "_contact" in values:
            if mobile and len(mobile) <= 30:
                values.setdefault("_contact_mobile", mobile)
                mobile = ""
        else:
            _without_contact(values, reading)
        if mobile and not values.get("phone"):
            values["phone"] = mobile
        stages.settle(values, reading)
        if values.get("status") in _GONE and "left_on" not in values:
            label = RegistrationStatus(values["status"]).label
            reading.warn(f"登记状态为{label}，导入后请在企业页登记离开园区的日期")

    def keys_of(self, values: Values) -> Keys:
        return Keys(values.get("uscc", ""), normalise_name(values["name"]), values.get("_record", 0))

    def known_keys(self, organisation: Organisation) -> Iterable[tuple[int, Keys]]:
        # The registers below too: a town must not list again what its park office has. Own rows last, they win.
        rows = Enterprise.objects.living().filter(organisation__path__startswith=organisation.path)
        rows = rows.order_by("-organisation__path", "pk")
        return ((pk, Keys(code, name)) for pk, code, name in rows.values_list("pk", "uscc", "normalised_name"))

    def former_identifiers(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        return self._former.load_codes(organisation)

    def aliases(self, organisation: Organisation) -> Iterable[tuple[int, str]]:
        return self._former.load_names(organisation)

    def suspects(
        self, rows: Sequence[tuple[int, Values]], organisation: Organisation, user: User
    ) -> dict[int, list[Suspect]]:
        return self._suspects.among(rows, organisation, user)

    def visible_pks(self, user: User, pks: Sequence[int]) -> set[int]:
        return set(Enterprise.objects.visible_to(user).filter(pk__among=pks).values_list("pk", flat=True))

    def reconcile(self, values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
        capitals.reconcile(values, target, changes, reading)
        stages.reconcile(values, target, changes, reading)
        for change in list(changes):
            if change.field == "name":
                self._former.reconcile_name(values, target, change, changes, reading)
            elif change.field == "joined_on" and target.left_on and values["joined_on"] > target.left_on:
                changes.remove(change)
                reading.warn(f"入园日期晚于离开日期 {target.left_on}，这一项未导入")
            elif change.field == "uscc" and change.new in self._former.codes(target.pk):
                changes.remove(change)
                reading.warn(f"文件用的是原信用代码，现代码为 {target.uscc}")
            elif change.field == "uscc" and target.uscc and values.get("_uscc_doubt"):
                changes.remove(change)
                reading.warn(f"代码校验不符，保留名册中的 {target.uscc}")
        if self._relations:
            self._relations.reconcile(values, target, changes, reading)
        self._former.reconcile_names(values, target, changes)

    def new_instance(
        self, values: Values, organisation: Organisation, user: User, options: dict[str, Any]
    ) -> Enterprise:
        if self._mould is None:
            shared = {"organisation": organisation, "created_by": user, "park_id": options.get("park")}
            self._mould = Mould(Enterprise, joined_on=timezone.localdate(), **shared)
        enterprise: Enterprise = self._mould.row()
        if options.get("joined_on") == "established" and values.get("established_on"):
            enterprise.joined_on = values["established_on"]
        if left_on := values.get("left_on"):
            enterprise.joined_on = min(enterprise.joined_on, left_on)
        self._set(enterprise, values, [name for name in values if not name.startswith("_")])
        index_enterprise(enterprise, values.get("_former_names", ()))
        return enterprise

    def written_fields(self, fields: Iterable[str]) -> list[str]:
        names = {name.removesuffix("_id") for name in plain_fields(fields)} | {"version", "updated_at"}
        if not FOUND_BY.isdisjoint(fields):
            names |= {*FIELDS}
        if "name" in names:
            names.add("normalised_name")
        if "stage" in names:
            names.add("left_on")
        if "uscc" in names:
            names.add("uscc_note")
        names |= {f"{prefix}_{part}" for prefix in CAPITALS if prefix in names for part in ("currency", "raw")}
        return sorted(names)

    def apply(self, target: Enterprise, values: Values, fields: Iterable[str]) -> None:
        former, code = target.name, target.uscc
        self._set(target, values, [name for name in fields if not name.startswith("_")])
        if target.name != former:
            values.setdefault("_former_names", []).append(former)
        # Of the names in the row only those are kept that `after_write` writes.
        named = values.get("_former_names", ()) if {"_former_names", "name"} & set(fields) else ()
        names = [*self._former.names(target.pk).values(), *named]
        codes = self._former.codes(target.pk)
        if code and code != target.uscc:
            # As the form does; a list that still carries the old one is understood.
            codes.add(code)
            values["_former_code"] = code
        if not FOUND_BY.isdisjoint(fields):
            index_enterprise(target, names, sorted(codes))
        target.version += 1
        target.updated_at = timezone.now()

    def _set(self, enterprise: Enterprise, values: Values, fields: Sequence[str]) -> None:
        for name in fields:
            setattr(enterprise, name, values[name])
            if name in CAPITALS:
                for part in ("currency", "raw"):
                    setattr(enterprise, f"{name}_{part}", values[f"{name}_{part}"])
        if "stage" in fields:
            stages.put(enterprise, values)
        if "name" in fields:
            enterprise.normalised_name = normalise_name(enterprise.name)
        if "uscc" in fields:
            doubt = values.get("_uscc_doubt", "")
            enterprise.uscc_note = f"{doubt}（导入时已确认）"[:200] if doubt else ""

    def after_write(self, written: Sequence[tuple[Enterprise, Values, Sequence[str]]]) -> None:
        write_names(written, self.journal)
        former_codes = [(firm, code) for firm, values, _ in written if (code := values.get("_former_code"))]
        write_codes(former_codes, self.journal)
        if self._relations:
            self._relations.write(written, self.journal)
        compare_later(firm.pk for firm, _, _ in written)
        # What is new has nothing yet that could follow it.
        tell_followers(firm.pk for firm, _, fields in written if firm.version > 1 and not FOUND_BY.isdisjoint(fields))

    def after_undo(self, restored: Sequence[Enterprise]) -> None:
        tell_followers(firm.pk for firm in restored)
        compare_later(firm.pk for firm in restored)

    def after_removal(self, removed: Sequence[Enterprise]) -> None:
        compare_later(firm.pk for firm in removed)

    def taken(self, restored: Sequence[tuple[Enterprise, Mapping[str, Any]]], removed: set[int]) -> set[int]:
        wanted = {(target.organisation_id, old["uscc"]): target.pk for target, old in restored if old.get("uscc")}
        going = removed | {target.pk for target, old in restored if "uscc" in old}
        taken = set()
        for part in chunks(sorted(code for _, code in wanted), TARGETS_PER_QUERY):
            holders = Enterprise.objects.living().filter(uscc__among=part).values_list("pk", "organisation_id", "uscc")
            taken |= {wanted.get((owner, code)) for pk, owner, code in holders if pk not in going}
        return {pk for pk in taken if pk}

    def offers(self) -> dict[str, list[str]]:
        assert self._relations is not None
        known = self._relations.lookups()
        stewards = sorted(name for name, pks in known["people"].items() if len(pks) == 1)
        return {"park": sorted(known["parks"]), "steward": stewards}

    def vocabulary(self, key: str) -> Sequence[str]:
        if key.startswith("industry"):
            return [f"{code} {name}" for code, name in Industry.objects.order_by("code").values_list("code", "name")]
        if key in CAPITALS:
            return [str(label) for label in Currency.labels]
        if key == "tags" and self._relations:
            return sorted(self._relations.lookups()["tags"])
        return super().vocabulary(key)

    def export_rows(self, rows: Any) -> Iterator[writing.Line]:
        return lines(rows)

    def url_of(self, pk: int) -> str:
        return reverse("parks:enterprise_detail", args=[pk])

    def describe(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name in ("annual_revenue", "total_assets"):
            return money(value, Currency.CNY)
        if name == "status":
            return str(RegistrationStatus(value).label)
        if name == "industry_id":
            return f"{value} {self._industry_names.get(value, '')}".strip()
        if name == "park_id":
            return self._park_names.get(value, "其他园区")
        return str(value)


def _without_contact(values: Values, reading: Reading) -> None:
    """The number of a person without a name is at least a number of the firm; a civil servant's is not."""
    lost = {key: text for key in CONTACT_FIELDS if (text := values.pop(key, ""))}
    if not lost or values.get("_contact_refused"):
        return
    number = lost.pop("_contact_mobile", "") or lost.pop("_contact_phone", "")
    if number and not values.get("phone"):
        values["phone"] = number
    if lost:
        reading.warn("没有联系人姓名，联系人的其他内容未导入")
