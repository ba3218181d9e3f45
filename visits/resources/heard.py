"""What a list of visits tells of each enterprise: compared with what the register has, and written beside the visit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from crm.imports.columns import Reading, Values
from crm.imports.journal import Journal, snapshot
from crm.imports.matching import same_value
from crm.imports.resource import Change
from crm.models import Organisation
from parks.resources.firms import Firm
from visits import import_writing as writing
from visits.actions.answers import columns_of
from visits.choices import VisitStatus
from visits.import_parts import PartReader, Told, merged
from visits.models import Suggestion, Visit, VisitAnswer, VisitEnterprise

WRITERS = {
    "absent": ("缺席企业", writing.absent),
    "attendees": ("企业参加人", writing.attendees),
    "notes": ("各企业情况", writing.notes),
    "answers": ("问卷答案", writing.answers),
    "suggestions": ("提出建议", writing.suggestions),
}
ROWS_PER_WRITE = 1000
PAIR_FIELDS = ("has_attended", "attendees", "note")


class Heard:
    """Holds what the register has of the visits that a list speaks of; a fixed number of queries."""

    def __init__(self, organisation: Organisation) -> None:
        self._reader = PartReader(organisation)
        self._known: dict[int, Visit] = {}

    def read(self, values: Values, firms: Sequence[Firm], reading: Reading) -> None:
        told = {
            column: self._reader.read(column, text, firms, values["kind"], reading)
            for column in WRITERS
            if (text := values.get(f"_{column}"))
        }
        if told:
            # A text, as rows of one list are compared by what they say.
            values["_told"] = json.dumps(told, ensure_ascii=False)

    def recall(self, visits: Iterable[Visit]) -> None:
        self._known |= {visit.pk: visit for visit in visits}

    def compare(self, values: Values, target: Visit, changes: list[Change], reading: Reading) -> None:
        status = values.get("_status")
        if status and status != target.status:
            told = VisitStatus(status).label
            reading.warn(f"这次走访现为“{target.get_status_display()}”，文件写的是“{told}”；请在走访页修改，未导入")
        visit = self._known[target.pk]
        firms = [Firm(pair.enterprise_id, pair.enterprise.name) for pair in visit.pairs.all()]
        for column, told in _told(values).items():
            label, write = WRITERS[column]
            old, new = str(write(visit) or ""), str(values[f"_{column}"])
            if same_value(old, new) or self._is_same(column, told, old, firms, values["kind"]):
                continue
            by_hand = bool(old) and column != "suggestions"
            changes.append(Change(f"_{column}", label, old, new, by_hand))

    def _is_same(self, column: str, told: Told, old: str, firms: Sequence[Firm], kind: str) -> bool:
        """Whether the register has all of it already; a list may tell less."""
        has = self._reader.read(column, old, firms, kind, Reading()) if old else None
        if isinstance(told, dict) and isinstance(has, dict):
            return all(has.get(pk) == said or _within(said, has.get(pk)) for pk, said in told.items())
        if column == "suggestions":
            return all(one in (has or []) for one in told)
        return bool(told == has)

    def pair(self, visit: Visit, firm: int, values: Values) -> VisitEnterprise:
        said = merged(_told(values), firm, self._reader.by_key)
        plain = {name: said[name] for name in PAIR_FIELDS if name in said}
        return VisitEnterprise(visit=visit, enterprise_id=firm, **plain)

    def write(self, written: Sequence[tuple[Visit, Values, Sequence[str]]], journal: Journal) -> None:
        """Pairs of new visits are there already."""
        told = {visit.pk: (visit, _allowed(values, fields), "_firms" in fields) for visit, values, fields in written}
        told = {pk: one for pk, one in told.items() if one[1]}
        pairs = list(VisitEnterprise.objects.filter(visit__in=told))
        said = {pair.pk: merged(told[pair.visit_id][1], pair.enterprise_id, self._reader.by_key) for pair in pairs}
        self._change_pairs([pair for pair in pairs if not told[pair.visit_id][2]], said, journal)
        self._answer(pairs, said, journal)
        self._suggest(told, journal)

    def _change_pairs(self, pairs: Iterable[Any], said: dict[int, dict[str, Any]], journal: Journal) -> None:
        changed = []
        for pair in pairs:
            new = {name: said[pair.pk][name] for name in PAIR_FIELDS if name in said[pair.pk]}
            if any(getattr(pair, name) != value for name, value in new.items()):
                journal.changed(pair.visit_id, pair, snapshot(pair, new))
                for name, value in new.items():
                    setattr(pair, name, value)
                changed.append(pair)
        VisitEnterprise.objects.bulk_update(changed, PAIR_FIELDS, batch_size=ROWS_PER_WRITE)

    def _answer(self, pairs: Iterable[Any], said: dict[int, dict[str, Any]], journal: Journal) -> None:
        owners = {pair.pk: pair.visit_id for pair in pairs}
        rows = VisitAnswer.objects.filter(pair__in=owners).select_related("question")
        there = {(row.pair_id, row.question_id): row for row in rows}
        new, changed = [], []
        for pk, owner in owners.items():
            for question, value in said[pk]["answers"]:
                row = there.get((pk, question.pk))
                held = columns_of(value)
                if row is None:
                    new.append(VisitAnswer(pair_id=pk, question=question, **held))
                elif row.value != value:
                    journal.changed(owner, row, snapshot(row, held))
                    for name, column in held.items():
                        setattr(row, name, column)
                    changed.append(row)
        VisitAnswer.objects.bulk_update(changed, ["text", "number", "day", "is_yes"], batch_size=ROWS_PER_WRITE)
        for row in VisitAnswer.objects.bulk_create(new, batch_size=ROWS_PER_WRITE):
            journal.made(owners[row.pair_id], row)

    def _suggest(self, told: dict[int, tuple[Visit, dict[str, Told], bool]], journal: Journal) -> None:
        """Only ever added: what was answered or adopted since stays."""
        there: dict[int, set[tuple[int | None, str]]] = defaultdict(set)
        for row in Suggestion.objects.filter(visit__in=told):
            there[row.visit_id].add((row.enterprise_id, " ".join(row.content.splitlines())))
        new = [
            Suggestion(
                visit=visit, organisation_id=visit.organisation_id, created_by_id=visit.created_by_id,
                created_at=min(visit.started_at, timezone.now()), enterprise_id=firm, content=content,
            )
            for visit, parts, _ in told.values()
            for firm, content in parts.get("suggestions", ())
            if (firm, content) not in there[visit.pk]
        ]  # fmt: skip
        for row in Suggestion.objects.bulk_create(new, batch_size=ROWS_PER_WRITE):
            journal.made(row.visit_id, row)


def _told(values: Values) -> dict[str, Told]:
    told: dict[str, Told] = json.loads(values.get("_told", "{}"))
    return told


def _allowed(values: Values, fields: Sequence[str]) -> dict[str, Told]:
    """Of a new visit everything, of one on record what the person lets the list change."""
    told = _told(values)
    return told if "_firms" in fields else {column: said for column, said in told.items() if f"_{column}" in fields}


def _within(said: Any, has: Any) -> bool:
    return isinstance(said, dict) and isinstance(has, dict) and said.items() <= has.items()
