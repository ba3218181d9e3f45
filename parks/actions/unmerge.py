"""A merge taken back: everything that it moved and overwrote returns, or nothing does and the reasons are told."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.bin import unmark_deleted
from crm.models import User
from parks.actions.bin import holder_of
from parks.actions.enterprises import refresh_index, save_enterprise
from parks.actions.indicators import count_anew_all
from parks.actions.merge import lock_both, write_rows
from parks.models import Enterprise, FormerCode, FormerName, MergeRecord
from parks.relations import Relation, moving_relations
from parks.search import tell_followers

UNMERGED = "撤销合并"


@transaction.atomic
def unmerge_enterprises(record: MergeRecord, *, actor: User) -> Enterprise:
    """Undo a merge and return the restored source; what was recorded since stays with the survivor."""
    record = MergeRecord.objects.select_for_update().get(pk=record.pk)
    survivor, source = lock_both(record.survivor_id, record.source_id)
    if record.undone_at is not None:
        return source
    moved = {relation: _moved_rows(relation, record) for relation in moving_relations()}
    problems = _problems(record, survivor, source, moved)
    if problems:
        raise ValidationError(f"不能撤销“{source}”的合并：{'；'.join(problems)}。")
    _give_back(survivor, record, actor)
    source.merged_into = None
    unmark_deleted(source, actor, UNMERGED)
    for relation, rows in moved.items():
        _move_back(relation, rows, record, source, actor)
    count_anew_all([survivor.pk, source.pk])
    for enterprise in (survivor, source):
        refresh_index(enterprise)
    tell_followers([survivor.pk, source.pk])
    record.undone_at, record.undone_by = timezone.now(), actor
    record.save()
    return source


def _moved_rows(relation: Relation, record: MergeRecord) -> list[Any]:
    keys = [int(key) for key in record.moved.get(relation.key, {})]
    return list(relation.of(record.survivor_id).filter(pk__in=keys).select_for_update()) if keys else []


def _problems(
    record: MergeRecord, survivor: Enterprise, source: Enterprise, moved: dict[Relation, list[Any]]
) -> list[str]:
    """Why it cannot be undone as a whole; empty when nothing stands in the way."""
    if survivor.merged_into:
        return [f"“{survivor}”后来又合并到了“{survivor.merged_into}”，请先撤销那一次"]
    if survivor.deleted_at is not None:
        return [f"“{survivor}”已移入回收站，请先恢复"]
    problems = []
    for name, (_, after) in record.fields.items():
        field: Any = Enterprise._meta.get_field(name)
        if getattr(survivor, field.attname) != _value(field, after):
            problems.append(f"“{field.verbose_name}”在合并后又改过")
    for relation, rows in moved.items():
        if lost := len(record.moved.get(relation.key, {})) - len(rows):
            problems.append(f"{lost} 条{relation.label}在合并后被删除或改属别家")
    return problems + _taken_codes(record, survivor, source)


def _taken_codes(record: MergeRecord, survivor: Enterprise, source: Enterprise) -> list[str]:
    given_back = record.fields.get("uscc", [survivor.uscc])[0]
    rivals = [holder_of(given_back, survivor), holder_of(source.uscc, source)]
    return [f"信用代码 {rival.uscc} 现由“{rival}”使用" for rival in rivals if rival and rival.pk != survivor.pk]


def _give_back(survivor: Enterprise, record: MergeRecord, actor: User) -> None:
    for name, (before, _) in record.fields.items():
        field: Any = Enterprise._meta.get_field(name)
        setattr(survivor, field.attname, _value(field, before))
    survivor.version += 1
    FormerName.objects.filter(enterprise=survivor, pk__in=record.added.get("names", ())).delete()
    FormerCode.objects.filter(enterprise=survivor, pk__in=record.added.get("codes", ())).delete()
    save_enterprise(survivor, actor, reason=UNMERGED)


def _move_back(relation: Relation, rows: list[Any], record: MergeRecord, source: Enterprise, actor: User) -> None:
    before = record.moved.get(relation.key, {})
    for row in rows:
        setattr(row, relation.field, source)
        for name, value in before[str(row.pk)].items():
            setattr(row, name, value)
    write_rows(relation, rows, actor, UNMERGED)


def _value(field: Any, text: str | None) -> Any:
    return None if text is None else field.to_python(text)
