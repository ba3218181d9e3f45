"""Call-backs: attempts in vain, links, answers of the enterprise itself, and disputed answers asked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from parks.models import Stewardship
from tests.visits.factories import START, Cast
from visits import actions
from visits.actions import StepRefused
from visits.actions.call_backs import MOST_ANSWERS, LinkClosed
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, CallBack, CallBackLink, LinkState
from visits.reaching import Attempts
from visits.timeline import timeline

pytestmark = pytest.mark.django_db

CALLED = START + timedelta(days=2)
HAPPY = {"is_contacted": True, "solved": "solved", "satisfaction": "satisfied"}
UNHAPPY = {"is_contacted": False, "solved": "unsolved", "satisfaction": "dissatisfied"}


@pytest.fixture
def closed(cast: Cast) -> Appeal:
    return cast.at(S.CLOSED)


def link(cast: Cast, appeal: Appeal, **more) -> CallBackLink:
    return actions.make_link(appeal, **({"actor": cast.desk, "at": CALLED} | more))


def answer(made: CallBackLink, hours: int = 1, **said) -> None:
    actions.answer_link(made, **(HAPPY | said), at=CALLED + timedelta(hours=hours))


def answered(cast: Cast, appeal: Appeal, **said) -> CallBackLink:
    made = link(cast, appeal)
    answer(made, **said)
    return made


def call(cast: Cast, appeal: Appeal, actor=None, day: int = 3, **said) -> CallBack:
    at = START + timedelta(days=day, minutes=appeal.call_backs.count())
    given = {"is_reached": True, **HAPPY} | said
    return actions.record_call_back(appeal, actor=actor or cast.desk, at=at, **given)


def in_vain(cast: Cast, appeal: Appeal, *days: int) -> Appeal:
    nothing = {"is_reached": False, "is_contacted": None, "solved": "", "satisfaction": ""}
    for day in days:
        call(cast, appeal, day=day, **nothing)
    return Appeal.objects.get(pk=appeal.pk)


# Attempts


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ((3,), "还需再拨 2 次，其中至少一次在另一天"),
        ((3, 3), "还需在另一天再拨一次"),
        ((3, 3, 3), "还需在另一天再拨一次"),
        ((3, 4), "还需再拨 1 次"),
        ((3, 3, 4), ""),
    ],
)
def test_attempts_say_what_is_missing(days, missing):
    assert Attempts.at(START + timedelta(days=day) for day in days).missing == missing


def test_what_makes_a_call_back_invalid_is_a_setting(settings):
    settings.YQT = settings.YQT | {"CALL_BACK_TRIES": 4, "CALL_BACK_DAYS": 3}
    assert Attempts.at([START]).missing == "还需再拨 3 次，分在另外 2 天"
    assert Attempts.at([START] * 2).missing == "还需在另外 2 天各拨一次"


def test_two_days_are_two_days_here_and_not_in_greenwich():
    """23:50 and 00:10 of the same night are two days; 07:50 and 08:10 of one morning are one."""
    night = START.replace(hour=23, minute=50)
    assert Attempts.at([night, night + timedelta(minutes=20)]).days == 2
    morning = START.replace(hour=7, minute=50)
    assert Attempts.at([morning, morning + timedelta(minutes=20)]).days == 1


def test_the_third_attempt_on_a_second_day_makes_it_invalid_and_it_stays_to_be_called_back(cast, closed):
    assert in_vain(cast, closed, 3, 3).out_of_reach_at is None
    appeal = in_vain(cast, closed, 4)
    assert appeal.status == S.CLOSED
    assert appeal.out_of_reach_at == appeal.call_backs.first().called_at


def test_a_fourth_attempt_does_not_move_the_time_since_when_it_is_invalid(cast, closed):
    since = in_vain(cast, closed, 3, 3, 4).out_of_reach_at
    assert in_vain(cast, closed, 5).out_of_reach_at == since


def test_an_answer_after_all_takes_the_mark_away(cast, closed):
    in_vain(cast, closed, 3, 3, 4)
    answered(cast, closed)
    appeal = Appeal.objects.get(pk=closed.pk)
    assert (appeal.status, appeal.out_of_reach_at) == (S.CONFIRMED, None)


# Own work


def test_a_call_by_somebody_without_a_hand_in_it_is_not_own(cast, closed):
    assert not call(cast, closed).is_own


def test_a_call_by_who_registered_the_appeal_is_own(cast, closed):
    assert call(cast, closed, cast.manager).is_own


def test_a_call_by_the_steward_of_the_firm_on_that_day_is_own(cast):
    care = Stewardship.objects.create(enterprise=cast.firm, user=cast.desk, starts_on=START.date())
    assert call(cast, cast.at(S.CLOSED)).is_own
    Stewardship.objects.filter(pk=care.pk).update(ends_on=(START + timedelta(days=1)).date())
    assert not call(cast, cast.at(S.CLOSED)).is_own


def test_a_call_by_the_lead_unit_is_own(cast, closed):
    cast.desk.organisation = cast.lead
    cast.desk.save()
    assert call(cast, closed).is_own


# Links


def test_a_link_holds_no_token_and_its_address_is_long_enough_not_to_be_guessed(cast, closed):
    made = link(cast, closed)
    stored = " ".join(str(value) for value in CallBackLink.objects.filter(pk=made.pk).values_list()[0])
    assert made.token not in stored
    assert len(made.token) == 16  # of 64 signs each: 96 bits
    assert actions.find_link(made.token) == made


@pytest.mark.parametrize(
    "change", [str.swapcase, lambda t: t[:-1], lambda t: t + "A", lambda t: "", lambda t: "A" * 16]
)
def test_a_tampered_token_finds_nothing(cast, closed, change):
    made = link(cast, closed)
    assert change(made.token) != made.token
    assert actions.find_link(change(made.token)) is None


def test_a_link_expires_after_the_days_of_the_setting(cast, closed, settings):
    settings.YQT = settings.YQT | {"CALL_BACK_LINK_DAYS": 3}
    made = link(cast, closed)
    assert made.expires_at == CALLED + timedelta(days=3)
    assert made.state(made.expires_at - timedelta(seconds=1)) == LinkState.OPEN
    assert made.state(made.expires_at) == LinkState.EXPIRED
    with pytest.raises(LinkClosed):
        answer(made, hours=72)
    assert not CallBack.objects.exists()


def test_a_new_link_stops_the_old_one(cast, closed):
    old, new = link(cast, closed), link(cast, closed)
    assert old.token != new.token
    with pytest.raises(LinkClosed) as refused:
        answer(old)
    assert refused.value.state == LinkState.REVOKED
    answer(new)
    assert CallBack.objects.get().stands


def test_a_double_press_makes_one_link(cast, closed):
    first = link(cast, closed, seen=0)
    assert link(cast, closed, seen=0) == first
    again = link(cast, closed, seen=first.pk)
    assert again != first
    assert link(cast, closed, seen=first.pk) == again


def test_two_links_in_force_cannot_be_stored(cast, closed):
    made = link(cast, closed)
    made.pk, made.token_hash = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


@pytest.mark.parametrize("status", [status for status in S if status != S.CLOSED])
def test_a_link_is_made_only_while_the_appeal_waits_for_its_call_back(cast, status):
    with pytest.raises(StepRefused):
        link(cast, cast.at(status))
    assert not CallBackLink.objects.exists()


def test_a_link_is_made_only_by_who_may_call_back(cast, closed):
    for user in (cast.steward, cast.handler):
        with pytest.raises(StepRefused):
            link(cast, closed, actor=user)
    assert not CallBackLink.objects.exists()


def test_a_stopped_link_is_answered_no_more(cast, closed):
    made = link(cast, closed)
    actions.revoke_link(closed, actor=cast.desk, at=CALLED)
    with pytest.raises(LinkClosed):
        answer(made)


def test_an_appeal_in_the_bin_is_answered_no_more(cast, closed):
    made = link(cast, closed)
    actions.delete_appeal(closed, actor=cast.manager)
    with pytest.raises(LinkClosed) as refused:
        answer(made)
    assert refused.value.state == LinkState.GONE
    assert not CallBack.objects.exists()


def test_after_a_new_round_the_old_link_is_answered_no_more(cast, closed):
    made = answered(cast, closed, **UNHAPPY)
    cast.take(Appeal.objects.get(pk=closed.pk), "redo")
    with pytest.raises(LinkClosed) as refused:
        answer(made, hours=9)
    assert refused.value.state == LinkState.NEW_ROUND
    assert CallBack.objects.count() == 1


def test_an_appeal_archived_as_out_of_reach_is_answered_no_more(cast, closed):
    made = link(cast, closed)
    cast.take(in_vain(cast, closed, 3, 3, 4), "archive")
    with pytest.raises(LinkClosed) as refused:
        answer(made, hours=72)
    assert refused.value.state == LinkState.FINISHED


# Answers by link


def test_an_answer_by_link_is_the_call_back_step_taken_by_the_enterprise(cast, closed):
    made = answered(cast, closed, comment="办得快 ", respondent="王女士")
    got = CallBack.objects.get()
    assert (got.via, got.called_by, got.stands, got.is_own) == ("link", None, True, False)
    assert (got.comment, got.respondent, got.round) == ("办得快", "王女士", 1)
    event = AppealEvent.objects.latest("pk")
    assert (event.step, event.actor, event.who, event.note) == ("call_back", None, "企业（链接）", "办得快")
    assert Appeal.objects.get(pk=closed.pk).status == S.CONFIRMED
    made.refresh_from_db()
    assert made.answered_at == CALLED + timedelta(hours=1)


def test_a_later_answer_is_kept_and_changes_nothing_that_counts(cast, closed):
    made = answered(cast, closed)
    answer(made, hours=2, **UNHAPPY)
    assert CallBack.objects.count() == 2
    assert [got.satisfaction for got in CallBack.objects.latest_valid()] == ["satisfied"]
    assert AppealEvent.objects.filter(step="call_back").count() == 1
    assert Appeal.objects.get(pk=closed.pk).status == S.CONFIRMED


def test_the_same_answer_twice_is_one(cast, closed):
    made = answered(cast, closed, comment="好")
    answer(made, hours=2, comment="好")
    answer(made, hours=3, comment="很好")
    answer(made, hours=4, comment="很好")
    assert CallBack.objects.count() == 2


def test_a_link_is_not_answered_without_end(cast, closed):
    made = answered(cast, closed)
    for count in range(1, MOST_ANSWERS):
        answer(made, comment=str(count))
    with pytest.raises(StepRefused, match="不能再答"):
        answer(made, comment="还有")
    assert CallBack.objects.count() == MOST_ANSWERS


def test_after_a_call_by_staff_the_link_adds_but_does_not_count(cast, closed):
    made = link(cast, closed)
    call(cast, closed)
    answer(made, hours=48, **UNHAPPY)
    assert [got.called_by for got in CallBack.objects.valid()] == [cast.desk]
    assert CallBack.objects.get(via="link").stands is False


def test_after_an_answer_by_link_staff_are_told_who_was_first(cast, closed):
    answered(cast, closed)
    with pytest.raises(StepRefused, match=r"企业（链接）.*办理"):
        call(cast, closed)


def test_an_event_without_an_actor_is_refused_for_every_other_step(cast, closed):
    event = AppealEvent(appeal=closed, step="archive", from_status=S.CLOSED, to_status=S.ARCHIVED, at=CALLED)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_both_kinds_of_answers_are_on_the_timeline_of_the_enterprise(cast, closed):
    made = answered(cast, closed)
    answer(made, hours=2, **UNHAPPY, comment="后来又坏了")
    entries, _ = timeline(cast.manager, cast.firm)
    again, first = entries[0], entries[1]
    assert (again.key, again.fact.head, again.fact.who) == ("answer", "企业后来又答", "企业（链接）")
    assert "后来又坏了" in again.fact.text
    assert (first.key, first.record.label, first.record.who) == ("event", "企业自填评价", "企业（链接）")


def test_the_timeline_of_another_office_shows_none_of_them(cast, closed, others):
    answer(answered(cast, closed), hours=2, **UNHAPPY)
    assert {entry.key for entry in timeline(others.manager, cast.firm)[0]} == {"joined"}


# Re-checks


def recheck(cast: Cast, appeal: Appeal, actor=None, **said) -> Appeal:
    given = {"solved": "solved", "satisfaction": "satisfied", "note": "企业来电说填错了"} | said
    return cast.take(Appeal.objects.get(pk=appeal.pk), "recheck", actor, **given)


def test_the_answer_given_at_a_re_check_counts_and_the_first_stays(cast, closed):
    answered(cast, closed, **UNHAPPY)
    recheck(cast, closed, comment="其实已经办好")
    second = CallBack.objects.latest_valid().get()
    assert (second.satisfaction, second.reason, second.comment) == ("satisfied", "企业来电说填错了", "其实已经办好")
    assert (second.rechecks.satisfaction, second.rechecks.stands) == ("dissatisfied", False)
    assert AppealEvent.objects.latest("pk").actor == cast.manager


def test_an_answer_is_re_checked_once(cast, closed):
    answered(cast, closed, **UNHAPPY)
    recheck(cast, closed)
    with pytest.raises(StepRefused, match="只能复核一次"):
        recheck(cast, closed, cast.desk)


def test_nobody_re_checks_what_they_entered_themselves(cast, closed):
    call(cast, closed)
    with pytest.raises(StepRefused, match="另一人"):
        recheck(cast, closed, cast.desk)
    recheck(cast, closed, cast.manager)


def test_the_lead_unit_does_not_re_check_what_was_said_of_it(cast, closed):
    answered(cast, closed, **UNHAPPY)
    cast.desk.organisation = cast.lead
    cast.desk.save()
    with pytest.raises(StepRefused, match="领办单位"):
        recheck(cast, closed, cast.desk)


def test_a_re_check_needs_a_reason_and_both_answers(cast, closed):
    answered(cast, closed)
    for missing in ("note", "solved", "satisfaction"):
        with pytest.raises(ValidationError) as refused:
            recheck(cast, closed, **{missing: ""})
        assert list(refused.value.message_dict) == [missing]
    assert CallBack.objects.count() == 1


def test_an_archived_appeal_whose_answer_is_disputed_can_be_done_again(cast, closed):
    answered(cast, closed)
    cast.take(Appeal.objects.get(pk=closed.pk), "archive")
    appeal = recheck(cast, closed, **UNHAPPY)
    assert appeal.status == S.CONFIRMED
    assert cast.take(appeal, "redo").round == 2


def test_an_archived_appeal_nobody_answered_for_has_nothing_to_re_check(cast, closed):
    cast.take(in_vain(cast, closed, 3, 3, 4), "archive")
    with pytest.raises(StepRefused, match="没有有效回访"):
        recheck(cast, closed)


def test_a_new_round_begins_with_no_mark_and_its_answer_counts(cast, closed):
    answered(cast, closed, **UNHAPPY)
    appeal = Appeal.objects.get(pk=closed.pk)
    for step in ("redo", "answer", "close"):
        appeal = cast.take(appeal, step)
    at = appeal.closed_at + timedelta(hours=1)
    actions.answer_link(link(cast, appeal, at=at), **HAPPY, at=at)
    assert [(got.round, got.satisfaction) for got in CallBack.objects.latest_valid()] == [(2, "satisfied")]
    assert CallBack.objects.valid().count() == 2
