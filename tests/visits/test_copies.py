"""What the database copies onto 家次 and call-backs is right however a row was written."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection

from crm.actions import create_organisation
from tests.reports.world import World, at
from visits import copies
from visits.choices import VisitStatus
from visits.models import Appeal, CallBack, Visit, VisitEnterprise

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(office) -> World:
    return World(office)


def pairs_are_right() -> bool:
    told = VisitEnterprise.objects.select_related("visit")
    assert told.exists()
    return all((p.organisation_id, p.kind, p.met_at) == (p.visit.organisation_id, p.visit.kind, met(p)) for p in told)


def met(pair: VisitEnterprise) -> datetime | None:
    visit = pair.visit
    counts = visit.status == VisitStatus.DONE and pair.has_attended and visit.deleted_at is None
    return visit.started_at if counts else None


def last_of(appeal: Appeal) -> set[int]:
    calls = sorted((c.called_at, c.pk) for c in CallBack.objects.filter(appeal=appeal) if c.is_valid)
    return {pk for _, pk in calls[-1:]}


def call_backs_are_right() -> bool:
    marked = set(CallBack.objects.filter(is_last=True).values_list("pk", flat=True))
    owners = all(c.organisation_id == c.appeal.organisation_id for c in CallBack.objects.select_related("appeal"))
    return owners and marked == set().union(*map(last_of, Appeal.objects.all()))


def change(**fields):
    return lambda world, visit: Visit.objects.filter(pk=visit.pk).update(**fields)


def move(world, visit):
    elsewhere = create_organisation(name="另一处", kind="park_office", parent=None)
    Visit.objects.filter(pk=visit.pk).update(organisation=elsewhere)


def save_whole(world, visit):
    """As code does that read the row before the database copied anything."""
    pair = visit.pairs.get()
    pair.organisation, pair.kind, pair.met_at, pair.note = None, "", None, "谈得很好"
    pair.save()


def stay_away(world, visit):
    visit.pairs.update(has_attended=False)


def add_in_bulk(world, visit):
    VisitEnterprise.objects.bulk_create(
        VisitEnterprise(visit=visit, enterprise=world.enterprise(), has_attended=n > 0) for n in range(3)
    )


def go_to_another(world, visit):
    visit.pairs.update(visit=world.visit("2023-11-12", world.enterprise(), kind="phone"))


CHANGES_OF_VISITS = {
    "moved to another day": change(started_at=at("2023-11-20")),
    "a call after all": change(kind="phone"),
    "cancelled": change(status="cancelled"),
    "in the bin": change(deleted_at=at("2023-11-30")),
    "a word only": change(topic="税收"),
    "moved to another organisation": move,
    "written whole": save_whole,
    "absent": stay_away,
    "more enterprises": add_in_bulk,
    "of another visit": go_to_another,
}


@pytest.mark.parametrize("what", CHANGES_OF_VISITS)
@pytest.mark.parametrize("status", ["done", "planned"])
def test_a_pair_tells_whose_it_is_and_when_the_enterprise_was_met(world, status, what):
    visit = world.visit(status=status)
    assert pairs_are_right()
    CHANGES_OF_VISITS[what](world, visit)
    assert pairs_are_right()


def test_what_comes_back_from_the_bin_counts_again(world):
    visit = world.visit()
    Visit.objects.filter(pk=visit.pk).update(deleted_at=at("2023-11-30"))
    Visit.objects.filter(pk=visit.pk).update(deleted_at=None)
    assert visit.pairs.get().met_at == visit.started_at


def only(call, **fields):
    CallBack.objects.filter(pk=call.pk).update(**fields)


def save_call(call):
    call.is_last, call.organisation, call.comment = False, None, "好"
    call.save()


CHANGES_OF_CALLS = {
    "history only": lambda first, later, other: only(later, stands=False),
    "not reached": lambda first, later, other: only(
        later, is_reached=False, is_contacted=None, solved="", satisfaction=""
    ),
    "no word on satisfaction": lambda first, later, other: only(later, satisfaction=""),
    "earlier": lambda first, later, other: only(later, called_at=first.called_at - timedelta(days=1)),
    "at the same time": lambda first, later, other: only(later, called_at=first.called_at),
    "gone": lambda first, later, other: later.delete(),
    "all gone": lambda first, later, other: CallBack.objects.all().delete(),
    "of another appeal": lambda first, later, other: only(later, appeal=other),
    "written whole": lambda first, later, other: save_call(later),
    "the first written whole": lambda first, later, other: save_call(first),
}


@pytest.mark.parametrize("what", CHANGES_OF_CALLS)
def test_the_last_valid_call_back_of_an_appeal_is_marked_and_no_other(world, what):
    appeal, other = world.appeal(closed="2023-11-15"), world.appeal(closed="2023-11-16")
    first, later = world.call(appeal, "2023-11-20"), world.call(appeal, "2023-11-22")
    world.call(other, "2023-11-21")
    assert call_backs_are_right()
    CHANGES_OF_CALLS[what](first, later, other)
    assert call_backs_are_right()


def test_call_backs_written_together_are_marked_too(world):
    appeal = world.appeal(closed="2023-11-15")
    one = world.call(appeal)
    rest = {"appeal": appeal, "round": 1, "is_reached": True, "called_by": world.user}
    CallBack.objects.bulk_create(
        CallBack(called_at=one.called_at + timedelta(hours=n), solved="solved", satisfaction="satisfied", **rest)
        for n in (3, -3, 1)
    )
    assert call_backs_are_right()


def test_an_appeal_that_moves_takes_its_call_backs_along(world):
    call = world.call()
    elsewhere = create_organisation(name="另一处", kind="park_office", parent=None)
    Appeal.objects.filter(pk=call.appeal_id).update(organisation=elsewhere)
    assert call_backs_are_right()


def test_the_triggers_are_there_as_a_migration_left_them():
    """One that makes a table anew on SQLite has to install them again."""
    where = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(where[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = {m[1] for one in copies.statements(connection.vendor) if (m := re.match(r"CREATE TRIGGER (\w+)", one))}
    assert len(wanted) >= 4
    assert wanted <= there


def test_rows_written_while_the_triggers_were_off_are_filled(world):
    world.visit()
    world.call()
    copies.remove(connection)
    VisitEnterprise.objects.update(organisation=None, kind="", met_at=None)
    CallBack.objects.update(organisation=None, is_last=False)
    copies.install(connection)
    copies.fill(connection)
    assert pairs_are_right()
    assert call_backs_are_right()
