"""Two presses at the same moment, from two connections: exactly one wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from parks.actions import merge_enterprises
from parks.models import MergeRecord
from tests.parks.factories import make_enterprise
from tests.visits.factories import START, Cast
from visits import actions
from visits.choices import AppealStatus as S
from visits.models import Appeal, AppealEvent, Visit

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


def test_two_enterprises_merged_into_each_other_at_once_leave_one(cast: Cast):
    pair = [cast.firm, make_enterprise(cast.office)]
    at_once(lambda n: merge_enterprises(pair[n], pair[1 - n], actor=cast.manager, take=(), seen=(1, 1)))
    assert MergeRecord.objects.count() == 1
