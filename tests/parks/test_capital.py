"""Capital in the spellings that lists really use."""

from decimal import Decimal

import pytest

from parks.capital import HeaderUnit, chinese_number, infer_header_unit, parse_capital, parse_header_unit

SEEN_IN_LISTS = [
    ("1,000(万元人民币)", "10000000", "CNY"),
    ("3.1000(万元)", "31000", "CNY"),
    ("60万人民币", "600000", "CNY"),
    ("183.8000(万人民币元)", "1838000", "CNY"),
    ("5,405(万美元)", "54050000", "USD"),
    ("26万元", "260000", "CNY"),
    ("3,700(万元(人民币))", "37000000", "CNY"),
    ("25,220(万香港元)", "252200000", "HKD"),
    ("32000万", "320000000", "CNY"),
    ("6,000,000(人民币元)", "6000000", "CNY"),
    ("270万港币", "2700000", "HKD"),
    ("300,000(万日元)", "3000000000", "JPY"),
    ("1,065(万元(港币))", "10650000", "HKD"),
    ("2,610(万元(美元))", "26100000", "USD"),
    ("450(万美元 )", "4500000", "USD"),
    ("8,866.1000(万元（人民币）)", "88661000", "CNY"),
    ("2,124(万德国马克)", "21240000", "DEM"),
    ("520(万澳大利亚元)", "5200000", "AUD"),
    ("32.66万欧元", "326600", "EUR"),
    ("2,897.5000(万加拿大元)", "28975000", "CAD"),
    ("2,156(万瑞士法郎)", "21560000", "CHF"),
    ("1854元人民币", "1854", "CNY"),
    ("2500万日元", "25000000", "JPY"),
    ("2,850(万法国法郎)", "28500000", "FRF"),
    ("150( 万元人民币元)", "1500000", "CNY"),
    ("400(万元欧元)", "4000000", "EUR"),
    ("10(元/万元)", "100000", "CNY"),
    ("2,800(万元(日元))", "28000000", "JPY"),
    ("15(万加元)", "150000", "CAD"),
    ("21万新加坡元", "210000", "SGD"),
    ("45(万德国马克 )", "450000", "DEM"),
    ("90万英镑", "900000", "GBP"),
    ("33000元", "33000", "CNY"),
    ("3,000(万美)", "30000000", "USD"),
    ("30万瑞士法郎", "300000", "CHF"),
    ("1000万元人民币", "10000000", "CNY"),
    ("1000万人民币元", "10000000", "CNY"),
    ("305843.0395万元人民币", "3058430395", "CNY"),
    ("500万美元", "5000000", "USD"),
    ("10000000元", "10000000", "CNY"),
    ("1.2亿元", "120000000", "CNY"),
    ("30万港元", "300000", "HKD"),
    ("RMB 5,000,000", "5000000", "CNY"),
    ("壹仟万元整", "10000000", "CNY"),
    ("人民币壹仟贰佰万元", "12000000", "CNY"),
    ('="3000万人民币"', "30000000", "CNY"),
    ("５００万元", "5000000", "CNY"),
    ("1.0E+3万元", "10000000", "CNY"),
]


@pytest.mark.parametrize(("text", "amount", "currency"), SEEN_IN_LISTS)
def test_every_spelling_gives_amount_and_currency(text, amount, currency):
    capital = parse_capital(text)
    assert capital is not None
    assert (capital.amount, capital.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["", "-", "--", "无", "暂无", "****", "/", "null"])
def test_the_many_ways_of_saying_nothing_are_no_value(text):
    assert parse_capital(text) is None


@pytest.mark.parametrize(
    "text",
    ["abc", "万元", "亿", "3万5千", "-5万", "100万火星币", "1.2.3万", "9999999999亿元", "9" * 500, "1E+999999999"],
)
def test_what_cannot_be_read_is_refused_with_a_message(text):
    with pytest.raises(ValueError, match="金额"):
        parse_capital(text)


def test_the_cell_speaks_before_the_header_and_the_header_before_the_default():
    wan = HeaderUnit(10_000)
    assert parse_capital("1000", wan).amount == 10_000_000
    assert not parse_capital("1000", wan).unit_assumed
    assert parse_capital("33000元", wan).amount == 33_000
    assert parse_capital("1000", HeaderUnit(1)).amount == 1_000
    assert parse_capital("1000").amount == 10_000_000
    assert parse_capital("1000").unit_assumed
    assert parse_capital("1000", HeaderUnit(10_000, "USD")).currency == "USD"


def test_a_currency_that_nobody_wrote_is_marked_as_assumed():
    assert parse_capital("1000", HeaderUnit(10_000)).currency_assumed
    assert not parse_capital("1000万美元").currency_assumed


@pytest.mark.parametrize(
    ("text", "factor", "currency"),
    [("万元", 10_000, ""), ("元", 1, ""), ("万美元", 10_000, "USD"), ("人民币", None, "CNY"), ("亿元", 10**8, "")],
)
def test_a_header_names_a_unit_a_currency_or_both(text, factor, currency):
    assert parse_header_unit(text) == HeaderUnit(factor, currency)


def test_a_header_without_money_names_no_unit():
    assert parse_header_unit("%") is None
    assert parse_header_unit("") is None


def test_a_column_of_large_whole_numbers_is_in_yuan():
    assert infer_header_unit(["1000000", "5,000,000", "300000", "200000", "900000"]) == HeaderUnit(1)
    assert infer_header_unit(["100", "500", "1000", "3000", "50"]) is None
    assert infer_header_unit(["1000000"]) is None


@pytest.mark.parametrize(
    ("text", "number"), [("壹仟贰佰", 1200), ("一亿二千万", 120_000_000), ("十", 10), ("三万", 30_000)]
)
def test_chinese_numerals_are_read(text, number):
    assert chinese_number(text) == number
