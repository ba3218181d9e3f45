"""Two presses at the same moment, from two connections: exactly one wins."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from parks.actions import merge_enterprises
from parks.models import MergeRecord
from tests.parks.factories import make_enterprise
from tests.visits.factories import START, Cast, local
from visits import actions
from visits.actions.rebuild import Moved, rebuild_due_times
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, CallBack, CallBackLink, Visit
from visits.workflow import STEPS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in connection.vendor, reason="the test database of SQLite is one connection's memory"),
]


def at_once(do, times: int = 2) -> list[object]:
    barrier = Barrier(times)

    def run(count: int) -> object:
        try:
            barrier.wait()
            return do(count)
        except ValidationError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_of_two_people_who_sign_at_once_one_wins(cast: Cast):
    appeal = cast.at(S.DISPATCHED)
    results = at_once(lambda _: actions.advance_appeal(appeal, "sign", actor=cast.handler))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "Appeal"]
    assert AppealEvent.objects.filter(step="sign").count() == 1


PRESSES = 50


def test_of_fifty_presses_of_any_step_at_once_exactly_one_wins(cast: Cast):
    """All steps in one test, because emptying a database between tests takes longer than the presses."""
    won = {step: fifty_presses(cast, step) for step in STEPS}
    assert won == {step: {"Appeal": 1, "AlreadyDone": PRESSES - 1, "events": 1} for step in STEPS}


def fifty_presses(cast: Cast, step: str) -> dict[str, int]:
    """What the presses of a step that is the next to take came to, and how many events they left."""
    appeal = cast.ready_for(step, STEPS[step].sources[0])
    events = list(appeal.events.order_by("pk"))
    seen, at = (events[-1].pk if events else 0), (events[-1].at if events else START) + timedelta(hours=1)
    facts = {"parent": cast.at(S.SUBMITTED)} if step == "merge" else cast.facts(step, at)
    actor = cast.usually(step)
    results = at_once(lambda _: actions.advance_appeal(appeal, step, actor=actor, at=at, seen=seen, **facts), PRESSES)
    return dict(Counter(type(result).__name__ for result in results)) | {"events": appeal.events.count() - len(events)}


def test_of_two_reviewers_who_decide_a_request_at_once_one_is_heard(cast: Cast):
    appeal = cast.ready_for("grant_extension", S.HANDLING)
    due = appeal.due_at
    steps = [("grant_extension", cast.manager), ("deny_extension", cast.desk)]
    results = at_once(lambda n: actions.advance_appeal(appeal, steps[n][0], actor=steps[n][1], note="意见"))
    assert sorted(type(result).__name__ for result in results) == ["Appeal", "StepRefused"]
    asked = appeal.requests.get()
    appeal.refresh_from_db()
    assert (appeal.due_at > due) == asked.is_granted


def test_a_form_sent_twice_at_once_is_one_visit(cast: Cast):
    key = uuid4()
    results = at_once(lambda _: cast.visit(client_id=key), 4)
    assert len(set(results)) == Visit.objects.count() == 1


def test_appeals_registered_at_once_get_numbers_without_gaps(cast: Cast):
    at_once(lambda count: cast.draft(content=str(count)), 6)
    numbers = sorted(Appeal.objects.values_list("number", flat=True))
    assert numbers == [f"SQ{START:%Y%m%d}-{n:03d}" for n in range(1, 7)]


def test_two_appeals_merged_into_each_other_at_once_leave_one(cast: Cast):
    pair = [cast.at(S.SUBMITTED), cast.at(S.SUBMITTED)]
    at_once(lambda n: actions.advance_appeal(pair[n], "merge", actor=cast.desk, parent=pair[1 - n]))
    assert Appeal.objects.filter(status=S.MERGED).count() == 1


def reckoned_otherwise() -> list[str]:
    """What is stored otherwise than the events say."""
    return [one.number for one in rebuild_due_times(Appeal.objects.all(), write=False)]


def until_somebody_waits() -> None:
    """Another connection waits for a lock; fails instead of waiting for ever."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(1000):
        with connection.cursor() as cursor:
            # Within a transaction the view is read once and stays as it was.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone():
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_step_under_way_when_all_due_times_are_reckoned_is_reckoned_with(cast: Cast):
    """The reckoning waits for the step and then reads its event, not the events from before it."""
    appeal = cast.at(S.HANDLING)
    Appeal.objects.update(due_at=local("2027-01-01 00:00"), next_due_at=local("2027-01-01 00:00"))
    begun = Barrier(2, timeout=60)

    def step() -> None:
        with transaction.atomic():
            cast.take(appeal, "pause")
            begun.wait()
            until_somebody_waits()

    def reckon() -> None:
        begun.wait()
        deque(rebuild_due_times(Appeal.objects.all()), maxlen=0)

    assert at_once(lambda n: (step, reckon)[n]()) == [None, None]
    appeal.refresh_from_db()
    assert appeal.status == S.PAUSED
    assert appeal.due_at < local("2027-01-01 00:00")
    assert reckoned_otherwise() == []


