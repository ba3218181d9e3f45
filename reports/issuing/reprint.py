"""What an issued report prints otherwise than its draft: the day of the issue, links to the frozen rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from crm.models import User
from reports.figures.sensitive import PERMISSION
from reports.metrics.metric import ECONOMY
from reports.report import Block, Figure, FigureStrip, Numbered, Report


def as_issued(report: Report, on: date, rows_address: Callable[[str], str]) -> Report:
    """`rows_address` names the page of a figure's frozen rows; cells lead nowhere, for theirs were not kept apart."""
    linked: Report = relinked(report, rows_address)
    return replace(linked, issued_on=on)


def relinked(value: Any, rows_address: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return tuple(relinked(one, rows_address) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    found = {field.name: relinked(getattr(value, field.name), rows_address) for field in fields(value)}
    if "addresses" in found:
        found["addresses"] = ()
    if isinstance(value, Figure):
        found["address"] = rows_address(value.key)
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
