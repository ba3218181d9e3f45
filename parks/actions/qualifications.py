"""Awards after the first: renewed by a new one, or withdrawn for a reason."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise, Qualification


@transaction.atomic
def renew_qualification(new: Qualification, *, old: Qualification, actor: User) -> Qualification:
    """Record the award that follows another; the old one keeps its own dates, for figures of its time."""
    row = _locked(old)
    if row.withdrawn_on is not None:
        raise ValidationError(f"这项资质已于 {row.withdrawn_on} 撤销，不能续办；重新认定的请登记为新的资质。")
    new.enterprise, new.kind = row.enterprise, row.kind
    if new.valid_from <= row.valid_from:
        raise ValidationError({"valid_from": f"新的有效期应晚于原来的起始日 {row.valid_from}。"})
    if new.valid_to is not None and (row.valid_to is None or new.valid_to <= row.valid_to):
        raise ValidationError({"valid_to": f"续办后应比原来的到期日（{row.valid_to or '长期'}）更晚。"})
    new.validate_constraints()
    return _saved(new, actor)


@transaction.atomic
def withdraw_qualification(qualification: Qualification, *, actor: User, on: date, reason: str) -> Qualification:
    """Let an award count no longer from a day, with the reason."""
    row = _locked(qualification)
    if row.withdrawn_on is not None:
        raise ValidationError(f"这项资质已于 {row.withdrawn_on} 撤销。")
    if on < row.valid_from:
        raise ValidationError({"withdrawn_on": f"撤销日期不能早于生效日期 {row.valid_from}。"})
    if on > timezone.localdate():
        raise ValidationError({"withdrawn_on": "撤销日期不能晚于今天。"})
    row.withdrawn_on, row.withdrawn_reason = on, reason
    return _saved(row, actor)


def _locked(qualification: Qualification) -> Qualification:
    """The enterprise is locked, so that two people do not renew the same award."""
    enterprise = Enterprise.objects.select_for_update().get(pk=qualification.enterprise_id)
    if enterprise.deleted_at is not None:
        raise ValidationError("这家企业已移入回收站，恢复后才能修改。")
    row: Qualification = Qualification.objects.select_related("enterprise", "kind").get(pk=qualification.pk)
    return row


def _saved(row: Qualification, actor: User) -> Qualification:
    row._history_user = actor  # type: ignore[attr-defined]  # the history package's hook for the author
    row.save()
    return row
