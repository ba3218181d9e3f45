"""What other tables hold of enterprises, as lists bring it: contacts, tags, tier, steward. Set-based throughout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.bulk import Mould, create_with_history, delete_with_history, load_rows, update_with_history
from crm.imports.columns import Reading, Values
from crm.imports.journal import Journal, snapshot
from crm.imports.matching import TARGETS_PER_QUERY, chunks, same_value
from crm.imports.resource import Change
from crm.models import Organisation, User
from crm.roles import ROLES
from parks.choices import Tier
from parks.models import Contact, Enterprise, Park, ServiceTier, Stewardship, Tag
from parks.resources import other_numbers
from parks.resources.other_numbers import OTHERS
from parks.search import index_contact

Written: TypeAlias = Sequence[tuple[Enterprise, Values, Sequence[str]]]
CONTACT_FIELDS = {
    "_contact_post": "post",
    "_contact_mobile": "mobile",
    "_contact_phone": "phone",
    "_contact_email": "email",
}
CONTACT_COLUMNS = sorted([*CONTACT_FIELDS.values(), "search_text"])
_TITLES = {field.name: str(field.verbose_name) for field in Contact._meta.fields}
ROWS_PER_WRITE = 1000


@dataclass(frozen=True, slots=True)
class _Dated:
    """A fact that holds from a day to a day, one at a time."""

    key: str
    label: str
    model: Any
    field: str


_TIER = _Dated("_tier", "服务包级别", ServiceTier, "tier")
_STEWARD = _Dated("_steward", "服务管家", Stewardship, "user_id")
_TIERS: dict[Any, str] = {tier.value: str(tier.label) for tier in Tier}


class Relations:
    """The other tables of one organisation and those below it, each read once, when a file first asks."""

    def __init__(self, organisation: Organisation, user: User) -> None:
        self.organisation, self.user, self.today = organisation, user, timezone.localdate()
        self._below = Q(organisation__path__startswith=organisation.path)
        self._contact = Mould(Contact)
        self._of_firm = Q(enterprise__organisation__path__startswith=organisation.path)

    def lookups(self) -> dict[str, Any]:
        people: dict[str, list[int]] = defaultdict(list)
        for pk, name in self.people.items():
            people[name].append(pk)
        parks = Park.objects.filter(self._below).order_by("-organisation__path", "-pk").values_list("name", "pk")
        tags = Tag.objects.filter(self._below).values_list("name", flat=True)
        return {"people": people, "parks": dict(parks), "tags": set(tags)}

    @cached_property
    def people(self) -> dict[int, str]:
        business = [key for key, role in ROLES.items() if not role.is_administrative]
        staff = User.objects.staff_of(self.organisation.institution_path).filter(role__in=business).exclude(name="")
        return dict(staff.values_list("pk", "name"))

    @cached_property
    def contacts(self) -> dict[int, list[Contact]]:
        return _by_firm(Contact.objects.filter(self._of_firm).order_by("-is_primary", "pk"))

    @cached_property
    def tags(self) -> dict[int, set[str]]:
        links = Enterprise.tags.through.objects.filter(
            enterprise__organisation__path__startswith=self.organisation.path
        )
        found: dict[int, set[str]] = defaultdict(set)
        for pk, name in links.values_list("enterprise_id", "tag__name"):
            found[pk].add(name)
        return found

    @cached_property
    def tiers(self) -> dict[int, list[ServiceTier]]:
        return _by_firm(ServiceTier.objects.filter(self._of_firm, self._not_over()))

    @cached_property
    def stewards(self) -> dict[int, list[Stewardship]]:
        return _by_firm(Stewardship.objects.filter(self._of_firm, self._not_over(), is_primary=True))

    def _not_over(self) -> Q:
        return Q(ends_on__isnull=True) | Q(ends_on__gt=self.today)

    def reconcile(self, values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
        if "_contact" in values:
            self._reconcile_contact(values, target, changes, reading)
        other_numbers.reconcile(values, target, self.contacts.get(target.pk, ()), changes)
        if "_tags" in values:
            known = self.tags.get(target.pk, set())
            pieces = known | {piece for name in known for piece in name.split()}
            if new := [name for name in values["_tags"] if name not in pieces]:
                changes.append(Change("_tags", "标签", "、".join(sorted(known)), "、".join([*sorted(known), *new])))
        if "_tier" in values:
            self._reconcile_dated(_TIER, self.tiers, _TIERS, values, target, changes, reading)
        if "_steward" in values:
            self._reconcile_dated(_STEWARD, self.stewards, self.people, values, target, changes, reading)

    def _reconcile_contact(self, values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
        boss, known = values.get("legal_representative"), self._contact_named(target.pk, values["_contact"])
        if (
            boss
            and self._contact_named(target.pk, boss)
            and same_value(values["_contact"], target.legal_representative)
        ):
            reading.doubt("“法人”一列写的是名册里的联系人，两列可能写反了，请核对")
        if known is None:
            changes.append(Change("_contact", "联系人", "", values["_contact"]))
            return
        for key, name in CONTACT_FIELDS.items():
            old = getattr(known, name)
            if key in values and not same_value(old, values[key]):
                changes.append(Change(key, f"联系人{_TITLES[name]}", old, values[key]))

    def _contact_named(self, pk: int, name: str) -> Contact | None:
        return next((person for person in self.contacts.get(pk, ()) if same_value(person.name, name)), None)

    def _reconcile_dated(
        self,
        what: _Dated,
        rows: Mapping[int, list[Any]],
        words: Mapping[Any, str],
        values: Values,
        target: Enterprise,
        changes: list[Change],
        reading: Reading,
    ) -> None:
        current = next((row for row in rows.get(target.pk, ()) if row.starts_on <= self.today), None)
        old = getattr(current, what.field) if current else None
        if old == values[what.key]:
            return
        if self._is_planned(rows.get(target.pk, ())):
            reading.warn(f"{what.label}已有今后生效的安排，请在企业页修改，这一项未导入")
            return
        before = words.get(old, "（其他人员）") if old else ""
        changes.append(Change(what.key, what.label, before, words.get(values[what.key], "")))

    def _is_planned(self, rows: Iterable[Any]) -> bool:
        return any(row.starts_on > self.today for row in rows)

    def write(self, written: Written, journal: Journal) -> None:
        self._write_contacts(written, journal)
        other_numbers.write(written, lambda pk: self.contacts.get(pk, ()), self.user, journal)
        self._write_tags(written, journal)
        if tiers := _wanted(written, "_tier"):
            self._write_dated(_TIER, tiers, self.tiers, journal)
        if stewards := _wanted(written, "_steward"):
            self._write_dated(_STEWARD, stewards, self.stewards, journal)

    def _write_contacts(self, written: Written, journal: Journal) -> None:
        new: list[Contact] = []
        updated: list[Contact] = []
        for firm, values, fields in written:
            chosen = {key: name for key, name in CONTACT_FIELDS.items() if key in fields and key in values}
            if "_contact" not in values or not ("_contact" in fields or chosen):
                continue
            person = self._contact_named(firm.pk, values["_contact"])
            if person is None:
                new.append(self._new_contact(firm, values))
            else:
                journal.changed(firm.pk, person, snapshot(person, CONTACT_COLUMNS))
                for key, name in chosen.items():
                    setattr(person, name, values[key])
                updated.append(person)
        for person in (*new, *updated):
            index_contact(person)
        create_with_history(new, actor=self.user, reason=journal.reason)
        update_with_history(updated, CONTACT_COLUMNS, actor=self.user, reason=journal.reason)
        for person in new:
            journal.made(person.enterprise_id, person)

    def _new_contact(self, firm: Enterprise, values: Values) -> Contact:
        """A list with 联系人 and 联系电话 alone means the number of that person."""
        person: Contact = self._contact.row(
            enterprise_id=firm.pk,
            name=values["_contact"],
            is_primary=all(other.name == OTHERS for other in self.contacts.get(firm.pk, ())),
            **{name: values.get(key, "") for key, name in CONTACT_FIELDS.items()},
        )
        number = str(values.get("phone", ""))
        if not person.mobile and not person.phone and len(number) <= 30:
            setattr(person, "mobile" if number.startswith("1") and len(number) == 11 else "phone", number)
        return person

    def _write_tags(self, written: Written, journal: Journal) -> None:
        wanted = [(firm, name) for firm, names in _wanted(written, "_tags") for name in names]
        if not wanted:
            return
        missing = {(firm.organisation_id, name) for firm, name in wanted} - set(self._tag_keys())
        made = [Tag(organisation_id=pk, name=name) for pk, name in sorted(missing)]
        journal.shared += Tag.objects.bulk_create(made)
        keys = self._tag_keys()
        through = Enterprise.tags.through
        pairs = dict.fromkeys((firm.pk, keys[firm.organisation_id, name]) for firm, name in wanted)
        known: set[tuple[int, int]] = set()
        for part in chunks(sorted({firm.pk for firm, _ in wanted}), TARGETS_PER_QUERY):
            known |= set(through.objects.filter(enterprise_id__among=part).values_list("enterprise_id", "tag_id"))
        links = [through(enterprise_id=firm, tag_id=tag) for firm, tag in pairs if (firm, tag) not in known]
        for link in through.objects.bulk_create(links, batch_size=ROWS_PER_WRITE):
            journal.made(link.enterprise_id, link)

    def _tag_keys(self) -> dict[tuple[int, str], int]:
        rows = Tag.objects.filter(self._below).values_list("organisation_id", "name", "pk")
        return {(organisation, name): pk for organisation, name, pk in rows}

    def _write_dated(
        self, what: _Dated, wanted: list[tuple[Enterprise, Any]], rows: Mapping[int, list[Any]], journal: Journal
    ) -> None:
        """End what is in force today and begin anew; what began only today is replaced."""
        ended, dropped, new = [], [], []
        for firm, value in wanted:
            current = rows.get(firm.pk, [])
            if self._is_planned(current):
                continue
            ended += [row for row in current if row.starts_on < self.today]
            dropped += [row for row in current if row.starts_on == self.today]
            new.append(what.model(enterprise=firm, starts_on=self.today, **{what.field: value}))
        for row in ended:
            journal.changed(row.enterprise_id, row, snapshot(row, ["ends_on"]))
            row.ends_on = self.today
        for row in dropped:
            journal.removed(row.enterprise_id, row)
        update_with_history(ended, ["ends_on"], actor=self.user, reason=journal.reason)
        delete_with_history(dropped, actor=self.user, reason=journal.reason)
        create_with_history(new, actor=self.user, reason=journal.reason)
        for row in new:
            journal.made(row.enterprise_id, row)


def _wanted(written: Written, key: str) -> list[tuple[Enterprise, Any]]:
    return [(firm, values[key]) for firm, values, fields in written if key in fields and key in values]


def _by_firm(rows: QuerySet[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in load_rows(rows):
        found[row.enterprise_id].append(row)
    return found
