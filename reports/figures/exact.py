"""Exact values as JSON numbers: the one place where a figure becomes a float, after all computing is done."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from reports.report import Value


def json_number(value: Value) -> int | float | None:
    """Counts as integers, rates as fractions of 1, points and money as numbers; None without rows."""
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(value)
    return value
