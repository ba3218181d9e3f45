"""What an undo would do with every row that a batch wrote: away, back, or kept because it was changed since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from crm.bulk import load_rows
from crm.imports.hanging import hanging_on
from crm.imports.journal import stamp
from crm.imports.matching import TARGETS_PER_QUERY, chunks
from crm.imports.progress import Report, reported, silent
from crm.imports.resource import ImportResource, get_resource
from crm.models.imports import ImportBatch, ImportRow, Outcome

_Key = tuple[str, int]


@dataclass(slots=True)
class UndoPlan:
    """What an undo would do: rows of the file with the row of the register that each one wrote."""

    removes: list[tuple[ImportRow, Any]] = field(default_factory=list)
    restores: list[tuple[ImportRow, Any]] = field(default_factory=list)
    kept: list[ImportRow] = field(default_factory=list)
    # Rows of other tables that the batch made or changed, as they are now.
    others: dict[_Key, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {"removed": len(self.removes), "restored": len(self.restores), "kept": len(self.kept)}


def plan_undo(batch: ImportBatch) -> UndoPlan:
    """For those who want to see it first; every row at once."""
    return plan_rows(load_rows(written_by(batch), _needed()), get_resource(batch.resource))


def written_by(batch: ImportBatch, *outcomes: Outcome) -> QuerySet[ImportRow]:
    return batch.rows.filter(outcome__in=outcomes or (Outcome.CREATED, Outcome.UPDATED))


def parts_of(batch: ImportBatch) -> Iterator[list[ImportRow]]:
    """The rows that a batch wrote, so many as may be in memory at once: first those that will be taken away.

    What is unique cannot go from one row to another within a batch, so no part waits for a later one.
    """
    for outcome in (Outcome.CREATED, Outcome.UPDATED):
        rows, number = written_by(batch, outcome), -1
        while part := load_rows(rows.filter(number__gt=number)[:TARGETS_PER_QUERY], _needed()):
            number = part[-1].number
            yield part


def plan_rows(rows: Sequence[ImportRow], resource: ImportResource, report: Report = silent) -> UndoPlan:
    """Every row to where it can go. A fixed number of queries per ten thousand rows."""
    plan = UndoPlan()
    targets = _targets(resource, rows)
    plan.others = _load({(label, pk) for row in rows for label, pk, *_ in _noted(row)})
    reasons = _later_rows(resource, rows, plan)
    for row in reported(rows, len(rows), report):
        target = targets.get(row.target_id or 0)
        row.note = _edited(row, target, resource, plan) or reasons.get(row.pk, "")
        if row.note:
            plan.kept.append(row)
        else:
            (plan.removes if row.outcome == Outcome.CREATED else plan.restores).append((row, target))
    _keep_taken(plan, resource)
    return plan


def _needed() -> list[Any]:
    """What is read of a staged row: not what the file said, which is long."""
    unread = ("cells", "values", "changes", "messages")
    return [field for field in ImportRow._meta.concrete_fields if field.name not in unread]


def _targets(resource: ImportResource, rows: Sequence[ImportRow]) -> dict[int, Any]:
    targets: dict[int, Any] = {}
    for chunk in chunks(sorted(row.target_id for row in rows if row.target_id), TARGETS_PER_QUERY):
        targets |= {row.pk: row for row in load_rows(resource.model._base_manager.filter(pk__among=chunk))}
    return targets


def _noted(row: ImportRow) -> Iterable[list[Any]]:
    """[model, key, stamp, …] of the rows of other tables that were made or changed with this one."""
    return [*row.undo.get("made", ()), *row.undo.get("changed", ())]


def _load(keys: Iterable[_Key]) -> dict[_Key, Any]:
    by_model: dict[str, list[int]] = defaultdict(list)
    for label, pk in sorted(keys):
        by_model[label].append(pk)
    found: dict[_Key, Any] = {}
    for label, pks in by_model.items():
        for chunk in chunks(pks, TARGETS_PER_QUERY):
            rows = apps.get_model(label)._base_manager.filter(pk__among=chunk)
            found |= {(label, row.pk): row for row in load_rows(rows)}
    return found


def _edited(row: ImportRow, target: Any, resource: ImportResource, plan: UndoPlan) -> str:
    """Why the row is no longer as the import left it; empty when it is."""
    if target is None:
        return "名册中已没有这一家"
    if getattr(target, "deleted_at", None) is not None:
        return "已在回收站"
    if resource.version_of(target) != row.written_version:
        return "导入之后又被修改过"
    for label, pk, was, *_ in _noted(row):
        other = plan.others.get((label, pk))
        if other is None or stamp(other) != was:
            return f"{apps.get_model(label)._meta.verbose_name}在导入之后又被修改过"
    return ""


def _later_rows(resource: ImportResource, rows: Sequence[ImportRow], plan: UndoPlan) -> dict[int, str]:
    """Key of the staged row → what hangs on it by now, besides what the batch itself made."""
    created = {row.target_id: row for row in rows if row.outcome == Outcome.CREATED and row.target_id}
    found: dict[int, set[str]] = defaultdict(set)
    for pk, title in hanging_on(resource.model, [*created], ignoring=plan.others):
        found[created[pk].pk].add(title)
    made = {(label, pk): row for row in rows for label, pk, _ in row.undo.get("made", ())}
    for label in sorted({label for label, _ in made}):
        pks = [pk for known, pk in made if known == label]
        for pk, title in hanging_on(apps.get_model(label), pks, ignoring=plan.others):
            found[made[label, pk].pk].add(title)
    return {pk: f"后来又有了{'、'.join(sorted(titles))}" for pk, titles in found.items()}


def _keep_taken(plan: UndoPlan, resource: ImportResource) -> None:
    restored = [(target, row.undo.get("fields", {})) for row, target in plan.restores]
    taken = resource.taken(restored, {target.pk for _, target in plan.removes})
    for row, target in plan.restores:
        if target.pk in taken:
            row.note = "原来的代码已被另一家企业使用"
            plan.kept.append(row)
    plan.restores = [item for item in plan.restores if item[1].pk not in taken]
    plan.kept.sort(key=lambda row: row.number)


def reasons_of(rows: Iterable[ImportRow]) -> Mapping[str, int]:
    """How many rows are kept for which reason, most first."""
    return dict(Counter(row.note for row in rows).most_common())
