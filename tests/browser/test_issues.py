"""An issued report in a real browser: folded on the screen, whole on paper."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_on_paper_every_part_is_open_and_on_the_screen_as_it_was(page: Page) -> None:
    page.goto("/accounts/login/")
    page.click("form:has(input[value=leader]) button")
    page.goto("/issues/")
    page.get_by_role("link", name="企业服务工作月报").first.click()
    parts, opened = page.locator(".paper-part"), page.locator(".paper-part[open]")
    expect(page.get_by_role("link", name="全部展开")).to_be_visible()
    before, every = opened.count(), parts.count()
    assert 0 < before < every
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(opened).to_have_count(every)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(opened).to_have_count(before)


def test_a_part_opens_by_keyboard(page: Page) -> None:
    page.goto("/accounts/login/")
    page.click("form:has(input[value=leader]) button")
    page.goto("/issues/")
    page.get_by_role("link", name="企业服务工作月报").first.click()
    last = page.locator(".paper-part").last
    expect(last.locator("ol")).to_be_hidden()
    last.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(last.locator("ol")).to_be_visible()
