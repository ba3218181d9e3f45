"""The ranking of units by a scheme: what each item measures and earns, places with ties, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.evaluation.measures import TASKS, ByMetric, Measures, belongs_to_units, measure
from reports.evaluation.schemes import Scheme, scheme_for
from reports.evaluation.scoring import Item, Score, score
from reports.figures.tables import IDLE, cells, unit_names
from reports.figures.tally import text_of
from reports.formats import EMPTY, half_up, weighted
from reports.report import Column, Row, Table
from reports.rows.scope import Scope

RECEIVED = TASKS[0]
TIES = "按考评得分排序，得分相同的看受理量，仍相同的并列；“无任务”和没有可计分项目的单位不参加排名。"
POOLED = "合计按件数合并计算，不是各单位得分的平均。"


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, or all together."""

    unit: int | None
    name: str
    found: ByMetric
    score: Score

    @property
    def is_idle(self) -> bool:
        return not any(self.found[key].rows for key in TASKS)

    @property
    def is_ranked(self) -> bool:
        return not self.is_idle and self.score.points is not None

    @property
    def order(self) -> tuple[bool, bool, Fraction, int]:
        """By the score as printed: who reads two equal scores expects one place."""
        shown = Fraction(0) if self.score.points is None else Fraction(half_up(self.score.points, 1))
        return (self.is_idle, self.score.points is None, -shown, -self.found[RECEIVED].rows)


@dataclass(frozen=True, slots=True)
class Ranking:
    scheme: Scheme
    lines: tuple[Line, ...]
    total: Line
    table: Table


def build_ranking(scope: Scope) -> Ranking:
    scheme = scheme_for(scope.user, scope.cutoff)
    return ranked(scope, scheme, measure(scope, scheme))


def ranked(scope: Scope, scheme: Scheme, measures: Measures) -> Ranking:
    names = unit_names(scope, measures.units.keys())
    lines = sorted((line_of(scheme, unit, name, measures) for unit, name in names.items()), key=lambda one: one.order)
    total = Line(None, "合计", measures.total, score(scheme.items, measures.total))
    return Ranking(scheme, tuple(lines), total, table_of(scheme, lines, total))


def line_of(scheme: Scheme, unit: int | None, name: str, measures: Measures) -> Line:
    found = measures.units.get(unit, measures.nothing)
    return Line(unit, name, found, score(scheme.items, found))


def places(lines: Sequence[Line]) -> list[str]:
    """1, 2, 2, 4: equals share a place."""
    found: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.is_ranked:
            found.append(EMPTY)
        else:
            is_equal = number > 1 and lines[number - 2].order == line.order
            found.append(found[-1] if is_equal else str(number))
    return found


def columns_of(scheme: Scheme) -> tuple[Column, ...]:
    middle: list[Column] = []
    for number, item in enumerate(scheme.items):
        middle.append(Column(f"value{number}", item.metric.label, "end", item.metric.key))
        middle.append(Column(f"points{number}", points_label(item), "end"))
    return (
        Column("position", "名次", "center"),
        Column("name", "承办单位"),
        Column("received", "受理量", "end", RECEIVED),
        *middle,
        Column("score", "考评得分", "end"),
    )


def points_label(item: Item) -> str:
    if item.is_weighted:
        return f"得分/{weighted(item.points)}"
    return "加分" if item.kind == "bonus" else "扣分"


def table_of(scheme: Scheme, lines: Sequence[Line], total: Line) -> Table:
    columns = columns_of(scheme)
    shown = [
        Row(cells(columns, {**printed(scheme, line), "position": place}), str(line.unit or ""))
        for line, place in zip(lines, places(lines), strict=True)
    ]
    return Table(
        "ranking",
        "考评排名",
        columns,
        tuple(shown),
        Row(cells(columns, {**printed(scheme, total), "position": ""})) if shown else None,
        empty="没有承办单位，也没有诉求。",
        note="".join(notes(scheme, lines, total)),
    )


def printed(scheme: Scheme, line: Line) -> dict[str, str]:
    if line.is_idle and line.name != "合计":
        blank = {f"{what}{n}": EMPTY for n in range(len(scheme.items)) for what in ("value", "points")}
        return {"name": line.name, "received": IDLE, "score": EMPTY, **blank}
    texts = {"name": line.name, "received": str(line.found[RECEIVED].rows), "score": points_text(line.score.points, 1)}
    for number, (item, part) in enumerate(zip(scheme.items, line.score.parts, strict=True)):
        found = line.found.get(item.metric.key)
        texts[f"value{number}"] = EMPTY if found is None else text_of(item.metric, found)
        texts[f"points{number}"] = points_text(part, 2)
    return texts


def points_text(points: Fraction | None, places: int) -> str:
    return EMPTY if points is None else f"{half_up(points, places):.{places}f}"


def notes(scheme: Scheme, lines: Sequence[Line], total: Line) -> list[str]:
    """The formula, ties, and of whom which items could not be measured."""
    said = ["注：", scheme.words, TIES, POOLED]
    shared = [item for item in scheme.items if not belongs_to_units(item.metric)]
    if shared:
        said.append(f"{names_of(shared)}不分单位，只计入合计。")
    left_out = [
        (line.name, [i for i in line.score.left_out if i not in shared]) for line in [*lines, total] if counts(line)
    ]
    told = [f"{name}的{names_of(items)}" for name, items in left_out if items]
    if told:
        said.append(f"{'，'.join(told)}没有分母，不计入，其余计分项按权重折算为满分100分。")
    return said


def counts(line: Line) -> bool:
    return line.is_ranked


def names_of(items: Sequence[Item]) -> str:
    return "、".join(item.metric.label for item in items)
