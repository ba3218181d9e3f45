"""Amounts as people read them."""

from decimal import Decimal

import pytest

from crm.templatetags.ui import money


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("10000000"), "人民币", "1,000 万元"),
        (Decimal("300000"), "美元", "30 万美元"),
        (None, "美元", "—"),
    ],
)
def test_money_names_its_currency_and_nothing_stays_a_dash(amount, currency, shown):
    assert money(amount, currency) == shown
