"""Group bots against a real server on this machine: what is sent, how it is signed, and where nothing is ever sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import serializers

from reports.issuing import bots
from reports.models import Delivery, ReportNotice, ReportSchedule, ScheduleRun
from tests.reports.issues import Desk
from tests.reports.issuing.test_schedules import DUE, run_at, schedule
from tests.reports.world import World

SECRET = "SEC0123456789abcdef"
KEY = "key-of-the-group-0123456789"


class Service(HTTPServer):
    """Takes what is posted and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taker)
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.answer, self.headers = 200, b'{"errcode":0,"errmsg":"ok"}', {}

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Taker(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def known(service: Service, settings) -> Service:
    settings.REPORT_BOT_SITES = {"wecom": service.site, "dingtalk": service.site}
    settings.REPORT_BOTS = {
        "leaders": bot("wecom", f"{service.site}/cgi-bin/webhook/send?key={KEY}"),
        "staff": bot("dingtalk", f"{service.site}/robot/send?access_token={KEY}", SECRET),
    }
    return service


def bot(kind: str, address: str, secret: str = "") -> dict[str, str]:
    return {"label": "领导群", "kind": kind, "address": address, "secret": secret}


def test_wecom_gets_a_text_at_the_address_of_its_key(known):
    bots.send(bots.bots()["leaders"], "已起草", 1_700_000_000.0)
    ((path, headers, body),) = known.taken
    assert path == f"/cgi-bin/webhook/send?key={KEY}"
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "已起草"}}


def test_dingtalk_is_signed_as_it_documents(known):
    bots.send(bots.bots()["staff"], "已起草", 1_700_000_000.5)
    ((path, _, body),) = known.taken
    asked = parse_qs(urlsplit(path).query, strict_parsing=True)
    wanted = hmac.new(SECRET.encode(), f"1700000000500\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked == {
        "access_token": [KEY],
        "timestamp": ["1700000000500"],
        "sign": [base64.b64encode(wanted).decode()],
    }
    assert "+" not in urlsplit(path).query
    assert json.loads(body)["text"]["content"] == "已起草"


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (500, b"", "状态 500"),
        (200, b"", "看不懂"),
        (200, b"[]", "看不懂"),
        (200, b"null", "看不懂"),
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', "没有接受消息（310000 sign not match）"),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', "没有接受消息"),
    ],
)
def test_what_the_service_did_not_take_failed_and_tells_no_secret(known, status, answer, said):
    known.status, known.answer = status, answer
    with pytest.raises(bots.BotFailed, match=said) as failed:
        bots.send(bots.bots()["staff"], "x", 0.0)
    assert KEY not in str(failed.value)
    assert SECRET not in str(failed.value)


def test_a_redirect_is_not_followed(known):
    known.status, known.headers = 302, {"Location": f"{known.site}/elsewhere"}
    with pytest.raises(bots.BotFailed, match="302"):
        bots.send(bots.bots()["leaders"], "x", 0.0)
    assert len(known.taken) == 1


def test_nobody_at_the_address_is_a_failure_in_words(known, settings):
    settings.REPORT_BOT_SITES = {"wecom": "http://127.0.0.1:1"}
    settings.REPORT_BOTS = {"leaders": bot("wecom", f"http://127.0.0.1:1/cgi-bin/webhook/send?key={KEY}")}
    with pytest.raises(bots.BotFailed, match="连接失败"):
        bots.send(bots.bots()["leaders"], "x", 0.0)


@pytest.mark.parametrize(
    "address",
    [
        "{site}/cgi-bin/webhook/other?key=1", "{site}/?key=1", "{site}@169.254.169.254/cgi-bin/webhook/send",
        "http://user@{host}/cgi-bin/webhook/send", "http://169.254.169.254/cgi-bin/webhook/send",
        "https://{host}/cgi-bin/webhook/send",
        "http://{host}.evil.cn/cgi-bin/webhook/send", "http://localhost/cgi-bin/webhook/send", "file:///etc/passwd", "",
        "//{host}/cgi-bin/webhook/send",
        "http://{host}/cgi-bin/webhook/send/../../../x",
    ],
)  # fmt: skip
def test_nothing_is_sent_anywhere_but_to_the_documented_place(known, settings, address):
    place = address.format(site=known.site, host=known.site.removeprefix("http://"))
    settings.REPORT_BOTS = {"leaders": bot("wecom", place)}
    with pytest.raises(bots.BotFailed, match="请管理员核对设置"):
        bots.send(bots.bots()["leaders"], "x", 0.0)
    assert known.taken == []


def test_as_installed_only_the_documented_hosts_are_known_and_by_https(settings):
    assert settings.REPORT_BOT_SITES == {
        "wecom": "https://qyapi.weixin.qq.com",
        "dingtalk": "https://oapi.dingtalk.com",
    }
    assert settings.REPORT_BOT_SITES.keys() == bots.PATHS.keys() == bots.KIND_LABELS.keys()


def test_a_kind_that_nobody_knows_is_refused(settings):
    settings.REPORT_BOTS = {"x": bot("feishu", "https://open.feishu.cn/x")}
    with pytest.raises(bots.BotFailed):
        bots.send(bots.bots()["x"], "x", 0.0)


@pytest.mark.django_db
def test_a_group_is_told_of_a_draft_once_without_figures_and_no_secret_is_kept(full: World, known):
    desk = Desk(full)
    schedule(desk, bot="staff")
    known.status = 503
    assert run_at(DUE)[0].unsent == 1
    known.status = 200
    ran = run_at(*(DUE + timedelta(hours=n) for n in (1, 2, 3)))
    assert [one.sent for one in ran] == [1, 0, 0]
    assert len(known.taken) == 2
    text = json.loads(known.taken[-1][2])["text"]["content"]
    assert "2023年11月" in text
    assert "86.25" not in text
    models = (ReportSchedule, ScheduleRun, Delivery, ReportNotice)
    kept = "".join(serializers.serialize("json", model.objects.all()) for model in models)
    assert SECRET not in kept
    assert KEY not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.django_db
def test_a_bot_that_left_the_settings_is_a_loud_failure(full: World, known, settings, client):
    desk = Desk(full)
    schedule(desk, bot="staff")
    settings.REPORT_BOTS = {}
    assert run_at(DUE)[0].unsent == 1
    client.force_login(desk.manager)
    text = client.get("/issues/schedules/").text
    assert "设置里没有名为“staff”的群机器人" in text
    assert "已不在设置中" in text
