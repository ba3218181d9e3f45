"""Loading the reference tables that ship as CSV: industries and kinds of qualification."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).parent / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_industries(industry: Any) -> int:
    """GB/T 4754-2017 (sections before divisions, so that parents exist). `industry` is the model class."""
    wanted = [
        industry(code=row["code"], name=row["name"], rank=row["level"], parent_id=row["parent"] or None)
        for row in rows_of("gbt4754_2017.csv")
    ]
    wanted.sort(key=lambda entry: (entry.code.isdigit(), len(entry.code)))
    industry.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "rank", "parent"],
        batch_size=200,
    )
    return len(wanted)


def load_qualification_kinds(kind: Any) -> int:
    """The catalogue of titles; kinds added by an office are left alone."""
    rows = rows_of("qualification_kinds.csv")
    for position, row in enumerate(rows, start=1):
        values = {**row, "valid_months": row["valid_months"] or None, "position": position}
        kind.objects.update_or_create(code=values.pop("code"), defaults=values)
    return len(rows)
