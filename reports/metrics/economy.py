"""经济指标: what enterprises produced and paid, in yuan; nobody sees them without the right to (domain §8.4)."""

from __future__ import annotations

from functools import partial

from parks.choices import IndicatorKind as K
from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import ECONOMY, Metric

LEFT_OUT = "另有{}家只有一年的数，未计入"


def money(key: str, kind: K) -> Metric:
    label = str(kind.label)
    return Metric(
        key, label, "亿元", ECONOMY, partial(definitions.money_definition, label), rows.indicators,
        rows.indicator_is(kind.value), amount=rows.value, amounts_to="sum", style="yuan", distinct="enterprise_id",
    )  # fmt: skip


def of_same_firms(key: str, kind: K) -> Metric:
    """可比口径: told with the growth over the year before of those firms alone that have values in both."""
    label = str(kind.label)
    same = partial(rows.of_same_firms, kind.value)
    definition = partial(definitions.comparable_definition, label)
    return Metric(
        key, f"可比口径{label}", "亿元", ECONOMY, definition, rows.indicators,
        lambda scope: same(scope.last_year())[0], asides=lambda scope: {LEFT_OUT: same(scope.last_year())[1]},
        amount=rows.value, amounts_to="sum", style="yuan", distinct="enterprise_id", same_as_in=same,
    )  # fmt: skip


METRICS = (
    money("industrial_output", K.OUTPUT),
    money("business_revenue", K.REVENUE),
    money("tax_paid", K.TAX),
    money("district_revenue", K.DISTRICT),
    of_same_firms("comparable_output", K.OUTPUT),
    of_same_firms("comparable_revenue", K.REVENUE),
    of_same_firms("comparable_tax", K.TAX),
    of_same_firms("comparable_district", K.DISTRICT),
)
