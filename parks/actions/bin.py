"""Enterprises into the bin and out of it. What hangs on them is never touched: it counts again when they do."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.bin import mark_deleted, unmark_deleted
from crm.models import User
from parks.models import Enterprise
from parks.search import tell_followers
from parks.shared import compare_later


@transaction.atomic
def delete_enterprise(enterprise: Enterprise, *, actor: User) -> Enterprise:
    """Put it into the bin; a second press changes nothing."""
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if row.deleted_at is None:
        mark_deleted(row, actor)
        tell_followers([row.pk])
        compare_later([row.pk])
    return row


@transaction.atomic
def restore_enterprise(enterprise: Enterprise, *, actor: User) -> Enterprise:
    """Take it out of the bin; raises ValidationError when it was merged or its code has meanwhile been taken."""
    row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if row.deleted_at is None:
        return row
    if row.merged_into:
        raise ValidationError(f"“{row}”已合并到“{row.merged_into}”，请改用“撤销合并”。")
    if rival := holder_of(row.uscc, row):
        raise ValidationError(
            f"信用代码 {row.uscc} 现由“{rival}”使用，不能恢复“{row}”。请先核对那家企业，或更正它的代码后再恢复。"
        )
    unmark_deleted(row, actor)
    tell_followers([row.pk])
    compare_later([row.pk])
    return row


def holder_of(code: str, other_than: Enterprise) -> Enterprise | None:
    """The living enterprise of the same register that carries this code."""
    if not code:
        return None
    rows = Enterprise.objects.living().filter(organisation=other_than.organisation_id, uscc=code)
    return rows.exclude(pk=other_than.pk).first()
