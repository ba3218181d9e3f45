"""What an issued report prints otherwise than its draft: the day of the issue, links to the frozen rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from crm.models import User
from reports.figures.sensitive import PERMISSION
from reports.metrics.metric import ECONOMY
from reports.report import Block, Figure, FigureStrip, Numbered, Report

Address: TypeAlias = Callable[[str], str]


def as_issued(report: Report, on: date, figure_rows: Address, cell_rows: Address) -> Report:
    """`figure_rows` names the page of the frozen rows of a figure by its key, `cell_rows` that of a cell by the address
    of its live rows; empty where none were kept."""
    linked: Report = relinked(report, figure_rows, cell_rows)
    return replace(linked, issued_on=on)


def relinked(value: Any, figure_rows: Address, cell_rows: Address) -> Any:
    if isinstance(value, tuple):
        return tuple(relinked(one, figure_rows, cell_rows) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    found = {field.name: relinked(getattr(value, field.name), figure_rows, cell_rows) for field in fields(value)}
    if "addresses" in found:
        addresses = tuple(one and cell_rows(one) for one in found["addresses"])
        found["addresses"] = addresses if any(addresses) else ()
    if isinstance(value, Figure):
        found["address"] = figure_rows(value.key)
    return replace(value, **found)


def shown_to(report: Report, reader: User) -> Report:
    """Amounts that the author saw are not shown to a reader without the right: neither the figures nor their 口径."""
    return report if reader.has_perm(PERMISSION) else withheld(report, ECONOMY)


def withheld(report: Report, section: str) -> Report:
    labels = frozenset(one.label for one in report.figures if one.section == section)
    parts = (replace(part, blocks=tuple(without(part.blocks, section, labels))) for part in report.parts)
    figures = tuple(one for one in report.figures if one.section != section)
    return replace(report, figures=figures, parts=tuple(parts))


def without(blocks: Iterable[Block], section: str, labels: frozenset[str]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, FigureStrip):
            figures = tuple(one for one in block.figures if one.section != section)
            if figures:
                yield replace(block, figures=figures)
        elif isinstance(block, Numbered):
            yield replace(block, entries=tuple(one for one in block.entries if one.label not in labels))
        else:
            yield block
