"""大型, 中型, 小型, 微型 told by the database for whole sets of enterprises; the same rule as parks.sizes.size_of."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from parks.reference import rows_of
from parks.sizes import LEVELS, MICRO, OUTSIDE, TEN_THOUSAND, UNKNOWN, rows_under, table

FIELDS = {"X": "employee_count", "Y": "annual_revenue", "Z": "total_assets"}
# Amounts of the table are in 万元, those of the register in yuan.
UNITS = {"X": 1, "Y": TEN_THOUSAND, "Z": TEN_THOUSAND}


def size_case(prefix: str = "") -> Case:
    """The size of the enterprise that `prefix` leads to."""
    whens = [When(Q(**{f"{prefix}pk__isnull": True}), then=None)]
    whens += [when for key, codes in codes_by_row().items() for when in whens_of(prefix, key, codes)]
    return Case(*whens, default=Value(UNKNOWN), output_field=CharField())


def whens_of(prefix: str, key: str | None, codes: tuple[str, ...]) -> list[When]:
    """Of one row of the table: what is missing first, then from the highest level down."""
    applies = in_codes(f"{prefix}industry__code", codes)
    if key is None:
        return [When(applies, then=Value(OUTSIDE))]
    row = table()[key]
    lacking = Q()
    for name in row["small"]:
        lacking |= Q(**{f"{prefix}{FIELDS[name]}__isnull": True})
    levels = [When(applies & reaches(prefix, row[level]), then=Value(label)) for level, label in LEVELS.items()]
    return [When(applies & lacking, then=Value(UNKNOWN)), *levels, When(applies, then=Value(MICRO))]


def reaches(prefix: str, limits: dict[str, Any]) -> Q:
    met = Q()
    for name, limit in limits.items():
        met &= Q(**{f"{prefix}{FIELDS[name]}__gte": limit * UNITS[name]})
    return met


def in_codes(field: str, codes: tuple[str, ...]) -> Q:
    """Under one of the codes; a letter is not the beginning of the codes under it, so it stands for itself."""
    found = Q(**{f"{field}__in": [code for code in codes if not code.isdigit()]})
    for code in codes:
        if code.isdigit():
            found |= Q(**{f"{field}__startswith": code})
    return found


@cache
def codes_by_row() -> dict[str | None, tuple[str, ...]]:
    """Row of the table → the codes all of whose classes fall into it, without those under another such code."""
    found: dict[str | None, list[str]] = {}
    rows = rows_of("gbt4754_2017.csv")
    keys = {row["code"]: rows_under(row["code"]) for row in rows}
    for row in rows:
        parent = row["parent"]
        # Under a letter every division is named, because codes do not begin with it.
        is_covered = parent.isdigit() and len(keys[parent]) == 1
        if len(keys[row["code"]]) == 1 and not is_covered:
            found.setdefault(next(iter(keys[row["code"]])), []).append(row["code"])
    return {key: tuple(codes) for key, codes in found.items()}
