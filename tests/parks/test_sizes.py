"""The table of sizes at, above and below every limit, and what is never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parks.sizes import LEVELS, MICRO, OUTSIDE, TEN_THOUSAND, UNKNOWN, rows_under, size_of, table

BELOW = {"large": "中型", "medium": "小型", "small": "微型"}
STEP = {"X": 1, "Y": Decimal("0.01"), "Z": Decimal("0.01")}
# A class of each row, taken from the classification and not from the table.
EXAMPLE = {
    "agri": "0111", "industry": "3915", "construction": "4710", "wholesale": "5111", "retail": "5211",
    "transport": "5810", "storage": "5920", "post": "6010", "hotel": "6110", "catering": "6210",
    "infotrans": "6440", "software": "6513", "realestate": "7010", "property": "7020", "leasebiz": "7211",
    "other": "7320",
}  # fmt: skip

EDGES = [
    pytest.param(key, level, name, id=f"{key}-{level}-{name}")
    for key, row in table().items()
    for level in LEVELS
    for name in row[level]
]


def size(key: str, amounts: dict[str, Decimal]) -> str:
    values = {name: amounts.get(name) for name in "XYZ"}
    revenue, assets = (None if values[n] is None else values[n] * TEN_THOUSAND for n in "YZ")
    employees = None if values["X"] is None else int(values["X"])
    return size_of(EXAMPLE[key], employees, revenue, assets).label


@pytest.mark.parametrize(("key", "level", "name"), EDGES)
def test_a_limit_is_met_at_and_above_it_and_missed_just_below(key, level, name):
    limits = {one: Decimal(limit) for one, limit in table()[key][level].items()}
    assert size(key, limits) == LEVELS[level]
    assert size(key, limits | {name: limits[name] + STEP[name]}) == LEVELS[level]
    assert size(key, limits | {name: limits[name] - STEP[name]}) == BELOW[level]


def test_every_row_has_an_example_and_every_size_is_reached():
    assert set(EXAMPLE) == set(table())
    assert all(rows_under(code) == {key} for key, code in EXAMPLE.items())
    assert all(size(key, dict.fromkeys("XYZ", Decimal(0))) == MICRO for key in EXAMPLE)


@pytest.mark.parametrize("key", EXAMPLE)
def test_a_missing_input_is_named_and_not_guessed(key):
    limits = table()[key]["large"]
    for name in limits:
        rest = {one: Decimal(limit) for one, limit in limits.items() if one != name}
        assert size(key, rest) == UNKNOWN
    assert size(key, {}) == UNKNOWN


def test_an_input_that_the_row_does_not_ask_for_may_be_missing():
    assert size_of("7320", 300, None, None).label == "大型"
    assert size_of("0111", None, Decimal(500_0000), None).label == "中型"


def test_the_reason_names_the_row_or_what_is_missing():
    assert size_of("6513", 100, Decimal(1000_0000), None).reason == "按软件和信息技术服务业标准"
    assert "缺从业人数、营业收入" in size_of("6513", None, None, None).reason
    assert size_of("", 1, Decimal(1), Decimal(1)).reason == "缺行业"


@pytest.mark.parametrize("code", ["F", "G", "H", "I", "K", "Q", "59", "70"])
def test_an_industry_too_coarse_for_one_standard_is_not_guessed(code):
    found = size_of(code, 5000, Decimal(10**12), Decimal(10**12))
    assert (found.label, "细到中类" in found.reason) == (UNKNOWN, True)


@pytest.mark.parametrize("code", ["A", "C", "13", "L", "M", "65", "651"])
def test_a_coarse_industry_within_one_standard_is_enough(code):
    assert size_of(code, 0, Decimal(0), Decimal(0)).label == MICRO


@pytest.mark.parametrize("code", ["J", "66", "83", "8310", "84", "53", "7040", "91", "97"])
def test_an_industry_that_the_rule_leaves_out_has_no_size(code):
    assert size_of(code, 5000, Decimal(10**12), Decimal(10**12)).label == OUTSIDE


def test_a_code_of_no_classification_is_told():
    assert "不在" in size_of("9999", 1, Decimal(1), Decimal(1)).reason


def test_internet_security_goes_by_another_row_than_software():
    amounts = (300, Decimal(10_000) * TEN_THOUSAND, None)
    assert size_of("6513", *amounts).label == "大型"
    assert size_of("6440", *amounts).label == "中型"
