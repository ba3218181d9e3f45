"""大型, 中型, 小型, 微型 by the table of the statistics rule (2017); pure, and never a guess.

Insured people are no substitute for people employed, so they are not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from parks.reference import DATA_DIR, rows_of

LARGE, MEDIUM, SMALL, MICRO = "大型", "中型", "小型", "微型"
UNKNOWN, OUTSIDE = "数据不足", "不划型"
TEN_THOUSAND = Decimal(10_000)
INPUTS = {"X": "从业人数", "Y": "营业收入", "Z": "资产总额"}
LEVELS = {"large": LARGE, "medium": MEDIUM, "small": SMALL}


@dataclass(frozen=True, slots=True)
class Size:
    """The size and the reason in words: the row of the table, or what is missing."""

    label: str
    reason: str

    @property
    def is_known(self) -> bool:
        return self.label not in (UNKNOWN, OUTSIDE)


def size_of(industry: str, employees: int | None, revenue: Decimal | None, assets: Decimal | None) -> Size:
    """`industry` is a code of GB/T 4754-2017; amounts are in yuan of one year."""
    if not industry:
        return Size(UNKNOWN, "缺行业")
    keys = rows_under(industry)
    if not keys:
        return Size(UNKNOWN, f"行业代码 {industry} 不在国民经济行业分类中")
    if keys == {None}:
        return Size(OUTSIDE, "划型办法不含这个行业")
    if len(keys) > 1:
        return Size(UNKNOWN, "行业须细到中类，同一门类内标准不同")
    row = table()[str(next(iter(keys)))]
    amounts = {"X": employees, "Y": in_wan(revenue), "Z": in_wan(assets)}
    lacking = [INPUTS[name] for name in row["small"] if amounts[name] is None]
    if lacking:
        return Size(UNKNOWN, f"缺{'、'.join(lacking)}（按{row['name']}标准）")
    return Size(_highest(row, amounts), f"按{row['name']}标准")


def _highest(row: dict[str, Any], amounts: dict[str, Any]) -> str:
    """The highest level whose limits are all met."""
    for level, label in LEVELS.items():
        if all(amounts[name] >= limit for name, limit in row[level].items()):
            return label
    return MICRO


def in_wan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount / TEN_THOUSAND


@cache
def table() -> dict[str, dict[str, Any]]:
    with (DATA_DIR / "sme_size_thresholds.json").open(encoding="utf-8") as file:
        return {row["key"]: row for row in json.load(file)["rows"]}


@cache
def rows_under(code: str) -> frozenset[str | None]:
    """Rows of the table that the classes under a code fall into; None stands for those in no row."""
    return frozenset(key for name, key in row_of_class().items() if is_in(name, code))


@cache
def row_of_class() -> dict[str, str | None]:
    """Every four-digit class → its row of the table, None where the rule leaves it out."""
    entries = [(entry, key) for key, row in table().items() for entry in row["gbt4754"]]
    return {name: next((key for entry, key in entries if is_in(name, entry)), None) for name in classes()}


def classes() -> Iterator[str]:
    return (row["code"] for row in rows_of("gbt4754_2017.csv") if len(row["code"]) == 4)


def is_in(name: str, entry: str) -> bool:
    """Whether a class is under an entry; a letter is the section of the class's division."""
    return name.startswith(entry) if entry.isdigit() else sections().get(name[:2]) == entry


@cache
def sections() -> dict[str, str]:
    return {row["code"]: row["parent"] for row in rows_of("gbt4754_2017.csv") if len(row["code"]) == 2}
