"""How enterprises stood on the day of a visit: park, tier, steward and the steward's unit, copied onto the 家次."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.utils import timezone

DATED = ("tier", "steward", "team")
COPIED = ("park", *DATED)

# From the day inclusive, to the day exclusive, and what held in between; the first that fits is meant.
Span = tuple[date, date | None, tuple[Any, ...]]


def copy_standing(pairs: Sequence[Any], models: Apps = apps, *, with_park: bool = True) -> None:
    """Set, without saving, what is copied; three queries however many pairs. `models` is the state of a migration.

    The park is today's, because it has no dates of its own: `with_park=False` leaves what was copied on the day.
    """
    keys = {pair.enterprise_id for pair in pairs}
    tiers, stewards = _tiers(keys, models), _stewards(keys, models)
    firms = models.get_model("parks", "Enterprise")._default_manager.filter(pk__in=keys)
    parks = dict(firms.order_by().values_list("pk", "park_id")) if with_park else {}
    for pair in pairs:
        day = timezone.localdate(pair.visit.started_at)
        (pair.tier,) = _on(day, tiers[pair.enterprise_id], ("",))
        pair.steward_id, pair.team_id = _on(day, stewards[pair.enterprise_id], (None, None))
        if with_park:
            pair.park_id = parks.get(pair.enterprise_id)


def _on(day: date, spans: Iterable[Span], otherwise: tuple[Any, ...]) -> tuple[Any, ...]:
    return next((held for begin, end, held in spans if begin <= day and (end is None or day < end)), otherwise)


def _tiers(keys: Iterable[int], models: Apps) -> Mapping[int, list[Span]]:
    rows = models.get_model("parks", "ServiceTier")._default_manager.filter(enterprise__in=keys)
    return _spans(rows.order_by("pk").values_list("enterprise_id", "starts_on", "ends_on", "tier"))


def _stewards(keys: Iterable[int], models: Apps) -> Mapping[int, list[Span]]:
    """The primary one first."""
    rows = models.get_model("parks", "Stewardship")._default_manager.filter(enterprise__in=keys)
    found = rows.order_by("-is_primary", "-starts_on", "pk")
    return _spans(found.values_list("enterprise_id", "starts_on", "ends_on", "user_id", "user__organisation_id"))


def _spans(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    for key, begin, end, *held in rows:
        found[key].append((begin, end, tuple(held)))
    return found
