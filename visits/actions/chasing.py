"""The enterprise presses for its appeal: noted as said by those who took the call, or by merging what it sent again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crm.models import User
from visits.actions.due import as_text
from visits.actions.needs import Facts
from visits.models import Appeal, AppealEvent
from visits.workflow import STEPS

CHASE = STEPS["chase"]


def as_told(row: Appeal, facts: Facts, actor: User | None, at: datetime) -> dict[str, Any]:
    """Who called, and when if not just now."""
    told = {"caller": facts.get("caller", "").strip(), "called_at": as_text(facts.get("called_at"))}
    return {key: value for key, value in told.items() if value}


def chase_parent(merged: AppealEvent) -> AppealEvent | None:
    """What was sent again presses for the one in hand (domain: 后续来电转为催办), not for one that is over.

    Call under the lock of both; returns the event for whoever is to be told.
    """
    parent = merged.appeal.merged_into
    assert parent is not None
    parent.refresh_from_db()
    if parent.status not in CHASE.sources:
        return None
    last = parent.events.order_by("-at", "-pk").values_list("at", flat=True).first()
    calls = 1 + times_chased(merged.appeal.events.all())
    return AppealEvent.objects.create(
        appeal=parent, step=CHASE.key, from_status=parent.status, to_status=parent.status, actor=merged.actor,
        # Time does not run backwards along the parent's events either.
        at=max(merged.at, last) if last else merged.at, note=merged.appeal.content,
        data={"child": merged.appeal.number, "calls": calls},
    )  # fmt: skip


def times_chased(events: Iterable[AppealEvent]) -> int:
    """How often the enterprise pressed, with what merged appeals brought along."""
    return sum(event.data.get("calls", 1) for event in events if event.step == CHASE.key)
