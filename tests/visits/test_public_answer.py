"""The page of a link, opened by anybody: what it shows, what it keeps to itself, and what it takes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from crm.models import User
from parks.actions import delete_enterprise
from tests.visits.factories import START, Cast
from visits import actions
from visits.choices import AppealStatus as S
from visits.models import Appeal, CallBack, CallBackLink

pytestmark = pytest.mark.django_db

CALLED = START + timedelta(days=2)
GOOD = {"is_contacted": "yes", "solved": "solved", "satisfaction": "satisfied"}
BAD = {"is_contacted": "no", "solved": "unsolved", "satisfaction": "dissatisfied"}


@pytest.fixture(autouse=True)
def _day_of_the_link(time_machine_at):
    time_machine_at(CALLED)
    cache.clear()


@pytest.fixture
def closed(cast: Cast) -> Appeal:
    appeal = cast.draft(content="末班车太早，请联系张工 13812345678 或 010-61234567")
    for step in ("submit", "accept", "dispatch", "sign"):
        appeal = cast.take(appeal, step)
    appeal = cast.take(appeal, "answer", result="solved", result_text="已延至 22:30，问 13998765432 或 li@park.cn")
    return cast.take(appeal, "close", note="内部意见：注意舆情")


@pytest.fixture
def link(cast: Cast, closed: Appeal) -> CallBackLink:
    return actions.make_link(closed, actor=cast.desk)


@pytest.fixture
def address(link: CallBackLink) -> str:
    return link.get_absolute_url()


def words(response) -> str:
    return re.sub(r"<[^>]+>|\s+", "", response.text.split("<body", 1)[1])


def send(client: Client, address: str, **said):
    return client.post(address, GOOD | said)


# What it shows


def test_it_shows_number_question_answer_and_unit_and_asks_three_questions(client, address, closed):
    response = client.get(address)
    said = words(response)
    assert response.status_code == 200
    for text in ("园企通", closed.number, "末班车太早", "已延至22:30", "规划建设科", "提交评价"):
        assert text in said
    assert re.findall(r'<input[^>]+name="(\w+)"[^>]*type="radio"|type="radio"[^>]+name="(\w+)"', response.text)
    assert all(f'name="{name}"' in response.text for name in (*GOOD, "comment", "respondent"))


def test_it_tells_no_numbers_no_people_no_enterprise_and_nothing_else(client, address, cast, closed):
    other = cast.draft(content="别的诉求")
    text = client.get(address).text
    secrets = [
        "13812345678", "61234567", "13998765432", "li@park.cn", "内部意见", "别的诉求", other.number,
        cast.firm.name, *User.objects.values_list("name", flat=True), *User.objects.values_list("username", flat=True),
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in text] == []
    assert text.count("（号码略）") == 4
    assert re.findall(r'href="(/(?!static)[^"]*)"', text) == []


def test_a_long_question_and_answer_are_cut(client, cast, closed, address):
    Appeal.objects.filter(pk=closed.pk).update(content="问" * 500, result_text="答" * 2000)
    text = client.get(address).text
    assert "问" * 119 + "…" in text
    assert "答" * 299 + "…" in text


def test_it_is_kept_by_nobody_found_by_nobody_and_told_to_nobody(client, address):
    response = client.get(address)
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert 'name="robots" content="noindex' in response.text
    assert "<script" not in response.text
    assert "style=" not in response.text


def test_opening_it_is_remembered_once_and_not_of_staff(client, address, link, cast, time_machine_at):
    staff = Client()
    staff.force_login(cast.desk)
    staff.get(address)
    link.refresh_from_db()
    assert link.first_opened_at is None
    client.get(address)
    time_machine_at(CALLED + timedelta(hours=3))
    client.get(address)
    link.refresh_from_db()
    assert link.first_opened_at == CALLED


# What it takes


def test_an_answer_is_taken_and_thanked_for(client, address, closed):
    response = client.post(address, GOOD | {"comment": "谢谢", "respondent": "王女士"}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert "已收到评价" in words(response)
    assert "王女士" not in response.text
    got = CallBack.objects.get()
    assert (got.via, got.solved, got.satisfaction, got.comment) == ("link", "solved", "satisfied", "谢谢")
    assert Appeal.objects.get(pk=closed.pk).status == S.CONFIRMED


def test_a_double_press_is_one_answer(client, address):
    send(client, address, comment="好")
    send(client, address, comment="好")
    assert CallBack.objects.count() == 1


def test_of_two_tabs_the_first_counts_and_the_second_is_kept(client, address):
    second = Client()
    assert "提交评价" in client.get(address).text
    assert "提交评价" in second.get(address).text
    send(client, address)
    response = second.post(address, BAD, follow=True)
    assert "以第一次答复为准" in words(response)
    assert [got.satisfaction for got in CallBack.objects.valid()] == ["satisfied"]
    assert CallBack.objects.filter(stands=False, satisfaction="dissatisfied").count() == 1


def test_after_an_answer_the_page_thanks_and_asks_again_only_when_asked_to(client, address):
    send(client, address)
    assert "提交评价" not in client.get(address).text
    assert "补充评价" in client.get(f"{address}?again=1").text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("is_contacted", "请选择承办单位是否联系过您。"),
        ("solved", "请选择是否解决。"),
        ("satisfaction", "请选择是否满意。"),
    ],
)
def test_a_question_left_out_is_asked_for_and_what_was_typed_stays(client, address, name, said):
    response = client.post(address, {key: value for key, value in GOOD.items() if key != name} | {"comment": "写过的"})
    assert said in response.text
    assert "写过的" in response.text
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("value", ["great", "", "\x00", "solved' or 1=1"])
def test_an_answer_that_is_none_is_refused(client, address, value):
    assert send(client, address, solved=value).status_code == 200
    assert not CallBack.objects.exists()


def test_two_thousand_signs_are_taken_and_one_more_is_told(client, address):
    response = send(client, address, comment="长" * 2001)
    assert "最多 2000 个字，现在有 2001 个" in response.text
    assert not CallBack.objects.exists()
    send(client, address, comment="长" * 2000)
    assert CallBack.objects.get().comment == "长" * 2000


def test_what_was_typed_is_never_run(client, address, cast, closed):
    evil = "<script>alert(1)</script>"
    send(client, address, comment=evil, respondent="<b>某</b>")
    client.force_login(cast.manager)
    for page in (closed.get_absolute_url(), f"/enterprises/{cast.firm.pk}/timeline/"):
        text = client.get(page).text
        assert evil not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_form_from_elsewhere_is_refused(address):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, address).status_code == 403
    strict.get(address)
    token = strict.cookies["csrftoken"].value
    assert strict.post(address, GOOD | {"csrfmiddlewaretoken": token}).status_code == 302
    assert CallBack.objects.count() == 1


def test_staff_may_look_but_not_answer_for_the_enterprise(client, address, cast):
    client.force_login(cast.desk)
    page = client.get(address)
    assert "不能代企业填写" in page.text
    assert "提交评价" not in page.text
    assert send(client, address).status_code == 403
    assert not CallBack.objects.exists()


# When it is over


def test_an_expired_link_says_so_and_takes_nothing(client, address, time_machine_at):
    time_machine_at(CALLED + timedelta(days=7))
    for response in (client.get(address), send(client, address)):
        assert response.status_code == 410
        assert "链接已过期" in response.text
    assert not CallBack.objects.exists()


def _revoke(cast, closed):
    actions.revoke_link(closed, actor=cast.desk)


def _delete(cast, closed):
    actions.delete_appeal(closed, actor=cast.manager)


def _delete_firm(cast, closed):
    delete_enterprise(cast.firm, actor=cast.manager)


def _redo(cast, closed):
    said = {"is_reached": True, "is_contacted": True, "solved": "unsolved", "satisfaction": "dissatisfied"}
    actions.record_call_back(closed, actor=cast.desk, at=CALLED, **said)
    cast.take(Appeal.objects.get(pk=closed.pk), "redo")


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (_revoke, "链接已停用"),
        (_delete, "不需要评价"),
        (_delete_firm, "不需要评价"),
        (_redo, "正在重新办理"),
    ],
)
def test_a_link_that_is_over_says_why_and_nothing_of_the_appeal(client, address, cast, closed, happens, said):
    happens(cast, closed)
    calls = CallBack.objects.count()
    for response in (client.get(address), send(client, address)):
        assert response.status_code == 410
        assert said in response.text
        assert closed.number not in response.text
        assert "no-store" in response.headers["Cache-Control"]
    assert CallBack.objects.count() == calls


def test_a_token_that_does_not_exist_is_not_found_and_says_what_to_do(client, link):
    for token in ("A" * 16, link.token[:-1], link.token.swapcase(), "1", "a" * 5000):
        response = client.get(f"/c/{token}/")
        assert response.status_code == 404
        assert "没有这个链接" in response.text


# Limits


def test_who_guesses_is_stopped_even_before_a_right_guess(client, address, time_machine_at):
    for count in range(10):
        assert client.get(f"/c/{count}/").status_code == 404
    stopped = client.get(address)
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "60")
    assert "操作太频繁" in stopped.text
    time_machine_at(CALLED + timedelta(seconds=61))
    assert client.get(address).status_code == 200


def test_another_address_goes_on_and_only_a_trusted_proxy_names_it(client, address, settings):
    for count in range(10):
        client.get(f"/c/{count}/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=f"198.51.100.{count}")
    forged = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "198.51.100.200"}
    assert client.get(address, **forged).status_code == 429
    assert client.get(address, REMOTE_ADDR="203.0.113.10").status_code == 200


def test_answers_sent_too_often_are_stopped(client, address):
    answers = [send(client, address, comment=str(count)).status_code for count in range(11)]
    assert answers == [302] * 10 + [429]
    assert CallBack.objects.count() == 10


def test_behind_a_trusted_proxy_each_client_has_its_own_count(client, address, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for count in range(10):
        client.get(f"/c/{count}/", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert client.get(address, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429
    assert client.get(address, HTTP_X_FORWARDED_FOR="198.51.100.2").status_code == 200
