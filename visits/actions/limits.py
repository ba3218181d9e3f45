"""Changing a time limit: always a new row from a day on, so that what was accepted before keeps its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import User
from crm.models.audit import AuditAction
from visits.limits import newest_of_each_kind
from visits.models import TimeLimit


@transaction.atomic
def set_limit(*, actor: User, valid_from: date, **fields: Any) -> TimeLimit | None:
    """A limit of a kind of appeal from a day on; None when that is so already. Raises ``ValidationError``."""
    if valid_from < timezone.localdate():
        raise ValidationError({"valid_from": "生效日期不能早于今天：已受理的诉求按受理时的时限办理，不追溯。"})
    # One change at a time: a second press waits here, and finds that the first has said it all.
    rows = list(TimeLimit.objects.select_for_update())
    row = TimeLimit(actor=actor, valid_from=valid_from, **fields)
    row.full_clean()
    former = {one.kind: one for one in newest_of_each_kind(rows, valid_from)}.get(row.kind)
    if _same(former, row):
        return None
    row.save()
    since = f"自 {valid_from:%Y-%m-%d} 起"
    record(AuditAction.RULES, f"办理时限：{row}，首次联系 {row.contact_text}，{since}", actor=actor)
    return row


def _same(former: TimeLimit | None, row: TimeLimit) -> bool:
    """A kind that has no limit of its own needs not be told so again."""
    if former is None or row.terms is None:
        return (former is None or former.terms is None) and row.terms is None
    return former.terms == row.terms
