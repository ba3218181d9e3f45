"""Which visits and appeals a user may see, which enterprises wait for a visit, what stands in which queue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.models import User
from parks.models import Enterprise, ServiceTier, Stewardship
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, CallBack, Photo, Visit, VisitEnterprise
from visits.querysets import OPEN, OVER, colleagues, due_for_visit
from visits.queues import BY_KEY, QUEUES, queue_counts

pytestmark = pytest.mark.django_db


def test_a_status_is_either_open_or_over():
    assert set(OPEN) | set(OVER) == set(S)
    assert not set(OPEN) & set(OVER)


def test_own_scope_shows_the_visits_one_wrote_or_took_part_in(cast):
    mine = cast.visit(actor=cast.steward)
    joined = cast.visit(staff=[cast.manager, cast.steward])
    cast.visit()
    assert set(Visit.objects.visible_to(cast.steward)) == {mine, joined}
    assert VisitEnterprise.objects.visible_to(cast.steward).count() == 2


def test_own_scope_shows_the_appeals_one_wrote_and_those_of_ones_enterprises(cast):
    mine = cast.draft(actor=cast.steward)
    cared_for = make_enterprise(cast.office)
    Stewardship.objects.create(enterprise=cared_for, user=cast.steward, starts_on=date(2020, 1, 1))
    theirs = cast.draft(enterprise=cared_for)
    cast.draft()
    assert set(Appeal.objects.visible_to(cast.steward)) == {mine, theirs}


def test_a_unit_sees_the_appeals_it_leads_or_joins_and_no_visits(cast, others):
    appeal = cast.at(S.DISPATCHED)
    cast.at(S.ACCEPTED)
    others.at(S.DISPATCHED)
    for person in (cast.handler, cast.helper):
        assert list(Appeal.objects.visible_to(person)) == [appeal]
        assert AppealEvent.objects.visible_to(person).count() == 3
        assert not Visit.objects.visible_to(person).exists()


def test_an_institution_sees_all_of_its_own_and_nothing_of_another(cast, others):
    cast.at(S.CONFIRMED)
    cast.visit()
    theirs = (others.at(S.CONFIRMED), others.visit())
    assert Appeal.objects.visible_to(cast.manager).count() == Visit.objects.visible_to(cast.manager).count() == 1
    assert theirs[0] not in Appeal.objects.visible_to(cast.manager)
    assert CallBack.objects.visible_to(cast.manager).count() == 1
    assert not Photo.objects.visible_to(cast.manager).exists()


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_business_data(cast, users, role):
    cast.at(S.CONFIRMED)
    cast.visit()
    for model in (Appeal, Visit, VisitEnterprise, AppealEvent, CallBack):
        assert not model.objects.visible_to(users[role]).exists()


def test_colleagues_are_people_of_the_institution_who_do_business(cast, others, users):
    people = set(colleagues(cast.steward))
    assert {cast.manager, cast.handler, users["leader"]} <= people
    assert not people & {others.manager, users["sysadmin"], users["auditor"]}
    assert not colleagues(User(username="x")).exists()


TODAY = date(2026, 11, 2)


@pytest.fixture
def listed(cast) -> Enterprise:
    firm = make_enterprise(cast.office)
    ServiceTier.objects.create(enterprise=firm, tier="town", starts_on=date(2020, 1, 1))
    return firm


def due(cast, today: date = TODAY) -> list[Enterprise]:
    return list(due_for_visit(Enterprise.objects.visible_to(cast.manager), today))


def test_a_listed_enterprise_never_visited_is_due_and_others_are_not(cast, listed):
    assert due(cast) == [listed]


@pytest.mark.parametrize(("days", "is_due"), [(29, False), (30, False), (31, True), (60, True)])
def test_a_visit_holds_for_the_interval_of_the_tier(cast, listed, days, is_due):
    cast.visit(listed, started_at=START - timedelta(days=days))
    assert (due(cast) == [listed]) is is_due


def test_a_phone_call_or_a_plan_does_not_hold_off_a_visit(cast, listed):
    cast.visit(listed, kind="phone")
    cast.visit(listed, started_at=START + timedelta(days=1))
    assert due(cast) == [listed]


def test_an_enterprise_off_the_list_or_gone_is_not_due(cast, listed):
    ServiceTier.objects.update(ends_on=date(2026, 11, 1))
    assert due(cast) == []
    ServiceTier.objects.update(ends_on=None)
    Enterprise.objects.filter(pk=listed.pk).update(stage="moved_out", left_on=date(2026, 10, 1))
    assert due(cast) == []


def test_an_agreed_visit_is_followed_up_until_it_took_place(cast):
    cast.visit(next_visit_on=date(2026, 11, 10))
    pairs = VisitEnterprise.objects.visible_to(cast.manager)
    assert pairs.to_follow_up(date(2026, 11, 9)).count() == 0
    assert pairs.to_follow_up(date(2026, 11, 10)).count() == 1
    cast.visit(started_at=START + timedelta(hours=1))
    assert pairs.to_follow_up(date(2026, 11, 10)).count() == 0


def test_every_queue_counts_what_it_shows(cast, others, time_machine_at):
    for status in S:
        cast.at(status)
        others.at(status)
    time_machine_at(START + timedelta(days=30))
    rows = Appeal.objects.visible_to(cast.desk)
    counts = queue_counts(rows, cast.desk)
    now = timezone.now()
    assert counts == {queue.key: queue.rows(rows, now, cast.desk).count() for queue in QUEUES}
    assert counts["submitted"] == 2  # one of its own and the one another was merged into
    assert counts["overdue"] == 4  # accepted, dispatched, handling, answered: the paused clock stands still
    assert counts["finished"] == 2


@pytest.mark.parametrize("person", ["desk", "manager", "handler", "helper"])
def test_a_person_or_a_unit_is_shown_the_counts_of_each_queue_up_to_one_more_than_is_counted(
    cast, others, time_machine_at, monkeypatch, person
):
    cast.manager.scope = "own"  # of what a manager wrote, which is all of the cast
    for status in S:
        cast.at(status)
        others.at(status)
    time_machine_at(START + timedelta(days=30))
    user, now = getattr(cast, person), timezone.now()
    rows = Appeal.objects.visible_to(user)
    whole = {queue.key: queue.rows(rows, now, user).count() for queue in QUEUES}
    assert max(whole.values()) > 2
    assert queue_counts(rows, user) == whole
    monkeypatch.setattr("visits.queues.COUNTED", 1)
    assert queue_counts(rows, user) == {key: min(count, 2) for key, count in whole.items()}
    assert set(queue_counts(Appeal.objects.none(), user).values()) == {0}


def test_due_today_and_overdue_do_not_overlap(cast, time_machine_at):
    appeal = cast.at(S.HANDLING)
    for moment, expected in ((-1, ["today"]), (1, ["overdue"])):
        time_machine_at(appeal.due_at + timedelta(minutes=moment))
        counts = queue_counts(Appeal.objects.all(), cast.desk)
        assert [key for key in ("today", "overdue") if counts[key]] == expected


def test_mine_is_what_i_wrote_look_after_or_my_unit_handles(cast):
    appeal = cast.at(S.HANDLING)
    for person, is_mine in ((cast.manager, True), (cast.handler, True), (cast.helper, True), (cast.desk, False)):
        rows = BY_KEY["mine"].rows(Appeal.objects.all(), timezone.now(), person)
        assert (list(rows) == [appeal]) is is_mine, person


def test_waiting_are_those_whose_way_forward_is_mine(cast):
    at = {status: cast.at(status) for status in (S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.ANSWERED, S.CLOSED)}
    assert set(Appeal.objects.awaiting(cast.desk)) == set(at.values()) - {at[S.DISPATCHED]}
    assert set(Appeal.objects.awaiting(cast.handler)) == {at[S.DISPATCHED]}
    assert not Appeal.objects.awaiting(make_user("reader", cast.office, role="viewer")).exists()
