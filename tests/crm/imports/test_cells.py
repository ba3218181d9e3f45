"""One cell at a time."""

import datetime as dt

import pytest

from crm.imports.cells import (
    CellError,
    is_empty,
    parse_date,
    parse_date_range,
    parse_whole_number,
    reject_formula_error,
    text_of,
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (1.0, "1"),
        (305843.0395, "305843.0395"),
        (True, "是"),
        ('="1000万"', "1000万"),
        ("'9111", "9111"),
        ("\u00a0某某\u3000", "某某"),
        ("某\u200b某", "某某"),
        ("某\u202e\x01某\n某", "某某\n某"),
    ],
)
def test_a_cell_is_read_as_a_person_reads_it(cell, text):
    assert text_of(cell) == text


@pytest.mark.parametrize("text", ["", "-", "--", "—", "无", "暂无", "NULL", "***", "N/A"])
def test_nothing_is_written_in_many_ways(text):
    assert is_empty(text)


@pytest.mark.parametrize(
    "cell",
    [
        "2020-01-02",
        "2020/1/2",
        "2020.1.2",
        "2020年1月2日",
        "20200102",
        "２０２０－０１－０２",
        "2020-01-02 00:00:00",
        "2020-01-02 13:30",
        43832.0,
        "43832",
        43832.75,
    ],
)
def test_every_usual_spelling_of_a_day_is_understood(cell):
    assert parse_date(cell) == (dt.date(2020, 1, 2), "")


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2019年5月", dt.date(2019, 5, 1)), ("2019-05", dt.date(2019, 5, 1)), (2019.0, dt.date(2019, 1, 1))],
)
def test_a_month_or_a_year_is_taken_with_a_warning(cell, day):
    value, warning = parse_date(cell)
    assert value == day
    assert warning


@pytest.mark.parametrize("cell", ["2019年13月40日", "2021-02-29", "昨天", "0001-01-01", "99999", "1e5"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(CellError):
        parse_date(cell)


def test_a_term_has_an_open_or_a_fixed_end():
    assert parse_date_range("1997-01-28 至 无固定期限") == (dt.date(1997, 1, 28), None)
    assert parse_date_range("自2001年2月3日至2021年2月2日") == (dt.date(2001, 2, 3), dt.date(2021, 2, 2))
    assert parse_date_range("长期") == (None, None)
    assert parse_date_range("2001-02-03") == (dt.date(2001, 2, 3), None)


def test_a_head_count_is_whole():
    assert parse_whole_number("1,234人") == 1234
    for text in ("50-99人", "1.5", "-3", "很多", "inf"):
        with pytest.raises(CellError):
            parse_whole_number(text)


def test_a_broken_formula_is_named_as_such():
    with pytest.raises(CellError, match="公式"):
        reject_formula_error("#REF!")
