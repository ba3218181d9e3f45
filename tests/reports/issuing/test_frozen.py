"""Freezing a report and thawing it again: exact, and the same bytes every time."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.documents.build import build_report
from reports.issuing.frozen import KIND, RECORDS, NotFrozen, freeze, sha256, thaw
from reports.report import Change, Definition, Figure

BEIJING = timezone(timedelta(hours=8))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
plain: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    texts,
    st.decimals(allow_nan=False, allow_infinity=False),
    st.fractions(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, BEIJING])),
)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=12)


def kinds(value: Any) -> Any:
    """The types all the way down: 1, True and Decimal(1) are equal and not the same."""
    if isinstance(value, tuple):
        return tuple(kinds(one) for one in value)
    return type(value), str(value)


@pytest.mark.parametrize("name", RECORDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_record_of_a_report_comes_back_as_it_was(name, data):
    record = RECORDS[name](**{field.name: data.draw(values) for field in fields(RECORDS[name])})
    content = freeze(record)
    again = thaw(content)
    assert again == record
    assert type(again) is type(record)
    assert [kinds(getattr(again, f.name)) for f in fields(record)] == [
        kinds(getattr(record, f.name)) for f in fields(record)
    ]
    assert freeze(again) == content == freeze(record)


@pytest.mark.parametrize(
    "value",
    [
        0, True, -(10**30), "", "〔2026〕\n\t\"'\\ 䶮𣲗", (), ((), (1, (None,))),
        Decimal("0.10"), Decimal("1E+3"), Decimal("-0"), Fraction(1, 3), Fraction(-7), date(2026, 11, 28),
        datetime(2026, 11, 28, 9, 30, 1, 5, BEIJING), Change("▲1", "up"),
        (Definition("走访家次", "期内"), Definition("", "")),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_comes_back_with_its_kind(value):
    assert kinds(thaw(freeze(value))) == kinds(value)
    assert freeze(thaw(freeze(value))) == freeze(value)


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), [1], {"a": 1}, {1}, b"x", 1j, Decimal("NaN"), (1, (2.0,))], ids=repr
)
def test_what_cannot_be_kept_exactly_is_refused(value):
    with pytest.raises(NotFrozen):
        freeze(value)


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "1.5", "[1.0]", '{"a":1}', '{"@":"User","name":"x"}', '{"@":"decimal"}', '{"@":"decimal","value":"x"}',
        '{"@":"date","value":"2026-13-01"}', '{"@":"Change"}', '{"@":["Change"]}', '{"@":"os.system"}',
    ],
)  # fmt: skip
def test_what_was_never_frozen_is_refused(content):
    with pytest.raises(NotFrozen):
        thaw(content)


def test_a_frozen_record_outlives_fields_that_come_and_go():
    kept = json.loads(freeze(Change("▲1", "up"))) | {"dropped_since": 1}
    assert thaw(json.dumps(kept)) == Change("▲1", "up")
    optional = [field.name for field in fields(Figure) if field.default is not MISSING]
    full = {field.name: "" for field in fields(Figure) if field.name not in optional}
    assert thaw(json.dumps({KIND: "Figure"} | full)) == Figure(**full)


def test_a_whole_report_comes_back_as_it_was_and_has_one_hash(full):
    report = build_report(full.scope())
    content = freeze(report)
    assert thaw(content) == report
    assert freeze(thaw(content)) == content
    assert freeze(build_report(full.scope())) == content
    assert sha256(content) == sha256(content.decode())


def test_the_hash_tells_a_change_of_any_figure(full):
    before = sha256(freeze(build_report(full.scope())))
    full.visit("2023-11-20")
    assert sha256(freeze(build_report(full.scope()))) != before
