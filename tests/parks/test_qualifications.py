"""Awards that run out: the queue as of a day, renewing, withdrawing, the catalogue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from parks.actions import withdraw_qualification
from parks.forms_qualifications import last_day
from parks.models import Enterprise, Qualification, QualificationKind
from tests.parks.factories import make_enterprise, make_kind

QUEUE = "/qualifications/"
TODAY = date(2026, 6, 1)
START = date(2024, 1, 1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel("2026-06-01 10:00+08:00", tick=False):
        yield


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def award(enterprise: Enterprise, days: int | None, kind: str = "HNTE", **fields) -> Qualification:
    end = None if days is None else TODAY + timedelta(days=days)
    row = {"enterprise": enterprise, "kind": make_kind(kind), "valid_from": START, "valid_to": end} | fields
    return Qualification.objects.create(**row)


def listed(page, **query) -> list[int]:
    return [row.pk for row in page.get(QUEUE, query).context["page_obj"]]


def counts(page, **query) -> list[int]:
    return [one["count"] for one in page.get(QUEUE, query).context["windows"]]


def test_each_window_holds_its_own_edge_and_not_the_day_after(page, office):
    rows = {days: award(make_enterprise(office), days).pk for days in (-1, 0, 30, 31, 90, 91, 180, 181)}
    assert listed(page, window="30") == [rows[0], rows[30]]
    assert listed(page, window="90") == [rows[0], rows[30], rows[31], rows[90]]
    assert listed(page) == listed(page, window="180") == [rows[n] for n in (0, 30, 31, 90, 91, 180)]
    assert listed(page, window="expired") == [rows[-1]]
    assert counts(page) == [6, 4, 2, 1]


def test_the_queue_is_seen_from_the_day_asked_for(page, office):
    soon, later = award(make_enterprise(office), 20), award(make_enterprise(office), 200)
    assert listed(page, on="2026-12-01", window="30") == [later.pk]
    assert listed(page, on="2026-12-01", window="expired") == [soon.pk]
    assert "2026-12-01" in page.get(QUEUE, {"on": "2026-12-01"}).text


def test_as_of_a_past_day_what_was_renewed_later_still_ran_out(page, office):
    firm = make_enterprise(office)
    old = award(firm, -30)
    award(firm, 1000, valid_from=TODAY - timedelta(days=29))
    assert listed(page, window="expired") == []
    assert listed(page, on=str(TODAY - timedelta(days=60)), window="30") == [old.pk]


def test_renewed_withdrawn_endless_and_departed_ones_are_not_listed(page, office, manager):
    firm = make_enterprise(office)
    award(firm, 10)
    award(firm, 900, valid_from=TODAY + timedelta(days=11))
    award(make_enterprise(office), 10, withdrawn_on=TODAY, withdrawn_reason="放弃")
    award(make_enterprise(office), None)
    award(make_enterprise(office, stage="moved_out", left_on=TODAY), 10)
    award(make_enterprise(office, deleted_at="2026-01-01T00:00+08:00"), 10)
    assert counts(page) == [0, 0, 0, 0]


def test_an_award_of_another_kind_renews_nothing(page, office):
    firm = make_enterprise(office)
    row = award(firm, 10)
    award(firm, 900, kind="SRDI")
    assert listed(page) == [row.pk]


def test_the_queue_narrows_to_a_kind_and_counts_the_same(page, office):
    firm = make_enterprise(office)
    award(firm, 10)
    row = award(firm, 10, kind="SRDI")
    assert listed(page, kind="SRDI") == [row.pk]
    assert counts(page, kind="SRDI") == [1, 1, 1, 0]


def test_the_queue_shows_nothing_of_another_organisation(page, office, other_office):
    award(make_enterprise(other_office, "别处有限公司"), 10)
    assert "别处有限公司" not in page.get(QUEUE).text
    assert counts(page) == [0, 0, 0, 0]


@pytest.mark.parametrize("query", [{"on": "9999-12-31"}, {"on": "昨天"}, {"window": "7"}, {"kind": "\x00"}])
def test_odd_addresses_of_the_queue_break_nothing(page, query):
    assert page.get(QUEUE, query).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_takes_the_same_number_of_queries(page, office, rows, django_assert_num_queries):
    for _ in range(rows):
        award(make_enterprise(office), 10)
    page.get(QUEUE)
    with django_assert_num_queries(7):
        page.get(QUEUE)


def test_a_renewal_is_a_new_award_and_the_old_one_keeps_its_dates(page, office, manager):
    old = award(make_enterprise(office), 10)
    QualificationKind.objects.filter(pk=old.kind_id).update(valid_months=36)
    url = reverse("parks:qualification_renew", args=[old.pk])
    form = page.get(url).context["form"]
    assert form.initial["valid_from"] == TODAY + timedelta(days=11)
    assert form.initial["valid_to"] == date(2029, 6, 11)
    data = {"valid_from": "2026-06-12", "valid_to": "2029-06-11", "number": "GR2026"}
    assert page.post(url, data).status_code == 302
    again = page.post(url, data)
    assert (again.status_code, "已登记" in str(again.context["form"].errors)) == (200, True)
    new = Qualification.objects.exclude(pk=old.pk).get()
    assert (new.kind, new.enterprise, new.number) == (old.kind, old.enterprise, "GR2026")
    assert new.history.get().history_user == manager
    old.refresh_from_db()
    assert old.valid_to == TODAY + timedelta(days=10)
    assert "已续办" in page.get(old.enterprise.get_absolute_url()).text


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2023-01-01", "2030-01-01"), "应晚于原来的起始日"),
        (("2025-01-01", "2026-06-05"), "更晚"),
    ],
)
def test_a_renewal_must_reach_further_than_what_it_renews(page, office, dates, said):
    old = award(make_enterprise(office), 10)
    answer = page.post(
        reverse("parks:qualification_renew", args=[old.pk]), {"valid_from": dates[0], "valid_to": dates[1]}
    )
    assert said in answer.text
    assert Qualification.objects.count() == 1


def test_withdrawing_needs_a_reason_and_happens_once(page, office, manager):
    row = award(make_enterprise(office), 10)
    url = reverse("parks:qualification_withdraw", args=[row.pk])
    assert "reason" in page.post(url, {"withdrawn_on": "2026-05-01"}).context["form"].errors
    data = {"withdrawn_on": "2026-05-01", "reason": "复核未通过"}
    assert page.post(url, data).status_code == 302
    assert "已于" in str(page.post(url, data).context["form"].errors)
    row.refresh_from_db()
    assert (row.withdrawn_on, row.withdrawn_reason) == (date(2026, 5, 1), "复核未通过")
    assert row.history.first().history_user == manager
    assert "复核未通过" in page.get(row.enterprise.get_absolute_url()).text
    assert (
        "不能续办" in page.post(reverse("parks:qualification_renew", args=[row.pk]), {"valid_from": "2027-01-01"}).text
    )


@pytest.mark.parametrize("day", [START - timedelta(days=1), TODAY + timedelta(days=1)])
def test_an_award_is_withdrawn_neither_before_it_began_nor_in_advance(office, manager, day):
    row = award(make_enterprise(office), 10)
    with pytest.raises(ValidationError):
        withdraw_qualification(row, actor=manager, on=day, reason="x")


def test_nobody_touches_awards_of_another_organisation(page, other_office):
    row = award(make_enterprise(other_office), 10)
    for name in ("qualification_renew", "qualification_withdraw", "qualification_update"):
        url = reverse(f"parks:{name}", args=[row.pk])
        assert page.get(url).status_code == 404
        assert (
            page.post(url, {"withdrawn_on": "2026-05-01", "reason": "x", "valid_from": "2027-01-01"}).status_code == 404
        )
    assert Qualification.objects.get().withdrawn_on is None


def test_a_manager_edits_the_catalogue_and_others_only_read_it(client, users, office):
    kind = make_kind("SRDI")
    url, new = reverse("parks:kind_update", args=[kind.pk]), reverse("parks:kind_create")
    data = {
        "name": "市级专精特新",
        "short_name": "专精特新",
        "awarded_at": "city",
        "position": "5",
        "renewal": "重新评价",
    }
    client.force_login(users["steward"])
    assert client.get("/qualifications/kinds/").status_code == 200
    assert [client.post(one, data).status_code for one in (url, new)] == [403, 403]
    client.force_login(users["manager"])
    assert client.post(url, data | {"code": "OTHER"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.code, kind.renewal, kind.is_in_use) == ("SRDI", "重新评价", False)
    assert client.post(new, data | {"code": "new_1", "is_in_use": "on"}).status_code == 302
    assert "code" in client.post(new, data | {"code": "NEW_1"}).context["form"].errors
    assert "code" in client.post(new, data | {"code": "新"}).context["form"].errors
    assert QualificationKind.objects.filter(code="NEW_1").count() == 1


def test_a_kind_out_of_use_is_offered_only_where_it_was_chosen_before(page, office):
    kind = make_kind("OLD", name="旧称号", is_in_use=False)
    row = award(make_enterprise(office), 10, kind="OLD")
    assert "旧称号" not in page.get(reverse("parks:qualification_create", args=[row.enterprise_id])).text
    assert kind.name in page.get(reverse("parks:qualification_update", args=[row.pk])).text


def test_the_catalogue_counts_own_enterprises_that_hold_it_today(page, office, other_office):
    firm = make_enterprise(office)
    award(firm, 10, kind="HELD")
    award(firm, 20, kind="HELD", valid_from=TODAY)
    award(make_enterprise(office), -1, kind="HELD")
    award(make_enterprise(other_office), 10, kind="HELD")
    kinds = page.get("/qualifications/kinds/").context["object_list"]
    assert {kind.code: kind.held for kind in kinds}["HELD"] == 1


def test_the_last_day_is_the_day_before_the_same_day_so_many_months_on():
    assert last_day(date(2026, 6, 12), 36) == date(2029, 6, 11)
    assert last_day(date(2024, 2, 29), 12) == date(2025, 2, 27)
    assert last_day(date(2026, 12, 1), 1) == date(2026, 12, 31)