def test_a_step_pressed_while_all_due_times_are_reckoned_has_the_last_word(cast: Cast):
    """It waits until the reckoning is written and is not written over by it."""
    appeal = cast.ready_for("grant_extension", S.HANDLING)
    before = appeal.due_at
    Appeal.objects.update(due_at=local("2027-01-01 00:00"), next_due_at=local("2027-01-01 00:00"))
    begun = Barrier(2, timeout=60)

    def told(moved: Sequence[Moved]) -> None:
        begun.wait()
        until_somebody_waits()

    def reckon() -> None:
        deque(rebuild_due_times(Appeal.objects.all(), note=told), maxlen=0)

    def step() -> None:
        begun.wait()
        cast.take(appeal, "grant_extension")

    assert at_once(lambda n: (reckon, step)[n]()) == [None, None]
    appeal.refresh_from_db()
    assert before < appeal.due_at < local("2027-01-01 00:00")
    assert reckoned_otherwise() == []


def test_steps_of_many_while_due_times_are_reckoned_over_and_over_leave_what_the_events_say(cast: Cast):
    appeals = [cast.at(S.HANDLING) for _ in range(6)]

    def live(appeal: Appeal) -> None:
        for step in ("contact", "pause", "resume", "answer", "send_back", "answer", "close"):
            Appeal.objects.filter(pk=appeal.pk, status=S.HANDLING).update(next_due_at=local("2027-01-01 00:00"))
            cast.take(appeal, step)

    def reckon() -> None:
        for _ in range(20):
            deque(rebuild_due_times(Appeal.objects.all()), maxlen=0)

    at_once(lambda n: live(appeals[n]) if n < len(appeals) else reckon(), len(appeals) + 1)
    assert set(Appeal.objects.values_list("status", flat=True)) == {S.CLOSED}
    assert reckoned_otherwise() == []


GOOD = {"is_contacted": True, "solved": "solved", "satisfaction": "satisfied"}
BAD = {"is_contacted": True, "solved": "unsolved", "satisfaction": "dissatisfied"}


def test_of_two_answers_by_link_at_once_one_counts_and_one_is_kept(cast: Cast):
    link = actions.make_link(cast.at(S.CLOSED), actor=cast.desk)
    results = at_once(lambda n: actions.answer_link(link, **(GOOD if n else BAD)))
    assert results == [None, None]
    assert sorted(call.stands for call in CallBack.objects.all()) == [False, True]
    assert AppealEvent.objects.filter(step="call_back").count() == 1


def test_the_same_answer_by_link_sent_ten_times_at_once_is_one(cast: Cast):
    link = actions.make_link(cast.at(S.CLOSED), actor=cast.desk)
    at_once(lambda _: actions.answer_link(link, **GOOD), 10)
    assert CallBack.objects.count() == AppealEvent.objects.filter(step="call_back").count() == 1


def test_of_a_call_and_an_answer_by_link_at_once_one_counts(cast: Cast):
    appeal = cast.at(S.CLOSED)
    link = actions.make_link(appeal, actor=cast.desk)

    def either(n: int) -> object:
        if n:
            return actions.answer_link(link, **GOOD)
        return actions.record_call_back(appeal, actor=cast.desk, is_reached=True, **BAD)

    at_once(either)
    assert CallBack.objects.valid().count() == AppealEvent.objects.filter(step="call_back").count() == 1


def test_links_made_at_once_leave_one_in_force(cast: Cast):
    appeal = cast.at(S.CLOSED)
    made = at_once(lambda _: actions.make_link(appeal, actor=cast.desk, seen=0), 6)
    assert len({link.pk for link in made}) == CallBackLink.objects.count() == 1


def test_of_two_re_checks_at_once_one_counts(cast: Cast):
    appeal = cast.at(S.CLOSED)
    actions.answer_link(actions.make_link(appeal, actor=cast.desk), **BAD)
    facts = {"solved": "solved", "satisfaction": "satisfied", "note": "企业来电说填错了"}
    people = [cast.desk, cast.manager]
    results = at_once(lambda n: actions.advance_appeal(appeal, "recheck", actor=people[n], **facts))
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert CallBack.objects.valid().count() == 1
    assert CallBack.objects.count() == 2


def test_two_enterprises_merged_into_each_other_at_once_leave_one(cast: Cast):
    pair = [cast.firm, make_enterprise(cast.office)]
    at_once(lambda n: merge_enterprises(pair[n], pair[1 - n], actor=cast.manager, take=(), seen=(1, 1)))
    assert MergeRecord.objects.count() == 1


def test_of_two_who_merge_one_appeal_at_once_the_parent_is_pressed_for_once(cast: Cast):
    parent, child = cast.at(S.HANDLING), cast.at(S.SUBMITTED)
    at_once(lambda _: actions.advance_appeal(child, "merge", actor=cast.desk, parent=parent), 4)
    assert parent.events.filter(step="chase").count() == 1


def test_of_two_who_decide_on_one_matter_at_once_one_is_heard(cast: Cast):
    keys = [cast.at(S.SUBMITTED).pk for _ in range(3)]
    facts = {"month_starts_on": START.date(), "state": "listed", "title": "班车", "owner": cast.desk, "note": ""}
    results = at_once(lambda _: actions.decide_matter(keys, actor=cast.desk, **facts), 4)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone"] * 3 + ["CommonMatter"]
