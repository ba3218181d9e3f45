"""The API: the same rows as the pages, shapes for other systems, and the steps of an appeal."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.parks.factories import make_enterprise
from tests.visits.factories import WAYS
from visits import actions
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


def test_nothing_but_steps_is_written_through_the_api(client, cast):
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


# Steps


def steps_of(client, user, appeal) -> dict[str, dict[str, object]]:
    found = get(client, user, "appeal_api-steps", appeal.pk).json()["steps"]
    return {step["key"]: step for step in found}


def take(client, user, appeal, **data):
    client.force_login(user)
    return client.post(reverse("visits:appeal_api-steps", args=[appeal.pk]), data, content_type="application/json")


def test_the_api_offers_the_same_steps_as_the_page_and_says_what_each_needs(client, cast):
    appeal = cast.at(S.HANDLING)
    offered = steps_of(client, cast.handler, appeal)
    assert list(offered) == [step.key for step in actions.steps_open_to(appeal, cast.handler)]
    needed = {field["name"]: field["is_required"] for field in offered["ask_extension"]["fields_asked"]}
    assert needed == {"amount": True, "note": True}
    assert ["solved", "已解决"] in offered["answer"]["fields_asked"][0]["choices"]
    assert [field["name"] for field in offered["answer"]["fields_asked"] if field["is_required"]] == [
        "result", "result_text", "files"
    ]  # fmt: skip


def test_a_step_is_taken_through_the_api_once_however_often_it_is_sent(client, cast):
    appeal = cast.at(S.ACCEPTED)
    seen = get(client, cast.desk, "appeal_api-steps", appeal.pk).json()["seen"]
    data = {"step": "dispatch", "seen": seen, "lead_unit": cast.lead.pk, "joint_units": [cast.joint.pk]}
    assert take(client, cast.desk, appeal, **data).json()["status"] == S.DISPATCHED
    again = take(client, cast.desk, appeal, **data)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert appeal.events.filter(step="dispatch").count() == 1
    assert appeal.joint_units.get() == cast.joint


def test_the_api_refuses_what_the_page_refuses_in_the_same_words(client, cast, others):
    appeal = cast.at(S.HANDLING)
    missing = take(client, cast.handler, appeal, step="pause", note="等批复")
    assert (missing.status_code, missing.json()) == (400, {"until": ["请选择挂起至。"]})
    assert take(client, cast.desk, appeal, step="close").status_code == 409
    assert take(client, cast.desk, appeal, step="answer", result="solved", result_text="办").status_code == 403
    assert take(client, cast.desk, appeal, step="no-such-step").status_code == 400
    assert take(client, others.manager, appeal, step="progress", note="看看").status_code == 404
    assert appeal.events.count() == len(WAYS[S.HANDLING])


def test_the_api_tells_of_joint_units_and_requests(client, cast):
    appeal = cast.take(cast.ready_for("joint_answer", S.HANDLING), "joint_answer", note="已到场")
    appeal = cast.take(appeal, "ask_extension")
    data = get(client, cast.manager, "appeal_api-detail", appeal.pk).json()
    assert [(part["unit"], part["status"], part["answer"]) for part in data["joint_parts"]] == [
        ("企业服务科", "answered", "已到场")
    ]
    assert [(asked["kind"], asked["amount"], asked["is_granted"]) for asked in data["requests"]] == [
        ("extension", 2, None)
    ]
