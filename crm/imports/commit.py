"""The one moment at which staged rows become business data: one transaction, once per batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from crm.audit import record
from crm.bulk import create_with_history, load_rows, steady_memory, update_rows, update_with_history
from crm.imports.columns import Values
from crm.imports.errors import ImportStateError
from crm.imports.journal import Journal, snapshot
from crm.imports.matching import (
    CHANGE_REASON,
    ROWS_PER_PART,
    TARGETS_PER_QUERY,
    Register,
    chunks,
    load_register,
    python_values,
)
from crm.imports.progress import Report, after, part, reported, silent
from crm.imports.resource import ImportResource, get_resource
from crm.models import User
from crm.models.audit import AuditAction
from crm.models.imports import BatchState, ImportBatch, ImportMode, ImportRow, Outcome, Verdict


@dataclass(slots=True)
class Plan:
    """What will be written: (staged row, instance, values, changed fields)."""

    creates: list[tuple[ImportRow, Any, Values, list[str]]] = field(default_factory=list)
    updates: list[tuple[ImportRow, Any, Values, list[str]]] = field(default_factory=list)
    outcomes: dict[str, list[int]] = field(default_factory=dict)
    total: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "created": len(self.creates),
            "updated": len(self.updates),
            "skipped": len(self.outcomes.get(Outcome.SKIPPED, ())),
            "conflict": len(self.outcomes.get(Outcome.CONFLICT, ())),
        }

    def leave(self, row: ImportRow, outcome: Outcome) -> None:
        self.outcomes.setdefault(outcome, []).append(row.pk)


@steady_memory()
def commit(batch_id: int, *, actor: User, report: Report = silent) -> ImportBatch:
    """Write what the batch's mode and confirmations allow. A second call returns the first one's result."""
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().select_related("organisation").get(pk=batch_id)
            if not batch.is_committed:
                _commit_locked(batch, actor, report)
    except IntegrityError:
        raise ImportStateError("核对之后名册又有变化，一行也没有写入。请重新核对后再导入") from None
    return batch


def _commit_locked(batch: ImportBatch, actor: User, report: Report) -> None:
    if batch.state not in (BatchState.STAGED, BatchState.COMMITTING):
        raise ImportStateError("这一批还没有核对完，不能导入")
    resource = get_resource(batch.resource)
    resource.prepare(batch.organisation, actor)
    register = load_register(resource, batch.organisation)
    _lock_targets(batch, resource)
    results = {"created": 0, "updated": 0, "skipped": 0, "conflict": 0}
    shared: list[list[Any]] = []
    for rows, told in _parts(batch, report):
        plan = _plan(rows, batch, resource, register, actor, part(told, 20))
        _write(batch, resource, plan, actor, told)
        shared += [[row._meta.label, row.pk] for row in resource.journal.shared]
        _mark(plan, resource)
        told(plan.total, plan.total)
        for name, count in plan.counts.items():
            results[name] += count
    batch.results = results | ({"shared": shared} if shared else {})
    batch.state, batch.committed_at, batch.committed_by = BatchState.COMMITTED, timezone.now(), actor
    batch.save()
    summary = f"{batch}{batch.whose(actor)}：新增 {results['created']}，更新 {results['updated']}"
    record(AuditAction.IMPORT, summary, actor=actor)


def _lock_targets(batch: ImportBatch, resource: ImportResource) -> None:
    """All at once and in one order: two imports that lock part by part could wait for each other for ever."""
    known = resource.model._default_manager.filter(pk__in=_to_write(batch).exclude(target_id=None).values("target_id"))
    list(known.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _to_write(batch: ImportBatch) -> QuerySet[ImportRow]:
    return batch.rows.filter(verdict__in=[Verdict.NEW, Verdict.CHANGED])


def _parts(batch: ImportBatch, report: Report) -> Iterator[tuple[list[ImportRow], Report]]:
    """The rows in the order of the file, each part with whom to tell how far it has come."""
    total, done, last = _to_write(batch).count(), 0, -1
    while done < total:
        rows = load_rows(_to_write(batch).filter(number__gt=last)[:ROWS_PER_PART], _needed())
        yield rows, after(report, done, total)
        done, last = done + len(rows), rows[-1].number


def _needed() -> list[Any]:
    """What is read of a staged row; cells and messages, which are long, are not."""
    return [field for field in ImportRow._meta.concrete_fields if field.name not in ("cells", "messages")]


def allowed_fields(row: ImportRow, batch: ImportBatch) -> list[str]:
    """Of the changes of a row, those that this way of importing makes. Blanks are filled in spared columns, too."""
    if batch.mode == ImportMode.NEW:
        return []
    return [change["field"] for change in row.changes if not change["old"] or _may_replace(change, batch)]


def _may_replace(change: Mapping[str, Any], batch: ImportBatch) -> bool:
    if batch.mode != ImportMode.OVERWRITE or change["field"] in batch.spared:
        return False
    return batch.overwrite_edited or not change["by_hand"]


def _plan(
    rows: Sequence[ImportRow],
    batch: ImportBatch,
    resource: ImportResource,
    register: Register,
    actor: User,
    report: Report,
) -> Plan:
    plan = Plan(total=len(rows))
    targets = _targets(resource, [row.target_id for row in rows if row.verdict == Verdict.CHANGED])
    options = {**batch.options, "batch": batch.pk}
    for row in reported(rows, plan.total, report):
        if row.needs_confirmation and not batch.accept_doubts:
            plan.leave(row, Outcome.SKIPPED)
            continue
        values = python_values(resource, row.values)
        if row.verdict == Verdict.NEW:
            _plan_new(plan, row, values, resource, batch, register, actor, options)
        else:
            _plan_change(plan, row, values, batch, resource, targets.get(row.target_id or 0))
    return plan


def _plan_new(
    plan: Plan,
    row: ImportRow,
    values: Values,
    resource: ImportResource,
    batch: ImportBatch,
    register: Register,
    actor: User,
    options: dict[str, Any],
) -> None:
    keys = resource.keys_of(values)
    appeared = keys.identifier in register.by_identifier if keys.identifier else keys.name in register.by_name
    if appeared or (keys.name in register.by_name and row.decision != "create"):
        plan.leave(row, Outcome.CONFLICT)
        return
    instance = resource.new_instance(values, batch.organisation, actor, options)
    plan.creates.append((row, instance, values, list(values)))


def _plan_change(
    plan: Plan, row: ImportRow, values: Values, batch: ImportBatch, resource: ImportResource, target: Any
) -> None:
    fields = allowed_fields(row, batch)
    if not fields:
        plan.leave(row, Outcome.SKIPPED)
    elif target is None or resource.version_of(target) != row.target_version:
        plan.leave(row, Outcome.CONFLICT)
    else:
        plan.updates.append((row, target, values, fields))


def _targets(resource: ImportResource, pks: Sequence[int | None]) -> dict[int, Any]:
    targets: dict[int, Any] = {}
    for chunk in chunks(sorted({pk for pk in pks if pk}), TARGETS_PER_QUERY):
        targets |= {row.pk: row for row in load_rows(resource.model._default_manager.filter(pk__among=chunk))}
    return targets


def _write(batch: ImportBatch, resource: ImportResource, plan: Plan, actor: User, report: Report) -> None:
    reason = f"{CHANGE_REASON}{batch.pk}"
    resource.journal = Journal(reason)
    create_with_history([item[1] for item in plan.creates], actor=actor, reason=reason)
    report(plan.total * 45 // 100, plan.total)
    changed: set[str] = set()
    for row, target, values, fields in plan.updates:
        row.undo = {"fields": snapshot(target, resource.written_fields(fields))}
        resource.apply(target, values, fields)
        changed.update(fields)
    names = resource.written_fields(sorted(changed))
    update_with_history([item[1] for item in plan.updates], names, actor=actor, reason=reason)
    report(plan.total * 65 // 100, plan.total)
    resource.after_write([(instance, values, fields) for _, instance, values, fields in plan.creates + plan.updates])
    report(plan.total * 80 // 100, plan.total)


def _mark(plan: Plan, resource: ImportResource) -> None:
    """Say on every staged row what became of it, with what an undo has to know."""
    for items, outcome in ((plan.creates, Outcome.CREATED), (plan.updates, Outcome.UPDATED)):
        for row, instance, _, _ in items:
            row.target_id, row.outcome = instance.pk, outcome
            row.written_version = resource.version_of(instance)
            row.undo |= resource.journal.of(instance.pk)
        update_rows([row for row, *_ in items], ["target_id", "outcome", "written_version", "undo"])
    for left, pks in plan.outcomes.items():
        for chunk in chunks(pks, TARGETS_PER_QUERY):
            ImportRow.objects.filter(pk__among=chunk).update(outcome=left)
