"""An enterprise answers for its appeal on a phone, by the link that the office made for it, without an account."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_whole_line import enter


@pytest.fixture(params=[True, False], ids=["js", "no_js"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A phone of somebody else: 390 px wide, no session; with and without JavaScript."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True,
        java_script_enabled=request.param,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    yield context
    context.close()


def link_for_a_closed_appeal(page: Page) -> tuple[str, str]:
    """The office's appeal page and the address it hands out."""
    enter(page, "desk")
    page.goto("/appeals/?queue=closed")
    page.locator("main a[href^='/appeals/']:visible", has_text=re.compile(r"SQ\d+|云川")).last.click()
    appeal = page.url
    button = page.get_by_role("button", name="生成回访链接")
    if button.count():
        button.click()
    else:
        page.get_by_role("link", name="查看链接和二维码").click()
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.get_by_role("button", name="复制链接")).to_be_visible()
    return appeal, page.get_by_label("只要链接").input_value()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value}])").click()


def test_an_enterprise_answers_on_a_phone_by_link(page: Page, phone: BrowserContext) -> None:
    appeal, address = link_for_a_closed_appeal(page)
    theirs = phone.new_page()
    theirs.goto(address)
    expect(theirs.locator("h1")).to_have_text("请您评价办理情况")
    expect(theirs.locator("nav, .sidebar, .topbar")).to_have_count(0)
    for target in theirs.locator(".chip-choice span, button").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
    theirs.get_by_role("button", name="提交评价").click()
    expect(theirs.get_by_text("请选择是否满意。")).to_be_visible()
    for name, value in {"is_contacted": "yes", "solved": "solved", "satisfaction": "basically"}.items():
        choose(theirs, name, value)
    theirs.get_by_label("还想说的话").fill("办得好，再快一点更好。")
    theirs.get_by_role("button", name="提交评价").click()
    expect(theirs.locator("h1")).to_have_text("已收到评价，谢谢")
    theirs.reload()
    expect(theirs.locator("h1")).to_have_text("已收到评价，谢谢")

    page.goto(appeal)
    card = page.locator(".call-backs")
    expect(card).to_contain_text("企业自填（链接）")
    expect(card).to_contain_text("基本满意")
    expect(card).to_contain_text("办得好，再快一点更好。")
    expect(page.locator("main")).to_contain_text("已回访")
