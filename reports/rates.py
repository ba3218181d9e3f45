"""What the parts of a rate count for; the weights are settings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from reports.scope import Scope
from visits.choices import AppealStatus, Satisfaction, Solved

ONE = Decimal(1)

# What an enterprise can have answered in a call-back, and what a rate is measured over where it is not all of V.
ANSWERS = ("contacted", "solved", "partly", "satisfied", "basically", "for_solving", "for_satisfaction")
BASES = {
    "solved": "for_solving",
    "partly": "for_solving",
    "satisfied": "for_satisfaction",
    "basically": "for_satisfaction",
}


def answers(scope: Scope) -> dict[str, Q]:
    solving, satisfaction = counts_as_solving(scope), counts_as_satisfaction(scope)
    return {
        "contacted": Q(is_contacted=True),
        "solved": Q(solved=Solved.SOLVED) & solving,
        "partly": Q(solved=Solved.PARTLY) & solving,
        "satisfied": Q(satisfaction=Satisfaction.SATISFIED) & satisfaction,
        "basically": Q(satisfaction=Satisfaction.BASICALLY) & satisfaction,
        "for_solving": solving,
        "for_satisfaction": satisfaction,
    }


def counts_as_satisfaction(scope: Scope) -> Q:
    """不合理 matters are left out of 解决率 and 满意率 (domain §2.4); they stay in 受理量 and 响应率."""
    return Q(appeal__excluded_at__isnull=True)


def counts_as_solving(scope: Scope) -> Q:
    """挂账 is left out of 解决率 while it is approved and the day of its review has not passed."""
    return counts_as_satisfaction(scope) & ~on_the_long_list(scope)


def on_the_long_list(scope: Scope, prefix: str = "appeal__") -> Q:
    today = timezone.localdate(scope.now)
    return Q(**{f"{prefix}status": AppealStatus.SHELVED, f"{prefix}review_on__gte": today})


def left_out_of_satisfaction(scope: Scope) -> dict[str, Q]:
    return {"不合理剔除{}件未计入": ~counts_as_satisfaction(scope)}


def left_out_of_solving(scope: Scope) -> dict[str, Q]:
    on_list = on_the_long_list(scope) & counts_as_satisfaction(scope)
    return left_out_of_satisfaction(scope) | {"挂账{}件未计入": on_list}


def response_parts() -> dict[str, Decimal]:
    return {"contacted": ONE}


def solving_parts() -> dict[str, Decimal]:
    return {"solved": ONE, "partly": settings.YQT["PARTLY_SOLVED_COUNTS"]}


def satisfaction_parts() -> dict[str, Decimal]:
    return {"satisfied": ONE, "basically": settings.YQT["BASICALLY_SATISFIED_COUNTS"]}


def score_parts() -> dict[str, Decimal]:
    """What each answer is worth in the score; each rate is over its own denominator (`weighed`)."""
    rates = (response_parts(), solving_parts(), satisfaction_parts())
    shares = settings.YQT["SCORE_WEIGHTS"]
    return {name: share * weight for share, rate in zip(shares, rates, strict=True) for name, weight in rate.items()}


def weighed(parts: Mapping[str, Decimal], counts: Mapping[str, int], rows: int) -> Fraction | None:
    """The sum of the parts' shares of 1, each over its own base; None when a base has no rows."""
    total = Fraction(0)
    for name, weight in parts.items():
        base = counts[BASES[name]] if name in BASES else rows
        if not base:
            return None
        total += Fraction(weight) * counts[name] / base
    return total


def all_closed() -> dict[str, Decimal]:
    return {"closed": ONE}


def all_visited() -> dict[str, Decimal]:
    return {"visited": ONE}


def all_in_time() -> dict[str, Decimal]:
    return {"in_time": ONE}


def all_large() -> dict[str, Decimal]:
    return {"large": ONE}
