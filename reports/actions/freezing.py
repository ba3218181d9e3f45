"""Keeping the rows behind the figures and the cells of a report, and whether they are as many as it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from reports.figures import drilldown
from reports.figures.sensitive import HIDDEN
from reports.issuing.cells import Place, cells_of
from reports.issuing.keys import pack
from reports.metrics import METRIC_BY_KEY, Metric
from reports.metrics.drawn import DRAWN_BY_KEY
from reports.models import FrozenRows
from reports.period import Period
from reports.report import Figure, Report
from reports.rows.dimensions import DIMENSIONS, NONE
from reports.rows.scope import Scope

NAMED = METRIC_BY_KEY | DRAWN_BY_KEY


def frozen_rows(scope: Scope, figures: Iterable[Figure]) -> Iterator[FrozenRows]:
    for one in figures:
        yield from rows_of(NAMED[one.key], scope)


def rows_of(metric: Metric, scope: Scope) -> Iterator[FrozenRows]:
    """All rows of a figure, and of a rate those that meet each condition."""
    parts = list(metric.parts()) if metric.parts else []
    rows: Any = drilldown.rows_behind(metric, scope).order_by()
    found = list(rows.values_list("pk", *(f"part_{part}" for part in parts)))
    label = rows.model._meta.label
    yield kept(metric.key, "", label, [line[0] for line in found])
    for place, part in enumerate(parts, start=1):
        yield kept(metric.key, part, label, [line[0] for line in found if line[place]])


def rows_of_cells(scope: Scope, report: Report, about: str) -> Iterator[FrozenRows]:
    """What the cells lead to beyond the rows of the report's own figures; conditions select among these."""
    own = {one.key for one in report.figures}
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for cell in cells_of(report, about):
        wanted[cell.place.figure, cell.place.by].add(cell.place.value)
    for (figure, by), values in wanted.items():
        if by:
            yield from parts_of(NAMED[figure], scope, by, values)
        if figure not in own:
            own.add(figure)
            yield from rows_of(NAMED[figure], scope)


def parts_of(metric: Metric, scope: Scope, by: str, values: Collection[str]) -> Iterator[FrozenRows]:
    for value, keys in keys_by(metric, scope, by, values):
        yield kept(Place(metric.key, by, value).kept_as, "", metric.rows.model._meta.label, keys)


def keys_by(metric: Metric, scope: Scope, by: str, values: Collection[str]) -> Iterator[tuple[str, list[int]]]:
    """Asked once for all parts; for each where a row may be of several periods, or stands for others of its part."""
    if by == "period" or metric.distinct:
        for value in sorted(values):
            changed = {"period": Period.parse(value)} if by == "period" else {"by": by, "value": value}
            rows = metric.drill_down(replace(scope, **changed))
            yield value, list(rows.order_by().values_list("pk", flat=True))
        return
    found: dict[str, list[int]] = defaultdict(list)
    parted = metric.drill_down(scope).order_by().annotate(falls_in=DIMENSIONS[by].part_of(metric.rows, scope))
    for key, part in parted.values_list("pk", "falls_in"):
        found[NONE if part is None else str(part)].append(key)
    yield from ((value, found[value]) for value in sorted(values))


def kept(figure: str, part: str, model: str, keys: list[int]) -> FrozenRows:
    return FrozenRows(figure=figure, part=part, model=model, count=len(keys), packed=pack(keys))


def agree(report: Report, rows: Iterable[FrozenRows], about: str) -> bool:
    """Every figure, and every cell, that is a number of rows or a share of them has as many rows."""
    by_name = {(row.figure, row.part): row for row in rows}
    figures = all(by_name[one.key, ""].count == said for one in report.figures if (said := rows_said(one)) is not None)
    # Unpacked once, for many cells ask for the same condition.
    keys = cache(lambda figure, part: frozenset(by_name[figure, part].keys))

    def count(place: Place) -> int:
        found = keys(place.kept_as, "")
        return len(found & keys(place.figure, place.part) if place.part else found)

    cells = (cell for cell in cells_of(report, about) if cell.text.isdigit())
    return figures and all(count(cell.place) == int(cell.text) for cell in cells)


def rows_said(one: Figure) -> int | None:
    """None where the rows are not what was numbered: values of months are added up, and told by their firms."""
    if one.text == HIDDEN or (NAMED[one.key].amount and NAMED[one.key].distinct):
        return None
    if one.denominator is not None:
        return int(one.denominator)
    return one.value or 0 if one.value is None or isinstance(one.value, int) else None
