"""The visit form in a real browser: a block for each enterprise, the questions of the kind chosen, what was sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def choose(page: Page, text: str) -> str:
    """Choose the first enterprise found, and tell its key."""
    page.fill("#find", text)
    found = page.locator(".picker-found label").first
    key = str(found.locator("input").get_attribute("value"))
    found.click()
    expect(page.locator(f".picker-chosen input[value='{key}']")).to_be_checked()
    return key


def test_each_enterprise_has_a_block_that_follows_the_kind_of_visit_and_is_sent(page: Page) -> None:
    page.goto("/accounts/login/")
    page.click("form:has(input[value=manager]) button")
    page.goto("/visits/new/")
    expect(page.locator("[data-parts]")).to_be_hidden()
    first = choose(page, "软件")
    block = page.locator(f"[data-part='{first}']")
    expect(block.get_by_label("现在的租约（用地）到哪天？")).to_be_visible()
    expect(block.get_by_label("缺席，不计家次")).to_be_hidden()  # one enterprise, no meeting

    page.locator("input[name=kind][value=forum]").check(force=True)
    expect(block.get_by_label("现在的租约（用地）到哪天？")).to_be_hidden()
    second = choose(page, "电子")
    page.locator(f"[data-part='{second}']").get_by_label("缺席，不计家次").check()
    block.get_by_label("企业参加人").fill("陈经理")
    block.locator("[data-kind=forum]").get_by_label("未来两年有搬迁、外迁打算吗？").select_option("在考虑")
    third = choose(page, "广告")
    page.locator(f".picker-chosen input[value='{third}']").click()
    expect(page.locator(f"[data-part='{third}']")).to_have_count(0)

    page.locator("#id_has_suggestion").check()
    page.get_by_label("建议内容").first.fill("建个食堂")
    page.get_by_label("谈了什么").fill("座谈用房和人才。")
    page.get_by_role("button", name="保存走访").click()
    expect(page.get_by_text("计 1 家次")).to_be_visible()
    for text in ("陈经理", "在考虑", "缺席", "搬迁外迁", "建个食堂"):
        expect(page.get_by_text(text).first).to_be_visible()
