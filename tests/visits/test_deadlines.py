"""The words for the time that is left."""

from __future__ import annotations

import pytest

from tests.visits.factories import local
from visits.choices import AppealStatus as S
from visits.deadlines import due_state

pytestmark = pytest.mark.django_db
DUE = local("2026-11-16 17:30")  # a Monday


@pytest.mark.parametrize(
    ("now", "text", "look"),
    [
        ("2026-11-02 10:00", "剩 10 个工作日", "calm"),
        ("2026-11-12 10:00", "剩 2 个工作日", "calm"),
        ("2026-11-13 10:00", "剩 1 个工作日", "warn"),
        ("2026-11-15 10:00", "剩 1 个工作日", "warn"),
        ("2026-11-16 17:29", "今日 17:30 到期", "warn"),
        ("2026-11-16 17:31", "刚刚逾期", "bad"),
        ("2026-11-19 09:00", "逾期 3 个工作日", "bad"),
    ],
)
def test_an_open_appeal_says_what_is_left_or_late(now, text, look):
    state = due_state(S.HANDLING, DUE, None, local(now))
    assert (state.text, state.look) == (text, look)


def test_a_limit_that_ends_on_a_day_off_says_when():
    state = due_state(S.HANDLING, local("2026-11-14 18:00"), None, local("2026-11-13 18:00"))
    assert (state.text, state.look) == ("11-14 18:00 到期", "warn")


def test_a_closed_one_says_whether_it_was_in_time():
    now = local("2026-12-01 10:00")
    assert due_state(S.CLOSED, DUE, DUE, now).text == "按时办结"
    assert due_state(S.CONFIRMED, DUE, local("2026-11-16 17:31"), now).text == "超期办结"


def test_a_standing_clock_is_not_late():
    assert due_state(S.PAUSED, DUE, None, local("2026-12-01 10:00")).text == "停止计时"


@pytest.mark.parametrize("status", [S.DRAFT, S.REJECTED, S.MERGED, S.WITHDRAWN])
def test_no_clock_runs_for_what_is_not_handled(status):
    assert due_state(status, DUE, None, local("2026-12-01 10:00")) is None
