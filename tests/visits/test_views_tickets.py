"""Pages of hotline tickets: the list with its queues and filters, who sees what, the file, the bin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm.models import AuditEntry
from tests.parks.factories import make_enterprise
from tests.visits.factories import Cast, local, make_ticket
from visits import actions
from visits.actions import StepRefused
from visits.models import HotlineTicket

LIST = "/hotline/"


@pytest.fixture
def tickets(cast: Cast, others: Cast) -> dict[str, HotlineTicket]:
    """One of every kind, and one of another organisation that would be seen if anything leaked."""
    return {
        "enterprise": make_ticket(cast.office, cast.desk, title="班车太早", enterprise=cast.firm, category="交通"),
        "unmatched": make_ticket(
            cast.office, cast.desk, title="退押金", firm_name="查无公司", party="unmatched", lead_unit="市场科",
            status="closed",
        ),
        "resident": make_ticket(
            cast.office, cast.desk, title="楼道灯", caller="张三丰", caller_phone="13800138000",
            called_at=local("2026-10-03 08:00"),
        ),
        "to_check": make_ticket(
            cast.office, cast.desk, title="路灯不亮", enterprise=cast.firm, matched_by="phone", number="BJ777",
        ),
        "theirs": make_ticket(
            others.office, others.desk, title="别处机密", enterprise=others.firm, category="交通", number="BJ777X",
            lead_unit="别处科", matched_by="phone", firm_name="别处公司",
        ),
    }  # fmt: skip


def titles(page: str) -> set[str]:
    return {title for title in ("班车太早", "退押金", "楼道灯", "路灯不亮", "别处机密") if title in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"班车太早", "退押金", "楼道灯", "路灯不亮"}),
        ({"queue": "enterprise"}, {"班车太早", "路灯不亮"}),
        ({"queue": "unmatched"}, {"退押金"}),
        ({"queue": "resident"}, {"楼道灯"}),
        ({"queue": "to_check"}, {"路灯不亮"}),
        ({"queue": "apart"}, set()),
        ({"status": "closed"}, {"退押金"}),
        ({"category": "交通"}, {"班车太早"}),
        ({"lead_unit": "市场科"}, {"退押金"}),
        ({"month": "2026-10"}, {"楼道灯"}),
        ({"q": "路灯"}, {"路灯不亮"}),
        ({"q": "BJ777"}, {"路灯不亮"}),
        ({"q": "查无公司"}, {"退押金"}),
        # Not by who called: a reader of the list would find out whose telephone it is.
        ({"q": "13800138000"}, set()),
        ({"month": "2026-13"}, {"班车太早", "退押金", "楼道灯", "路灯不亮"}),
    ],
)
def test_the_list_is_narrowed_by_queue_filter_and_word(client, cast, tickets, query, found):
    client.force_login(cast.desk)
    page = client.get(LIST, query).content.decode()
    assert titles(page) == found
    # Nor among the words that the filters offer.
    assert "别处科" not in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_row_and_for_thirty(client, cast, rows, django_assert_num_queries):
    for n in range(rows):
        make_ticket(cast.office, cast.desk, enterprise=make_enterprise(cast.office), category=f"类{n}")
    client.force_login(cast.desk)
    client.get(LIST)
    with django_assert_num_queries(7):
        assert client.get(LIST).status_code == 200


def test_the_thirty_first_is_on_the_next_page(client, cast):
    for n in range(31):
        make_ticket(cast.office, cast.desk, title=f"第{n}件", called_at=local(f"2026-10-{n + 1:02d} 08:00"))
    client.force_login(cast.desk)
    first = client.get(LIST)
    assert "第0件" not in first.content.decode()
    after = first.context["page_obj"].next_cursor
    assert "第0件" in client.get(LIST, {"after": after}).content.decode()
    assert client.get(LIST, {"count": 1}).content.decode() == "31"


@pytest.mark.parametrize(
    ("person", "seen"),
    [("manager", 4), ("desk", 4), ("steward", 0), ("handler", None)],
)
def test_who_sees_which_tickets(client, cast, tickets, person, seen):
    """A steward sees those of the own enterprises, a unit none: residents are not its business."""
    client.force_login(getattr(cast, person))
    answer = client.get(LIST)
    assert answer.status_code == (403 if seen is None else 200)
    if seen is not None:
        assert len(answer.context["page_obj"]) == seen


def test_a_steward_sees_the_tickets_of_the_own_enterprise(client, cast, tickets):
    cast.firm.stewardships.create(user=cast.steward, starts_on="2020-01-01")
    client.force_login(cast.steward)
    assert titles(client.get(LIST).content.decode()) == {"班车太早", "路灯不亮"}
    assert client.get(tickets["resident"].get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("role", "is_open"), [("desk", True), ("manager", True), ("viewer", False), ("leader", False)])
def test_who_called_is_veiled_for_those_who_only_read(client, users, cast, tickets, role, is_open):
    client.force_login(users[role])
    page = client.get(tickets["resident"].get_absolute_url()).content.decode()
    assert ("13800138000" in page, "张三丰" in page) == (is_open, is_open)
    assert ("138****8000" in page, "张**" in page) == (not is_open, not is_open)
    file = client.get(reverse("visits:ticket_export"))
    assert file.status_code == (200 if is_open else 403)
    assert b"".join(file)
    assert AuditEntry.objects.filter(action="export").count() == int(is_open)


def test_the_file_holds_what_the_list_shows(client, cast, tickets):
    client.force_login(cast.desk)
    text = b"".join(client.get(reverse("visits:ticket_export"), {"format": "csv", "queue": "resident"})).decode()
    assert titles(text) == {"楼道灯"}
    text = b"".join(client.get(reverse("visits:ticket_export"), {"format": "csv"})).decode()
    assert titles(text) == {"班车太早", "退押金", "楼道灯", "路灯不亮"}


def test_a_ticket_goes_to_the_bin_and_comes_back(client, cast, tickets):
    client.force_login(cast.desk)
    ticket = tickets["resident"]
    client.post(reverse("visits:ticket_delete", args=[ticket.pk]))
    assert "楼道灯" not in client.get(LIST).content.decode()
    assert client.get(ticket.get_absolute_url()).status_code == 410
    page = client.get(reverse("visits:ticket_bin")).content.decode()
    assert ticket.number in page
    assert "别处机密" not in page
    client.post(reverse("visits:ticket_restore", args=[ticket.pk]))
    assert "楼道灯" in client.get(LIST).content.decode()


def test_a_ticket_whose_number_came_again_stays_in_the_bin(cast):
    ticket = make_ticket(cast.office, cast.desk, number="BJ1")
    actions.delete_ticket(ticket, actor=cast.desk)
    make_ticket(cast.office, cast.desk, number="BJ1")
    with pytest.raises(StepRefused, match="后来又导入过"):
        actions.restore_ticket(ticket, actor=cast.desk)


def test_tickets_of_an_enterprise_in_the_bin_are_gone_with_it(client, cast, tickets):
    cast.firm.deleted_at = local("2026-11-03 09:00")
    cast.firm.save()
    client.force_login(cast.desk)
    assert titles(client.get(LIST).content.decode()) == {"退押金", "楼道灯"}


def test_the_search_box_finds_a_ticket_by_its_number(client, cast, tickets):
    client.force_login(cast.desk)
    page = client.get("/search/", {"q": "BJ777"}, follow=True).content.decode()
    assert "路灯不亮" in page
    assert "别处机密" not in page


def test_an_empty_list_says_how_to_fill_it(client, users, cast):
    client.force_login(users["desk"])
    assert "?kind=tickets" in client.get(LIST).content.decode()
    client.force_login(users["viewer"])
    assert "等受理员导入" in client.get(LIST).content.decode()
