"""What steps do to clocks, units and call-backs; numbers, double presses, visits."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from crm.models import User
from tests.parks.factories import make_enterprise
from tests.visits.factories import START, local, picture
from visits import actions
from visits.actions import NewAppeal, StepRefused, guard
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, CallBack, Visit, VisitEnterprise
from visits.photos import clean_photo

pytestmark = pytest.mark.django_db


# Clocks


@pytest.mark.parametrize(
    ("appeal_class", "due"),
    [("consult", "2026-11-05 17:30"), ("coordinate", "2026-11-16 17:30"), ("hard", "2026-12-14 17:30")],
)
def test_accepting_starts_the_clock_of_the_class(cast, appeal_class, due):
    appeal = cast.take(cast.at(S.SUBMITTED), "accept", appeal_class=appeal_class)
    assert appeal.due_at == local(due)
    assert appeal.contact_due_at == local("2026-11-03 17:30")


def test_a_dispatch_may_set_its_own_limit_but_not_before_acceptance(cast):
    appeal = cast.at(S.ACCEPTED)
    with pytest.raises(StepRefused, match="办理时限不能早于受理时间（2026-11-02 11:30）"):
        cast.take(appeal, "dispatch", due_at=local("2026-11-01 17:30"))
    appeal.refresh_from_db()
    assert (appeal.status, appeal.lead_unit) == (S.ACCEPTED, None)
    assert cast.take(appeal, "dispatch", due_at=local("2026-11-20 17:30")).due_at == local("2026-11-20 17:30")


def test_a_pause_gives_back_the_working_time_it_took(cast):
    appeal = cast.at(S.PAUSED)
    assert appeal.paused_at is not None
    after = cast.take(appeal, "resume", at=local("2026-11-09 10:00"))
    # Three hours of the 2nd, four working days, an hour of the 9th.
    assert after.due_at == local("2026-11-23 14:30")
    assert after.events.last().data["given_back"] == "32 小时（工作时间）"
    assert after.paused_at is None


def test_a_pause_of_an_hour_gives_back_an_hour(cast):
    appeal = cast.at(S.PAUSED)
    assert cast.take(appeal, "resume").due_at == local("2026-11-17 10:00")


def test_what_the_lead_owes_next_is_contact_then_the_end(cast):
    appeal = cast.at(S.HANDLING)
    assert appeal.next_due_at == appeal.contact_due_at
    assert cast.take(appeal, "contact").next_due_at == appeal.due_at
    paused = cast.take(appeal, "pause")
    assert paused.next_due_at == paused.due_at > appeal.due_at
    appeal = cast.take(cast.take(appeal, "resume"), "answer")
    assert appeal.next_due_at == appeal.due_at
    assert cast.take(appeal, "close").next_due_at is None


def test_nothing_is_owed_while_an_appeal_is_on_the_long_list(cast):
    assert cast.at(S.SHELVED).next_due_at is None


@pytest.mark.parametrize("step", ["merge", "withdraw"])
def test_nothing_is_owed_for_what_is_not_handled_any_more(cast, step):
    appeal = cast.at(S.ACCEPTED)
    assert appeal.next_due_at == appeal.contact_due_at
    assert cast.take(appeal, step).next_due_at is None


def test_who_has_answered_owes_no_first_contact_until_the_answer_is_sent_back(cast):
    appeal = cast.at(S.ANSWERED)
    assert appeal.next_due_at == appeal.due_at
    assert cast.take(appeal, "send_back").next_due_at == appeal.contact_due_at


def test_doing_it_again_opens_a_new_round_with_a_new_limit(cast):
    appeal = cast.take(cast.at(S.CONFIRMED), "redo", at=local("2026-11-10 10:00"))
    assert (appeal.status, appeal.round, appeal.closed_at) == (S.HANDLING, 2, None)
    assert appeal.due_at == local("2026-11-24 17:30")
    assert appeal.events.last().data["old_due_at"]


def test_time_may_not_run_backwards(cast):
    appeal = cast.at(S.ACCEPTED)
    with pytest.raises(StepRefused, match="不能早于上一步"):
        cast.take(appeal, "dispatch", at=START - timedelta(days=1))


# Units


def test_sending_it_back_takes_the_unit_off_and_keeps_its_name_in_the_event(cast):
    appeal = cast.take(cast.at(S.DISPATCHED), "return", cast.handler, note="不属本科室职责")
    assert (appeal.status, appeal.lead_unit, appeal.joint_units.count()) == (S.ACCEPTED, None, 0)
    assert appeal.events.last().data["lead"] == "规划建设科"
    assert not Appeal.objects.visible_to(cast.handler).exists()


def test_a_lead_named_as_joint_too_is_lead_only(cast):
    appeal = cast.take(cast.at(S.ACCEPTED), "dispatch", joint_units=[cast.lead, cast.joint, cast.joint])
    assert list(appeal.joint_units.all()) == [cast.joint]


# Merging


def test_merging_takes_the_duplicates_of_a_duplicate_along(cast):
    first, second, third = (cast.at(S.SUBMITTED) for _ in range(3))
    cast.take(first, "merge", parent=second)
    cast.take(second, "merge", parent=third)
    assert set(third.duplicates.all()) == {first, second}


def test_an_appeal_cannot_be_merged_into_itself_another_institutions_or_a_dead_one(cast, others):
    appeal = cast.at(S.SUBMITTED)
    for parent in (appeal, others.at(S.SUBMITTED), cast.at(S.REJECTED)):
        with pytest.raises(StepRefused):
            cast.take(appeal, "merge", parent=parent)
    appeal.refresh_from_db()
    assert appeal.status == S.SUBMITTED


# Call-backs


def call(cast, appeal: Appeal, at, **answers) -> CallBack:
    return actions.record_call_back(appeal, actor=cast.desk, at=at, **answers)


def test_an_unreached_enterprise_stays_waiting(cast):
    appeal = cast.at(S.CLOSED)
    tried = call(cast, appeal, appeal.closed_at, is_reached=False)
    appeal.refresh_from_db()
    assert (appeal.status, tried.is_valid) == (S.CLOSED, False)


def test_half_an_answer_is_kept_but_is_not_valid(cast):
    appeal = cast.at(S.CLOSED)
    half = call(cast, appeal, appeal.closed_at, is_reached=True, is_contacted=True, solved="solved")
    appeal.refresh_from_db()
    assert (appeal.status, half.is_valid, CallBack.objects.valid().count()) == (S.CLOSED, False, 0)


def test_answers_of_nobody_are_refused(cast):
    appeal = cast.at(S.CLOSED)
    with pytest.raises(StepRefused, match="未接通"):
        call(cast, appeal, appeal.closed_at, is_reached=False, solved="solved", satisfaction="satisfied")
    assert not CallBack.objects.exists()


@pytest.mark.parametrize(
    ("solved", "satisfaction", "may_redo"),
    [
        ("solved", "satisfied", False),
        ("solved", "basically", False),
        ("solved", "dissatisfied", True),
        ("partly", "satisfied", True),
        ("unsolved", "satisfied", True),
    ],
)
def test_only_an_enterprise_that_asks_for_more_has_it_done_again(cast, solved, satisfaction, may_redo):
    appeal = cast.at(S.CLOSED)
    call(cast, appeal, appeal.closed_at, is_reached=True, is_contacted=True, solved=solved, satisfaction=satisfaction)
    appeal.refresh_from_db()
    assert ("redo" in [step.key for step in actions.steps_open_to(appeal, cast.desk)]) == may_redo


@pytest.mark.parametrize(("days", "may_archive"), [((1, 1, 2), True), ((1, 1, 1), False), ((1, 2), False)])
def test_out_of_reach_means_three_tries_on_two_days(cast, days, may_archive):
    appeal = cast.at(S.CLOSED)
    for count, day in enumerate(days):
        call(cast, appeal, START + timedelta(days=day, minutes=count), is_reached=False)
    assert ("archive" in [step.key for step in actions.steps_open_to(appeal, cast.desk)]) == may_archive


# Once


def test_the_second_press_of_a_step_says_who_took_it_and_adds_no_event(cast):
    appeal = cast.at(S.DISPATCHED)
    cast.take(appeal, "sign", cast.handler)
    with pytest.raises(guard.AlreadyDone, match=f"这一步已由 {cast.handler} 于"):
        cast.take(appeal, "sign", cast.handler)
    assert AppealEvent.objects.filter(step="sign").count() == 1


def test_the_second_press_of_a_note_is_recognised_by_what_the_actor_had_seen(cast):
    appeal = cast.at(S.HANDLING)
    seen = appeal.events.last().pk
    cast.take(appeal, "progress", cast.handler, note="已到现场", seen=seen)
    with pytest.raises(guard.AlreadyDone):
        cast.take(appeal, "progress", cast.handler, note="已到现场", seen=seen)
    cast.take(appeal, "progress", cast.handler, note="又去了一次", seen=seen)
    cast.take(appeal, "progress", cast.helper, note="已到现场", seen=seen)
    assert AppealEvent.objects.filter(step="progress").count() == 3


def test_a_visit_or_appeal_sent_twice_is_one(cast):
    key = uuid4()
    first, second = (cast.visit(client_id=key, appeals=[NewAppeal(enterprise=cast.firm, content="x")]) for _ in "ab")
    assert first == second
    assert Appeal.objects.count() == Visit.objects.count() == 1
    key = uuid4()
    assert cast.draft(client_id=key) == cast.draft(client_id=key)


def test_the_same_key_of_another_person_is_another_visit(cast):
    key = uuid4()
    assert cast.visit(client_id=key) != cast.visit(client_id=key, actor=cast.desk)


# Numbers


def test_numbers_run_within_the_institution_and_the_day(cast, others):
    numbers = [cast.draft().number for _ in range(3)]
    assert numbers == ["SQ20261102-001", "SQ20261102-002", "SQ20261102-003"]
    assert others.draft().number == "SQ20261102-001"
    assert cast.draft(at=START + timedelta(days=1)).number == "SQ20261103-001"


def test_the_thousandth_number_of_a_day_is_followed_by_the_next(cast):
    appeal = cast.draft()
    for last, following in (("999", "1000"), ("1000", "1001")):
        Appeal.objects.filter(pk=appeal.pk).update(number=f"SQ20261102-{last}")
        appeal = cast.draft()
        assert appeal.number == f"SQ20261102-{following}"


def test_the_day_of_a_number_is_the_local_one(cast):
    assert cast.draft(at=local("2026-11-03 00:10")).number == "SQ20261103-001"


def test_an_account_without_a_unit_is_told_so(cast):
    user = User.objects.create(username="placeless", name="无单位", role="manager")
    with pytest.raises(ValidationError, match="没有所属单位"):
        cast.draft(actor=user)


# Visits


def test_a_visit_to_three_enterprises_counts_three(cast):
    firms = [make_enterprise(cast.office) for _ in range(3)]
    cast.visit(*firms, firms[0])
    assert VisitEnterprise.objects.counted().count() == 3


@pytest.mark.parametrize(("kind", "counts"), [("visit", 1), ("forum", 1), ("phone", 0), ("online", 0)])
def test_a_phone_call_is_no_visit(cast, kind, counts):
    cast.visit(kind=kind)
    assert VisitEnterprise.objects.counted().count() == counts


def test_a_visit_still_to_come_is_a_plan_until_it_is_written_up(cast):
    visit = cast.visit(started_at=START + timedelta(days=2), summary="")
    assert (visit.status, visit.topic) == ("planned", "走访调研")
    assert not VisitEnterprise.objects.counted().exists()
    done = actions.update_visit(
        visit, actor=cast.manager, enterprises=[cast.firm], staff=[cast.manager], summary="谈了用地",
        at=START + timedelta(days=3),
    )  # fmt: skip
    assert done.status == "done"


def test_only_a_plan_can_be_cancelled_and_with_a_reason(cast):
    plan = cast.visit(started_at=START + timedelta(days=2))
    with pytest.raises(StepRefused, match="请写明为什么取消"):
        actions.cancel_visit(plan, actor=cast.manager, reason="  ")
    called_off = actions.cancel_visit(plan, actor=cast.manager, reason=" 企业临时有事 ")
    assert (called_off.status, called_off.cancel_reason) == ("cancelled", "企业临时有事")
    with pytest.raises(StepRefused):
        actions.cancel_visit(cast.visit(), actor=cast.manager, reason="改期")


def test_a_visit_that_was_called_off_and_took_place_after_all_has_no_reason_left(cast):
    plan = cast.visit(started_at=START + timedelta(days=2))
    actions.cancel_visit(plan, actor=cast.manager, reason="改期")
    at = START + timedelta(days=3)
    done = actions.update_visit(plan, actor=cast.manager, enterprises=[cast.firm], staff=[], summary="去了", at=at)
    assert (done.status, done.cancel_reason) == ("done", "")


def test_correcting_a_visit_swaps_enterprises_and_keeps_those_that_stay(cast):
    stays, goes, comes = (make_enterprise(cast.office) for _ in range(3))
    visit = cast.visit(stays, goes)
    kept = visit.pairs.get(enterprise=stays).pk
    actions.update_visit(visit, actor=cast.manager, enterprises=[stays, comes], staff=[cast.manager])
    assert visit.pairs.get(enterprise=stays).pk == kept
    assert set(visit.enterprises.all()) == {stays, comes}


def test_a_visit_is_corrected_by_those_who_took_part_and_by_managers_only(cast):
    visit = cast.visit(actor=cast.steward, staff=[cast.steward])
    with pytest.raises(StepRefused):
        actions.update_visit(visit, actor=cast.desk, enterprises=[cast.firm], staff=[])
    actions.update_visit(visit, actor=cast.manager, enterprises=[cast.firm], staff=[cast.steward, cast.desk])
    actions.update_visit(visit, actor=cast.desk, enterprises=[cast.firm], staff=[cast.steward])


@pytest.mark.parametrize(("kind", "source"), [("visit", "visit"), ("breakfast", "forum"), ("phone", "phone")])
def test_an_appeal_raised_on_a_visit_names_where_it_came_from(cast, kind, source):
    visit = cast.visit(kind=kind, appeals=[NewAppeal(enterprise=cast.firm, content="缺电")])
    appeal = visit.appeals.get()
    assert (appeal.source, appeal.status, appeal.enterprise) == (source, S.SUBMITTED, cast.firm)


def test_dropping_a_photo_removes_its_files(cast, django_capture_on_commit_callbacks):
    visit = cast.visit(photos=[clean_photo(picture())])
    photo = visit.photos.get()
    storage, names = photo.image.storage, [photo.image.name, photo.thumbnail.name]
    assert all(storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        actions.update_visit(
            visit, actor=cast.manager, enterprises=[cast.firm], staff=[cast.manager], dropped_photos=[photo]
        )
    assert not any(storage.exists(name) for name in names)
    assert not visit.photos.exists()
