"""“不是重复”, said of two enterprises and taken back."""

from __future__ import annotations

from crm.models import User
from parks.models import Enterprise, NotDuplicate


def dismiss_pair(one: Enterprise, other: Enterprise, *, actor: User) -> NotDuplicate:
    """Remember that these are two enterprises; a second press changes nothing."""
    first, second = sorted((one, other), key=lambda enterprise: enterprise.pk)
    return NotDuplicate.objects.get_or_create(first=first, second=second, defaults={"decided_by": actor})[0]


def recall_pair(one: Enterprise, other: Enterprise) -> None:
    first, second = sorted((one, other), key=lambda enterprise: enterprise.pk)
    NotDuplicate.objects.filter(first=first, second=second).delete()
