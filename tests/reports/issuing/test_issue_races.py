"""Two presses at the same moment, from two connections: exactly one wins."""

from __future__ import annotations

import pytest
from django.db import connection

from reports import actions
from reports.issuing.steps import DRAFT, ISSUED, REVIEW, REVIEWED
from reports.issuing.wording import Words
from reports.models import Delivery, FrozenRows, IssuedFile, ReportIssue, ReportNotice
from reports.renderers import RENDERERS
from tests.reports.issues import Desk
from tests.reports.issuing.test_schedules import DUE, schedule
from tests.reports.world import World
from tests.visits.test_races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in connection.vendor, reason="the test database of SQLite is one connection's memory"),
]


@pytest.fixture
def desk(world: World) -> Desk:
    world.visit()
    return Desk(world)


def names(results: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in results)


def test_drafts_begun_at_once_are_one(desk):
    results = at_once(lambda _: desk.draft(), 4)
    assert len({one.pk for one in results}) == ReportIssue.objects.count() == 1
    rows = FrozenRows.objects.values_list("figure", "part")
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("step", "status"), [("submit", DRAFT), ("approve", REVIEW), ("issue", REVIEWED)])
def test_of_many_presses_of_a_step_at_once_one_wins(desk, step, status, settings):
    issue = desk.at(status)
    results = at_once(lambda _: desk.take(issue, step), 6)
    assert names(results) == ["AlreadyDone"] * 5 + ["ReportIssue"]
    if step == "issue":
        assert IssuedFile.objects.count() == len(RENDERERS)
        stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
        assert len(stored) == len(RENDERERS)


def test_of_issuing_and_sending_back_at_once_one_is_heard(desk):
    issue = desk.at(REVIEWED)
    results = at_once(lambda n: desk.take(issue, ("issue", "send_back")[n]))
    row = ReportIssue.objects.get(pk=issue.pk)
    assert names(results) == ["ReportIssue", "ReportRefused"]
    assert row.status in (DRAFT, ISSUED)
    assert bool(row.code) == (row.status == ISSUED) == IssuedFile.objects.exists()


def test_of_two_tabs_that_save_words_at_once_one_is_told(desk):
    issue = desk.draft()
    results = at_once(lambda n: actions.edit_words(issue, Words((f"第{n}人",)), actor=desk.manager, seen=1))
    assert names(results) == ["ReportIssue", "ReportRefused"]
    assert ReportIssue.objects.get(pk=issue.pk).edition == 2


def test_of_runs_at_once_one_drafts_and_tells(desk):
    schedule(desk, bot="gone")
    results = at_once(lambda _: actions.run_due(now=DUE), 4)
    assert sum(one.made for one in results) == ReportIssue.objects.count() == 1
    assert ReportNotice.objects.count() == 2
    assert Delivery.objects.get().tries <= len(results)


def test_corrections_begun_at_once_are_one(desk):
    issue = desk.at(ISSUED)
    results = at_once(lambda _: actions.correct_report(issue, actor=desk.manager), 4)
    assert {one.pk for one in results} == {ReportIssue.objects.get(status=DRAFT).pk}
