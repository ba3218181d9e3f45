"""What an issued report prints otherwise than its draft: the day of the issue, links to the frozen rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from crm.models import User
from reports.figures.sensitive import HIDDEN, PERMISSION
from reports.formats import EMPTY
from reports.metrics.metric import ECONOMY
from reports.report import Change, Definition, Figure, Report

UNKNOWN = Change(EMPTY, "none")

Address: TypeAlias = Callable[[str], str]


def as_issued(report: Report, on: date, figure_rows: Address, cell_rows: Address) -> Report:
    """`figure_rows` names the page of the frozen rows of a figure by its key, `cell_rows` that of a cell by the address
    of its live rows; empty where none were kept."""

    def linked(value: Any) -> Any:
        if isinstance(value, Figure):
            return replace(value, address=figure_rows(value.key))
        if not hasattr(value, "addresses"):
            return value
        addresses = tuple(one and cell_rows(one) for one in value.addresses)
        return replace(value, addresses=addresses if any(addresses) else ())

    found: Report = everywhere(report, linked)
    return replace(found, issued_on=on)


def everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """Every record of a report as `change` gives it back, whatever holds it."""
    if isinstance(value, tuple):
        return tuple(everywhere(one, change) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    found = {field.name: everywhere(getattr(value, field.name), change) for field in fields(value)}
    return change(replace(value, **found))


def shown_to(report: Report, reader: User) -> Report:
    """Amounts of one firm or two that the author saw are not shown to a reader without the right, as on the page."""
    if reader.has_perm(PERMISSION):
        return report
    secret = {one.label: one.definition for one in report.figures if is_secret(one)}

    def shielded(value: Any) -> Any:
        if isinstance(value, Figure):
            return withheld(value) if is_secret(value) else without_few(value)
        # Beside a 口径 stands the note of its figure.
        is_about_secret = isinstance(value, Definition) and value.label in secret
        return replace(value, text=secret[value.label]) if is_about_secret else value

    found: Report = everywhere(report, shielded)
    return found


def is_secret(one: Figure) -> bool:
    """Of money, unless it was kept that it is of more firms."""
    return one.section == ECONOMY and one.value is not None and one.is_of_few is not False


def withheld(one: Figure) -> Figure:
    bare = replace(one, text=HIDDEN, value=None, numerator=None, denominator=None, note="", address="")
    return replace(bare, change=UNKNOWN, last_year=one.last_year and UNKNOWN)


def without_few(one: Figure) -> Figure:
    """Growth over an amount of few would tell it."""
    last_year = UNKNOWN if one.last_year and one.last_year.is_of_few else one.last_year
    return replace(one, change=UNKNOWN if one.change.is_of_few else one.change, last_year=last_year)
