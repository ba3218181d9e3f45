"""The score as domain §1.5 writes it, in exact numbers and without a database."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from reports.evaluation.choices import ItemKind
from reports.evaluation.schemes import default_scheme
from reports.evaluation.scoring import Item, score
from reports.figures.tally import Tally
from reports.metrics import METRIC_BY_KEY

SOLVING, SATISFACTION = METRIC_BY_KEY["solving_rate"], METRIC_BY_KEY["satisfaction_rate"]
RECEIVED, OVERDUE = METRIC_BY_KEY["appeals_received"], METRIC_BY_KEY["overdue_appeals"]


def rate(numerator: str, rows: int) -> Tally:
    return Tally(rows, D(numerator), {}, F(D(numerator)) / rows if rows else None)


def weighted(metric, points: int, target: F = F(1)) -> Item:
    return Item(ItemKind.WEIGHT, metric, D(points), target)


def test_the_vector_of_the_domain_scores_88_25():
    found = {
        "response_rate": rate("16", 16),
        "solving_rate": rate("14", 16),
        "satisfaction_rate": rate("13.8", 16),
    }
    assert score(default_scheme().items, found).points == F("88.25")


def test_a_metric_beyond_its_target_counts_as_the_target():
    items = [weighted(SOLVING, 60, F(9, 10)), weighted(RECEIVED, 40, F(20))]
    found = {"solving_rate": rate("95", 100), "appeals_received": Tally(5)}
    assert score(items, found).points == 60 + 40 * F(5, 20)


def test_an_item_without_a_denominator_is_left_out_and_the_rest_weighs_100_again():
    items = [weighted(SOLVING, 60), weighted(SATISFACTION, 40)]
    found = {"solving_rate": rate("0", 0), "satisfaction_rate": rate("3", 4)}
    result = score(items, found)
    assert result.points == 75
    assert result.parts == (None, F(75))
    assert result.left_out == (items[0],)


def test_without_any_denominator_there_is_no_score_whatever_is_added_or_taken():
    items = [weighted(SOLVING, 100), Item(ItemKind.PENALTY, OVERDUE, D(2))]
    assert score(items, {"solving_rate": rate("0", 0), "overdue_appeals": Tally(3)}).points is None


@pytest.mark.parametrize(("rows", "most", "taken"), [(0, None, "0"), (3, None, "1.5"), (3, D(1), "1"), (2, D(1), "1")])
def test_points_for_every_row_are_taken_up_to_a_limit(rows, most, taken):
    items = [weighted(SOLVING, 100), Item(ItemKind.PENALTY, OVERDUE, D("0.5"), None, most)]
    found = {"solving_rate": rate("1", 1), "overdue_appeals": Tally(rows)}
    assert score(items, found).points == 100 - F(taken)


@pytest.mark.parametrize(
    ("kind", "solved", "points"),
    [
        (ItemKind.BONUS, "95", 97),
        (ItemKind.BONUS, "94", 94),
        (ItemKind.PENALTY, "95", 95),
        (ItemKind.PENALTY, "94", 92),
    ],
)
def test_a_rate_earns_a_bonus_at_its_target_and_a_penalty_below_it(kind, solved, points):
    items = [weighted(SOLVING, 100), Item(kind, SOLVING, D(2), F(95, 100))]
    assert score(items, {"solving_rate": rate(solved, 100)}).points == points
