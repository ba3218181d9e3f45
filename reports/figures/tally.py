"""Counts the rows of metrics: one query for all metrics and periods that share their rows. No words: shown.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum, Value

from reports.figures.median import medians
from reports.figures.sensitive import PERMISSION
from reports.figures.shown import figure, note_of, score_text, tells_of_few, text_of, value_of
from reports.formats import half_up
from reports.metrics import METRICS, Metric
from reports.rows.dimensions import is_dated
from reports.rows.rates import BASES, weighed
from reports.rows.scope import Scope
from reports.rows.source import Source

__all__ = ["Counters", "Tally", "by_source", "figure", "note_of", "over", "score_text", "sum_of", "tallies", "tally",
           "text_of", "value_of"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts behind one figure; `asides` are rows told beside it: those set apart, or part of those counted."""

    rows: int
    numerator: int | Decimal | None = None
    asides: Mapping[str, int] = field(default_factory=dict)
    # Of a rate, exactly; None where a denominator is empty. Of amounts their mean, median or sum.
    share: Fraction | None = None
    # Of one firm or two, and the reader has no right to see that (reports.figures.sensitive).
    is_hidden: bool = False


def tallies(scope: Scope, metrics: Iterable[Metric] = METRICS) -> dict[str, Tally]:
    return over([scope], metrics)[0]


def over(scopes: Sequence[Scope], metrics: Iterable[Metric] = METRICS) -> list[dict[str, Tally]]:
    """The tallies of scopes that differ in their period only, one query for each source of rows.

    Those of a steward are asked period by period: whose an enterprise is changes with the day. What is told beside a
    figure (asides) is told of the first scope alone: the others are compared with it.
    """
    wanted = list(metrics)
    if len(scopes) > 1 and is_dated(scopes[0]):
        return [tallies(scope, wanted) for scope in scopes]
    found: list[dict[str, Tally]] = [{} for _ in scopes]
    for source, sharing in by_source(wanted):
        counters = Counters()
        for scope in scopes:
            within = source.within(scope) if len(scopes) > 1 else Q()
            counters.add(sharing, scope, within, with_asides=scope is scopes[0])
        counts = source.of(scopes).aggregate(**counters.asked)
        for scope, (tallied, of_scope) in zip(scopes, zip(found, counters.read(counts), strict=True), strict=True):
            tallied |= {
                metric.key: shielded(metric, scope, tally(metric, scope, of_scope[metric.key])) for metric in sharing
            }
    return found


def shielded(metric: Metric, scope: Scope, found: Tally) -> Tally:
    """Money of few firms, or of a part which with others would tell of few, is for those with the right alone."""
    if metric.style != "yuan" or not found.rows or scope.user.has_perm(PERMISSION):
        return found
    return hidden(found) if tells_of_few(metric, found) or scope.by else found


def hidden(found: Tally) -> Tally:
    return replace(found, numerator=Decimal(0), share=None, is_hidden=True)


def by_source(metrics: Iterable[Metric]) -> list[tuple[Source, list[Metric]]]:
    found: dict[str, list[Metric]] = {}
    for metric in metrics:
        found.setdefault(metric.rows.key, []).append(metric)
    return [(sharing[0].rows, sharing) for sharing in found.values()]


@dataclass(slots=True)
class Counters:
    """What is asked of one query, under short names, because databases cut long ones."""

    asked: dict[str, Any] = field(default_factory=dict)
    # Of each scope: metric → name → the short name under which it was asked.
    names: list[dict[str, dict[str, str]]] = field(default_factory=list)

    def add(self, metrics: Iterable[Metric], scope: Scope, within: Q, *, with_asides: bool = True) -> None:
        of_scope: dict[str, dict[str, str]] = {}
        for metric in metrics:
            asides = tuple(metric.asides(scope).values()) if with_asides else ()
            of_scope[metric.key] = {
                name: self.ask(counter) for name, counter in counters(metric, scope, within, asides).items()
            }
        self.names.append(of_scope)

    def ask(self, counter: Any) -> str:
        name = f"c{len(self.asked)}"
        self.asked[name] = counter
        return name

    def read(self, counts: Mapping[str, Any]) -> list[dict[str, dict[str, Any]]]:
        """The answers: of each scope, metric → name → count."""
        return [
            {key: {name: counts[short] for name, short in asked.items()} for key, asked in of_scope.items()}
            for of_scope in self.names
        ]


