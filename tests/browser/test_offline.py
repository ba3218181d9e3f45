"""Nothing typed on a phone is lost: no network, a killed tab, a lost answer, an ended session, somebody else's turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import SIZES
from tests.browser.line import Line

# What a browser says by itself when there is no network; anything else fails the test.
NO_NETWORK = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|FAILED)")
FIRM = "云川"


class Phone:
    """A phone with the site on it, and its network."""

    def __init__(self, context: BrowserContext, line: Line) -> None:
        self.context, self.line = context, line
        self.problems: list[str] = []
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on("console", lambda message: self._hear(message))
        self.page = context.new_page()

    def _hear(self, message: Any) -> None:
        if message.type == "error" and not NO_NETWORK.search(message.text) and "htmx:sendError" not in message.text:
            self.problems.append(message.text)

    def lose_network(self) -> None:
        self.line.cut()
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.line.mend()
        self.context.set_offline(False)

    def kill_tab(self) -> Page:
        """The tab ends without a word; another is opened."""
        self.page.close(run_before_unload=False)
        self.page = self.context.new_page()
        return self.page

    def enter(self, username: str) -> None:
        self.context.clear_cookies()
        self.page.goto("/accounts/login/")
        self.page.locator(f"form:has(input[value={username}]) button").click()
        expect(self.page.locator(".topbar")).to_be_visible()

    def is_prepared(self) -> None:
        """Wait until the form is kept: an effect of any page opened with a network."""
        self.wait_until(
            "navigator.serviceWorker.controller && await caches.match('/stamp')"
            " && await caches.match('/offline/', {ignoreVary: true})"
        )

    def wait_until(self, condition: str) -> None:
        self.page.evaluate(
            f"""() => new Promise((done) => {{
              const look = async () => ({condition}) ? done() : setTimeout(look, 50);
              look();
            }})"""
        )

    def open_form(self, query: str = "") -> None:
        self.page.goto(f"/visits/new/{query}")
        expect(self.page.locator("form[data-draft]")).to_have_attribute("data-ready", "1")

    def choose_firm(self, text: str = FIRM) -> str:
        self.page.get_by_placeholder("输入企业名称或信用代码").fill(text)
        self.page.locator(".picker-found label").first.click()
        chosen: str = self.page.locator(".picker-chosen span").first.inner_text()
        return chosen

    def say(self, text: str) -> None:
        self.page.get_by_label("谈了什么").fill(text)
        expect(self.page.locator("[data-draft-note]")).to_have_text(re.compile(r"草稿已存 \d\d:\d\d"))

    def save(self) -> None:
        self.page.get_by_role("button", name="保存走访").click()

    def box(self, key: str) -> Any:
        return self.page.locator(f"[data-outbox={key}]")

    def visits_about(self, text: str) -> list[dict[str, Any]]:
        """On the server, asked from outside of the browser's cache."""
        answer = self.page.request.get(f"{self.line.address}/api/visits/?search={text}&limit=200")
        return [visit for visit in answer.json()["results"] if text in visit["summary"]]


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Phone]:
    line = Line(urlsplit(server).port or 80)
    width, height = SIZES["390"]
    context = browser.new_context(
        base_url=line.address, viewport={"width": width, "height": height}, locale="zh-CN",
        timezone_id="Asia/Shanghai", has_touch=True,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    phone = Phone(context, line)
    yield phone
    context.close()
    line.close()
    assert phone.problems == []


def photograph(name: str = "现场.jpg") -> dict[str, Any]:
    """As phones take them: large, lying on its side, with the place in its EXIF data."""
    image = Image.effect_noise((3000, 2250), 40).convert("RGB")
    data = image.getexif()
    data[0x010F], data[0x0112] = "SecretCam", 6
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=data, quality=90)
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_a_draft_outlives_the_tab_with_its_photo_and_can_be_discarded_and_taken_back(phone: Phone) -> None:
    phone.enter("steward")
    phone.open_form()
    name = phone.choose_firm()
    phone.page.set_input_files("input[type=file]", [photograph()])
    expect(phone.page.locator("[data-previews] img")).to_have_count(1)
    phone.page.locator("label:has(input[name=kind][value=phone])").click()
    phone.page.get_by_label("企业参加人").fill("李经理")
    phone.say("写到一半，标签页没了")

    phone.kill_tab()
    phone.open_form()
    page = phone.page
    expect(page.locator(".picker-chosen")).to_contain_text(name)
    expect(page.get_by_label("谈了什么")).to_have_value("写到一半，标签页没了")
    expect(page.get_by_label("企业参加人")).to_have_value("李经理")
    expect(page.locator("input[name=kind][value=phone]")).to_be_checked()
    expect(page.locator("[data-previews] img")).to_have_count(1)

    page.get_by_role("button", name="丢弃草稿").click()
    expect(page.get_by_label("谈了什么")).to_have_value("")
    expect(page.locator("[data-previews] img")).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_label("谈了什么")).to_have_value("写到一半，标签页没了")
    page.get_by_role("button", name="丢弃草稿").click()
    page.reload()
    expect(page.locator("form[data-draft]")).to_have_attribute("data-ready", "1")
    expect(page.get_by_label("谈了什么")).to_have_value("")


