"""Joint units, requests that another decides, pauses with a limit, and what may be sent back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.calendar import current
from crm.models import User
from crm.worktime import Limit, Unit
from tests.crm.factories import make_organisation, make_user
from tests.visits.factories import local
from visits import actions
from visits.actions import StepRefused
from visits.choices import AppealStatus as S
from visits.choices import JointStatus, RequestKind
from visits.models import Appeal
from visits.workflow import STEPS

pytestmark = pytest.mark.django_db


def page_of(client, user: User, appeal: Appeal) -> str:
    client.force_login(user)
    return client.get(appeal.get_absolute_url()).text


# Joint units


def test_each_joint_unit_has_its_own_state_which_the_page_shows(client, cast):
    second = make_organisation("财政科", "unit", cast.office)
    appeal = cast.take(cast.at(S.ACCEPTED), "dispatch", joint_units=[cast.joint, second])
    appeal = cast.take(cast.take(appeal, "sign"), "joint_sign")
    assert {row.unit: row.status for row in appeal.joint_rows.all()} == {
        cast.joint: JointStatus.WORKING,
        second: JointStatus.WAITING,
    }
    appeal = cast.take(appeal, "joint_answer", note="已核实用电负荷")
    text = page_of(client, cast.handler, appeal)
    assert "已反馈" in text
    assert "已核实用电负荷" in text
    assert appeal.status == S.HANDLING


def test_joint_units_answer_by_a_day_of_their_own_that_is_not_after_the_appeals(cast):
    appeal = cast.at(S.ACCEPTED)
    late = appeal.due_at + timedelta(days=1)
    with pytest.raises(StepRefused, match="联办反馈时限不能晚于办理时限"):
        cast.take(appeal, "dispatch", joint_due_at=late)
    own = cast.take(appeal, "dispatch", joint_due_at=local("2026-11-06 17:30")).joint_rows.get()
    assert own.limit == local("2026-11-06 17:30")


def test_without_a_day_of_its_own_a_joint_unit_has_the_appeals_and_follows_it(cast):
    appeal = cast.ready_for("grant_extension", S.HANDLING)
    assert appeal.joint_rows.get().limit == appeal.due_at
    later = cast.take(appeal, "grant_extension")
    assert later.joint_rows.get().limit == later.due_at > appeal.due_at


def test_closing_over_a_joint_unit_that_has_not_answered_needs_a_reason(cast):
    appeal = cast.at(S.ANSWERED)
    with pytest.raises(StepRefused, match="企业服务科还没有反馈"):
        cast.take(appeal, "close", note=" ")
    assert cast.take(appeal, "close", note="联办事项另行跟进").status == S.CLOSED


def test_closing_needs_no_reason_once_every_joint_unit_has_answered(cast):
    appeal = cast.take(cast.ready_for("joint_answer", S.ANSWERED), "joint_answer")
    assert cast.take(appeal, "close", note="").status == S.CLOSED


def test_who_stands_above_a_joint_unit_does_not_speak_for_it(cast):
    appeal = cast.at(S.HANDLING)
    with pytest.raises(StepRefused, match="只有联办单位自己的人员"):
        cast.take(appeal, "joint_sign", cast.manager)


def test_a_new_round_asks_the_joint_units_anew(cast):
    appeal = cast.at(S.DISPATCHED)
    for step in ("joint_sign", "joint_answer", "sign", "answer", "close", "call_back", "redo"):
        appeal = cast.take(appeal, step)
    own = appeal.joint_rows.get()
    assert (own.status, own.answered_at, own.answer) == (JointStatus.WAITING, None, "")


def test_a_whistle_brings_a_unit_above_which_sees_it_and_answers(client, cast, town):
    power = make_organisation("供电所", "unit", town)
    person = make_user("power", power, role="unit", scope="unit")
    appeal = cast.at(S.HANDLING)
    assert not Appeal.objects.visible_to(person).exists()
    appeal = cast.take(appeal, "whistle", cast.handler, helpers=[power], note="请到现场会商")
    assert Appeal.objects.visible_to(person).get() == appeal
    assert Appeal.objects.awaiting(person).get() == appeal
    assert "请到现场会商" in page_of(client, person, appeal)
    for step in ("joint_sign", "joint_answer"):
        appeal = cast.take(appeal, step, person, note="已到场")
    assert appeal.joint_rows.get(unit=power).status == JointStatus.ANSWERED
    assert not Appeal.objects.awaiting(person).exists()


def test_people_below_a_superior_do_not_answer_its_whistle(cast, town):
    appeal = cast.take(cast.at(S.HANDLING), "whistle", helpers=[town])
    with pytest.raises(StepRefused, match="只有联办单位自己的人员"):
        cast.take(appeal, "joint_sign", cast.manager)


def test_the_lead_unit_is_not_called_to_its_own_appeal(cast):
    with pytest.raises(StepRefused, match="是领办单位，不用吹哨"):
        cast.take(cast.at(S.HANDLING), "whistle", helpers=[cast.lead])


# Handing over


def test_handing_over_changes_the_lead_and_leaves_the_clock_alone(cast):
    appeal = cast.at(S.HANDLING)
    after = cast.take(appeal, "transfer", cast.desk, lead_unit=cast.joint, joint_units=[], note="属企业服务科职责")
    assert (after.status, after.lead_unit, after.due_at) == (S.DISPATCHED, cast.joint, appeal.due_at)
    assert not after.joint_rows.exists()
    assert not Appeal.objects.visible_to(cast.handler).exists()
    assert cast.take(after, "sign", cast.helper).status == S.HANDLING


def test_a_lead_hands_back_to_the_desk_and_joint_units_keep_what_they_did(cast):
    appeal = cast.take(cast.ready_for("joint_answer", S.HANDLING), "joint_answer")
    appeal = cast.take(appeal, "hand_back", cast.handler, note="不属本科室职责，建议财政科")
    assert (appeal.status, appeal.lead_unit) == (S.ACCEPTED, None)
    third = make_organisation("财政科", "unit", cast.office)
    appeal = cast.take(appeal, "dispatch", lead_unit=third, joint_units=[cast.joint])
    assert appeal.joint_rows.get().status == JointStatus.ANSWERED


def test_sending_back_is_limited_to_working_hours_after_the_dispatch(cast, settings):
    settings.YQT = settings.YQT | {"RETURN_WORKING_HOURS": 3}
    appeal = cast.at(S.DISPATCHED)  # at 12:30, in the lunch break
    assert appeal.dispatched_at == local("2026-11-02 12:30")
    with pytest.raises(StepRefused, match="派单已超过 3 个工作小时"):
        cast.take(appeal, "return", at=local("2026-11-02 16:31"))
    assert cast.take(appeal, "return", at=local("2026-11-02 16:30")).status == S.ACCEPTED


# Requests


@pytest.mark.parametrize("kind", RequestKind)
def test_the_clock_and_the_figures_wait_for_the_decision(cast, kind):
    appeal = cast.at(S.HANDLING)
    asked = cast.take(appeal, f"ask_{kind}")
    assert (asked.status, asked.due_at, asked.excluded_at) == (S.HANDLING, appeal.due_at, None)
    assert list(Appeal.objects.awaiting_decision()) == [appeal]
    denied = cast.take(asked, f"deny_{kind}")
    assert (denied.status, denied.due_at, denied.excluded_at) == (S.HANDLING, appeal.due_at, None)
    assert not Appeal.objects.awaiting_decision().exists()
    request = denied.requests.get()
    assert (request.is_granted, request.decided_by, request.note) == (False, cast.manager, "说明")


def test_an_extension_that_is_granted_moves_the_limit_by_what_was_asked(cast):
    appeal = cast.ready_for("grant_extension", S.HANDLING)
    after = cast.take(appeal, "grant_extension")
    assert after.due_at == current().add_working(appeal.due_at, Limit(2, Unit.WORKING_DAY))


def test_an_extension_is_not_longer_than_the_limit_and_granted_once_in_a_round(cast):
    appeal = cast.at(S.HANDLING)
    with pytest.raises(StepRefused, match=r"延期不能超过原定时限（10 个工作日）"):
        cast.take(appeal, "ask_extension", amount=11)
    appeal = cast.take(cast.take(appeal, "ask_extension", amount=10), "grant_extension")
    with pytest.raises(StepRefused, match="已经延期过一次"):
        cast.take(appeal, "ask_extension", amount=1)
    for step in ("answer", "close", "call_back", "redo"):
        appeal = cast.take(appeal, step)
    assert cast.take(appeal, "ask_extension", amount=1).requests.pending().count() == 1


def test_what_was_denied_may_be_asked_again_but_not_while_it_waits(cast):
    appeal = cast.at(S.HANDLING)
    appeal = cast.take(appeal, "ask_extension")
    with pytest.raises(StepRefused, match="正在等待审批"):
        cast.take(appeal, "ask_extension")
    appeal = cast.take(appeal, "deny_extension")
    assert cast.take(appeal, "ask_extension").requests.count() == 2


def test_nobody_decides_what_he_asked_for_while_another_could(cast):
    appeal = cast.take(cast.at(S.HANDLING), "ask_extension", cast.manager)
    with pytest.raises(StepRefused, match="是您自己提的"):
        cast.take(appeal, "grant_extension", cast.manager)
    assert STEPS["grant_extension"] not in actions.steps_open_to(appeal, cast.manager)
    assert cast.take(appeal, "grant_extension", cast.desk).requests.get().is_granted


def test_in_an_office_of_one_the_same_person_grants_an_extension_but_never_an_exclusion(cast):
    User.objects.exclude(pk=cast.manager.pk).update(is_active=False)
    appeal = cast.at(S.DRAFT)
    for step in ("submit", "accept", "dispatch", "sign", "ask_extension", "ask_exclusion"):
        appeal = cast.take(appeal, step, cast.manager)
    assert cast.take(appeal, "grant_extension", cast.manager).requests.filter(is_granted=True).count() == 1
    with pytest.raises(StepRefused, match="是您自己提的"):
        cast.take(appeal, "grant_exclusion", cast.manager)


@pytest.mark.parametrize("step", ["answer", "hand_back", "transfer", "pause"])
def test_a_request_that_nobody_can_grant_any_more_lapses(cast, step):
    appeal = cast.take(cast.take(cast.at(S.HANDLING), "ask_extension"), "ask_exclusion")
    appeal = cast.take(appeal, step)
    lapsed = appeal.requests.get(kind=RequestKind.EXTENSION)
    assert (lapsed.is_granted, lapsed.note) == (False, "诉求状态已变，申请自动失效。")
    assert appeal.events.latest("pk").data["lapsed"][0] == "延期"


def test_the_clock_stands_still_on_the_long_list_and_goes_on_afterwards(cast):
    appeal = cast.ready_for("grant_shelving", S.HANDLING)
    shelved = cast.take(appeal, "grant_shelving", at=local("2026-11-03 09:00"))
    assert (shelved.due_state(local("2027-01-04 09:00")).text, shelved.review_on) == ("停止计时", date(2027, 1, 31))
    assert not Appeal.objects.overdue(local("2027-01-04 09:00")).exists()
    after = cast.take(shelved, "unshelve", at=local("2026-11-10 09:00"))
    assert after.due_at == current().add_working(appeal.due_at, Limit(5, Unit.WORKING_DAY))
    assert (after.shelved_at, after.review_on) == (None, None)


def test_a_long_list_entry_shows_up_on_the_day_of_its_review(cast):
    appeal = cast.at(S.SHELVED)
    assert not Appeal.objects.awaiting_review(appeal.review_on - timedelta(days=1)).exists()
    assert Appeal.objects.awaiting_review(appeal.review_on).get() == appeal
    again = cast.take(appeal, "reshelve", until=date(2027, 6, 1))
    assert (again.status, again.review_on) == (S.SHELVED, date(2027, 6, 1))


def test_an_exclusion_keeps_its_reason_and_can_be_taken_back(cast):
    appeal = cast.take(cast.at(S.CONFIRMED), "ask_exclusion", note="超出政策规定")
    appeal = cast.take(appeal, "grant_exclusion")
    assert appeal.excluded_at is not None
    assert appeal.excluded_reason == "超出政策规定"
    with pytest.raises(StepRefused, match="已经剔除"):
        cast.take(appeal, "ask_exclusion")
    appeal = cast.take(appeal, "include")
    assert (appeal.excluded_at, appeal.excluded_reason) == (None, "")


# Pauses


def test_a_pause_says_until_when_and_not_for_too_long(cast):
    appeal = cast.at(S.HANDLING)
    for until in (None, date(2026, 11, 2), date(2027, 3, 1)):
        with pytest.raises(StepRefused) as refused:
            cast.take(appeal, "pause", until=until)
        assert "until" in refused.value.message_dict


def test_after_its_last_day_a_pause_is_over_whether_somebody_resumes_or_not(cast):
    appeal = cast.at(S.HANDLING)
    paused = cast.take(appeal, "pause", until=date(2026, 11, 6), at=local("2026-11-03 09:00"))
    # Four working days: the 3rd to the 6th.
    due = current().add_working(appeal.due_at, Limit(4, Unit.WORKING_DAY))
    assert paused.due_at == due == local("2026-11-20 17:30")
    assert paused.due_state(local("2026-11-06 20:00")).text == "停止计时"
    assert paused.due_state(local("2026-11-19 09:00")).text == "剩 1 个工作日"
    assert Appeal.objects.overdue(local("2026-11-21 09:00")).get() == appeal
    late = cast.take(paused, "resume", at=local("2026-11-12 09:00"))
    assert (late.due_at, late.paused_until) == (due, None)


def test_resumed_early_a_pause_gives_back_only_what_it_took(cast):
    appeal = cast.at(S.HANDLING)
    paused = cast.take(appeal, "pause", until=date(2026, 11, 30), at=local("2026-11-03 09:00"))
    early = cast.take(paused, "resume", at=local("2026-11-05 09:00"))
    assert early.due_at == current().add_working(appeal.due_at, Limit(2, Unit.WORKING_DAY))


def test_who_was_late_when_it_was_paused_is_not_chased_before_the_pause_is_over(cast):
    appeal = cast.at(S.HANDLING)
    cast.take(appeal, "pause", until=date(2026, 12, 11), at=local("2026-11-18 09:00"))
    assert not Appeal.objects.overdue(local("2026-12-11 12:00")).exists()
    assert Appeal.objects.overdue(local("2026-12-12 12:00")).get() == appeal


# Pages


@pytest.mark.parametrize(
    ("queue", "status", "step"), [("asked", S.HANDLING, "ask_extension"), ("shelved", S.SHELVED, "")]
)
def test_the_reviewer_finds_what_waits_in_a_queue(client, cast, queue, status, step):
    appeal = cast.at(status)
    if step:
        cast.take(appeal, step)
    other = cast.at(S.HANDLING)
    client.force_login(cast.desk)
    text = client.get(reverse("visits:appeal_list"), {"queue": queue}).text
    assert appeal.number in text
    assert other.number not in text


def test_the_page_has_one_filled_button_and_puts_rare_steps_behind_more(client, cast):
    text = page_of(client, cast.handler, cast.at(S.HANDLING))
    assert text.count("btn btn-primary") == 1
    assert text.index("提交答复") < text.index("更多") < text.index("吹哨")


def test_a_unit_asks_for_an_extension_in_the_unit_of_its_limit_and_the_desk_grants_it(client, cast):
    appeal = cast.at(S.HANDLING)
    url = reverse("visits:appeal_step", args=[appeal.pk, "ask_extension"])
    client.force_login(cast.handler)
    assert "延长多少个工作日" in client.get(url).text
    assert "不能超过原定时限" in client.get(url).text
    client.post(url, {"amount": 3, "note": "需区级部门会签"})
    assert "延期待审批" in page_of(client, cast.desk, appeal)
    url = reverse("visits:appeal_step", args=[appeal.pk, "grant_extension"])
    assert "需区级部门会签" in client.get(url).text
    client.post(url, {"note": ""})
    later = Appeal.objects.get(pk=appeal.pk)
    assert later.due_at > appeal.due_at


@pytest.mark.parametrize("joint", [1, 30])
def test_the_page_asks_as_many_queries_for_one_joint_unit_as_for_thirty(client, cast, joint, django_assert_num_queries):
    units = [make_organisation(f"科{n}", "unit", cast.office) for n in range(joint)]
    appeal = cast.take(cast.at(S.ACCEPTED), "dispatch", joint_units=units)
    client.force_login(cast.manager)
    client.get(appeal.get_absolute_url())  # Which pieces of text are common is asked once an hour, not once a page.
    with django_assert_num_queries(18):
        client.get(appeal.get_absolute_url())


def test_today_is_never_the_last_day_of_a_pause(client, cast):
    appeal = cast.at(S.HANDLING)
    client.force_login(cast.handler)
    url = reverse("visits:appeal_step", args=[appeal.pk, "pause"])
    text = client.post(url, {"until": timezone.localdate().isoformat(), "note": "等批复"}).text
    assert "挂起至须晚于今天" in text
