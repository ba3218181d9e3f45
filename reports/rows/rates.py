"""What the parts of a rate count for; the weights are settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from reports.rows.scope import Scope
from reports.rows.validity import answered, needs_satisfaction
from visits.choices import AppealStatus, Satisfaction, Solved
from visits.models import Appeal

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
    """Whoever could not be reached counts for all or for nothing, where they count at all."""
    solving, satisfaction = counts_as_solving(scope), counts_as_satisfaction(scope)
    return {
        "contacted": Q(is_contacted=True) | unreached_as_well(),
        "solved": (Q(solved=Solved.SOLVED) | unreached_as_well()) & solving,
        "partly": Q(solved=Solved.PARTLY) & ~unreached_as_well() & solving,
        "satisfied": (Q(satisfaction=Satisfaction.SATISFIED) | silent_as_satisfied() | unreached_as_well())
        & satisfaction,
        "basically": Q(satisfaction=Satisfaction.BASICALLY) & ~unreached_as_well() & satisfaction,
        "for_solving": solving,
        "for_satisfaction": satisfaction,
    }


def unreached_as_well() -> Q:
    return ~answered() if settings.YQT["UNREACHABLE_COUNTS"] == "solved" else Q(pk__in=())


def silent_as_satisfied() -> Q:
    return Q(pk__in=()) if needs_satisfaction() else answered() & Q(satisfaction="")


def counts_as_satisfaction(scope: Scope) -> Q:
    """不合理 matters are left out of 解决率 and 满意率 (domain §2.4); they stay in 受理量 and 响应率."""
    # Few are left out: these are asked, not the appeal of every call-back.
    return ~Q(appeal_id__in=Appeal.objects.filter(excluded_at__isnull=False).values("pk"))


def counts_as_solving(scope: Scope) -> Q:
    """挂账 is left out of 解决率 while it is approved and the day of its review has not passed, unless so set."""
    counted = counts_as_satisfaction(scope)
    return counted & ~of_the_long_list(scope) if settings.YQT["SHELVED_DROP"] else counted


def on_the_long_list(scope: Scope) -> Q:
    return Q(status=AppealStatus.SHELVED, review_on__gte=timezone.localdate(scope.now))


def of_the_long_list(scope: Scope) -> Q:
    return Q(appeal_id__in=Appeal.objects.filter(on_the_long_list(scope)).values("pk"))


def left_out_of_satisfaction(scope: Scope) -> dict[str, Q]:
    return {"不合理剔除{}件未计入": ~counts_as_satisfaction(scope)}


def left_out_of_solving(scope: Scope) -> dict[str, Q]:
    on_list = of_the_long_list(scope) & counts_as_satisfaction(scope)
    shelved = {"挂账{}件未计入": on_list} if settings.YQT["SHELVED_DROP"] else {}
    return left_out_of_satisfaction(scope) | shelved


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


def whole(part: str) -> Callable[[], dict[str, Decimal]]:
    """A rate of one part, each row of which counts for one."""
    return lambda: {part: ONE}