def test_a_visit_with_photo_and_appeal_is_written_without_a_network_and_sent_once(phone: Phone) -> None:
    phone.enter("steward")
    phone.is_prepared()
    page = phone.page
    phone.lose_network()
    page.goto("/enterprises/")
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    page.get_by_role("link", name="打开走访表").click()
    expect(page.locator("form[data-draft]")).to_have_attribute("data-ready", "1")
    name = phone.choose_firm()
    page.set_input_files("input[type=file]", [photograph()])
    page.locator("label[for=id_has_appeal]").click()
    page.get_by_label("诉求内容").first.fill("车间电压不稳")
    phone.say("离线走访一，谈用电")
    phone.save()
    expect(page.get_by_text("没有网络，已存在本机，联网后自动发送。")).to_be_visible()
    expect(page.get_by_label("谈了什么")).to_have_value("")
    expect(page.locator("[data-outbox-count]")).to_have_text("1")

    phone.kill_tab().goto("/visits/outbox/")
    page = phone.page
    expect(phone.box("waiting")).to_contain_text(name)
    phone.find_network()
    expect(phone.box("sent")).to_contain_text(name)
    expect(page.locator("[data-outbox-link]")).to_be_hidden()
    (visit,) = phone.visits_about("离线走访一")
    phone.box("sent").get_by_role("link", name="打开走访").click()
    expect(page.locator("main")).to_contain_text("车间电压不稳")
    assert page.locator("main a[href^='/appeals/']").count() == 1
    expect(page.locator("main img")).to_have_count(1)
    assert page.url.endswith(f"/visits/{visit['id']}/")


def test_the_photo_sent_is_small_and_upright(phone: Phone) -> None:
    phone.enter("steward")
    phone.open_form()
    phone.page.set_input_files("input[type=file]", [photograph()])
    expect(phone.page.locator("[data-previews] img")).to_have_count(1)
    facts = phone.page.evaluate(
        """async () => {
          const file = document.querySelector("input[type=file]").files[0];
          const image = await createImageBitmap(file);
          return [image.width, image.height, file.size, file.type, (await file.text()).includes("SecretCam")];
        }"""
    )
    assert facts[:2] == [1500, 2000]
    assert facts[2] < len(photograph()["buffer"])
    assert facts[3:] == ["image/jpeg", False]


def test_a_lost_answer_does_not_make_a_second_visit(phone: Phone) -> None:
    phone.enter("steward")
    phone.open_form()
    phone.choose_firm()
    phone.say("回执丢失的走访")
    phone.line.loses_answer_to = "/visits/new/"
    phone.save()
    expect(phone.page.get_by_text("没有网络，已存在本机")).to_be_visible()
    assert phone.line.lost >= 1
    phone.line.loses_answer_to = ""
    assert len(phone.visits_about("回执丢失的走访")) == 1
    phone.page.goto("/visits/outbox/")
    expect(phone.box("sent")).to_contain_text(FIRM)
    assert len(phone.visits_about("回执丢失的走访")) == 1


def test_what_is_changed_after_a_lost_answer_is_not_taken_for_saved(phone: Phone) -> None:
    phone.enter("steward")
    phone.open_form()
    phone.choose_firm()
    phone.say("先送到的话")
    phone.line.loses_answer_to = "/visits/new/"
    phone.save()
    expect(phone.page.get_by_text("没有网络，已存在本机")).to_be_visible()
    phone.page.goto("/visits/outbox/")
    phone.box("waiting").get_by_role("link", name="打开修改").click()
    expect(phone.page.get_by_label("谈了什么")).to_have_value("先送到的话")
    phone.say("后来补的话")
    phone.line.loses_answer_to = ""
    phone.save()
    expect(phone.page.get_by_text("后来改的内容没有写入")).to_be_visible()
    expect(phone.page.get_by_role("link", name="打开已存的走访")).to_be_visible()
    expect(phone.page.get_by_label("谈了什么")).to_have_value("后来补的话")


