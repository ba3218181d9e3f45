"""Bands of registered capital: lower bounds inclusive, from a setting; unknown and foreign amounts stand apart."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db.models import Case, CharField, Q, Value, When

from parks.choices import Currency

TEN_THOUSAND = Decimal(10_000)
FOREIGN, UNKNOWN = "foreign", "unknown"
APART = {FOREIGN: "外币", UNKNOWN: "未知"}


def bounds() -> list[Decimal]:
    """The lower bounds in yuan, the first of them 0."""
    return [Decimal(0), *sorted(bound * TEN_THOUSAND for bound in settings.YQT["CAPITAL_BANDS"])]


def band_labels() -> dict[str, str]:
    """Key → name, from the lowest band up; the key is the lower bound in 万元, so that it outlives other settings."""
    lows = bounds()
    return {key_of(low): label(low, high) for low, high in zip(lows, [*lows[1:], None], strict=True)} | APART


def key_of(low: Decimal) -> str:
    return f"{low / TEN_THOUSAND:f}"


def label(low: Decimal, high: Decimal | None) -> str:
    if high is None:
        return f"{wan(low)}以上"
    return f"{wan(low)}—{wan(high)}" if low else f"{wan(high)}以下"


def wan(yuan: Decimal) -> str:
    amount = yuan / TEN_THOUSAND
    return f"{amount / TEN_THOUSAND:f}亿元" if amount and not amount % TEN_THOUSAND else f"{amount:f}万元"


def band_of(prefix: str = "") -> Case:
    """The band of the enterprise that `prefix` leads to."""
    amount = f"{prefix}registered_capital"
    is_foreign = Q(**{f"{amount}__isnull": False}) & ~Q(**{f"{amount}_currency": Currency.CNY})
    from_the_top = [When(Q(**{f"{amount}__gte": low}), then=Value(key_of(low))) for low in reversed(bounds())]
    return Case(
        When(Q(**{f"{prefix}pk__isnull": True}), then=None),
        When(is_foreign, then=Value(FOREIGN)),
        *from_the_top,
        default=Value(UNKNOWN),
        output_field=CharField(),
    )
