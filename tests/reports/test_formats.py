"""Rounding and writing of figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.formats import half_up, percent, percent_points


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (14, 16, "87.50%"),
        (Decimal("13.8"), 16, "86.25%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (1, 800, "0.13%"),
        (16, 16, "100.00%"),
        (24_999, 25_000, "99.99%"),
        (99_999, 100_000, "99.99%"),
        (1, 100_000, "0.01%"),
        (0, 5, "0.00%"),
        (0, 0, "—"),
    ],
)
def test_rates_have_two_decimals_and_round_half_up(numerator, denominator, printed):
    assert percent(numerator, denominator) == printed


def test_half_is_rounded_up_and_not_to_the_even_digit():
    assert str(half_up(Fraction("88.25"), 1)) == "88.3"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_all_and_none_are_printed_only_for_all_and_none(part, whole):
    share = Fraction(min(part, whole), whole)
    points = percent_points(share)
    assert (points == 100) == (share == 1)
    assert (points == 0) == (share == 0)
    assert abs(Fraction(points) - share * 100) < Fraction(1, 100)
