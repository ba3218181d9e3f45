"""Appeals of one enterprise that may be one: an open one and a new one, alike in text and within the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise
from visits.choices import AppealStatus
from visits.models import Appeal, AppealsApart
from visits.similar import cut, likeness
from visits.workflow import STEPS

# Of an enterprise with more open appeals the newest are looked at.
LOOKED_AT, SHOWN = 50, 3
MERGEABLE = STEPS["merge"].sources
STANDING_STILL = (AppealStatus.PAUSED, AppealStatus.SHELVED)


@dataclass(frozen=True, slots=True)
class Rival:
    """Another appeal that may be the same; `child` would go into `parent`."""

    other: Appeal
    child: Appeal
    parent: Appeal


def open_ones_like(user: User, enterprise: Enterprise, text: str) -> list[Appeal]:
    """Open appeals of the enterprise that the user may see and that may be about what is being written; one query."""
    now, pieces = timezone.now(), cut(text, [enterprise.name])
    rows = Appeal.objects.visible_to(user).open().filter(enterprise=enterprise).order_by("-created_at", "-pk")
    names = [enterprise.name]
    found = [(likeness(pieces, cut(row.content, names)), row) for row in rows[:LOOKED_AT] if is_within(row, now)]
    return _likest(found)


class Written(NamedTuple):
    """An appeal as a list tells it: the number of its row, of whom, when and what."""

    row: int
    enterprise: int
    at: datetime
    text: str


def open_ones_like_each(user: User, rows: Sequence[Written]) -> dict[int, list[Appeal]]:
    """By the number of a row, the open appeals that it may repeat; one query however many rows."""
    firms = list({row.enterprise for row in rows})
    found = Appeal.objects.visible_to(user).open().filter(enterprise__among=firms).select_related("enterprise")
    of_firm: dict[int, list[Appeal]] = {}
    for appeal in found.defer("search_text").order_by("-created_at", "-pk"):
        of_firm.setdefault(appeal.enterprise_id, []).append(appeal)
    like = {row.row: _likest(_compared(row, of_firm.get(row.enterprise, ())[:LOOKED_AT])) for row in rows}
    return {row: appeals for row, appeals in like.items() if appeals}


def _compared(row: Written, appeals: Sequence[Appeal]) -> list[tuple[float, Appeal]]:
    """Those that still stand for what the row tells, or that came soon after it, and how alike they are."""
    near = timedelta(days=settings.YQT["DUPLICATE_DAYS"])
    return [
        (likeness(cut(row.text, [one.enterprise.name]), cut(one.content, [one.enterprise.name])), one)
        for one in appeals
        if (is_within(one, row.at) if one.created_at <= row.at else one.created_at - row.at <= near)
    ]


def rivals_of(appeal: Appeal, user: User) -> list[Rival]:
    """What an open appeal may be merged with, the likest first; one query.

    The later one goes into the earlier one, unless the later one is in hand already and the earlier one is not.
    """
    apart = AppealsApart.objects.filter(Q(first=appeal) | Q(second=appeal))
    rows = (
        Appeal.objects.visible_to(user)
        .open()
        .filter(enterprise=appeal.enterprise_id, organisation=appeal.organisation_id)
    )
    rows = rows.exclude(pk=appeal.pk).exclude(pk__in=apart.values("first")).exclude(pk__in=apart.values("second"))
    names = [appeal.enterprise.name]
    pieces, found = cut(appeal.content, names), []
    for row in rows.order_by("-created_at", "-pk")[:LOOKED_AT]:
        older, newer = sorted((appeal, row), key=lambda one: (one.created_at, one.pk))
        if is_within(older, newer.created_at):
            found.append((likeness(pieces, cut(row.content, names)), row))
    rivals = (_rival(appeal, row) for row in _likest(found))
    return [rival for rival in rivals if rival]


def is_within(older: Appeal, at: datetime) -> bool:
    """Whether an open appeal still stands for what comes at that moment: in its limit, its clock stopped, or young."""
    is_young = at - older.created_at <= timedelta(days=settings.YQT["DUPLICATE_DAYS"])
    return is_young or older.status in STANDING_STILL or bool(older.due_at and older.due_at >= at)


def _likest(found: list[tuple[float, Appeal]]) -> list[Appeal]:
    enough = [(share, row) for share, row in found if share >= settings.YQT["SIMILAR_FROM"]]
    return [row for _, row in sorted(enough, key=lambda pair: (-pair[0], -pair[1].pk))[:SHOWN]]


def _rival(appeal: Appeal, other: Appeal) -> Rival | None:
    older, newer = sorted((appeal, other), key=lambda one: (one.created_at, one.pk))
    for child, parent in ((newer, older), (older, newer)):
        if child.status in MERGEABLE:
            return Rival(other, child, parent)
    return None
