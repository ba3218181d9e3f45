"""The reckoning of due times from events: pauses, extensions, rounds, agreed days, and what old releases wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.worktime import Limit, Unit
from tests.crm.test_worktime import CALENDAR, ZONE, local
from visits.clock import DueTimes, Terms, fold, limit_data
from visits.workflow import STEPS

TERMS = Terms(Limit(10, Unit.WORKING_DAY), Limit(1, Unit.WORKING_DAY))
HOTLINE = Terms(Limit(7, Unit.NATURAL_DAY), Limit(2, Unit.HOUR))
ACCEPTED = "2025-03-03 09:30"  # a Monday
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 30), timezones=st.just(ZONE))
spans = st.timedeltas(timedelta(0), timedelta(days=20))


@dataclass(frozen=True)
class Event:
    step: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


def accept(at: datetime | str = ACCEPTED, terms: Terms = TERMS) -> Event:
    return Event("accept", moment(at), terms.as_data())


def moment(at: datetime | str) -> datetime:
    return local(at) if isinstance(at, str) else at


def due(*events: Event | tuple[str, str], terms: Terms = TERMS) -> DueTimes:
    told = [one if isinstance(one, Event) else Event(one[0], local(one[1])) for one in events]
    return fold(told, CALENDAR, lambda began: terms)


@pytest.mark.parametrize(
    ("paused", "resumed", "end"),
    [
        ("2025-03-07 16:00", "2025-03-10 10:00", "2025-03-18 11:30"),  # Friday to Monday: an hour and a half, and one
        ("2025-03-07 17:30", "2025-03-10 09:00", "2025-03-17 17:30"),  # a weekend takes nothing
        ("2025-03-04 12:00", "2025-03-04 13:30", "2025-03-17 17:30"),  # nor does lunch
        ("2025-03-04 12:10", "2025-03-04 14:00", "2025-03-18 09:30"),  # from lunch: half an hour
        ("2025-03-04 09:00", "2025-03-06 09:00", "2025-03-19 17:30"),  # two whole days
        ("2025-03-20 09:00", "2025-03-21 09:00", "2025-03-18 17:30"),  # late before, as late after
    ],
)
def test_a_pause_gives_back_the_working_time_between(paused, resumed, end):
    assert due(accept(), ("pause", paused), ("resume", resumed)).due_at == local(end)


def test_a_pause_over_a_make_up_saturday_gives_it_back_too():
    """Friday 2025-02-07 16:30 to Sunday: an hour of Friday and all of Saturday, which was worked."""
    end = due(accept("2025-02-05 09:30"), ("pause", "2025-02-07 16:30"), ("resume", "2025-02-09 10:00")).due_at
    assert due(accept("2025-02-05 09:30")).due_at == local("2025-02-18 17:30")
    assert end == local("2025-02-20 10:00")


def test_a_limit_in_natural_time_gets_back_natural_time():
    times = due(accept(terms=HOTLINE), ("pause", "2025-03-07 16:00"), ("resume", "2025-03-10 10:00"))
    assert times.due_at == local("2025-03-13 03:30")
    assert times.contact_due_at == local("2025-03-06 05:30")


@given(start=moments, wait=spans, stood=spans, then=spans)
def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(start, wait, stood, then):
    paused, resumed = start + wait, start + wait + stood
    before = due(accept(start))
    after = due(accept(start), Event("pause", paused), Event("resume", resumed))
    assert CALENDAR.worked(resumed, after.due_at) == CALENDAR.worked(paused, before.due_at)
    # And a second pause adds to the first, as if it had been one.
    again = Event("pause", resumed), Event("resume", resumed + then)
    assert due(accept(start), Event("pause", paused), Event("resume", resumed), *again) == due(
        accept(start), Event("pause", paused), Event("resume", resumed + then)
    )


@given(start=moments, wait=spans, stood=spans, longer=spans)
def test_a_longer_pause_never_makes_it_due_earlier(start, wait, stood, longer):
    paused = start + wait
    short = due(accept(start), Event("pause", paused), Event("resume", paused + stood))
    long = due(accept(start), Event("pause", paused), Event("resume", paused + stood + longer))
    assert long.due_at >= short.due_at >= due(accept(start)).due_at
    assert long.contact_due_at >= short.contact_due_at


@given(start=moments, wait=spans, stood=spans)
def test_in_natural_time_the_pause_is_added_as_it_is(start, wait, stood):
    paused = start + wait
    times = due(accept(start, HOTLINE), Event("pause", paused), Event("resume", paused + stood))
    assert times.due_at == start + timedelta(days=7) + stood


def test_nothing_is_owed_while_the_clock_stands_still():
    assert due(accept(), ("pause", "2025-03-04 09:00")).next_due_at is None


def test_a_contact_made_before_the_pause_keeps_its_limit():
    made = due(accept(), ("contact", "2025-03-03 15:00"), ("pause", "2025-03-04 09:00"), ("resume", "2025-03-06 09:00"))
    assert made.contact_due_at == local("2025-03-04 17:30")
    assert made.next_due_at == made.due_at == local("2025-03-19 17:30")


def test_an_agreed_day_counts_instead_of_the_limit_and_a_pause_moves_it():
    agreed = Event("dispatch", local("2025-03-03 10:00"), {"set_due_at": local("2025-03-10 17:30").isoformat()})
    assert due(accept(), agreed).due_at == local("2025-03-10 17:30")
    later = due(accept(), agreed, ("pause", "2025-03-05 09:00"), ("resume", "2025-03-06 09:00"))
    assert later.due_at == local("2025-03-11 17:30")


def test_a_new_round_begins_its_own_limit_by_the_terms_it_kept():
    longer = Terms(Limit(20, Unit.WORKING_DAY), TERMS.contact)
    redo = Event("redo", local("2025-03-12 10:00"), longer.as_data())
    ended = due(accept(), ("answer", "2025-03-10 10:00"), ("close", "2025-03-11 10:00"), redo)
    assert ended.due_at == ended.next_due_at == local("2025-04-10 17:30")
    # The first contact was of the first round; made or not, it is not owed again.
    assert ended.contact_due_at == local("2025-03-04 17:30")


def test_an_end_is_judged_once():
    """By the calendar of its day: one edited afterwards does not judge again."""
    judged = {"due_at": local("2025-03-14 17:30").isoformat(), "contact_due_at": None}
    assert due(accept(), Event("close", local("2025-03-13 10:00"), {"judged": judged})) == DueTimes(
        None, local("2025-03-14 17:30"), None
    )


def test_what_ends_while_the_clock_stands_still_gets_that_time_back_first():
    assert due(accept(), ("pause", "2025-03-04 09:00"), ("close", "2025-03-06 09:00")).due_at == local(
        "2025-03-19 17:30"
    )


def test_steps_that_no_longer_exist_are_passed_over():
    assert due(accept(), ("praise", "2025-03-04 09:00")) == due(accept())


# What releases wrote that kept no limits


def old_accept() -> Event:
    return Event("accept", local(ACCEPTED), {"due_at": "2025-03-17T17:30:00+08:00"})


def test_an_event_that_kept_no_limits_is_read_by_those_in_force_then():
    asked = []
    terms = Terms(Limit(2, Unit.WORKING_DAY), TERMS.contact)
    times = fold([Event("accept", local(ACCEPTED))], CALENDAR, lambda began: asked.append(began) or terms)
    assert (times.due_at, asked) == (local("2025-03-05 17:30"), [local(ACCEPTED)])


@pytest.mark.parametrize(
    ("written", "end"),
    [("2025-03-17T09:30:00+00:00", "2025-03-17 17:30"), ("2025-03-20T17:30:00+08:00", "2025-03-20 17:30")],
)
def test_of_an_old_dispatch_a_due_time_was_agreed_if_it_is_not_the_one_before(written, end):
    assert due(old_accept(), Event("dispatch", local("2025-03-03 10:00"), {"due_at": written})).due_at == local(end)


@pytest.mark.parametrize(("days", "end"), [(0, "2025-03-17 17:30"), (2, "2025-03-19 17:30")])
def test_whole_days_that_were_promised_back_stay_promised(days, end):
    resumed = Event("resume", local("2025-03-06 11:00"), {"paused_working_days": days})
    assert due(old_accept(), ("pause", "2025-03-04 10:00"), resumed).due_at == local(end)


# Steps of the table


@given(amount=st.integers(1, 20), unit=st.sampled_from([Unit.WORKING_DAY, Unit.HOUR, Unit.NATURAL_DAY]))
def test_limits_are_kept_in_events_as_they_are(amount, unit):
    terms = Terms(Limit(amount, unit), Limit(1, Unit.HOUR))
    assert terms.as_data()["limit"] == limit_data(terms.close)
    assert due(accept(terms=terms)).due_at == CALENDAR.add_working(local(ACCEPTED), terms.close)


def test_the_clock_is_moved_by_the_table_and_nothing_else():
    moving = {key for key, rule in STEPS.items() if rule.clock}
    assert {"accept", "pause", "resume", "close", "redo", "merge", "withdraw"} <= moving
    assert not {"submit", "sign", "progress", "return"} & moving
