"""A person's visits in the calendar of a phone, by a secret address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.parks.factories import make_enterprise
from tests.visits.factories import local
from visits import actions
from visits.models import CalendarFeed

pytestmark = pytest.mark.django_db
NOW = local("2026-11-04 11:00")


@pytest.fixture(autouse=True)
def _in_november(time_machine_at):
    time_machine_at(NOW)


def address_of(user) -> str:
    return reverse("visits:feed", args=[actions.renew_feed(actor=user).token])


def events(client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return [{name: str(event[name]) for name in ("SUMMARY", "STATUS", "URL", "UID")} for event in found]


def test_the_own_plans_and_visits_are_in_it_and_nobody_elses(cast, client):
    firm = make_enterprise(cast.office, name="图维天下, 北京; 科技公司")
    plan = cast.visit(firm, staff=[cast.steward], started_at=NOW + timedelta(days=2), at=NOW, summary="")
    cast.visit(staff=[cast.manager], started_at=NOW)
    called_off = cast.visit(staff=[cast.steward], started_at=NOW + timedelta(days=3), at=NOW, summary="")
    type(called_off).objects.filter(pk=called_off.pk).update(status="cancelled")
    assert events(client, address_of(cast.steward)) == [
        {
            "SUMMARY": "走访调研：图维天下, 北京; 科技公司",
            "STATUS": "TENTATIVE",
            "URL": f"http://testserver{plan.get_absolute_url()}",
            "UID": f"{plan.client_id}@yuanqitong",
        }
    ]


def test_times_keep_their_place_and_an_edit_takes_the_place_of_what_was_there(cast, client):
    plan = cast.visit(staff=[cast.steward], started_at=local("2026-11-09 09:30"), at=NOW, summary="")
    address = address_of(cast.steward)
    before = Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
    assert before["DTSTART"].dt == local("2026-11-09 09:30")
    actions.update_visit(
        plan, actor=cast.manager, enterprises=[cast.firm], staff=[cast.steward],
        started_at=local("2026-11-10 14:00"), kind="visit", summary="", topic="改期",
    )  # fmt: skip
    after = Calendar.from_ical(client.get(address).content).walk("VEVENT")[0]
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], local("2026-11-10 14:00"))
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_what_was_said_is_not_in_it(cast, client):
    cast.visit(staff=[cast.steward], started_at=NOW, summary="企业说了要紧的话", topic="议题")
    assert "要紧的话" not in client.get(address_of(cast.steward)).content.decode()


def test_lines_are_folded_by_bytes_and_end_as_the_standard_says(cast, client):
    firm = make_enterprise(cast.office, name="很长的名字" * 20)
    cast.visit(firm, staff=[cast.steward], started_at=NOW)
    body = client.get(address_of(cast.steward)).content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def test_a_new_address_voids_the_old_one(cast, client):
    old = address_of(cast.steward)
    new = address_of(cast.steward)
    assert client.get(new).status_code == 200
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("token", ["x", "WzEsMV0:abc", "%00"])
def test_a_made_up_address_is_not_found(cast, client, token):
    actions.renew_feed(actor=cast.steward)
    assert client.get(f"/feeds/{token}/visits.ics").status_code == 404


@pytest.mark.parametrize("lost", [{"is_active": False}, {"role": "sysadmin"}])
def test_who_may_no_longer_see_visits_has_no_feed_either(cast, client, lost):
    address = address_of(cast.steward)
    type(cast.steward).objects.filter(pk=cast.steward.pk).update(**lost)
    assert client.get(address).status_code == 404


def test_the_page_makes_an_address_and_shows_only_the_own(cast, client):
    actions.renew_feed(actor=cast.manager)
    client.force_login(cast.steward)
    page = reverse("visits:feed_address")
    assert "/feeds/" not in client.get(page).content.decode()
    client.post(page)
    feed = CalendarFeed.objects.get(user=cast.steward)
    assert f"http://testserver{reverse('visits:feed', args=[feed.token])}" in client.get(page).content.decode()
