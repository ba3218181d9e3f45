"""The catalogue of qualifications: one for all organisations, so a change of it is kept with its author."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.models import User
from parks.models import Qualification, QualificationKind


@transaction.atomic
def save_kind(kind: QualificationKind, *, actor: User) -> QualificationKind:
    """Add or change an entry; ValidationError when enterprises outside the actor's institution hold it."""
    if kind.pk and is_used_elsewhere(kind, actor):
        raise ValidationError("别的机构也有企业持有这类资质，改动会影响它们的名单和统计，请由上级机构的主管修改。")
    kind._history_user = actor  # type: ignore[attr-defined]  # the history package's hook for the author
    kind.save()
    return kind


def is_used_elsewhere(kind: QualificationKind, actor: User) -> bool:
    """Whether someone holds it who is not of the actor's institution or below."""
    awards = Qualification.objects.filter(kind=kind)
    return awards.exclude(awards.within_institution(actor)).exists()
