"""Writing the audit trail: who did what that is not a record change."""

from __future__ import annotations

from django.http import HttpRequest

from crm.models import AuditEntry, User


def record(
    action: str, summary: str, *, actor: User | None, request: HttpRequest | None = None, about: User | None = None
) -> AuditEntry:
    """Add an entry; the organisation is the actor's, so that an auditor sees those of the own institution.

    An event without an actor, such as a failed log-in, belongs to the organisation of the account it is `about`.
    """
    whose = actor or about
    return AuditEntry.objects.create(
        action=action,
        summary=summary[:300],
        actor=actor,
        organisation=whose.organisation if whose else None,
        address=request.META.get("REMOTE_ADDR") or None if request else None,
    )
