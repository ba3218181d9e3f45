"""The demo's economic indicators: the totals of 2023 are those of the review (domain §0), every year since is alive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random

from parks.actions import Told, record_indicators
from parks.choices import IndicatorKind, Reach
from parks.models import Enterprise

# In yuan: 31.2 亿; 9.55 亿, 26.97 % more than the year before; 2.5 亿, 30 % more.
TOTALS = {
    IndicatorKind.OUTPUT: {2022: Decimal(2_894_000_000), 2023: Decimal(3_120_000_000)},
    IndicatorKind.TAX: {2022: Decimal(752_146_000), 2023: Decimal(955_000_000)},
    IndicatorKind.DISTRICT: {2022: Decimal(192_307_692), 2023: Decimal(250_000_000)},
}
FIRMS = {IndicatorKind.OUTPUT: 15, IndicatorKind.TAX: 25, IndicatorKind.DISTRICT: 25}
# Firms that pay from the second year on: of the same firms alone growth is less.
NEWCOMERS, LEAST_SHARE, FIRST_YEAR = 3, 20, 2022
SOURCES = {IndicatorKind.OUTPUT: "统计月报"}
YEARLY_GROWTH = Decimal("1.08")
# January comes with February.
MONTHS = range(2, 13)


def make_economy(firms: Sequence[Enterprise], seed: int, today: date) -> None:
    """Totals month by month, as they arrive, up to the last month that is over."""
    rng = Random(seed)  # noqa: S311  (the same fiction every time is the point)
    told: list[Told] = []
    for kind, totals in TOTALS.items():
        shares = [rng.randrange(20, 200) for _ in range(FIRMS[kind] - NEWCOMERS)] + [LEAST_SHARE] * NEWCOMERS
        for year in range(FIRST_YEAR, today.year + 1):
            total = totals.get(year) or (totals[2023] * YEARLY_GROWTH ** (year - 2023)).quantize(Decimal(1))
            there = shares if year > FIRST_YEAR else shares[:-NEWCOMERS]
            for firm, amount in zip(firms, split(total, there), strict=False):
                told += year_of(firm, kind, year, amount, today)
    record_indicators(told)


def split(total: Decimal, shares: Sequence[int]) -> list[Decimal]:
    """Whole yuan that add up to the total."""
    parts = [total * share // sum(shares) for share in shares]
    return [parts[0] + total - sum(parts), *parts[1:]]


def year_of(firm: Enterprise, kind: IndicatorKind, year: int, amount: Decimal, today: date) -> list[Told]:
    source = SOURCES.get(kind, "税务月报")
    return [
        Told(firm, kind, year, month, Reach.TOTAL, amount * month // 12, ends_on(year, month), source)
        for month in MONTHS
        if ends_on(year, month) < today
    ]


def ends_on(year: int, month: int) -> date:
    """The day after a month."""
    return date(year + month // 12, month % 12 + 1, 1)
