"""The calendar is edited: open appeals follow, what moved is told to those who may see it, and twice is once."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from crm.calendar import forget
from crm.calendar_actions import save_week, save_year
from crm.models import CalendarDay, CalendarEdit
from crm.roles import ROLES
from tests.visits.factories import local
from visits.actions.rebuild import rebuild_due_times
from visits.choices import AppealStatus as S
from visits.models import Appeal, CalendarFollowed, DueMove
from visits.tasks import follow_calendar

pytestmark = pytest.mark.django_db
HOLIDAY = date(2026, 11, 10)  # within the ten working days of an appeal of 2026-11-02


@pytest.fixture
def edit(manager, django_capture_on_commit_callbacks):
    """One more day off in November, as a person saves it."""

    def save(day: date = HOLIDAY) -> CalendarEdit:
        days = list(CalendarDay.objects.filter(date__year=2026))
        with django_capture_on_commit_callbacks(execute=True):
            save_year(2026, [*days, CalendarDay(date=day, kind="off", name="停电")], actor=manager)
        return CalendarEdit.objects.latest("pk")

    return save


def page(client, edit: CalendarEdit):
    return client.get(reverse("visits:calendar_moves", args=[edit.pk]))


def test_open_appeals_follow_the_calendar_and_closed_ones_stay_as_they_were_judged(cast, edit):
    handled, closed = cast.at(S.HANDLING), cast.at(S.CLOSED)
    told = edit()
    for appeal in (handled, closed):
        appeal.refresh_from_db()
    assert handled.due_at == local("2026-11-17 17:30")
    assert handled.next_due_at == handled.contact_due_at == local("2026-11-03 17:30")
    assert closed.due_at == local("2026-11-16 17:30")
    move = DueMove.objects.get()
    assert (move.edit, move.appeal) == (told, handled)
    assert (move.old_due_at, move.new_due_at) == (local("2026-11-16 17:30"), local("2026-11-17 17:30"))
    assert move.old_contact_due_at == move.new_contact_due_at
    assert not list(rebuild_due_times(Appeal.objects.all(), write=False))


def test_an_agreed_day_a_limit_in_natural_time_and_drafts_do_not_move(cast, edit):
    agreed = cast.take(cast.at(S.ACCEPTED), "dispatch", due_at=local("2026-11-20 17:30"))
    hotline = cast.take(cast.at(S.SUBMITTED), "accept", appeal_class="complex")
    cast.at(S.DRAFT)
    before = list(Appeal.objects.filter(pk__in=[agreed.pk, hotline.pk]).values("pk", "due_at", "contact_due_at"))
    edit()
    assert not DueMove.objects.exists()
    assert (
        list(Appeal.objects.filter(pk__in=[agreed.pk, hotline.pk]).values("pk", "due_at", "contact_due_at")) == before
    )


def test_the_hours_of_the_week_count_as_well(cast, manager, django_capture_on_commit_callbacks):
    appeal = cast.at(S.HANDLING)
    with django_capture_on_commit_callbacks(execute=True):
        save_week({day: "09:00-12:00 13:00-17:00" if day < 5 else "" for day in range(7)}, actor=manager)
    appeal.refresh_from_db()
    assert appeal.due_at == local("2026-11-16 17:00")
    assert DueMove.objects.count() == 1


def test_following_twice_is_following_once(cast, edit):
    cast.at(S.HANDLING)
    told = edit()
    before = list(DueMove.objects.values())
    follow_calendar.call(told.pk)
    assert list(DueMove.objects.values()) == before
    # Broken off after the first few thousand, and begun anew: the rest is told, what was told is not told again.
    CalendarFollowed.objects.all().delete()
    follow_calendar.call(told.pk)
    assert list(DueMove.objects.values()) == before
    assert CalendarFollowed.objects.get().edit == told


def test_what_moves_again_before_the_end_is_told_from_first_to_last(cast, edit):
    appeal = cast.at(S.HANDLING)
    told = edit()
    CalendarFollowed.objects.all().delete()
    CalendarDay.objects.create(date=date(2026, 11, 11), kind="off")
    forget()
    follow_calendar.call(told.pk)
    move = DueMove.objects.get()
    assert (move.old_due_at, move.new_due_at) == (local("2026-11-16 17:30"), local("2026-11-18 17:30"))
    appeal.refresh_from_db()
    assert appeal.due_at == move.new_due_at


def test_of_two_quick_edits_the_first_points_to_the_second_that_tells_what_both_moved(
    cast, manager, client, settings, django_capture_on_commit_callbacks
):
    appeal = cast.at(S.HANDLING)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    for day in (HOLIDAY, date(2026, 11, 11)):
        days = list(CalendarDay.objects.filter(date__year=2026))
        with django_capture_on_commit_callbacks(execute=True):
            save_year(2026, [*days, CalendarDay(date=day, kind="off", name="停电")], actor=manager)
    second, first = CalendarEdit.objects.all()[:2]
    for edit in (first, second):
        follow_calendar.call(edit.pk)
    assert [(move.edit, move.appeal) for move in DueMove.objects.all()] == [(second, appeal)]
    client.force_login(manager)
    text = page(client, first).text
    assert "两次一起重新计算" in text
    assert reverse("visits:calendar_moves", args=[second.pk]) in text
    assert "本次修改使 1 件诉求的时限变动" in page(client, second).text


def test_who_looks_sees_the_own_appeals_only(cast, others, edit, client):
    own, foreign = cast.at(S.HANDLING), others.at(S.HANDLING)
    Appeal.objects.filter(pk=foreign.pk).update(number="SQ-BIESHU")
    told = edit()
    assert DueMove.objects.count() == 2
    client.force_login(cast.manager)
    text = page(client, told).text
    assert "本次修改使 1 件诉求的时限变动" in text
    assert own.number in text
    assert "11-16 17:30<br>→ <strong>11-17 17:30</strong>" in text
    assert "SQ-BIESHU" not in text


def test_before_the_task_has_run_the_page_says_so_and_afterwards_when_nothing_moved(client, manager, edit):
    client.force_login(manager)
    told = edit()
    assert "没有改变任何" in page(client, told).text
    CalendarFollowed.objects.all().delete()
    assert "正在重新计算" in page(client, told).text
    assert client.get(reverse("visits:calendar_moves", args=[told.pk + 1])).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_the_list_is_for_those_who_see_appeals_and_the_calendar_leads_to_it(client, users, role, edit):
    told = edit()
    client.force_login(users[role])
    may = "visits.view_appeal" in ROLES[role].permissions
    assert page(client, told).status_code == (200 if may else 403)
    link = reverse("visits:calendar_moves", args=[told.pk])
    if "crm.view_calendarday" in ROLES[role].permissions:
        assert (link in client.get("/system/calendar/").text) == may


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_any_number_of_rows(cast, client, edit, rows, django_assert_num_queries):
    for _ in range(rows):
        cast.at(S.ACCEPTED)
    told = edit()
    client.force_login(cast.manager)
    with django_assert_num_queries(6):
        assert f"本次修改使 {rows} 件" in page(client, told).text