def test_after_the_session_ended_the_visit_is_kept_says_so_and_goes_after_the_log_in(phone: Phone) -> None:
    phone.enter("steward")
    phone.open_form()
    phone.choose_firm()
    phone.say("登录过期时写的走访")
    phone.context.clear_cookies()
    phone.save()
    expect(phone.page.get_by_text("登录已失效。这次走访已存在本机，登录后自动发送。")).to_be_visible()
    phone.page.get_by_role("link", name="去登录").click()
    phone.enter("steward")
    phone.page.goto("/visits/outbox/")
    expect(phone.box("sent")).to_contain_text(FIRM)
    assert len(phone.visits_about("登录过期时写的走访")) == 1


def test_another_person_on_the_same_phone_sees_nothing_and_sends_nothing_of_it(phone: Phone) -> None:
    phone.enter("steward")
    phone.is_prepared()
    phone.open_form()
    phone.choose_firm()
    phone.say("别人看不到的走访")
    phone.lose_network()
    phone.save()
    expect(phone.page.get_by_text("没有网络，已存在本机")).to_be_visible()
    phone.context.clear_cookies()
    phone.find_network()
    phone.enter("manager")
    phone.is_prepared()
    assert (
        phone.page.evaluate("caches.keys().then((names) => names.filter((one) => one.startsWith('yqt-user')).length)")
        == 1
    )
    phone.page.goto("/visits/outbox/")
    expect(phone.page.get_by_text("没有待发送的走访，也没有草稿")).to_be_visible()
    expect(phone.page.locator("[data-outbox-link]")).to_be_hidden()
    phone.open_form()
    expect(phone.page.get_by_label("谈了什么")).to_have_value("")
    assert phone.visits_about("别人看不到的走访") == []
    phone.enter("steward")
    phone.page.goto("/visits/outbox/")
    expect(phone.box("sent")).to_contain_text(FIRM)
    assert len(phone.visits_about("别人看不到的走访")) == 1


def test_logging_out_leaves_no_form_behind(phone: Phone) -> None:
    phone.enter("steward")
    phone.is_prepared()
    phone.page.locator(".account-menu summary").click()
    phone.page.get_by_role("button", name="退出登录").click()
    expect(phone.page.get_by_label("用户名")).to_be_visible()
    phone.wait_until("!(await caches.keys()).some((name) => name.startsWith('yqt-user-'))")
    phone.lose_network()
    phone.page.goto("/visits/new/")
    expect(phone.page.get_by_role("heading", name="没有网络")).to_be_visible()


def test_logging_out_asks_about_what_was_not_sent(phone: Phone) -> None:
    phone.enter("steward")
    phone.is_prepared()
    phone.open_form()
    phone.choose_firm()
    phone.say("退出前没发的走访")
    phone.lose_network()
    phone.save()
    expect(phone.page.locator("[data-outbox-count]")).to_have_text("1")
    phone.line.mend()
    questions: list[str] = []
    phone.page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    phone.page.locator(".account-menu summary").click()
    phone.page.get_by_role("button", name="退出登录").click()
    expect(phone.page.get_by_label("谈了什么")).to_be_visible()
    assert "还有 1 条走访没有发送" in questions[0]


def test_what_is_refused_says_why_and_is_put_right_in_the_form(phone: Phone) -> None:
    phone.enter("steward")
    phone.is_prepared()
    phone.lose_network()
    phone.open_form()
    phone.choose_firm("名册里没有的新公司")
    phone.say("名字待核对的走访")
    phone.save()
    expect(phone.page.get_by_text("没有网络，已存在本机")).to_be_visible()
    phone.find_network()
    page = phone.page
    page.goto("/visits/outbox/")
    expect(phone.box("failed")).to_contain_text("请选择企业：名册中没有“名册里没有的新公司”。")
    phone.box("failed").get_by_role("link", name="打开修改").click()
    expect(page.get_by_label("谈了什么")).to_have_value("名字待核对的走访")
    expect(page.locator("[data-device-error]").first).to_contain_text("请选择企业")
    page.locator(".picker-chosen label").click()
    phone.choose_firm()
    phone.save()
    page.wait_for_url(re.compile(r"/visits/\d+/"))
    assert len(phone.visits_about("名字待核对的走访")) == 1
    page.goto("/visits/outbox/")
    expect(phone.box("failed")).to_be_hidden()


def test_a_session_that_ends_while_the_form_is_being_kept_is_no_error_in_the_console(phone: Phone) -> None:
    heard: list[str] = []
    phone.context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    asked: list[str] = []

    def send_to_log_in(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=302, headers={"Location": "/accounts/login/"})

    phone.context.route(lambda address: urlsplit(address).path == "/visits/new/", send_to_log_in)
    phone.enter("steward")
    phone.wait_until(
        "(await navigator.serviceWorker.ready) && (await caches.keys()).some((one) => one.startsWith('yqt-user-'))"
    )
    phone.page.wait_for_load_state("networkidle")
    assert asked
    assert heard == []
    assert phone.page.evaluate("caches.match('/stamp').then(Boolean)") is False
