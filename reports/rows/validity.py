"""Which call-backs count as answers, and which of an appeal's several one counts; as the settings have it (§2.4)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from visits.models import CallBack
from visits.querysets import CallBackQuerySet


def needs_satisfaction() -> bool:
    """Whether a call-back without an answer on satisfaction counts for nothing."""
    return bool(settings.YQT["NO_ANSWER_ON_SATISFACTION"] == "out")


def counts_in_vain() -> bool:
    """Whether who could not be reached is in the denominators."""
    return bool(settings.YQT["UNREACHABLE_COUNTS"] != "out")


def answered() -> Q:
    """A person was reached and answered; kept as history only is left out."""
    valid = Q(is_reached=True, stands=True) & ~Q(solved="")
    return valid & ~Q(satisfaction="") if needs_satisfaction() else valid


def latest(rows: CallBackQuerySet) -> CallBackQuerySet:
    """Of each appeal the latest valid call-back; of one without any the latest attempt, where such are counted."""
    if needs_satisfaction() and not counts_in_vain():
        return rows.latest_valid()
    valid = CallBack.objects.filter(answered(), appeal_id=OuterRef("appeal_id"))
    is_latest: Any = answered() & ~Exists(valid.filter(_after()))
    if counts_in_vain():
        others = CallBack.objects.filter(stands=True, appeal_id=OuterRef("appeal_id"))
        is_latest |= Q(stands=True) & ~Exists(valid) & ~Exists(others.filter(_after()))
    return rows.filter(is_latest)


def _after() -> Q:
    return Q(called_at__gt=OuterRef("called_at")) | Q(called_at=OuterRef("called_at"), pk__gt=OuterRef("pk"))
