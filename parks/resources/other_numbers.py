"""Telephones and e-mail addresses beyond the first, as sellers of lists give them: one contact holds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crm.bulk import Mould, create_with_history, update_with_history
from crm.imports.columns import Values
from crm.imports.journal import Journal, snapshot
from crm.imports.resource import Change
from crm.models import User
from parks.models import Contact, Enterprise
from parks.search import index_contact

# The name of the contact; of nobody in particular, so that no number is said to be somebody's.
OTHERS = "其他联系方式"
FIELDS = {"_more_phones": "更多电话", "_more_emails": "更多邮箱"}
LONGEST = Contact._meta.get_field("remark").max_length or 0
COLUMNS = ["email", "mobile", "phone", "remark", "search_text"]
_BETWEEN = "、"
_MOBILE = re.compile(r"\A1[3-9]\d{9}\Z")


def held_by(person: Contact | None, field: str) -> list[str]:
    """Numbers, or addresses, that the contact holds: each has a field for one, the remark has the others."""
    if person is None:
        return []
    first = [person.email] if field == "_more_emails" else [person.mobile, person.phone]
    rest = [part for part in person.remark.split(_BETWEEN) if ("@" in part) == (field == "_more_emails")]
    return [part for part in (*first, *rest) if part]


def reconcile(values: Values, firm: Enterprise, people: Sequence[Contact], changes: list[Change]) -> None:
    """Only what the firm is not yet reached by is a change."""
    person = _others(people)
    for field, label in FIELDS.items():
        if field in values and (new := _unknown(values[field], field, firm, people)):
            held = held_by(person, field)
            changes.append(Change(field, label, _BETWEEN.join(held), _BETWEEN.join([*held, *new])))


def write(
    written: Iterable[tuple[Enterprise, Values, Sequence[str]]],
    people_of: Callable[[int], Sequence[Contact]],
    actor: User,
    journal: Journal,
) -> None:
    new: list[Contact] = []
    updated: list[Contact] = []
    blank = Mould(Contact)
    for firm, values, fields in written:
        people = people_of(firm.pk)
        more = {field: _unknown(values[field], field, firm, people) for field in FIELDS if field in fields}
        told = {values.get("_contact_mobile"), values.get("_contact_phone"), values.get("_contact_email")}
        parts = [part for found in more.values() for part in found if part not in told]
        if not parts:
            continue
        person = _others(people)
        if person is None:
            person = blank.row(enterprise_id=firm.pk, name=OTHERS)
            new.append(person)
        else:
            journal.changed(firm.pk, person, snapshot(person, COLUMNS))
            updated.append(person)
        for part in parts:
            _add(person, part)
        index_contact(person)
    create_with_history(new, actor=actor, reason=journal.reason)
    update_with_history(updated, COLUMNS, actor=actor, reason=journal.reason)
    for person in new:
        journal.made(person.enterprise_id, person)


def _add(person: Contact, part: str) -> None:
    field = "email" if "@" in part else "mobile" if _MOBILE.match(part) else "phone"
    if not getattr(person, field):
        setattr(person, field, part)
        return
    remark = _BETWEEN.join(filter(None, [person.remark, part]))
    if len(remark) <= LONGEST:
        person.remark = remark


def _others(people: Iterable[Contact]) -> Contact | None:
    return next((person for person in people if person.name == OTHERS), None)


def _unknown(parts: Iterable[str], field: str, firm: Enterprise, people: Iterable[Contact]) -> list[str]:
    own: list[Any] = [firm.email] if field == "_more_emails" else [firm.phone]
    known = {_plain(one) for text in own for one in re.split(r"[\s;；,，、|]+", text)}
    for person in people:
        known |= {_plain(one) for one in (person.mobile, person.phone, person.email, *person.remark.split(_BETWEEN))}
    new: dict[str, str] = {}
    for part in parts:
        if _plain(part) not in known:
            new.setdefault(_plain(part), part)
    return list(new.values())


def _plain(text: str) -> str:
    return text.casefold() if "@" in text else re.sub(r"\D", "", text)
