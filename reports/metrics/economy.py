"""经济指标: what enterprises produced and paid, in yuan; nobody sees them without the right to (domain §8.4)."""

from __future__ import annotations

from functools import partial

from parks.choices import IndicatorKind as K
from reports import rows
from reports.metrics import definitions
from reports.metrics.metric import ECONOMY, Metric


def money(key: str, kind: K) -> Metric:
    label = str(kind.label)
    return Metric(
        key, label, "亿元", ECONOMY, partial(definitions.money_definition, label), rows.indicators,
        rows.indicator_is(kind.value), amount=rows.value, amounts_to="sum", style="yuan", distinct="enterprise_id",
    )  # fmt: skip


METRICS = (
    money("industrial_output", K.OUTPUT),
    money("business_revenue", K.REVENUE),
    money("tax_paid", K.TAX),
    money("district_revenue", K.DISTRICT),
)
