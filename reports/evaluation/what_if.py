"""What would move the score: each appeal whose enterprise did not answer solved and satisfied, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from django.db.models import Count, F, Q

from reports import rows
from reports.evaluation.ranking import Line, Ranking
from reports.evaluation.scoring import score
from reports.figures.drilldown import meets
from reports.figures.tally import Tally
from reports.metrics import Metric
from reports.rows.scope import Scope
from visits.models import CallBack

SHOWN = 50
# Flags of an answer and the unit: call-backs that agree in all of them move the score alike.
Kind: TypeAlias = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many points the score of the unit and that of all would rise."""

    own: Fraction
    all: Fraction


@dataclass(frozen=True, slots=True)
class Group:
    """Call-backs of one unit that answered alike; `lacking` is by metric what each lacks of the numerator."""

    kind: Kind
    unit: int | None
    number: int
    lacking: Mapping[str, Decimal]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Lever:
    call: CallBack
    effect: Effect


@dataclass(frozen=True, slots=True)
class UnitLever:
    """What a unit would gain were all of its rows answered solved and satisfied."""

    line: Line
    number: int
    effect: Effect


@dataclass(frozen=True, slots=True)
class WhatIf:
    levers: tuple[Lever, ...]
    units: tuple[UnitLever, ...]
    number: int


def build_what_if(scope: Scope, ranking: Ranking) -> WhatIf:
    """Two queries: how many answered how, and the rows that matter most."""
    metrics = [m for m in ranking.scheme.metrics if m.rows is rows.call_backs and m.parts]
    found = groups(scope, ranking, metrics)
    levers = levers_of(scope, metrics, found)
    return WhatIf(levers, unit_levers(ranking, found), sum(group.number for group in found))


def groups(scope: Scope, ranking: Ranking, metrics: Sequence[Metric]) -> list[Group]:
    """The most effective first; those that would move nothing are left out."""
    if not metrics:
        return []
    flags = flags_of(scope, metrics)
    counted = flagged(scope, flags).order_by().values("unit", *flags).annotate(number=Count("pk"))
    by_unit = {line.unit: line for line in ranking.lines}
    made = [group_of(row, flags, metrics, ranking, by_unit) for row in counted]
    moving = [group for group in made if group.effect.all > 0 or group.effect.own > 0]
    return sorted(moving, key=lambda group: (-group.effect.all, -group.effect.own, str(group.unit), str(group.kind)))


def flags_of(scope: Scope, metrics: Iterable[Metric]) -> dict[str, Q]:
    """For every metric whether a call-back is in its denominator, and which of its parts it meets."""
    flags: dict[str, Q] = {}
    for metric in metrics:
        flags[f"in_{metric.key}"] = metric.where(scope)
        conditions = metric.conditions(scope)
        flags |= {f"{metric.key}_is_{name}": conditions[name] for name in parts_of(metric)}
    return flags


def parts_of(metric: Metric) -> Mapping[str, Decimal]:
    return metric.parts() if metric.parts else {}


def flagged(scope: Scope, flags: Mapping[str, Q]) -> Any:
    always = Q(pk__isnull=False)
    marks = {name: meets(condition or always) for name, condition in flags.items()}
    return rows.call_backs(scope).annotate(unit=F("appeal__lead_unit"), **marks)


def group_of(
    row: Mapping[str, Any],
    flags: Mapping[str, Q],
    metrics: Sequence[Metric],
    ranking: Ranking,
    by_unit: Mapping[int | None, Line],
) -> Group:
    lacking = {metric.key: lacks(metric, row) for metric in metrics}
    effect = effect_of(ranking, by_unit[row["unit"]], metrics, lacking)
    kind = tuple((name, row[name]) for name in ("unit", *flags))
    return Group(kind, row["unit"], row["number"], lacking, effect)


def lacks(metric: Metric, row: Mapping[str, Any]) -> Decimal:
    """What this answer is short of the best one; nothing where it is not in the denominator."""
    if not row[f"in_{metric.key}"]:
        return Decimal(0)
    parts = parts_of(metric)
    has = sum((weight for name, weight in parts.items() if row[f"{metric.key}_is_{name}"]), Decimal(0))
    return max(parts.values()) - has


def effect_of(ranking: Ranking, line: Line, metrics: Iterable[Metric], lacking: Mapping[str, Decimal]) -> Effect:
    return Effect(*(gain(ranking, one, metrics, lacking) for one in (line, ranking.total)))


def gain(ranking: Ranking, line: Line, metrics: Iterable[Metric], lacking: Mapping[str, Decimal]) -> Fraction:
    """The difference of two whole scores, so that caps and thresholds of the scheme are kept."""
    better = dict(line.found) | {m.key: raised(line.found[m.key], lacking[m.key]) for m in metrics}
    after, before = score(ranking.scheme.items, better).points, line.score.points
    return Fraction(0) if after is None or before is None else after - before


def raised(found: Tally, by: Decimal) -> Tally:
    if not found.rows or found.numerator is None:
        return found
    numerator = found.numerator + by
    return replace(found, numerator=numerator, share=Fraction(numerator) / found.rows)


def levers_of(scope: Scope, metrics: Sequence[Metric], found: Sequence[Group]) -> tuple[Lever, ...]:
    """The rows of the first groups, as many as are shown."""
    wanted: list[Group] = []
    for group in found:
        if sum(one.number for one in wanted) >= SHOWN:
            break
        wanted.append(group)
    if not wanted:
        return ()
    flags = flags_of(scope, metrics)
    first, last = wanted[:-1], wanted[-1:]
    rest = SHOWN - sum(group.number for group in first)
    calls = [*calls_of(scope, flags, first), *calls_of(scope, flags, last)[:rest]]
    place = {group.kind: number for number, group in enumerate(wanted)}
    ordered = sorted(calls, key=lambda call: place[kind_of(call, flags)])
    return tuple(Lever(call, wanted[place[kind_of(call, flags)]].effect) for call in ordered)


def calls_of(scope: Scope, flags: Mapping[str, Q], wanted: Sequence[Group]) -> Any:
    condition = Q(pk__in=())
    for group in wanted:
        condition |= Q(**dict(group.kind)) if group.unit else Q(**dict(group.kind[1:]), unit__isnull=True)
    calls = flagged(scope, flags).filter(condition).select_related("appeal__enterprise", "appeal__lead_unit")
    return calls.order_by("-called_at", "-pk")


def kind_of(call: Any, flags: Iterable[str]) -> Kind:
    return tuple((name, getattr(call, name)) for name in ("unit", *flags))


def unit_levers(ranking: Ranking, found: Sequence[Group]) -> tuple[UnitLever, ...]:
    by_unit: dict[int | None, list[Group]] = {}
    for group in found:
        by_unit.setdefault(group.unit, []).append(group)
    lines = {line.unit: line for line in ranking.lines}
    made = [unit_lever(ranking, lines[unit], of_unit) for unit, of_unit in by_unit.items()]
    return tuple(sorted(made, key=lambda one: (-one.effect.all, one.line.name)))


def unit_lever(ranking: Ranking, line: Line, of_unit: Sequence[Group]) -> UnitLever:
    keys = list(of_unit[0].lacking)
    lacking = {key: sum((g.lacking[key] * g.number for g in of_unit), Decimal(0)) for key in keys}
    metrics = [metric for metric in ranking.scheme.metrics if metric.key in lacking]
    return UnitLever(line, sum(g.number for g in of_unit), effect_of(ranking, line, metrics, lacking))
