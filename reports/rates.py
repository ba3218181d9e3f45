"""What the parts of a rate count for; the weights are settings."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from reports.scope import Scope
from visits.choices import Satisfaction, Solved

ONE = Decimal(1)

# What an enterprise can have answered in a call-back.
ANSWER: dict[str, Q] = {
    "contacted": Q(is_contacted=True),
    "solved": Q(solved=Solved.SOLVED),
    "partly": Q(solved=Solved.PARTLY),
    "satisfied": Q(satisfaction=Satisfaction.SATISFIED),
    "basically": Q(satisfaction=Satisfaction.BASICALLY),
}


def answers(scope: Scope) -> dict[str, Q]:
    return ANSWER


def response_parts() -> dict[str, Decimal]:
    return {"contacted": ONE}


def solving_parts() -> dict[str, Decimal]:
    return {"solved": ONE, "partly": settings.YQT["PARTLY_SOLVED_COUNTS"]}


def satisfaction_parts() -> dict[str, Decimal]:
    return {"satisfied": ONE, "basically": settings.YQT["BASICALLY_SATISFIED_COUNTS"]}


def score_parts() -> dict[str, Decimal]:
    """The three rates share one denominator, so that their weighted sum is itself a rate over it."""
    rates = (response_parts(), solving_parts(), satisfaction_parts())
    shares = settings.YQT["SCORE_WEIGHTS"]
    return {name: share * weight for share, rate in zip(shares, rates, strict=True) for name, weight in rate.items()}


def all_closed() -> dict[str, Decimal]:
    return {"closed": ONE}


def all_visited() -> dict[str, Decimal]:
    return {"visited": ONE}


def all_in_time() -> dict[str, Decimal]:
    return {"in_time": ONE}


def all_large() -> dict[str, Decimal]:
    return {"large": ONE}
