"""Writing the audit trail: who did what that is not a record change."""

from __future__ import annotations

from django.http import HttpRequest

from crm.models import AuditEntry, User


def record(action: str, summary: str, *, actor: User | None, request: HttpRequest | None = None) -> AuditEntry:
    """Add an entry; the organisation is the actor's, so that an auditor sees those of the own institution."""
    return AuditEntry.objects.create(
        action=action,
        summary=summary[:300],
        actor=actor,
        organisation=actor.organisation if actor else None,
        address=request.META.get("REMOTE_ADDR") or None if request else None,
    )
