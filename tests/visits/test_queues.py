"""Queues page by page: every row of a queue once, in one order, whichever way one turns the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import User
from parks.models import Stewardship
from tests.visits.factories import START, Cast
from visits.choices import AppealStatus as S
from visits.models import Appeal
from visits.querysets import OPEN, standing_still
from visits.queues import BY_KEY, DUE, QUEUES, Queue
from visits.workflow import STEPS

pytestmark = pytest.mark.django_db
SIZE = 3


@pytest.fixture
def full(cast: Cast, others: Cast, time_machine_at) -> Cast:
    """Two of every status, and as many of strangers; some late, some asked for, supervised or out of reach."""
    for status in S:
        for days in (0, 1):
            cast.at(status, at=START - timedelta(days=days))
        others.at(status)
    cast.ready_for("grant_exclusion", S.CLOSED)
    cast.ready_for("grant_extension", S.HANDLING)
    cast.ready_for("lift", S.ANSWERED)
    cast.ready_for("archive", S.CLOSED)
    Stewardship.objects.create(enterprise=cast.firm, user=cast.steward, role="local", starts_on=START.date())
    time_machine_at(START + timedelta(days=30))
    return cast


def forward(queue: Queue, user: User) -> list[list[Appeal]]:
    rows, pages, after = Appeal.objects.visible_to(user), [], ""
    while True:
        page = queue.page(rows, user, SIZE, after=after)
        pages.append(list(page))
        if not page.has_next:
            return pages
        after = page.next_cursor


def test_turning_the_pages_shows_every_row_of_a_queue_once(full):
    for user in (full.manager, full.desk, full.steward, full.handler, full.helper):
        for queue in QUEUES:
            shown = [row for page in forward(queue, user) for row in page]
            expected = queue.rows(Appeal.objects.visible_to(user), timezone.now(), user)
            assert len(shown) == len(set(shown)), queue.key
            assert set(shown) == set(expected), (queue.key, user)


def test_turning_back_shows_the_pages_as_they_were(full):
    rows, user = Appeal.objects.visible_to(full.manager), full.manager
    for key in ("mine", "finished", "overdue"):
        pages, queue = forward(BY_KEY[key], user), BY_KEY[key]
        page, cursor = None, ""
        for _ in pages[1:]:
            page = queue.page(rows, user, SIZE, after=cursor)
            cursor = page.next_cursor
        page = queue.page(rows, user, SIZE, after=cursor)
        back = [list(page)]
        while page.has_previous:
            page = queue.page(rows, user, SIZE, before=page.previous_cursor)
            back.append(list(page))
        assert back[::-1] == pages, key


def test_mine_is_running_ones_by_their_limit_then_those_standing_still_then_drafts_then_the_closed(full):
    shown = [row for page in forward(BY_KEY["mine"], full.manager) for row in page]
    still = set(Appeal.objects.filter(standing_still(timezone.now())).values_list("pk", flat=True))
    groups = [
        1 if row.pk in still else next(n for n, of in ((0, OPEN), (2, [S.DRAFT]), (3, [S.CLOSED])) if row.status in of)
        for row in shown
    ]
    assert groups == sorted(groups)
    assert {*groups} == {0, 1, 2, 3}
    for group, place in ((0, DUE.value), (1, DUE.value), (3, lambda row: row.closed_at)):
        places = [place(row) for row, of in zip(shown, groups, strict=True) if of == group]
        assert places == sorted(places)
    assert min(groups.count(0), groups.count(3)) > SIZE


def test_mine_has_a_place_for_whatever_awaits_a_step():
    """A status that a step goes forward from and no part of the queue holds would be counted and not shown."""
    ahead = {source for step in STEPS.values() if step.is_forward for source in step.sources}
    assert ahead <= {*OPEN, S.DRAFT, S.CLOSED, S.CONFIRMED, S.ARCHIVED}


@pytest.mark.parametrize(
    "cursor", ["", "x", "~", "9~1~2026-01-01", "0~1", "0~1~x~y", "0~x~2026-01-01~2026-01-01", "٣~1~1"]
)
def test_a_place_that_is_none_is_the_first_page(full, cursor):
    client = Client()
    client.force_login(full.manager)
    first = list(client.get("/appeals/?queue=mine").context["page_obj"])
    for way in ("after", "before"):
        response = client.get("/appeals/", {"queue": "mine", way: cursor})
        assert list(response.context["page_obj"]) == first


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_any_queue_takes_the_same_queries_at_1_and_30_rows(cast, rows, django_assert_num_queries):
    for _ in range(rows):
        cast.at(S.HANDLING)
    client = Client()
    for user, queries in ((cast.manager, 6), (cast.handler, 8)):
        client.force_login(user)
        # 我的 asks once more where its first part does not fill the page.
        for key, more in (("mine", 1), ("handling", 0)):
            with django_assert_num_queries(queries + more):
                assert client.get(f"/appeals/?queue={key}").context["page_obj"].object_list
