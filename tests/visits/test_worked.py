"""How long an appeal was handled: in working time, from its acceptance to its closing, without what stood still."""

from __future__ import annotations

import pytest

from tests.visits.factories import local
from visits.actions.rebuild import rebuild_due_times
from visits.choices import AppealStatus as S
from visits.models import Appeal

pytestmark = pytest.mark.django_db

# Monday to Friday 09:00-12:00 13:30-17:30: seven hours a day.
DAY = 7 * 60


def close(cast, appeal, at: str):
    appeal = cast.take(appeal, "answer", at=local(at))
    return cast.take(appeal, "close", at=local(at))


def accepted(cast, at: str) -> Appeal:
    appeal = cast.take(cast.draft(), "submit", at=local(at))
    appeal = cast.take(appeal, "accept", at=local(at))
    appeal = cast.take(appeal, "dispatch", at=local(at))
    return cast.take(appeal, "sign", at=local(at))


def test_nights_and_weekends_are_no_time_of_handling(cast):
    appeal = close(cast, accepted(cast, "2026-11-06 16:30"), "2026-11-09 10:00")
    assert (appeal.worked_minutes, appeal.first_worked_minutes) == (120, 120)
    assert appeal.first_closed_at == appeal.closed_at


def test_what_was_paused_is_no_time_of_handling(cast):
    appeal = accepted(cast, "2026-11-02 09:00")
    appeal = cast.take(appeal, "pause", at=local("2026-11-02 10:00"), until=local("2026-11-04 00:00").date())
    appeal = cast.take(appeal, "resume", at=local("2026-11-03 09:00"))
    appeal = close(cast, appeal, "2026-11-03 11:00")
    assert appeal.worked_minutes == 180


def test_a_pause_that_nobody_ended_ends_with_its_last_day(cast):
    appeal = accepted(cast, "2026-11-02 09:00")
    appeal = cast.take(appeal, "pause", at=local("2026-11-02 10:00"), until=local("2026-11-03 00:00").date())
    appeal = cast.take(appeal, "resume", at=local("2026-11-05 09:00"))
    appeal = close(cast, appeal, "2026-11-05 10:00")
    assert appeal.worked_minutes == 60 + DAY + 60


def test_of_a_reopened_appeal_both_closings_are_known_and_the_time_between_is_not_counted(cast):
    appeal = close(cast, accepted(cast, "2026-11-02 09:00"), "2026-11-02 11:00")
    appeal = cast.take(appeal, "call_back", at=local("2026-11-03 09:00"))
    appeal = cast.take(appeal, "redo", at=local("2026-11-04 09:00"))
    assert (appeal.worked_minutes, appeal.first_worked_minutes) == (None, 120)
    appeal = close(cast, appeal, "2026-11-04 10:00")
    assert (appeal.worked_minutes, appeal.first_worked_minutes) == (180, 120)
    assert appeal.first_closed_at == local("2026-11-02 11:00")


@pytest.mark.parametrize("status", [S.CLOSED, S.CONFIRMED, S.ARCHIVED])
def test_the_time_of_handling_is_found_again_from_the_events(cast, status):
    cast.at(status)
    fields = ("worked_minutes", "first_closed_at", "first_worked_minutes")
    before = Appeal.objects.values_list(*fields).get()
    assert None not in before
    Appeal.objects.update(worked_minutes=None, first_closed_at=None, first_worked_minutes=7)
    assert len(list(rebuild_due_times(Appeal.objects.all()))) == 1
    assert Appeal.objects.values_list(*fields).get() == before
    assert not list(rebuild_due_times(Appeal.objects.all(), write=False))
