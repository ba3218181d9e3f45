"""Charts of plain counts, each with the table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from reports.formats import percent
from reports.report import Chart, Column, Row, Series, Table


def count_chart(
    key: str,
    title: str,
    kind: Literal["bar", "line", "stack", "funnel", "pyramid"],
    categories: Sequence[str],
    numbers: Sequence[int],
    unit: str,
    *,
    labels: tuple[str, ...],
    empty: str,
    of: int | None = None,
    note: str = "",
) -> Chart:
    """One number a category; with `of` each as a share of it too. `labels` head the columns of the table."""
    columns = (Column("name", labels[0]), *(Column(f"c{n}", label, "end") for n, label in enumerate(labels[1:])))
    shares = [(percent(number, of),) if of is not None else () for number in numbers]
    rows = tuple(
        Row((name, str(number), *share)) for name, number, share in zip(categories, numbers, shares, strict=True)
    )
    table = Table(key, title, columns, rows if any(numbers) else (), None, empty, note)
    series = (Series(labels[1], tuple(numbers), tuple(map(str, numbers))),)
    return Chart(key, title, kind, tuple(categories), series, unit, table)


def lines_chart(
    key: str, title: str, categories: Sequence[str], named: dict[str, Sequence[int]], *, first: str, empty: str
) -> Chart:
    """Several counts over the same categories, time as a rule."""
    columns = (Column("name", first), *(Column(f"c{n}", label, "end") for n, label in enumerate(named)))
    by_row = list(zip(categories, *named.values(), strict=True))
    rows = tuple(Row((str(name), *map(str, numbers))) for name, *numbers in by_row)
    has_any = any(number for numbers in named.values() for number in numbers)
    table = Table(key, title, columns, rows if has_any else (), None, empty)
    series = tuple(Series(label, tuple(numbers), tuple(map(str, numbers))) for label, numbers in named.items())
    return Chart(key, title, "line", tuple(categories), series, "", table)
