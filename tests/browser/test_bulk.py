"""Changing several enterprises at once, at a desk and on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_some_enterprises_are_tagged_together_and_the_tag_is_taken_back(page: Page) -> None:
    page.goto("/accounts/login/")
    page.click("form:has(input[value=manager]) button")
    page.goto("/enterprises/")
    bar, ticks = page.locator("[data-bulk]"), page.locator("input[name=pk]:visible")
    expect(bar).to_be_hidden()
    ticks.nth(0).check()
    ticks.nth(2).check()
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    page.locator("[data-bulk-all]:visible").check()
    expect(bar.locator("[data-bulk-count]")).to_have_text("30")
    page.locator("[data-bulk-all]:visible").uncheck()
    ticks.nth(1).check()
    bar.locator("[name=tag]").fill(f"批量{page.viewport_size['width']}")  # type: ignore[index]
    bar.get_by_role("button", name="打标签").click()
    expect(page.get_by_text("已将 1 家企业打上标签")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销")).to_be_visible()
