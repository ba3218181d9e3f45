"""Reading a record's history as people read it: field, old → new, who, when, by what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from crm.templatetags.ui import wan
from parks.models import Enterprise

VERSIONS_SHOWN = 100
_DERIVED = frozenset({"normalised_name", "search_text", "name_key"})
# Who deleted is told by the author of the change, into what it was merged by its reason.
_TOLD = frozenset({"deleted_by", "merged_into"})
HIDDEN = frozenset({"id", "version", "created_at", "updated_at", "created_by", "organisation"}) | _DERIVED | _TOLD
BY_HAND = "页面"


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    how: str
    fields: list[tuple[str, str, str]]


def changes_of(enterprise: Enterprise) -> list[Change]:
    """Newest first; the oldest version is the making of the record. Queries do not grow with versions."""
    history: Any = enterprise.history
    rows = history.select_related("history_user", "industry", "park")[: VERSIONS_SHOWN + 1]
    versions = list(rows)
    changes = [_change(new, list(_differences(old, new))) for new, old in pairwise(versions)]
    if versions and len(versions) <= VERSIONS_SHOWN:
        changes.append(_change(versions[-1], []))
    # A merge tells something even where no field of the survivor changed.
    return [c for c in changes if c.fields or c.how != BY_HAND or c is changes[-1]]


def _change(version: Any, fields: list[tuple[str, str, str]]) -> Change:
    who = str(version.history_user) if version.history_user else "系统"
    return Change(version.history_date, who, version.history_change_reason or BY_HAND, fields)


def _differences(old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    for field in Enterprise._meta.concrete_fields:
        if field.name in HIDDEN or getattr(old, field.attname) == getattr(new, field.attname):
            continue
        yield str(field.verbose_name), _shown(old, field), _shown(new, field)


def _shown(version: Any, field: Any) -> str:
    display = getattr(version, f"get_{field.name}_display", None)
    value = display() if display else getattr(version, field.name)
    if isinstance(value, Decimal):
        return f"{wan(value)} 万"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return "（空）" if value in (None, "") else str(value)
