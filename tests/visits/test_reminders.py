"""Reminders: the ladder, who hears of what, one digest a day; late, missed and doubled runs tell everybody once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.crm.factories import make_user
from tests.visits.factories import START, local
from visits import actions
from visits.choices import AppealStatus as S
from visits.models import Appeal, Digest, Notice, Reminder

pytestmark = pytest.mark.django_db

# Accepted on Monday 2 November 2026 at 11:30 with ten working days: due on the 16th at 17:30.
ON_THE_DAY = [local(f"2026-11-{day:02} 10:00") for day in range(2, 31)]


@pytest.fixture
def handled(cast) -> Appeal:
    return cast.at(S.HANDLING)


@pytest.fixture
def leader(cast):
    return make_user("leader", cast.office, role="leader")


def kinds(user=None) -> list[str]:
    rows = Notice.objects.filter(user=user) if user else Reminder.objects.all()
    return sorted(rows.values_list("reminder__kind" if user else "kind", flat=True))


def run_at(moments: list[datetime]) -> None:
    for moment in moments:
        actions.remind(now=moment)


def told(*users) -> dict[str, list[str]]:
    return {user.username: kinds(user) for user in users}


def test_each_rung_is_reached_at_its_share_of_the_working_time(cast, handled):
    assert handled.due_at == local("2026-11-16 17:30")
    reached = {}
    for moment in ON_THE_DAY:
        before = Reminder.objects.count()
        actions.remind(now=moment)
        if Reminder.objects.count() > before:
            reached[f"{moment:%m-%d}"] = kinds()
    assert reached == {
        "11-10": ["half"],
        "11-13": ["half", "nearly"],
        "11-17": ["half", "nearly", "overdue"],
    }


def test_half_is_told_to_whose_turn_it_is_the_chief_hears_when_it_is_nearly_due_the_leader_when_it_is_late(
    cast, handled, leader, others
):
    run_at(ON_THE_DAY)
    assert told(cast.handler, cast.manager, leader, cast.desk, cast.helper, others.manager, others.handler) == {
        cast.handler.username: ["half", "nearly", "overdue"],
        cast.manager.username: ["nearly", "overdue"],
        leader.username: ["overdue"],
        cast.desk.username: [],
        cast.helper.username: [],
        others.manager.username: [],
        others.handler.username: [],
    }


def test_what_no_unit_has_yet_is_told_to_the_desk(cast):
    cast.at(S.ACCEPTED)
    run_at(ON_THE_DAY)
    assert kinds(cast.desk) == ["half", "nearly", "overdue"]
    assert kinds(cast.handler) == []


def test_what_the_unit_has_answered_is_told_to_the_desk_which_is_to_review_it(cast):
    appeal = cast.at(S.ANSWERED)
    cast.take(appeal, "urge", cast.steward, note="企业在等")
    run_at(ON_THE_DAY)
    assert kinds(cast.desk) == ["half", "nearly", "overdue", "urged"]
    assert kinds(cast.handler) == []


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(ON_THE_DAY, id="on the day"),
        pytest.param([moment for moment in ON_THE_DAY for _ in range(2)], id="twice"),
        pytest.param([moment + timedelta(days=1) for moment in ON_THE_DAY], id="a day late"),
        pytest.param([moment + timedelta(days=7) for moment in ON_THE_DAY], id="seven days late"),
        pytest.param([local("2026-11-26 10:00")] * 2, id="once, after all was over, and again"),
    ],
)
def test_however_late_and_often_it_runs_everybody_is_told_the_same_once(cast, handled, leader, runs):
    run_at(runs)
    assert kinds() == ["half", "nearly", "overdue"]
    assert kinds(cast.handler) == ["half", "nearly", "overdue"]
    assert kinds(cast.manager) == ["nearly", "overdue"]
    assert kinds(leader) == ["overdue"]
    assert not Notice.objects.waiting().exists()


@pytest.mark.parametrize(
    ("moment", "is_told"),
    [
        ("2026-11-17 03:00", False),
        ("2026-11-17 12:30", False),
        ("2026-11-21 10:00", False),
        ("2026-11-17 13:30", True),
        ("2026-10-10 10:00", True),
    ],
    ids=["at night", "at lunch", "on a Saturday", "after lunch", "on a made-up Saturday"],
)
def test_nobody_is_told_anything_outside_working_time(cast, moment, is_told):
    begin = local("2026-09-01 09:00")
    appeal = cast.draft(at=begin)
    for step in ("submit", "accept", "dispatch", "sign"):
        appeal = cast.take(appeal, step, at=begin)
    done = actions.remind(now=local(moment))
    assert done.is_working_time == is_told
    assert Notice.objects.exists() == is_told


def test_a_person_gets_one_digest_a_day_with_all_of_it_and_the_rest_tomorrow(cast):
    early, late = cast.at(S.HANDLING), cast.at(S.HANDLING)
    actions.remind(now=local("2026-11-17 09:30"))
    digest = Digest.objects.get(user=cast.handler)
    assert set(digest.notices.values_list("reminder__appeal", flat=True)) == {early.pk, late.pk}
    cast.take(early, "urge", at=local("2026-11-17 09:40"))
    actions.remind(now=local("2026-11-17 15:00"))
    assert Digest.objects.filter(user=cast.handler).count() == 1
    assert Notice.objects.filter(user=cast.handler).waiting().count() == 1
    actions.remind(now=local("2026-11-18 09:30"))
    assert Digest.objects.filter(user=cast.handler).count() == 2
    assert not Notice.objects.filter(user=cast.handler).waiting().exists()


def test_what_was_dealt_with_before_the_digest_is_told_nobody(cast, handled):
    cast.take(handled, "urge", at=local("2026-11-03 10:00"))
    for step in ("answer", "close"):
        cast.take(handled, step, at=local("2026-11-03 11:00"))
    actions.remind(now=local("2026-11-03 15:00"))
    assert not Digest.objects.exists()
    assert not Notice.objects.exists()


def test_a_pause_takes_no_time_and_reminds_nobody(cast, handled):
    cast.take(handled, "pause", at=local("2026-11-04 10:00"), until=local("2026-11-27 10:00").date())
    run_at(ON_THE_DAY[:24])
    assert kinds() == []
    cast.take(handled, "resume", at=local("2026-11-26 10:00"))
    run_at([local("2026-11-26 10:10"), local("2026-12-03 10:00")])
    assert kinds() == ["half"]


def test_a_new_round_begins_the_ladder_anew(cast, handled):
    run_at(ON_THE_DAY)
    appeal, later = handled, local("2026-11-30 11:00")
    for step in ("answer", "close", "call_back", "redo"):
        appeal = cast.take(appeal, step, at=later)
    run_at([local("2026-12-09 10:00")])
    assert kinds() == ["half", "half", "nearly", "overdue"]


def test_an_extension_puts_the_rungs_off(cast, handled):
    cast.take(handled, "ask_extension", cast.handler, at=local("2026-11-03 10:00"), amount=10)
    cast.take(handled, "grant_extension", at=local("2026-11-03 11:00"))
    run_at([local("2026-11-10 10:00")])
    assert kinds() == []


def test_pressing_is_told_to_whose_turn_it_is_at_once(cast, handled, leader, client):
    cast.take(handled, "urge", cast.desk, note="企业又打电话来了", at=START + timedelta(days=1))
    cast.take(handled, "supervise", leader, note="本周五前办结", at=START + timedelta(days=1))
    assert kinds(cast.handler) == ["supervised", "urged"]
    assert kinds(cast.manager) == ["supervised"]
    assert Appeal.objects.get(pk=handled.pk).supervised_at
    client.force_login(cast.handler)
    page = client.get(reverse("visits:notice_list")).content.decode()
    assert "企业又打电话来了" in page
    assert "本周五前办结" in page
    assert "2 条未读" in page
    assert ">2<" in client.get(reverse("visits:notice_count")).content.decode()
    client.post(reverse("visits:notices_read"))
    assert "没有未读" in client.get(reverse("visits:notice_list")).content.decode()
    assert Notice.objects.filter(user=cast.manager).unread().exists()


def test_only_a_leader_or_the_chief_supervises_and_lifts_it(cast, handled, leader):
    for person in (cast.desk, cast.handler, cast.steward):
        with pytest.raises(actions.StepRefused):
            cast.take(handled, "supervise", person)
    appeal = cast.take(handled, "supervise", leader)
    with pytest.raises(actions.StepRefused, match="已经在督办"):
        cast.take(appeal, "supervise", cast.manager)
    assert cast.take(appeal, "lift", cast.manager).supervised_at is None


def test_a_notice_is_nobody_elses_and_goes_with_the_appeal_into_the_bin(cast, handled, others):
    run_at([local("2026-11-17 10:00")])
    assert Notice.objects.visible_to(cast.handler).count() == 3
    assert {notice.user for notice in Notice.objects.visible_to(cast.manager)} == {cast.manager}
    assert not Notice.objects.visible_to(others.manager).exists()
    actions.delete_appeal(handled, actor=cast.manager)
    assert not Notice.objects.visible_to(cast.handler).exists()


def test_the_command_says_what_it_did(cast, handled, capsys, time_machine_at):
    time_machine_at(local("2026-11-17 10:00"))
    call_command("send_reminders")
    call_command("send_reminders")
    assert capsys.readouterr().out.splitlines() == [
        "新提醒 3 条，汇总发给 2 人。",
        "新提醒 0 条，汇总发给 0 人。",
    ]
    time_machine_at(local("2026-11-17 22:00"))
    call_command("send_reminders")
    assert capsys.readouterr().out == "现在不是工作时间，没有发出提醒。\n"


@pytest.mark.parametrize("count", [1, 30])
def test_a_run_and_the_page_take_the_same_queries_however_many_appeals(cast, client, count, django_assert_num_queries):
    for _ in range(count):
        cast.at(S.HANDLING)
    with django_assert_num_queries(18):
        actions.remind(now=local("2026-11-17 10:00"))
    client.force_login(cast.handler)
    # One of them is for the notices of reports.
    with django_assert_num_queries(10):
        client.get(reverse("visits:notice_list"))
