"""How what was counted is written: text, exact value, note and change. No queries here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from reports.figures.sensitive import HIDDEN, is_sensitive
from reports.formats import EMPTY, count, half_up, percent_points, weighted
from reports.report import Change, Figure, Value

if TYPE_CHECKING:
    from reports.figures.tally import Tally
    from reports.metrics import Metric

MINUTES_PER_HOUR = 60
YUAN_PER_UNIT = 100_000_000


@dataclass(frozen=True, slots=True)
class Writing:
    """How a share is written: `shown` is the rounded number of the text, `exact` the value behind it."""

    exact: Callable[[Fraction], Fraction]
    shown: Callable[[Fraction], Decimal]
    places: int
    # After the number, in the text and in a change.
    suffix: str = ""
    difference: str = ""


def rounded(places: int, scale: Fraction | int = 1) -> Callable[[Fraction], Decimal]:
    return lambda share: half_up(share * scale, places)


HOUR, HUNDRED_MILLION = Fraction(1, MINUTES_PER_HOUR), Fraction(1, YUAN_PER_UNIT)
WRITINGS: dict[str, Writing] = {
    "percent": Writing(lambda share: share, percent_points, 2, "%", "个百分点"),
    "score": Writing(lambda share: share * 100, rounded(1, 100), 1, "", "分"),
    "hours": Writing(lambda share: share * HOUR, rounded(1, HOUR), 1, "", "小时"),
    "each": Writing(lambda share: share, rounded(2), 2),
    "yuan": Writing(lambda share: share, rounded(2, HUNDRED_MILLION), 2, "", "亿元"),
}


def value_of(metric: Metric, found: Tally) -> Value:
    """The exact value: a number of rows, a share of 1, points of 100, hours, yuan; None without rows."""
    if not found.rows:
        return None
    if found.numerator is None:
        return found.rows
    return None if found.share is None else WRITINGS[metric.style].exact(found.share)


def text_of(metric: Metric, found: Tally) -> str:
    if found.is_hidden:
        return HIDDEN
    if found.numerator is None:
        return count(found.rows or None)
    return written(metric.style, found.share if found.rows else None)


def written(style: str, share: Fraction | None) -> str:
    how = WRITINGS[style]
    return EMPTY if share is None else f"{how.shown(share):.{how.places}f}{how.suffix}"


def score_text(share: Fraction | None) -> str:
    return written("score", share)


def figure(metric: Metric, now: Tally, before: Tally, last_year: Tally | None = None) -> Figure:
    return Figure(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        section=metric.section,
        text=text_of(metric, now),
        value=value_of(metric, now),
        definition=metric.definition_text,
        note=note_of(now, metric),
        # What has its like in the year before has it not in the period before.
        change=alike(Change(EMPTY, "none")) if metric.same_as_in else change_of(metric, now, before),
        numerator=None if now.is_hidden else now.numerator,
        denominator=None if now.numerator is None else now.rows,
        last_year=change_of(metric, now, last_year) if last_year else None,
        is_of_few=tells_of_few(metric, now) if metric.style == "yuan" else None,
    )


def alike(growth: Change) -> Change:
    """Of a figure of the same firms in both years, which is compared with the year before alone."""
    return replace(growth, text=f"同比{growth.text}", stands_alone=True)


def tells_of_few(metric: Metric, found: Tally) -> bool:
    """Of one firm or two; or, taken from the figure of all firms, of the one or two that it leaves out."""
    left_out = found.asides.values() if metric.same_as_in else ()
    return is_sensitive(found.rows) or any(map(is_sensitive, left_out))


def note_of(found: Tally, metric: Metric | None = None) -> str:
    told = counted(found, metric.style if metric else "percent") if found.rows and found.numerator is not None else []
    told += [label.format(number) for label, number in found.asides.items() if number]
    return "；".join(told)


def counted(found: Tally, style: str) -> list[str]:
    if style in ("hours", "yuan"):
        return [f"共{found.rows}{'件' if style == 'hours' else '家'}"]
    assert found.numerator is not None
    return [f"计入{weighted(found.numerator)}，分母{found.rows}"]


def change_of(metric: Metric, now: Tally, before: Tally) -> Change:
    if not has_value(now) or not has_value(before):
        return Change(EMPTY, "none")
    if metric.style == "yuan":
        told = growth(now.share or Fraction(0), before.share or Fraction(0))
        return replace(told, is_of_few=tells_of_few(metric, before))
    difference = shown_value(metric, now) - shown_value(metric, before)
    if not difference:
        return Change("持平", "flat")
    mark, direction = ("▲", "up") if difference > 0 else ("▼", "down")
    return Change(f"{mark}{change_size(metric, abs(difference), before)}", "up" if direction == "up" else "down")


def growth(now: Fraction, before: Fraction) -> Change:
    """Of money, in percent of what it was (domain §8.4)."""
    if before <= 0 < now:
        return Change("扭亏" if before else EMPTY, "up" if before else "none")
    if not before:
        return Change(EMPTY, "none")
    size = half_up((now - before) / abs(before) * 100, 2)
    if not size:
        return Change("持平", "flat")
    return Change(f"▲{size:.2f}%", "up") if size > 0 else Change(f"▼{-size:.2f}%", "down")


def has_value(found: Tally) -> bool:
    return bool(found.rows) and (found.numerator is None or found.share is not None)


def shown_value(metric: Metric, found: Tally) -> Decimal:
    """The value as printed: a change is the difference of what the reader sees."""
    if found.numerator is None:
        return Decimal(found.rows)
    return WRITINGS[metric.style].shown(found.share or Fraction(0))


def change_size(metric: Metric, size: Decimal, before: Tally) -> str:
    if before.numerator is None:
        share = half_up(Fraction(size) * 100 / before.rows, 1)
        return f"{size}（{share:.1f}%）"
    how = WRITINGS[metric.style]
    return f"{size:.{how.places}f}{how.difference or metric.unit}"
