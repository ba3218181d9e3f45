"""Counts the rows of metrics, one query for all metrics that share their rows, and writes the results as figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from reports.formats import EMPTY, count, half_up, percent, percent_points, weighted
from reports.metrics import METRICS, Metric
from reports.rates import BASES, weighed
from reports.report import Change, Figure, Value
from reports.scope import Scope
from reports.source import Source


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts behind one figure; `asides` are rows told beside it: those set apart, or part of those counted."""

    rows: int
    numerator: int | Decimal | None = None
    asides: Mapping[str, int] = field(default_factory=dict)
    # Of a rate, exactly; None where a denominator is empty.
    share: Fraction | None = None


def tallies(scope: Scope, metrics: Iterable[Metric] = METRICS) -> dict[str, Tally]:
    return over([scope], metrics)[0]


def over(scopes: Sequence[Scope], metrics: Iterable[Metric] = METRICS) -> list[dict[str, Tally]]:
    """The tallies of scopes that differ in their period only, one query for each source of rows."""
    found: list[dict[str, Tally]] = [{} for _ in scopes]
    for source, sharing in by_source(metrics):
        counters = Counters()
        for scope in scopes:
            counters.add(sharing, scope, source.within(scope) if len(scopes) > 1 else Q())
        counts = source.of(scopes).aggregate(**counters.asked)
        for scope, (tallied, of_scope) in zip(scopes, zip(found, counters.read(counts), strict=True), strict=True):
            tallied |= {metric.key: tally(metric, scope, of_scope[metric.key]) for metric in sharing}
    return found


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

    def add(self, metrics: Iterable[Metric], scope: Scope, within: Q) -> None:
        of_scope: dict[str, dict[str, str]] = {}
        for metric in metrics:
            of_scope[metric.key] = {
                name: self.ask(counter) for name, counter in counters(metric, scope, within).items()
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


def counters(metric: Metric, scope: Scope, within: Q) -> dict[str, Count]:
    where = within & metric.where(scope)
    wanted = {"rows": where}
    if metric.parts:
        conditions = metric.conditions(scope)
        wanted |= {name: where & conditions[name] for name in (*metric.parts(), *bases_of(metric))}
    asides = metric.asides(scope).values()
    wanted |= {f"aside{number}": within & condition for number, condition in enumerate(asides)}
    return {name: counter(metric, condition) for name, condition in wanted.items()}


def counter(metric: Metric, condition: Q) -> Count:
    # An empty condition would be compiled to a filter that never matches on some databases.
    of, only = metric.distinct or "pk", {"filter": condition} if condition else {}
    return Count(of, distinct=bool(metric.distinct), **only)


def tally(metric: Metric, scope: Scope, counts: Mapping[str, Any]) -> Tally:
    rows = counts["rows"]
    asides = {label: counts[f"aside{number}"] for number, label in enumerate(metric.asides(scope))}
    if metric.parts is None:
        return Tally(rows, None, asides)
    found = {name: counts[name] for name in (*metric.parts(), *bases_of(metric))}
    return rate(metric.parts(), found, rows, asides, has_bases=metric.has_bases)


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


def value_of(metric: Metric, found: Tally) -> Value:
    """The exact value: a number of rows, a share of 1, or points of 100; None without rows."""
    if not found.rows:
        return None
    if found.numerator is None:
        return found.rows
    return found.share * 100 if metric.style == "score" and found.share is not None else found.share


def text_of(metric: Metric, found: Tally) -> str:
    if found.numerator is None:
        return count(found.rows or None)
    if metric.style == "score":
        return score_text(found.share)
    return percent(found.numerator, found.rows)


def score_text(share: Fraction | None) -> str:
    return EMPTY if share is None else f"{half_up(share * 100, 1):.1f}"


def figure(metric: Metric, now: Tally, before: Tally, last_year: Tally | None = None) -> Figure:
    return Figure(
        key=metric.key,
        label=metric.label,
        unit=metric.unit,
        section=metric.section,
        text=text_of(metric, now),
        value=value_of(metric, now),
        definition=metric.definition_text,
        note=note_of(now),
        change=change_of(metric, now, before),
        numerator=now.numerator,
        denominator=None if now.numerator is None else now.rows,
        last_year=change_of(metric, now, last_year) if last_year else None,
    )


def note_of(found: Tally) -> str:
    told = [] if not found.rows or found.numerator is None else [f"计入{weighted(found.numerator)}，分母{found.rows}"]
    told += [label.format(number) for label, number in found.asides.items() if number]
    return "；".join(told)


def change_of(metric: Metric, now: Tally, before: Tally) -> Change:
    if not has_value(now) or not has_value(before):
        return Change(EMPTY, "none")
    difference = shown_value(metric, now) - shown_value(metric, before)
    if not difference:
        return Change("持平", "flat")
    mark, direction = ("▲", "up") if difference > 0 else ("▼", "down")
    return Change(f"{mark}{change_size(metric, abs(difference), before)}", "up" if direction == "up" else "down")


def has_value(found: Tally) -> bool:
    return bool(found.rows) and (found.numerator is None or found.share is not None)


def shown_value(metric: Metric, found: Tally) -> Decimal:
    """The value as printed: a change is the difference of what the reader sees."""
    if found.numerator is None:
        return Decimal(found.rows)
    share = found.share or Fraction(0)
    return half_up(share * 100, 1) if metric.style == "score" else percent_points(share)


def change_size(metric: Metric, size: Decimal, before: Tally) -> str:
    if metric.style == "percent":
        return f"{size:.2f}个百分点"
    if metric.style == "score":
        return f"{size:.1f}分"
    share = half_up(Fraction(size) * 100 / before.rows, 1)
    return f"{size}（{share:.1f}%）"
