"""Amounts of one firm or two are hidden from who has no right to them, and cannot be worked out from the rest."""

from __future__ import annotations

from itertools import product

import pytest

from reports.figures.sensitive import FEWEST_FIRMS, HIDDEN, hidden_groups, hides_total, is_sensitive, shown


@pytest.mark.parametrize(("firms", "is_so"), [(0, False), (1, True), (2, True), (3, False), (100, False)])
def test_an_amount_of_one_firm_or_two_is_sensitive(firms, is_so):
    assert is_sensitive(firms) == is_so


@pytest.mark.parametrize(
    ("firms", "hidden"),
    [
        ((3, 4, 5), set()),
        ((0, 4, 5), set()),
        # Alone it could be worked out from the total: the smallest of the others is hidden with it.
        ((1, 4, 5), {0, 1}),
        ((9, 2, 0, 5), {1, 3}),
        # Two firms in two groups are two firms still.
        ((1, 1, 6, 5), {0, 1, 3}),
        ((1, 2, 6, 5), {0, 1}),
        # Nothing is left to hide it behind.
        ((2,), {0}),
    ],
)
def test_what_is_hidden_has_company(firms, hidden):
    assert hidden_groups(firms) == hidden


def test_whatever_the_groups_nothing_hidden_is_the_difference_of_what_is_shown():
    for firms in product(range(5), repeat=4):
        hidden = hidden_groups(firms)
        rest = [firms[place] for place in hidden]
        if hidden and sum(1 for count in firms if count) > len(hidden):
            assert len(rest) > 1
            assert sum(rest) >= FEWEST_FIRMS, firms
        assert all(not is_sensitive(count) for place, count in enumerate(firms) if place not in hidden)
        assert all(firms[place] for place in hidden)


def test_without_a_total_only_the_small_ones_are_hidden():
    assert hidden_groups((1, 4, 5), has_total=False) == {0}


def test_a_reader_with_the_right_sees_all_and_another_a_star():
    texts = ("12.5", "300", "47")
    assert shown(texts, (1, 9, 3), may_see=True) == texts
    assert shown(texts, (1, 9, 3), may_see=False) == (HIDDEN, "300", HIDDEN)
    assert shown(texts, (4, 9, 3), may_see=False) == texts


@pytest.mark.parametrize(("firms", "is_hidden"), [((1, 1), True), ((2, 1), False), ((0, 0), False), ((), False)])
def test_a_total_of_one_firm_or_two_is_hidden_too(firms, is_hidden):
    assert hides_total(firms) == is_hidden
