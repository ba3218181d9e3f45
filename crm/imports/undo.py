"""Taking a committed batch back: one transaction, once per batch, and never over what was done since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.audit import record
from crm.bin import mark_all_deleted
from crm.bulk import (
    ADDED,
    delete_with_history,
    load_rows,
    steady_memory,
    update_rows,
    update_with_history,
    write_history,
)
from crm.imports.errors import ImportStateError
from crm.imports.hanging import hanging_on
from crm.imports.journal import made_again, put_back, stamp
from crm.imports.matching import CHANGE_REASON, TARGETS_PER_QUERY, UNDONE, chunks
from crm.imports.progress import Report, part, reported, silent
from crm.imports.resource import ImportResource, get_resource
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.bin import Binnable
from crm.models.imports import BatchState, ImportBatch, ImportRow, Outcome

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


def may_undo(batch: ImportBatch, user: User) -> bool:
    """Whoever imported it, and those who may undo anybody's."""
    resource = get_resource(batch.resource)
    own = batch.committed_by_id == user.pk and user.has_perm(resource.undo_permission)
    return bool(resource.undo_permission) and (own or user.has_perm(resource.undo_any_permission))


@steady_memory()
def undo(batch_id: int, *, actor: User, report: Report = silent) -> ImportBatch:
    """Put back what is still as the import left it. A second call returns the first one's result."""
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().select_related("organisation").get(pk=batch_id)
            if not batch.is_undone:
                _undo_locked(batch, actor, report)
    except IntegrityError:
        raise ImportStateError("撤销时名册又有变化，什么也没有改动。请再试一次") from None
    return batch


def _undo_locked(batch: ImportBatch, actor: User, report: Report) -> None:
    if not batch.is_committed:
        raise ImportStateError("这一批还没有导入，没有可以撤销的")
    plan = plan_undo(batch, is_locking=True, report=part(report, 30))
    total = sum(plan.counts.values())
    reason = f"{CHANGE_REASON}{batch.pk}{UNDONE}"
    _remove([target for _, target in plan.removes], actor, reason)
    report(total * 50 // 100, total)
    _restore(plan, actor, reason)
    report(total * 70 // 100, total)
    _restore_others(plan, actor, reason)
    resource = get_resource(batch.resource)
    resource.after_undo([target for _, target in plan.restores])
    report(total * 85 // 100, total)
    _mark(plan, batch, resource)
    report(total, total)
    batch.results |= plan.counts
    batch.state, batch.message = BatchState.UNDONE, ""
    batch.undone_at, batch.undone_by = timezone.now(), actor
    batch.save()
    counts = plan.counts
    summary = f"撤销{batch}：移入回收站 {counts['removed']}，恢复原值 {counts['restored']}，保留 {counts['kept']}"
    record(AuditAction.IMPORT, summary, actor=actor)


def plan_undo(batch: ImportBatch, *, is_locking: bool = False, report: Report = silent) -> UndoPlan:
    """Every written row to where it can go. A fixed number of queries per ten thousand rows."""
    resource, plan = get_resource(batch.resource), UndoPlan()
    rows = load_rows(batch.rows.filter(outcome__in=[Outcome.CREATED, Outcome.UPDATED]), _needed())
    targets = _targets(resource, rows, is_locking=is_locking)
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


def _targets(resource: ImportResource, rows: Sequence[ImportRow], *, is_locking: bool) -> dict[int, Any]:
    targets: dict[int, Any] = {}
    known = resource.model._base_manager.all()
    known = known.select_for_update() if is_locking else known
    for chunk in chunks(sorted(row.target_id for row in rows if row.target_id), TARGETS_PER_QUERY):
        targets |= {row.pk: row for row in load_rows(known.filter(pk__among=chunk))}
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


def _remove(targets: list[Any], actor: User, reason: str) -> None:
    """Into the bin, where the kind of record has one; its history keeps what is deleted outright."""
    if targets and isinstance(targets[0], Binnable):
        mark_all_deleted(targets, actor, reason)
    else:
        delete_with_history(targets, actor=actor, reason=reason)


def _restore(plan: UndoPlan, actor: User, reason: str) -> None:
    names: set[str] = set()
    now = timezone.now()
    for row, target in plan.restores:
        old = {name: value for name, value in row.undo["fields"].items() if name not in ("version", "updated_at")}
        put_back(target, old)
        names.update(old)
        if hasattr(target, "version"):
            target.version, target.updated_at = target.version + 1, now
            names.update(("version", "updated_at"))
    update_with_history([target for _, target in plan.restores], sorted(names), actor=actor, reason=reason)


def _restore_others(plan: UndoPlan, actor: User, reason: str) -> None:
    """Of restored rows only: what hangs on a created row goes to the bin and comes back with it."""
    made: dict[str, list[Any]] = defaultdict(list)
    changed: dict[tuple[str, tuple[str, ...]], list[Any]] = defaultdict(list)
    removed: dict[str, list[Any]] = defaultdict(list)
    for row, _ in plan.restores:
        for label, pk, _ in row.undo.get("made", ()):
            made[label].append(plan.others[label, pk])
        for label, pk, _, old in row.undo.get("changed", ()):
            put_back(plan.others[label, pk], old)
            changed[label, tuple(sorted(old))].append(plan.others[label, pk])
        for label, old in row.undo.get("removed", ()):
            removed[label].append(made_again(label, old))
    for rows in made.values():
        delete_with_history(rows, actor=actor, reason=reason)
    for (_, names), rows in changed.items():
        update_with_history(rows, names, actor=actor, reason=reason)
    for label, rows in removed.items():
        apps.get_model(label)._base_manager.bulk_create(rows, batch_size=1000)
        write_history(rows, ADDED, actor=actor, reason=reason)


def _mark(plan: UndoPlan, batch: ImportBatch, resource: ImportResource) -> None:
    """Say on every written row what became of it, and let the import before this one be undone next."""
    for items, outcome in ((plan.removes, Outcome.REMOVED), (plan.restores, Outcome.RESTORED)):
        for row, _ in items:
            row.outcome = outcome
    for row in plan.kept:
        row.outcome = Outcome.KEPT
    done = [row for row, _ in plan.removes + plan.restores]
    update_rows([*done, *plan.kept], ["outcome", "note"])
    now_at = {target.pk: (row.target_version, resource.version_of(target)) for row, target in plan.restores}
    earlier = []
    for chunk in chunks(sorted(now_at), TARGETS_PER_QUERY):
        rows = ImportRow.objects.filter(target_id__among=chunk, outcome__in=[Outcome.CREATED, Outcome.UPDATED])
        for row in rows.filter(batch__resource=batch.resource).only("pk", "target_id", "written_version"):
            seen, new = now_at[row.target_id or 0]
            if row.written_version == seen:
                row.written_version = new
                earlier.append(row)
    update_rows(earlier, ["written_version"])


def reasons_of(rows: Iterable[ImportRow]) -> Mapping[str, int]:
    """How many rows are kept for which reason, most first."""
    return dict(Counter(row.note for row in rows).most_common())
