"""What an issued report prints otherwise than its draft: the day of the issue, links to the frozen rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from reports.report import Figure, Report


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
