"""score = Σ weight × min(metric / target, 1) + Σ bonus − Σ penalty, exactly. No queries here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.evaluation.choices import ItemKind
from reports.figures.tally import Tally
from reports.metrics import Metric

FULL = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scheme; `target` is a share of 1 for a rate and a number for a number of rows."""

    kind: str
    metric: Metric
    points: Decimal
    target: Fraction | None = None
    most: Decimal | None = None

    @property
    def is_weighted(self) -> bool:
        return self.kind == ItemKind.WEIGHT


@dataclass(frozen=True, slots=True)
class Score:
    """`points` is None where no weighted item could be measured; `parts` are in the order of the items."""

    points: Fraction | None
    parts: tuple[Fraction | None, ...]
    left_out: tuple[Item, ...]


def score(items: Sequence[Item], found: Mapping[str, Tally]) -> Score:
    """A weighted item without a denominator is left out, and what the others weigh is brought back to 100."""
    values = [measured(item, found.get(item.metric.key)) for item in items]
    pairs = list(zip(items, values, strict=True))
    weight = sum((item.points for item, value in pairs if item.is_weighted and value is not None), Decimal(0))
    parts = tuple(points_of(item, value, weight) for item, value in pairs)
    left_out = tuple(item for item, value in pairs if value is None)
    total = sum((part for part in parts if part is not None), Fraction(0)) if weight else None
    return Score(total, parts, left_out)


def measured(item: Item, found: Tally | None) -> Fraction | None:
    """The value of the metric; None where there is nothing to divide by, or nobody to whom it belongs."""
    if found is None:
        return None
    return Fraction(found.rows) if item.metric.parts is None else found.share


def points_of(item: Item, value: Fraction | None, weight: Decimal) -> Fraction | None:
    if value is None:
        return None
    if item.is_weighted:
        return Fraction(item.points) * FULL / Fraction(weight) * capped(value, item.target or Fraction(1))
    earned = earned_by(item, value)
    return earned if item.kind == ItemKind.BONUS else -earned


def capped(value: Fraction, target: Fraction) -> Fraction:
    return min(value / target, Fraction(1))


def earned_by(item: Item, value: Fraction) -> Fraction:
    """Points for each row, up to a limit; for a rate all of them when it reaches (a penalty: misses) its target."""
    if item.metric.parts is None:
        points = Fraction(item.points) * value
        return points if item.most is None else min(points, Fraction(item.most))
    reached = value >= (item.target or Fraction(1))
    return Fraction(item.points) if reached == (item.kind == ItemKind.BONUS) else Fraction(0)
