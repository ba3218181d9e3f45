"""The periods on offer."""

from __future__ import annotations

from datetime import date

from reports.period import Period
from reports.period.picker import choices


def test_recent_months_quarters_and_years_are_offered_the_newest_first():
    keys = [choice.key for choice in choices(date(2023, 11, 20), Period.parse("2023-11"))]
    assert keys[:2] == ["2023-11", "2023-10"]
    assert {"2023-Q4", "2022-Q4", "2023", "2020"} <= set(keys)
    assert {"2023-to-2023-11-20", "2023-11-to-2023-11-20", "2023-W47", "2023-W46", "2023-11-20"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_the_open_period_is_always_among_them():
    (chosen,) = [one for one in choices(date(2023, 11, 20), Period.parse("2019-03")) if one.is_chosen]
    assert chosen.label == "2019年3月"
