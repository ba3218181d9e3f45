"""Registered and paid-in capital: amount, currency and the words of the list are one fact in three fields."""

from __future__ import annotations

from decimal import Decimal

from crm.imports.columns import Reading, Values
from crm.imports.resource import Change
from parks.choices import Currency
from parks.models import Enterprise

CAPITALS = {"registered_capital": "注册资本", "paid_in_capital": "实缴资本"}


def reconcile(values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
    for prefix in CAPITALS:
        _reconcile(prefix, values, target, changes, reading)


def _reconcile(prefix: str, values: Values, target: Enterprise, changes: list[Change], reading: Reading) -> None:
    """Amount and currency are one fact; how the list spelled it is none."""
    parts = [change for change in changes if change.field.startswith(prefix)]
    if not parts:
        return
    changes[:] = [change for change in changes if change not in parts]
    old, currency = getattr(target, prefix), getattr(target, f"{prefix}_currency")
    new, new_currency = values[prefix], values[f"{prefix}_currency"]
    if old == new and (currency == new_currency or values.get(f"_{prefix}_currency_assumed")):
        # "30" under 注册资金(万元) says nothing about the currency of 30万美元 on the register.
        values[f"{prefix}_currency"] = currency
        return
    if old is not None and currency != new_currency:
        reading.doubt(f"币种由{Currency(currency).label}变为{Currency(new_currency).label}，请核对")
    by_hand = any(part.by_hand for part in parts)
    changes.append(Change(prefix, CAPITALS[prefix], money(old, currency), money(new, new_currency), by_hand))


def money(amount: Decimal | None, currency: str) -> str:
    """``28,566.7891 万元`` or ``30 万美元``."""
    if amount is None:
        return ""
    unit = "元" if currency == Currency.CNY else Currency(currency).label
    number = f"{Decimal(amount) / 10_000:,.6f}".rstrip("0").rstrip(".")
    return f"{number} 万{unit}"
