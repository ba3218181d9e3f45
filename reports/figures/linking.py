"""Gives the cells of a table the addresses of the rows behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.figures.address import rows_address
from reports.report import Column, Row, Table
from reports.rows.dimensions import NONE
from reports.rows.scope import Scope

OWN_PARAMETERS = ("unit", "category")


def linked(scope: Scope, table: Table, parameter: str) -> Table:
    """`parameter` is what a row's key narrows: unit, category, or a dimension of the figures (source, steward)."""
    rows = tuple(replace(row, addresses=addresses(scope, table.columns, row, parameter)) for row in table.rows)
    total = table.total and replace(table.total, addresses=addresses(scope, table.columns, table.total, parameter))
    return replace(table, rows=rows, total=total)


def addresses(scope: Scope, columns: Sequence[Column], row: Row, parameter: str) -> tuple[str, ...]:
    """None for zeros and dashes; none at all for a part of what is a part already."""
    narrowed = narrowing(parameter, row.key)
    if scope.by and "by" in narrowed:
        return ("",) * len(columns)
    return tuple(
        rows_address(scope, column.figure, part=column.part, **narrowed)
        if column.figure and text[0].isdigit() and text != "0"
        else ""
        for column, text in zip(columns, row.cells, strict=True)
    )


def narrowing(parameter: str, key: str) -> dict[str, str]:
    """The total is narrowed by nothing; what belongs to none is a part of a breakdown."""
    if parameter in OWN_PARAMETERS and key != NONE:
        return {parameter: key} if key else {}
    return {"by": parameter, "value": key} if key else {}
