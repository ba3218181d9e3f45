"""What is done with hotline tickets: saying whose they are, raising them to appeals; pages, roles, merging, the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from parks import actions as register
from parks.models import Enterprise
from tests.parks.factories import make_enterprise
from tests.visits.factories import Cast, local, make_ticket
from tests.visits.test_tickets import row, run  # noqa: F401  (a fixture)
from visits import actions
from visits.actions import StepRefused
from visits.choices import AppealStatus as S
from visits.models import Appeal, HotlineTicket

RAISED: dict[str, Any] = {"content": "班车太早", "category": "traffic", "appeal_class": "general", "urgency": "normal"}


@pytest.fixture
def lost(cast: Cast) -> HotlineTicket:
    """Names an enterprise that the register has not."""
    return make_ticket(cast.office, cast.desk, firm_name="查无公司", party="unmatched", number="BJ001", title="退押金")


@pytest.fixture
def found(cast: Cast) -> HotlineTicket:
    return make_ticket(cast.office, cast.desk, enterprise=cast.firm, number="BJ002", title="班车", content="太早")


def address(name: str, ticket: HotlineTicket) -> str:
    return reverse(f"visits:ticket_{name}", args=[ticket.pk])


def now(ticket: HotlineTicket) -> tuple[Any, str, str]:
    ticket.refresh_from_db()
    return ticket.enterprise, ticket.party, ticket.matched_by


def test_a_person_says_whose_ticket_it_is_and_changes_their_mind(cast, lost):
    for _ in range(2):
        actions.match_ticket(lost, actor=cast.desk, enterprise=cast.firm)
    assert now(lost) == (cast.firm, "enterprise", "person")
    assert (lost.history.count(), lost.history.first().history_user) == (2, cast.desk)
    actions.mark_resident(lost, actor=cast.desk)
    assert now(lost) == (None, "resident", "person")


def test_it_is_looked_for_again_when_the_register_has_grown(cast, lost):
    actions.match_again(lost, actor=cast.desk)
    assert now(lost)[0] is None
    firm = make_enterprise(cast.office, "查无公司")
    actions.match_again(lost, actor=cast.desk)
    assert now(lost) == (firm, "enterprise", "name")


def test_what_a_person_has_settled_is_not_looked_for_again(cast, lost):
    make_enterprise(cast.office, "查无公司")
    actions.mark_resident(lost, actor=cast.desk)
    with pytest.raises(StepRefused, match="人工"):
        actions.match_again(lost, actor=cast.desk)
    assert actions.match_unmatched(actor=cast.desk) == (0, 0)


def test_all_unmatched_are_looked_for_at_once_and_no_others(cast, others, lost):
    theirs = make_ticket(others.office, others.desk, firm_name="新公司", party="unmatched")
    mine = make_ticket(cast.office, cast.desk, firm_name="新公司", party="unmatched")
    firm = make_enterprise(cast.office, "新公司")
    make_enterprise(others.office, "新公司")
    assert actions.match_unmatched(actor=cast.desk) == (1, 2)
    assert (now(mine)[0], now(lost)[0], now(theirs)[0]) == (firm, None, None)
    assert mine.history.first().history_change_reason == "重新匹配"


def test_a_ticket_becomes_an_appeal_once_with_the_limits_of_the_hotline(cast, found):
    appeal = actions.raise_ticket(found, actor=cast.desk, **RAISED)
    assert actions.raise_ticket(found, actor=cast.manager, **RAISED) == appeal
    assert Appeal.objects.get() == appeal
    assert (appeal.source, appeal.enterprise, appeal.status) == ("hotline", cast.firm, S.SUBMITTED)
    appeal = cast.take(appeal, "accept", at=timezone.now(), appeal_class="general", category="traffic")
    assert (appeal.due_at - appeal.accepted_at).days == 7
    with pytest.raises(StepRefused, match="企业以诉求为准"):
        actions.mark_resident(found, actor=cast.desk)
    with pytest.raises(StepRefused, match="企业以诉求为准"):
        actions.match_ticket(found, actor=cast.desk, enterprise=make_enterprise(cast.office))
    actions.delete_appeal(appeal, actor=cast.manager)
    with pytest.raises(StepRefused, match="在回收站"):
        actions.raise_ticket(found, actor=cast.desk, **RAISED)


def test_a_residents_ticket_does_not_become_an_appeal(client, cast, lost):
    with pytest.raises(StepRefused, match="先匹配企业"):
        actions.raise_ticket(lost, actor=cast.desk, **RAISED)
    client.force_login(cast.desk)
    assert "先匹配企业" in client.get(address("raise", lost), follow=True).content.decode()
    assert client.post(address("raise", lost), RAISED).status_code == 200
    assert not Appeal.objects.exists()


def test_a_list_that_says_done_does_not_move_the_appeal_and_both_are_shown(client, cast, run):  # noqa: F811
    run(row(企业名称=cast.firm.name))
    ticket = HotlineTicket.objects.get()
    appeal = actions.raise_ticket(ticket, actor=cast.desk, **RAISED)
    batch = run(row(企业名称=cast.firm.name, 工单状态="已办结"))
    assert "诉求不会随之变动" in str([found.messages for found in batch.rows.all()])
    ticket.refresh_from_db()
    appeal.refresh_from_db()
    assert (ticket.status, appeal.status, appeal.events.count()) == ("closed", S.SUBMITTED, 1)
    client.force_login(cast.desk)
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "诉求不随热线变动" in page
    assert appeal.number in page
    assert ticket.number in client.get("/hotline/?queue=apart").content.decode()
    page = client.get(appeal.get_absolute_url()).content.decode()
    assert ticket.get_absolute_url() in page
    assert ticket.number in page


def test_the_pages_of_matching_and_raising_do_what_they_say(client, cast, lost):
    client.force_login(cast.desk)
    page = client.get(lost.get_absolute_url()).content.decode()
    assert address("match", lost) in page
    assert address("raise", lost) not in page
    assert client.get(address("match", lost)).status_code == 200
    searched = client.post(address("match", lost), {"find": cast.firm.name[:4], "search": "1"})
    assert cast.firm.name in searched.content.decode()
    assert "请选择工单所说的企业" in client.post(address("match", lost), {}).content.decode()
    for _ in range(2):
        client.post(address("match", lost), {"enterprise": cast.firm.pk})
    assert now(lost)[0] == cast.firm
    assert "退押金" in client.get(address("raise", lost)).content.decode()
    assert "请写下诉求内容" in client.post(address("raise", lost), RAISED | {"content": ""}).content.decode()
    # Of the four classes of the hotline only.
    assert client.post(address("raise", lost), RAISED | {"appeal_class": "consult"}).status_code == 200
    assert not Appeal.objects.exists()
    for _ in range(2):
        assert client.post(address("raise", lost), RAISED).url == Appeal.objects.get().get_absolute_url()
    refused = client.post(address("resident", lost), follow=True).content.decode()
    assert "不能再改" in refused
    assert now(lost)[0] == cast.firm


def test_the_buttons_for_residents_and_for_looking_again(client, cast, found, lost):
    client.force_login(cast.desk)
    client.post(address("resident", found))
    assert now(found) == (None, "resident", "person")
    firm = make_enterprise(cast.office, "查无公司")
    assert "全部重新匹配" in client.get("/hotline/?queue=unmatched").content.decode()
    client.post(reverse("visits:tickets_match_again"))
    assert now(lost)[0] == firm
    client.post(address("match_again", lost))
    assert now(lost)[0] == firm


def test_an_enterprise_of_others_cannot_be_chosen(client, cast, others, lost):
    client.force_login(cast.desk)
    assert client.post(address("match", lost), {"enterprise": others.firm.pk}).status_code == 200
    assert now(lost)[0] is None


@pytest.mark.parametrize("role", ["steward", "viewer", "leader", "unit", "sysadmin"])
@pytest.mark.parametrize("name", ["match", "raise", "resident", "match_again", "delete"])
def test_who_does_not_handle_tickets_changes_none(client, users, found, role, name):
    client.force_login(users[role])
    assert client.post(address(name, found), RAISED).status_code == 403
    assert client.post(reverse("visits:tickets_match_again")).status_code == 403
    if role in ("viewer", "leader"):
        assert address(name, found) not in client.get(found.get_absolute_url()).content.decode()


def test_merging_enterprises_moves_their_tickets(cast, found):
    survivor = make_enterprise(cast.office, "云川存续公司")
    source = Enterprise.objects.get(pk=cast.firm.pk)
    record = register.merge_enterprises(
        survivor, source, actor=cast.manager, take=(), seen=(survivor.version, source.version)
    )
    assert now(found)[:2] == (survivor, "enterprise")
    register.unmerge_enterprises(record, actor=cast.manager)
    assert now(found)[0] == source


def test_the_enterprises_timeline_tells_of_its_tickets(client, cast, others, found):
    make_ticket(others.office, others.desk, enterprise=others.firm, title="别处机密")
    client.force_login(cast.desk)
    page = client.get(reverse("visits:enterprise_timeline", args=[cast.firm.pk])).content.decode()
    assert found.number in page
    assert found.get_absolute_url() in page
    assert "别处机密" not in page


@pytest.mark.parametrize("rows", [1, 30])
def test_the_api_tells_of_tickets_without_who_called(client, cast, others, rows, django_assert_num_queries):
    for n in range(rows):
        ticket = make_ticket(
            cast.office, cast.desk, enterprise=make_enterprise(cast.office), title=f"第{n}件", caller="张三丰",
            caller_phone="13800138000",
        )  # fmt: skip
        actions.raise_ticket(ticket, actor=cast.desk, **RAISED)
    make_ticket(others.office, others.desk, title="别处机密")
    client.force_login(cast.manager)
    with django_assert_num_queries(7):
        answer = client.get(reverse("visits:ticket_api-list"))
    assert answer.json()["count"] == rows
    assert answer.json()["results"][0]["appeal"].startswith("SQ")
    text = answer.content.decode()
    assert not [word for word in ("张三丰", "13800138000", "别处机密") if word in text]
    client.force_login(cast.handler)
    assert client.get(reverse("visits:ticket_api-list")).status_code == 403
    client.force_login(cast.manager)
    assert client.post(reverse("visits:ticket_api-list"), {}).status_code == 405


def test_a_ticket_is_found_by_month_in_the_api(client, cast, found):
    client.force_login(cast.manager)
    for month, count in (("2026-11", 1), ("2026-10", 0)):
        assert client.get(reverse("visits:ticket_api-list"), {"month": month}).json()["count"] == count
    assert found.called_at == local("2026-11-02 09:30")
