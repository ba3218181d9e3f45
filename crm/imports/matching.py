"""Drafts against the register: new, changed, same, suspected duplicate. A fixed number of queries.

All keys of the organisation are held in memory; the rows that matched are loaded in large chunks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from django.db import models

from crm.bulk import load_rows
from crm.imports.cells import plain, text_of
from crm.imports.columns import Reading, Values
from crm.imports.journal import told_apart
from crm.imports.parsing import Draft
from crm.imports.repeats import Repeats
from crm.imports.resource import Change, ImportResource, Keys
from crm.imports.suspects import note_suspects
from crm.models import Organisation, User
from crm.models.imports import Verdict

# One query for the rows of an ordinary list; SQLite takes 32 766 parameters.
TARGETS_PER_QUERY = 10_000
# So many rows are held in memory at once.
ROWS_PER_PART = 5_000
CHANGE_REASON = "导入 #"
# Follows the reason of the import that is undone.
UNDONE = " 撤销"


@dataclass(slots=True)
class Matched:
    """A draft with its verdict."""

    draft: Draft
    verdict: Verdict = Verdict.NEW
    target: Any = None
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Register:
    """The keys of every row of the organisation."""

    by_identifier: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    identifier_of: dict[int, str] = field(default_factory=dict)
    by_former: dict[str, int] = field(default_factory=dict)

    def certain(self, keys: Keys) -> int | None:
        """The row that the keys name beyond doubt: by its own number, else by its identifier."""
        if keys.record and self._agrees(keys.record, keys):
            return keys.record
        return self.by_identifier.get(keys.identifier) if keys.identifier else None

    def _agrees(self, pk: int, keys: Keys) -> bool:
        known = self.identifier_of.get(pk)
        if known is None:
            return False
        if keys.identifier and known:
            return keys.identifier == known
        return pk in self.by_name.get(keys.name, ()) or pk in self.by_alias.get(keys.name, ())


def load_register(resource: ImportResource, organisation: Organisation) -> Register:
    """A fixed number of queries, however many rows."""
    register = Register()
    for pk, keys in resource.known_keys(organisation):
        register.identifier_of[pk] = keys.identifier
        register.by_name[keys.name].append(pk)
        if keys.identifier:
            register.by_identifier[keys.identifier] = pk
    for pk, name in resource.aliases(organisation):
        register.by_alias[name].append(pk)
    register.by_former = {identifier: pk for pk, identifier in resource.former_identifiers(organisation)}
    return register


class Matching:
    """Judges the rows of a file part by part; what an earlier part held is remembered by its keys alone."""

    def __init__(
        self, resource: ImportResource, organisation: Organisation, user: User, decisions: Mapping[str, str]
    ) -> None:
        self._resource, self._organisation, self._user = resource, organisation, user
        self._decisions = decisions
        self._register = load_register(resource, organisation)
        self._repeats = Repeats(resource.identity)

    def judge(self, drafts: Sequence[Draft]) -> list[Matched]:
        """Every draft with its verdict, in the order of the file; a fixed number of queries."""
        results = [Matched(draft) for draft in drafts]
        found: dict[int, int] = {}
        for matched in results:
            if matched.draft.is_bad:
                matched.verdict = Verdict.ERROR
            elif pk := self._target_of(matched):
                found[matched.draft.number] = pk
        taken = self._repeats.by_target
        note_suspects(results, found, taken, self._resource, self._organisation, self._user, self._decisions)
        _compare(results, found, self._resource, self._user)
        return results

    def _target_of(self, matched: Matched) -> int | None:
        """The row of the register that the draft speaks of; the verdict when it is none of its own."""
        draft = matched.draft
        keys, decision = self._resource.keys_of(draft.values), self._decisions.get(str(draft.number), "")
        certain = self._register.certain(keys)
        if self._repeats.note(draft, keys, decision, is_certain=certain is not None):
            matched.verdict = Verdict.DUPLICATE
            return None
        pk = certain or _find(matched, keys, self._register, decision)
        if pk and (first := self._repeats.same_target(draft, pk)):
            matched.verdict = Verdict.DUPLICATE
            measure = self._resource.measure
            draft.add("duplicate", f"与第 {first} 行对应名册中的同一{measure}，只导入第 {first} 行")
            return None
        return pk


def _find(matched: Matched, keys: Keys, register: Register, decision: str) -> int | None:
    """The row that the draft speaks of. Notes on the draft why a person has to decide."""
    pks = register.by_name.get(keys.name) or register.by_alias.get(keys.name) or []
    former = register.by_former.get(keys.identifier) if keys.identifier else None
    if decision == "create" or not (pks or former):
        return None
    if former and (former in pks or not pks):
        # A code that was given up may have been another's by mistake: without the name a person decides.
        if not pks and decision != "update":
            matched.verdict = Verdict.DUPLICATE
            matched.draft.add("duplicate", "文件中的代码是名册中一家企业的原代码，名称不同，请核对是否同一家")
        return former
    if len(pks) > 1:
        matched.verdict = Verdict.DUPLICATE
        matched.draft.add("duplicate", f"名册中有 {len(pks)} 家同名企业，请补上统一社会信用代码")
        return None
    known = register.identifier_of[pks[0]]
    if keys.identifier and known and decision != "update":
        matched.verdict = Verdict.DUPLICATE
        matched.draft.add("duplicate", f"名册中已有同名企业，但代码不同（名册为 {known}，文件为 {keys.identifier}）")
    elif not register.by_name.get(keys.name):
        matched.draft.add("warning", "按曾用名找到名册中的企业")
    return pks[0]


def _compare(results: list[Matched], found: Mapping[int, int], resource: ImportResource, user: User) -> None:
    pks = sorted(set(found.values()))
    targets: dict[int, Any] = {}
    for chunk in chunks(pks, TARGETS_PER_QUERY):
        found_rows = resource.model._default_manager.filter(pk__among=chunk)
        targets |= {row.pk: row for row in load_rows(found_rows, told_apart(resource.model._meta))}
    visible = resource.visible_pks(user, pks)
    edited = fields_edited_by_hand(resource.model, pks) if pks else {}
    for matched in results:
        pk = found.get(matched.draft.number)
        if pk is None:
            continue
        if pk not in visible:
            matched.verdict = Verdict.DUPLICATE
            matched.draft.add("duplicate", "名册中已有这家企业，但不在您的数据范围内")
            continue
        matched.target = targets[pk]
        matched.changes = changes_of(matched.draft, targets[pk], resource, edited.get(pk, set()))
        if matched.verdict != Verdict.DUPLICATE:
            matched.verdict = Verdict.CHANGED if matched.changes else Verdict.SAME


def changes_of(draft: Draft, target: Any, resource: ImportResource, edited: set[str]) -> list[Change]:
    """Field by field old → new; a value that is only spelled differently is the same."""
    changes = []
    for name, new in draft.values.items():
        if name.startswith("_"):
            continue
        old = getattr(target, name)
        if old != new and not same_value(old, new):
            label = str(target._meta.get_field(name.removesuffix("_id")).verbose_name)
            before, after = resource.describe(name, old), resource.describe(name, new)
            changes.append(Change(name, label, before, after, name in edited and bool(before)))
    reading = Reading()
    resource.reconcile(draft.values, target, changes, reading)
    for message in reading.warnings:
        draft.add("warning", message)
    for message in reading.doubts:
        draft.add("doubt", message)
    return changes


def same_value(old: Any, new: Any) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return old == new or _squeezed(old) == _squeezed(new)
    return bool(old == new)


def _squeezed(text: str) -> str:
    return plain(text_of(text)).replace(" ", "")


def fields_edited_by_hand(model: type[models.Model], pks: Sequence[int]) -> dict[int, set[str]]:
    """pk → fields whose present value came from a person's edit, as the history tells.

    Two queries at most per chunk: rows that a person ever edited, then their history.
    """
    history = model.history.model  # type: ignore[attr-defined]
    by_hand = models.Q(history_type="~") & (
        models.Q(history_change_reason__isnull=True) | ~models.Q(history_change_reason__startswith=CHANGE_REASON)
    )
    result: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(pks, TARGETS_PER_QUERY):
        touched = list(history.objects.filter(by_hand, id__among=chunk).values_list("id", flat=True).distinct())
        for part in chunks(touched, TARGETS_PER_QUERY):
            _read_history(history.objects.filter(id__among=part).order_by("id", "history_date", "history_id"), result)
    return result


def _read_history(records: models.QuerySet[Any], result: dict[int, set[str]]) -> None:
    names = [field.attname for field in records.model.tracked_fields if field.attname not in {"updated_at", "version"}]
    previous: Any = None
    before_import: dict[tuple[int, str], set[str]] = {}
    for record in records.iterator(chunk_size=2000):
        if previous is not None and previous.id == record.id:
            reason = record.history_change_reason or ""
            if reason.endswith(UNDONE):
                result[record.id] = before_import.get((record.id, reason.removesuffix(UNDONE)), set())
            else:
                before_import[record.id, reason] = set(result[record.id])
                by_hand = not reason.startswith(CHANGE_REASON)
                _note_changes(previous, record, names, result[record.id].add if by_hand else result[record.id].discard)
        previous = record


def _note_changes(previous: Any, record: Any, names: Sequence[str], note: Callable[[str], None]) -> None:
    for name in names:
        if getattr(previous, name) != getattr(record, name):
            note(name)


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part


def python_values(resource: ImportResource, stored: Values) -> Values:
    """Staged JSON back to what the model's fields hold."""
    values: Values = {}
    for name, value in stored.items():
        # JSON gives texts back as they were.
        read = None if value is None or name[0] == "_" else _reader(resource.model._meta, name, isinstance(value, str))
        values[name] = read(value) if read else value
    return values


@cache
def _reader(meta: Any, name: str, is_text: bool) -> Callable[[Any], Any] | None:
    model_field = meta.get_field(name.removesuffix("_id"))
    plain_field = model_field.target_field if model_field.is_relation else model_field
    if is_text and isinstance(plain_field, models.CharField | models.TextField):
        return None
    to_python: Callable[[Any], Any] = plain_field.to_python
    return to_python
