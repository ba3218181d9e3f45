"""Which enterprises a device keeps, to choose from without a network."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django.apps import apps
from django.utils import timezone

from crm.models import User
from parks.querysets import on_date
from visits.querysets.rows import rows_of

KEPT = 300


def at_hand(user: User) -> list[tuple[int, str]]:
    """(key, name) of up to KEPT enterprises the user may see: own ones, then those visited last, then the newest."""
    seen = apps.get_model("parks", "Enterprise")._default_manager.visible_to(user)
    care = apps.get_model("parks", "Stewardship")._default_manager.filter(on_date(timezone.localdate()), user=user)
    own = seen.filter(pk__in=care.values("enterprise_id")).order_by("name").values_list("pk", "name")
    pairs = rows_of("VisitEnterprise").living().filter(visit__in=rows_of("Visit").taken_by(user.pk).values("pk"))
    visited = pairs.order_by("-visit__started_at", "-pk").values_list("enterprise_id", flat=True)[:KEPT]
    named = dict(seen.filter(pk__in=list(dict.fromkeys(visited))).values_list("pk", "name"))
    recent = [(pk, named[pk]) for pk in visited if pk in named]
    newest = seen.order_by("-pk").values_list("pk", "name")
    return _first(chain(own[:KEPT], recent, newest[:KEPT]))


def _first(rows: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return list(dict(rows).items())[:KEPT]
