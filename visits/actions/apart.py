"""“不是重复”, said of two appeals and taken back."""

from __future__ import annotations

from crm.models import User
from visits.actions.guard import StepRefused
from visits.models import Appeal, AppealsApart


def keep_apart(one: Appeal, other: Appeal, *, actor: User) -> AppealsApart:
    """Remember that these are two matters; a second press changes nothing. Not of one that was merged meanwhile."""
    for appeal in (one, other):
        if appeal.merged_into:
            raise StepRefused(f"{appeal} 已并入 {appeal.merged_into}，不再单独办理，没有记下。")
    first, second = sorted((one, other), key=lambda appeal: appeal.pk)
    return AppealsApart.objects.get_or_create(first=first, second=second, defaults={"decided_by": actor})[0]


def put_together(one: Appeal, other: Appeal) -> None:
    first, second = sorted((one, other), key=lambda appeal: appeal.pk)
    AppealsApart.objects.filter(first=first, second=second).delete()
