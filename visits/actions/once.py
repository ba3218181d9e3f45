"""Making a record once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from crm.models import User
from visits.models import Appeal, Suggestion, Visit

_R = TypeVar("_R", Visit, Appeal, Suggestion)


def once(model: type[_R], actor: User, client_id: UUID | None, make: Callable[[], _R]) -> _R:
    """The record this actor made under `client_id`, or a new one; a rival request loses on the unique constraint."""
    if client_id is None:
        with transaction.atomic():
            return make()
    found = sent_before(model, actor, client_id)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        found = sent_before(model, actor, client_id)
        if found is None:
            raise
        return found


def sent_before(model: type[_R], actor: User, client_id: UUID) -> _R | None:
    return model._default_manager.filter(created_by=actor, client_id=client_id).first()
