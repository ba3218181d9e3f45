"""类似已办: appeals that were solved and are most like one in hand, for those who handle it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from crm.calendar import current
from crm.models import User
from crm.search import pieces as raw_pieces
from crm.search import plain
from crm.search_any import rarest
from crm.worktime import Unit
from visits.choices import AppealStatus, Result
from visits.models import Appeal
from visits.similar import cut, likeness

# Candidates are few enough to be ranked here; of what remains the best are shown.
CANDIDATES, NEWEST, SHOWN = 300, 100, 5
# A precedent may be further off than a duplicate; one of the same category is preferred.
LIKE_ENOUGH, SAME_CATEGORY = 0.3, 0.1
SOLVED = (AppealStatus.CLOSED, AppealStatus.CONFIRMED, AppealStatus.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Precedent:
    """What was answered, how many working days it took, and what the enterprise said of it."""

    appeal: Appeal
    days: int
    satisfaction: str


def precedents_of(appeal: Appeal, user: User) -> list[Precedent]:
    """The most alike of what the user may see; three queries at most, however many appeals there are."""
    rows = Appeal.objects.visible_to(user).filter(status__in=SOLVED, result=Result.SOLVED, excluded_at=None)
    rows = rows.exclude(pk=appeal.pk).exclude(result_text="")
    own = cut(appeal.content, [appeal.enterprise.name])
    found = [
        (likeness(own, cut(content, [name])) + SAME_CATEGORY * (category == appeal.category), pk)
        for pk, content, category, name in _candidates(rows, appeal.content, own)
        if likeness(own, cut(content, [name])) >= LIKE_ENOUGH
    ]
    keys = [pk for _, pk in sorted(found, reverse=True)[:SHOWN]]
    by_key = rows.select_related("enterprise").in_bulk(keys) if keys else {}
    best = [by_key[key] for key in keys if key in by_key]
    prefetch_related_objects(best, "call_backs")
    return [_told(one) for one in best]


def _candidates(rows: Any, text: str, own: frozenset[str]) -> Any:
    """By the rarest pieces of the text; where each of them is common, the newest hold them too."""
    written = set(raw_pieces(plain(text)).split(" "))
    wanted = rarest(rows, own & written or written)
    found = rows.values_list("pk", "content", "category", "enterprise__name")
    if wanted:
        return found.filter(search_text__holds_any=wanted).order_by()[:CANDIDATES]
    return found.order_by("-created_at", "-pk")[:NEWEST]


def _told(appeal: Appeal) -> Precedent:
    assert appeal.accepted_at is not None
    assert appeal.closed_at is not None
    days = current().working_between(appeal.accepted_at, appeal.closed_at, Unit.WORKING_DAY)
    valid = [call for call in appeal.call_backs.all() if call.is_valid]
    last = max(valid, key=lambda call: (call.called_at, call.pk), default=None)
    return Precedent(appeal, int(days), last.get_satisfaction_display() if last else "")