def counters(metric: Metric, scope: Scope, within: Q, asides: Sequence[Q]) -> dict[str, Any]:
    where = within & metric.where(scope)
    wanted = {"rows": where}
    if metric.parts:
        conditions = metric.conditions(scope)
        wanted |= {name: where & conditions[name] for name in (*metric.parts(), *bases_of(metric))}
    wanted |= {f"aside{number}": within & condition for number, condition in enumerate(asides)}
    asked: dict[str, Any] = {name: counter(metric, condition) for name, condition in wanted.items()}
    if metric.amount and not metric.is_median:
        asked["sum"] = Sum(metric.amount(scope), **only(where))
    return asked


def counter(metric: Metric, condition: Q) -> Count:
    # Rows, not keys: a key would have to be read where an index holds all that is asked of the rows.
    return Count(metric.distinct or Value(1), distinct=bool(metric.distinct), **only(condition))


def only(condition: Q) -> dict[str, Any]:
    """An empty condition would be compiled to a filter that never matches on some databases."""
    return {"filter": condition} if condition else {}


def tally(metric: Metric, scope: Scope, counts: Mapping[str, Any], median: Fraction | None = None) -> Tally:
    """`median` where it has been found already; else it is asked for."""
    rows = counts["rows"]
    names = ((label, f"aside{number}") for number, label in enumerate(metric.asides(scope)))
    asides = {label: counts[name] for label, name in names if name in counts}
    if metric.amount:
        return amounting(metric, scope, rows, counts.get("sum"), asides, median)
    if metric.parts is None:
        return Tally(rows, None, asides)
    found = {name: counts[name] for name in (*metric.parts(), *bases_of(metric))}
    return rate(metric.parts(), found, rows, asides, has_bases=metric.has_bases)


def amounting(
    metric: Metric, scope: Scope, rows: int, total: Any, asides: Mapping[str, int], median: Fraction | None
) -> Tally:
    if not rows:
        return Tally(rows, Decimal(0), asides)
    if metric.is_median:
        share = median if median is not None else medians_of(metric, scope, Value(0))[0]
        return Tally(rows, Decimal(0), asides, share)
    added = Decimal(total or 0)
    return Tally(rows, added, asides, Fraction(added) / (rows if metric.amounts_to == "mean" else 1))


def medians_of(metric: Metric, scope: Scope, part: Any) -> dict[Any, Fraction]:
    assert metric.amount is not None
    return medians(metric.rows(scope).filter(metric.where(scope)), metric.amount(scope), part)


def bases_of(metric: Metric) -> list[str]:
    return list(dict.fromkeys(BASES.values())) if metric.has_bases else []


def rate(
    parts: Mapping[str, Decimal],
    counts: Mapping[str, int],
    rows: int,
    asides: Mapping[str, int],
    *,
    has_bases: bool,
) -> Tally:
    """Where every base is all the rows, the numerator is a sum; else it is what gives the share over all the rows."""
    added = sum_of(parts, counts)
    if not has_bases or all(counts[base] == rows for base in BASES.values()):
        return Tally(rows, added, asides, Fraction(added) / rows if rows else None)
    share = weighed(parts, counts, rows)
    return Tally(rows, half_up((share or Fraction(0)) * rows, 2), asides, share)


def sum_of(parts: Mapping[str, Decimal], counts: Mapping[str, int]) -> Decimal:
    return sum((weight * counts[name] for name, weight in parts.items()), Decimal(0))
