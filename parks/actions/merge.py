"""Two records of one enterprise become one; the other goes to the bin and points at it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from crm.bin import mark_deleted
from crm.models import User
from parks.actions.enterprises import refresh_index, save_enterprise
from parks.actions.indicators import count_anew_all
from parks.merging import CHOICES, Choice
from parks.models import Enterprise, FormerCode, FormerName, MergeRecord
from parks.names import normalise_name
from parks.relations import Relation, moving_relations
from parks.search import tell_followers
from parks.shared import compare_later

MERGED = "合并"
ROWS_PER_WRITE = 500


@transaction.atomic
def merge_enterprises(
    survivor: Enterprise, source: Enterprise, *, actor: User, take: Collection[str], seen: tuple[int, int]
) -> MergeRecord:
    """Merge `source` into `survivor`; `take` names the choices (parks.merging) whose value is the source's.

    `seen` are the versions of both that the actor saw. Raises ValidationError, and then nothing has changed.
    """
    survivor, source = lock_both(survivor.pk, source.pk)
    _check(survivor, source, seen)
    before = {name: text_of(survivor, name) for choice in CHOICES for name in choice.names}
    names, codes = (survivor.name, source.name), (survivor.uscc, source.uscc)
    source.merged_into = survivor
    # Into the bin first: only then is its code free for the survivor.
    mark_deleted(source, actor, f"{MERGED}到 {survivor}"[:100])
    for choice in CHOICES:
        if choice.key in take:
            _take(survivor, source, choice)
    survivor.version += 1
    survivor.normalised_name = normalise_name(survivor.name)
    survivor.validate_constraints()
    save_enterprise(survivor, actor, reason=f"{MERGED} {source}"[:100])
    moved = {relation.key: _move(relation, source, survivor, actor) for relation in moving_relations()}
    count_anew_all([survivor.pk, source.pk])
    added = _remember(survivor, names, codes)
    refresh_index(survivor)
    tell_followers([survivor.pk, source.pk])
    compare_later([source.pk])
    return MergeRecord.objects.create(
        survivor=survivor,
        source=source,
        merged_by=actor,
        fields={name: [old, text_of(survivor, name)] for name, old in before.items() if old != text_of(survivor, name)},
        moved={key: rows for key, rows in moved.items() if rows},
        added=added,
    )


def lock_both(survivor: int, source: int) -> tuple[Enterprise, Enterprise]:
    """Both rows under lock, always in the order of their keys, so that two merges cannot deadlock."""
    keys = [survivor, source]
    rows = {row.pk: row for row in Enterprise.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return rows[survivor], rows[source]


def _check(survivor: Enterprise, source: Enterprise, seen: tuple[int, int]) -> None:
    if survivor.pk == source.pk:
        raise ValidationError("一家企业不能与它自己合并。")
    if survivor.organisation_id != source.organisation_id:
        raise ValidationError("只能合并同一机构名册中的企业。")
    for row in (survivor, source):
        if row.deleted_at is not None:
            raise ValidationError(f"“{row}”已移入回收站，请先恢复再合并。")
    if (survivor.version, source.version) != seen:
        raise ValidationError("核对期间这两家企业又有修改，下面已是最新内容，请重新核对后再合并。", code="stale")


def _take(survivor: Enterprise, source: Enterprise, choice: Choice) -> None:
    for name in choice.names:
        attname = Enterprise._meta.get_field(name).attname  # type: ignore[union-attr]
        setattr(survivor, attname, getattr(source, attname))


def text_of(enterprise: Any, name: str) -> str | None:
    """A field's value as text for the record, None where there is none; the field itself reads it back."""
    field: Any = Enterprise._meta.get_field(name)
    return None if getattr(enterprise, field.attname) is None else field.value_to_string(enterprise)


def _move(relation: Relation, source: Enterprise, survivor: Enterprise, actor: User) -> dict[str, dict[str, Any]]:
    """Key of each row that went over → what it gave up by that."""
    rows = list(relation.to_move(source.pk, survivor.pk).select_for_update())
    yielding: set[int] = set()
    if relation.only_one is not None and relation.of(survivor.pk).filter(relation.only_one).exists():
        yielding = set(relation.of(source.pk).filter(relation.only_one).values_list("pk", flat=True))
    before: dict[str, dict[str, Any]] = {}
    for row in rows:
        before[str(row.pk)] = {relation.yields: getattr(row, relation.yields)} if row.pk in yielding else {}
        setattr(row, relation.field, survivor)
        if row.pk in yielding:
            setattr(row, relation.yields, False)
    write_rows(relation, rows, actor, f"{MERGED} {source}"[:100])
    return before


def write_rows(relation: Relation, rows: list[Any], actor: User, reason: str) -> None:
    """Write the pointer and what was given up, in bulk, with history where the model keeps one."""
    if not rows:
        return
    model, names = type(rows[0]), [relation.field, *([relation.yields] if relation.yields else [])]
    if hasattr(model, "history"):
        bulk_update_with_history(
            rows, model, names, batch_size=ROWS_PER_WRITE, default_user=actor, default_change_reason=reason
        )
    else:
        model._default_manager.bulk_update(rows, names, batch_size=ROWS_PER_WRITE)


def _remember(survivor: Enterprise, names: Collection[str], codes: Collection[str]) -> dict[str, list[int]]:
    """The name and code that were not kept stay findable; returns the keys of the rows made for that."""
    added: dict[str, list[int]] = {"names": [], "codes": []}
    for name in names:
        if normalise_name(name) != survivor.normalised_name:
            row, is_new = FormerName.objects.get_or_create(
                enterprise=survivor, name=name, defaults={"normalised_name": normalise_name(name)}
            )
            added["names"] += [row.pk] if is_new else []
    for code in codes:
        if code and code != survivor.uscc:
            old, is_new = FormerCode.objects.get_or_create(enterprise=survivor, code=code)
            added["codes"] += [old.pk] if is_new else []
    return added
