"""Taking a committed batch back: one transaction, once per batch, and never over what was done since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.audit import record
from crm.bin import mark_all_deleted
from crm.bulk import ADDED, delete_with_history, steady_memory, update_rows, update_with_history, write_history
from crm.imports.errors import ImportStateError
from crm.imports.hanging import hanging_on
from crm.imports.journal import made_again, put_back
from crm.imports.matching import CHANGE_REASON, TARGETS_PER_QUERY, UNDONE, chunks
from crm.imports.progress import Report, after, part, silent
from crm.imports.resource import ImportResource, get_resource
from crm.imports.undo_plan import UndoPlan, parts_of, plan_rows, written_by
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.bin import Binnable
from crm.models.imports import BatchState, ImportBatch, ImportRow, Outcome


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
    resource, total, done = get_resource(batch.resource), written_by(batch).count(), 0
    _lock_targets(batch, resource)
    counts = {"removed": 0, "restored": 0, "kept": 0}
    gone: set[tuple[str, int]] = set()
    for rows in parts_of(batch):
        told = after(report, done, total)
        plan = plan_rows(rows, resource, part(told, 20))
        _write(plan, batch, resource, actor, told)
        gone |= {(label, pk) for row, _ in plan.removes for label, pk, *_ in row.undo.get("made", ())}
        counts = {name: count + plan.counts[name] for name, count in counts.items()}
        done += len(rows)
    _drop_shared(batch, gone)
    batch.results |= counts
    batch.state, batch.message = BatchState.UNDONE, ""
    batch.undone_at, batch.undone_by = timezone.now(), actor
    batch.save()
    what = f"撤销{batch}{batch.whose(actor)}"
    summary = f"{what}：移入回收站 {counts['removed']}，恢复原值 {counts['restored']}，保留 {counts['kept']}"
    record(AuditAction.IMPORT, summary, actor=actor)


def _lock_targets(batch: ImportBatch, resource: ImportResource) -> None:
    """All at once and in one order, as an import does."""
    keys = written_by(batch).exclude(target_id=None).values("target_id")
    known = resource.model._base_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    list(known.values_list("pk"))


def _write(plan: UndoPlan, batch: ImportBatch, resource: ImportResource, actor: User, report: Report) -> None:
    total = sum(plan.counts.values())
    reason = f"{CHANGE_REASON}{batch.pk}{UNDONE}"
    _remove([target for _, target in plan.removes], actor, reason)
    report(total * 50 // 100, total)
    _restore(plan, actor, reason)
    report(total * 70 // 100, total)
    _restore_others(plan, actor, reason)
    resource.after_undo([target for _, target in plan.restores])
    resource.after_removal([target for _, target in plan.removes])
    report(total * 85 // 100, total)
    _mark(plan, batch, resource)
    report(total, total)


def _drop_shared(batch: ImportBatch, gone: Container[tuple[str, int]]) -> None:
    """What the batch made for several rows at once, such as a tag, unless somebody uses it since.

    ``gone`` are rows of other tables that went to the bin with what the batch had added; they hold nothing back.
    """
    made: dict[str, set[int]] = defaultdict(set)
    for label, pk in batch.results.get("shared", ()):
        made[label].add(pk)
    for label, pks in made.items():
        model = apps.get_model(label)
        used = {pk for pk, _ in hanging_on(model, sorted(pks), ignoring=gone)}
        model._base_manager.filter(pk__in=pks - used).delete()


def _remove(targets: list[Any], actor: User, reason: str) -> None:
    """Into the bin, where the kind of record has one; its history keeps what is deleted outright."""
    if targets and not _is_outright(targets[0]):
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
    """Of restored rows, and of those deleted outright: what hangs on a row in the bin comes back with it."""
    made: dict[str, list[Any]] = defaultdict(list)
    changed: dict[tuple[str, tuple[str, ...]], list[Any]] = defaultdict(list)
    removed: dict[str, list[Any]] = defaultdict(list)
    for row in _without_bin(plan):
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


def _without_bin(plan: UndoPlan) -> list[ImportRow]:
    return [
        row for row, target in (*plan.removes, *plan.restores) if row.outcome != Outcome.CREATED or _is_outright(target)
    ]


def _is_outright(target: Any) -> bool:
    return not isinstance(target, Binnable)


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
