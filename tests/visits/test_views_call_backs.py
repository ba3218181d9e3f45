"""Call-backs as staff see them: attempts, answers, the link with its QR code, and who may open which."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from tests.crm.factories import make_user
from tests.visits.factories import START, Cast
from visits import actions
from visits.choices import AppealStatus as S
from visits.models import Appeal, CallBack, CallBackLink
from visits.public_text import excerpt
from visits.qr import QUIET

pytestmark = pytest.mark.django_db

CALLED = START + timedelta(days=2)
UNHAPPY = {"is_contacted": False, "solved": "unsolved", "satisfaction": "dissatisfied"}
HAPPY = {"is_contacted": True, "solved": "solved", "satisfaction": "satisfied"}


@pytest.fixture(autouse=True)
def _day_of_the_call(time_machine_at):
    time_machine_at(CALLED)


@pytest.fixture
def closed(cast: Cast) -> Appeal:
    return cast.at(S.CLOSED)


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.desk)
    return client


def words(response) -> str:
    return re.sub(r"<[^>]+>|\s+", "", response.text.split("<main", 1)[1])


def in_vain(cast: Cast, appeal: Appeal, *days: int) -> None:
    for count, day in enumerate(days):
        at = CALLED + timedelta(days=day, minutes=count)
        actions.record_call_back(appeal, actor=cast.desk, is_reached=False, at=at)


# Attempts


def test_the_page_says_what_is_missing_before_a_call_back_is_invalid(desk, cast, closed):
    in_vain(cast, closed, 0, 0)
    assert "已有2次未接通（1天），还需在另一天再拨一次" in words(desk.get(closed.get_absolute_url()))


def test_an_invalid_call_back_is_named_on_the_page_in_the_list_and_in_its_queue(desk, cast, closed):
    in_vain(cast, closed, 0, 0, 1)
    other = cast.at(S.CLOSED)
    assert "无效回访：不计入三率，单独统计" in words(desk.get(closed.get_absolute_url()))
    listed = words(desk.get("/appeals/?queue=closed"))
    assert listed.count("待回访无效回访") == 3  # side by side among the queues; the table and the cards
    queue = desk.get("/appeals/?queue=unreached")
    assert closed.number in queue.text
    assert other.number not in queue.text


def test_what_somebody_entered_of_own_work_is_marked(desk, cast, closed):
    actions.record_call_back(closed, actor=cast.manager, is_reached=True, **HAPPY, at=CALLED)
    assert "经办人自录" in words(desk.get(closed.get_absolute_url()))


def test_later_and_replaced_answers_stay_on_the_page_and_say_that_they_do_not_count(desk, cast, closed):
    link = actions.make_link(closed, actor=cast.desk)
    actions.answer_link(link, **UNHAPPY, comment="没人管")
    actions.answer_link(link, **HAPPY, comment="现在有人管了", at=CALLED + timedelta(hours=1))
    facts = {"solved": "solved", "satisfaction": "basically", "note": "企业来电更正"}
    actions.advance_appeal(closed, "recheck", actor=cast.manager, at=CALLED + timedelta(hours=2), **facts)
    said = words(desk.get(closed.get_absolute_url()))
    assert "企业自填（链接）后来又答，不计入已解决满意“现在有人管了”" in said
    assert "企业自填（链接）已复核，以复核为准未解决不满意说没有联系过“没人管”" in said
    assert f"{cast.manager}电话回访复核经办人自录已解决基本满意复核理由：企业来电更正" in said


def test_the_form_of_a_re_check_names_every_field_that_is_missing_and_then_takes_it(client, cast, closed):
    actions.answer_link(actions.make_link(closed, actor=cast.desk), **UNHAPPY)
    client.force_login(cast.manager)
    address = f"{closed.get_absolute_url()}recheck/"
    refused = client.post(address, {"comment": "写过的"})
    for text in ("请选择是否解决。", "请选择是否满意。", "请填写复核理由。", "写过的"):
        assert text in refused.text
    given = {"solved": "solved", "satisfaction": "satisfied", "is_contacted": "yes", "note": "更正", "comment": "好了"}
    assert client.post(address, given).status_code == 302
    standing = CallBack.objects.valid().get()
    assert (standing.comment, standing.reason, standing.is_contacted) == ("好了", "更正", True)


# Links


def make(client: Client, appeal: Appeal, seen: int | str = 0):
    return client.post(f"/appeals/{appeal.pk}/link/new/", {"seen": seen}, follow=True)


def test_pressing_the_button_shows_address_words_and_code(desk, closed):
    assert "生成回访链接" in desk.get(closed.get_absolute_url()).text
    response = make(desk, closed)
    link = CallBackLink.objects.get()
    address = f"http://testserver{link.get_absolute_url()}"
    assert f'value="{address}"' in response.text
    assert f"请打开下面的链接评价，3 个问题，约 1 分钟，11 月 11 日 09:30 前有效：{address}" in response.text
    assert "<svg" in response.text
    assert "查看链接和二维码" in desk.get(closed.get_absolute_url()).text


def test_the_code_on_the_page_is_that_of_the_absolute_address(desk, closed):
    page = make(desk, closed).text
    address = f"http://testserver{CallBackLink.objects.get().get_absolute_url()}"
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(address)
    code.make()
    size = code.getModuleCount()
    dark = {(column, row) for row in range(size) for column in range(size) if code.isDark(row, column)}
    drawn = re.findall(r"M(\d+) (\d+)h1v1h-1z", page)
    assert {(int(x) - QUIET, int(y) - QUIET) for x, y in drawn} == dark
    assert f'viewBox="0 0 {size + 2 * QUIET} {size + 2 * QUIET}"' in page


def test_a_double_press_makes_one_link_and_making_it_anew_stops_the_old(desk, closed):
    make(desk, closed)
    make(desk, closed)
    link = CallBackLink.objects.get()
    make(desk, closed, seen=link.pk)
    assert CallBackLink.objects.filter(revoked_at=None).count() == 1
    assert Client().get(link.get_absolute_url()).status_code == 410


def test_a_link_that_ran_out_is_replaced_by_the_button_that_the_page_then_shows(desk, closed):
    make(desk, closed)
    CallBackLink.objects.update(created_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(1))
    assert "生成回访链接" in desk.get(closed.get_absolute_url()).text
    response = make(desk, closed)
    link = CallBackLink.objects.get(revoked_at=None)
    assert link.expires_at > timezone.now()
    assert link.get_absolute_url() in response.text


def test_a_new_round_gets_a_link_of_its_own_by_the_same_button(desk, cast, closed):
    make(desk, closed)
    Appeal.objects.filter(pk=closed.pk).update(round=2)
    assert "生成回访链接" in desk.get(closed.get_absolute_url()).text
    link = CallBackLink.objects.exclude(pk=CallBackLink.objects.get().pk)
    assert "复制这段话" in make(desk, closed).text
    assert link.get(revoked_at=None).round == 2


@pytest.mark.parametrize("seen", ["", "x", "9" * 40])
def test_what_the_page_does_not_send_breaks_nothing(desk, closed, seen):
    assert make(desk, closed, seen).status_code == 200


def test_a_link_that_was_stopped_is_shown_no_more(desk, closed):
    make(desk, closed)
    response = desk.post(f"/appeals/{closed.pk}/link/revoke/", follow=True)
    assert "已停用回访链接" in response.text
    assert "现在没有可用的回访链接" in desk.get(f"/appeals/{closed.pk}/link/", follow=True).text


def test_a_link_is_not_made_for_an_appeal_that_does_not_wait_for_it(desk, cast):
    response = make(desk, cast.at(S.HANDLING))
    assert "不能“记录回访”" in response.text
    assert not CallBackLink.objects.exists()


@pytest.mark.parametrize("path", ["link/", "link/new/", "link/revoke/"])
def test_another_office_finds_no_link_and_makes_none(client, cast, closed, others, path):
    link = actions.make_link(closed, actor=cast.desk)
    client.force_login(others.desk)
    address = f"/appeals/{closed.pk}/{path}"
    response = client.get(address) if path == "link/" else client.post(address, {"seen": link.pk})
    assert response.status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None
    assert CallBackLink.objects.count() == 1


@pytest.mark.parametrize("role", ["steward", "viewer", "leader", "unit"])
def test_who_may_not_call_back_sees_no_link(client, cast, closed, office, role):
    link = actions.make_link(closed, actor=cast.desk)
    client.force_login(make_user("someone", cast.lead if role == "unit" else office, role=role))
    page = client.get(closed.get_absolute_url())
    assert page.status_code == 200
    assert link.token not in page.text
    assert "回访链接" not in page.text
    assert client.get(f"/appeals/{closed.pk}/link/").status_code == 403


def test_after_the_secret_key_changed_the_address_is_not_shown_wrongly(desk, closed, settings):
    make(desk, closed)
    link = CallBackLink.objects.get()
    old = link.get_absolute_url()
    CallBackLink.objects.update(seed="another")
    response = desk.get(f"/appeals/{closed.pk}/link/", follow=True)
    assert "可以重新生成" in response.text
    assert "生成回访链接" in response.text
    assert Client().get(old).status_code == 200
    assert CallBackLink.objects.filter(revoked_at=None).get() == link
    make(desk, closed)
    assert CallBackLink.objects.get(revoked_at=None).can_be_shown


def test_the_page_asks_as_often_with_thirty_call_backs_as_with_one(desk, cast, closed):
    in_vain(cast, closed, 0)
    desk.get(closed.get_absolute_url())  # reads the calendar, once for the process
    with CaptureQueriesContext(connection) as one:
        desk.get(closed.get_absolute_url())
    in_vain(cast, closed, *[0] * 29)
    with CaptureQueriesContext(connection) as thirty:
        desk.get(closed.get_absolute_url())
    assert closed.call_backs.count() == 30
    assert len(thirty) == len(one)


# What may stand on a page without a log-in


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("找 13812345678 问", "找 （号码略） 问"),
        ("找+86 138 1234 5678问", "找（号码略）问"),
        ("电话010-61234567转801。", "电话（号码略）。"),
        ("拨（010）61234567", "拨（号码略）"),
        ("拨 400-810-1234", "拨 （号码略）"),
        ("拨 61234567", "拨 （号码略）"),
        ("身份证 11010519491231002X", "身份证 （号码略）"),
        ("发 a.b@park.gov.cn 信", "发 （号码略） 信"),
        (
            "2026-11-02 至 20261130 共 3000000 元、12000.5 平方米",
            "2026-11-02 至 20261130 共 3000000 元、12000.5 平方米",
        ),
        ("第一行\n\n第二行", "第一行 第二行"),
    ],
)
def test_numbers_of_people_are_hidden_and_dates_and_amounts_are_not(text, shown):
    assert excerpt(text, 200) == shown


def test_a_number_is_hidden_before_the_text_is_cut():
    assert "1381" not in excerpt("字" * 10 + "13812345678", 16)
