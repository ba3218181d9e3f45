"""The page tells why an appeal is due when it is."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from crm.calendar_actions import save_year
from crm.models import CalendarDay
from tests.visits.factories import local
from visits.choices import AppealStatus as S
from visits.models import Appeal
from visits.views.clock import clock_lines

pytestmark = pytest.mark.django_db


def told(appeal: Appeal) -> list[str]:
    return [f"{line.text} → {timezone.localtime(line.due_at):%m-%d %H:%M}" for line in clock_lines(appeal)]


def test_a_draft_has_no_clock(cast):
    assert told(cast.at(S.SUBMITTED)) == []


def test_limit_pause_and_what_was_given_back_are_told_step_by_step(cast):
    appeal = cast.take(cast.at(S.PAUSED), "resume", at=local("2026-11-04 10:00"))
    lines = told(appeal)
    assert lines[0] == "受理：时限 10 个工作日 → 11-16 17:30"
    assert lines[1].startswith("挂起：停止计时")
    # Three hours of Monday, all of Tuesday, an hour of Wednesday.
    assert lines[2] == "恢复办理：恢复计时，顺延 11 小时（工作时间） → 11-18 14:30"
    assert clock_lines(appeal)[-1].due_at == appeal.due_at


def test_an_agreed_day_and_the_end_are_told(cast):
    appeal = cast.take(cast.at(S.ACCEPTED), "dispatch", due_at=local("2026-11-20 17:30"))
    assert told(appeal)[-1] == "派单：约定时限 → 11-20 17:30"
    for step in ("sign", "answer", "close"):
        appeal = cast.take(appeal, step)
    assert told(appeal)[-1] == "审核通过：停止计时 → 11-20 17:30"


def test_a_new_round_begins_anew(cast):
    appeal = cast.take(cast.at(S.CONFIRMED), "redo", at=local("2026-11-10 10:00"))
    assert told(appeal)[-1] == "重新办理：时限 10 个工作日 → 11-24 17:30"


def test_an_edit_of_the_calendar_is_told(cast, manager, django_capture_on_commit_callbacks):
    appeal = cast.at(S.HANDLING)
    days = list(CalendarDay.objects.filter(date__year=2026))
    with django_capture_on_commit_callbacks(execute=True):
        save_year(2026, [*days, CalendarDay(date=date(2026, 11, 10), kind="off")], actor=manager)
    appeal.refresh_from_db()
    assert told(appeal)[-1] == "工作日历修改：原 11-16 17:30 → 11-17 17:30"
    assert appeal.due_at == clock_lines(appeal)[-1].due_at


@pytest.mark.parametrize("status", list(S))
def test_the_last_line_is_what_is_stored(cast, status):
    appeal = cast.at(status)
    lines = clock_lines(appeal)
    assert (lines[-1].due_at if lines else None) == appeal.due_at


def test_the_page_shows_the_lines(cast, client):
    client.force_login(cast.manager)
    assert "受理：时限 10 个工作日" in client.get(cast.at(S.HANDLING).get_absolute_url()).text
    assert "时限怎么算的" not in client.get(cast.at(S.DRAFT).get_absolute_url()).text
