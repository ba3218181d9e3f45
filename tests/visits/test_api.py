"""The API: the same rows as the pages, shapes for other systems, nothing to write."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.parks.factories import make_enterprise
from visits.choices import AppealStatus as S

pytestmark = pytest.mark.django_db


def get(client, user, name: str, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"visits:{name}", args=args), query)


def test_a_visit_is_read_with_its_pairs_people_and_appeals(client, cast):
    appeal = cast.at(S.SUBMITTED, visit=cast.visit())
    data = get(client, cast.manager, "visit_api-list").json()["results"][0]
    assert [pair["enterprise"]["name"] for pair in data["pairs"]] == [cast.firm.name]
    assert data["appeals"] == [appeal.number]
    assert data["staff"] == [str(cast.manager)]


def test_enterprises_beyond_the_readers_rows_are_left_out(client, cast):
    cast.firm.stewardships.create(user=cast.steward, starts_on="2020-01-01")
    visit = cast.visit(cast.firm, make_enterprise(cast.office), staff=[cast.steward])
    data = get(client, cast.steward, "visit_api-detail", visit.pk).json()
    assert [pair["enterprise"]["id"] for pair in data["pairs"]] == [cast.firm.pk]


def test_an_appeal_is_read_with_its_events_and_answers(client, cast):
    data = get(client, cast.manager, "appeal_api-detail", cast.at(S.CONFIRMED).pk).json()
    assert [event["step_label"] for event in data["events"]][:2] == ["提交", "受理"]
    assert data["call_backs"][0]["satisfaction"] == "dissatisfied"
    assert (data["lead_unit"], data["joint_units"]) == ("规划建设科", ["企业服务科"])


def test_queues_filter_the_api_too(client, cast):
    cast.at(S.ACCEPTED)
    appeal = cast.at(S.SUBMITTED)
    data = get(client, cast.manager, "appeal_api-list", queue="submitted").json()
    assert [row["number"] for row in data["results"]] == [appeal.number]


def test_nothing_is_written_through_the_api(client, cast):
    appeal = cast.at(S.SUBMITTED)
    client.force_login(cast.manager)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(reverse("visits:appeal_api-detail", args=[appeal.pk])).status_code == 405
    appeal.refresh_from_db()
    assert appeal.status == S.SUBMITTED


def test_a_handling_unit_reads_its_appeals_and_no_visits(client, cast):
    cast.visit()
    appeal = cast.at(S.DISPATCHED)
    assert get(client, cast.handler, "visit_api-list").status_code == 403
    assert [row["id"] for row in get(client, cast.handler, "appeal_api-list").json()["results"]] == [appeal.pk]
