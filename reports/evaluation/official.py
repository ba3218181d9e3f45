"""Official results beside the score we compute for the same month, newest month first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from crm.models import User
from reports.evaluation.choices import Area
from reports.evaluation.ranking import points_text
from reports.evaluation.schemes import schemes_for
from reports.evaluation.scoring import score
from reports.figures.breakdown import series
from reports.models import OfficialResult
from reports.period import Period, month_period
from reports.rows.scope import Scope

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A result with its change against the month before: fewer is better."""

    result: OfficialResult
    change: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    period: Period
    computed: str
    points: Fraction | None
    places: tuple[Place, ...]


def trend(scope: Scope) -> tuple[MonthLine, ...]:
    """The last twelve months up to the one in which the scope's period ends."""
    months = months_until(scope.cutoff)
    first, end = date_of(months[0]), date_of(months[-1], following=True)
    results = list(OfficialResult.objects.visible_to(scope.user).of_months(first, end).newest_first())
    earlier = {(r.organisation_id, r.area, r.month): r.rank for r in results}
    scores = computed(scope, months)
    lines = [
        MonthLine(
            month, points_text(points, 1), points, tuple(place(r, earlier) for r in of_month(results, date_of(month)))
        )
        for month, points in zip(months, scores, strict=True)
    ]
    return tuple(reversed(lines))


def computed(scope: Scope, months: Sequence[Period]) -> list[Fraction | None]:
    """The pooled score of each month by the scheme of that month."""
    schemes = schemes_for(scope.user, [replace(scope, period=month).cutoff for month in months])
    metrics = {metric.key: metric for scheme in schemes for metric in scheme.metrics}
    found = series(scope, metrics.values(), months)
    return [
        score(scheme.items, {key: tallied[number] for key, tallied in found.items()}).points
        for number, scheme in enumerate(schemes)
    ]


def months_until(day: date) -> list[Period]:
    """Calendar months: the city publishes by these."""
    months = [month_period(str(day.year), str(day.month))]
    while len(months) < MONTHS:
        months.append(months[-1].previous())
    return months[::-1]


def date_of(month: Period, *, following: bool = False) -> date:
    """The first of the month that a period is named after."""
    named = month.following() if following else month
    assert named is not None
    return date.fromisoformat(f"{named.key}-01")


def of_month(results: Iterable[OfficialResult], month: date) -> list[OfficialResult]:
    return [result for result in results if result.month == month]


def place(result: OfficialResult, earlier: dict[tuple[int, str, date], int]) -> Place:
    before = date_of(month_period(str(result.month.year), str(result.month.month)).previous())
    rank = earlier.get((result.organisation_id, result.area, before))
    return Place(result, "" if rank is None else moved(rank - result.rank))


def moved(up: int) -> str:
    if not up:
        return "持平"
    return f"▲{up}位" if up > 0 else f"▼{-up}位"


def latest(user: User, month: date) -> str:
    """“全市第二”, as it is said: the results of one month in words, empty where none was entered."""
    rows = OfficialResult.objects.visible_to(user).filter(month=month).newest_first()
    return "、".join(f"{Area(row.area).label}第{chinese(row.rank)}" for row in rows)


def latest_of_all(user: User, day: date) -> tuple[str, date] | None:
    """The newest results up to a day, in words, with their month."""
    row = OfficialResult.objects.visible_to(user).filter(month__lte=day).order_by("-month").values("month").first()
    return (latest(user, row["month"]), row["month"]) if row else None


def chinese(rank: int) -> str:
    return "〇一二三四五六七八九十"[rank] if rank <= 10 else str(rank)
