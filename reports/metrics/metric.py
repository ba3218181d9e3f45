"""What a figure is: its rows, which of them count, and the 口径 printed under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from django.db.models import Min, Q, QuerySet

from reports.rows import every_row, nothing_set_apart, rates
from reports.rows.scope import Scope
from reports.rows.source import Source

# How a figure is written: hours are kept in minutes, money in yuan.
Style: TypeAlias = Literal["count", "percent", "score", "hours", "each", "yuan"]
VISITS, APPEALS, ANSWERS, REGISTER, ATTENTION = ("走访", "诉求办理", "回访评价", "企业与资质", "需要关注")
HOTLINE, ECONOMY = "热线工单", "经济指标"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure is a set of rows and a way to count them; total, breakdown and drill-down use the same pair.

    The rows are `rows(scope)` limited by `where(scope)`. Without `parts` the figure is their number, or that of the
    different values of the field `distinct`. With `parts` it is a rate: the weighted number of rows that meet each
    part's condition, over the number of rows. With `amount` it is what the rows amount to: their mean, their median or
    their sum.
    """

    key: str
    label: str
    unit: str
    section: str
    definition: str | Callable[[], str]
    rows: Source
    where: Callable[[Scope], Q] = every_row
    parts: Callable[[], Mapping[str, Decimal]] | None = None
    conditions: Callable[[Scope], Mapping[str, Q]] = rates.answers
    asides: Callable[[Scope], Mapping[str, Q]] = nothing_set_apart
    amount: Callable[[Scope], Any] | None = None
    amounts_to: Literal["mean", "median", "sum"] = "mean"
    style: Style = "count"
    # Conditions over which single parts are measured, where that is not all the rows (`rates.BASES`).
    has_bases: bool = False
    distinct: str = ""
    # Counts only what has its like in another period: which rows those are, and which are left out for want of it.
    same_as_in: Callable[[Scope], tuple[Q, Q]] | None = None

    @property
    def is_median(self) -> bool:
        return self.amount is not None and self.amounts_to == "median"

    @property
    def definition_text(self) -> str:
        return self.definition if isinstance(self.definition, str) else self.definition()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """By what it can be parted (reports.rows.dimensions)."""
        return self.rows.dimensions

    def seen_from(self, scope: Scope) -> Metric:
        """For the year before, as compared with a scope: what has its like there."""
        if self.same_as_in is None:
            return self
        alike, others = self.same_as_in(scope)
        label = next(iter(self.asides(scope)))
        return replace(self, where=lambda _: alike, asides=lambda _: {label: others})

    def drill_down(self, scope: Scope) -> QuerySet[Any]:
        """As many rows as the figure counts; of those that count once together, the first."""
        rows = self.rows(scope).filter(self.where(scope))
        # Amounts are added up; how many different there are is told beside them.
        if not self.distinct or self.amount:
            return rows
        firsts = rows.order_by().values(self.distinct).annotate(first=Min("pk"))
        return rows.filter(pk__in=firsts.values("first"))


def rate(
    section: str,
    key: str,
    label: str,
    definition: str | Callable[[], str],
    source: Source,
    part: str,
    conditions: Callable[[Scope], Mapping[str, Q]],
    **more: Any,
) -> Metric:
    """The share of the rows that meet one condition, named `part`."""
    parts = rates.whole(part)
    return Metric(key, label, "", section, definition, source, parts=parts, conditions=conditions, style="percent",
                  **more)  # fmt: skip
