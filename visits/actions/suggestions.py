"""建议: kept with the visit on which they were heard, and answered once someone has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise
from visits.actions.appeals import institution_of
from visits.actions.guard import StepRefused
from visits.actions.once import once
from visits.choices import AppealCategory, SuggestionStatus
from visits.models import Suggestion, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuggestion:
    """A suggestion heard during a visit; of no enterprise in particular when none is named."""

    content: str
    category: str = AppealCategory.OTHER
    enterprise: Enterprise | None = None
    client_id: UUID | None = None


def create_suggestion(new: NewSuggestion, *, visit: Visit, actor: User, at: datetime) -> Suggestion:
    """The same actor and client_id give the same suggestion."""

    def make() -> Suggestion:
        return Suggestion.objects.create(
            organisation=institution_of(actor), client_id=new.client_id or uuid4(), visit=visit,
            enterprise=new.enterprise, content=new.content, category=new.category, created_by=actor, created_at=at,
        )  # fmt: skip

    return once(Suggestion, actor, new.client_id, make)


@transaction.atomic
def reply_suggestion(
    suggestion: Suggestion, *, actor: User, status: str, reply: str, at: datetime | None = None
) -> Suggestion:
    """Adopt or decline with an answer; back to 待研究 takes the answer away."""
    row = Suggestion.objects.select_for_update(no_key=True, of=("self",)).get(pk=suggestion.pk)
    if (row.status, row.reply) == (status, reply.strip()):
        return row
    if status != SuggestionStatus.PENDING and not reply.strip():
        raise StepRefused("请写下答复：采纳的写怎么落实，不采纳的写为什么。")
    row.status, row.reply, row.replied_at, row.replied_by = status, reply.strip(), at or timezone.now(), actor
    if status == SuggestionStatus.PENDING:
        row.reply, row.replied_at, row.replied_by = "", None, None
    row.save()
    return row
