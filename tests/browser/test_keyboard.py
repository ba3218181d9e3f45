"""An appeal handled without a pointing device: Tab, Enter, Space, arrows and the hotkeys."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

ON_AN_APPEAL = "/\\/appeals\\/\\d+\\/$/.test(document.activeElement.href || '')"


def tab_until(page: Page, condition: str) -> None:
    """Press Tab until the focus is where the condition says; what has the focus can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"Tab never leads there: {condition}")


def tab_to(page: Page, text: str) -> None:
    tab_until(page, f"document.activeElement.textContent.trim() === '{text}'")


def load(page: Page, act: Callable[[], None]) -> None:
    """Do something that leads to another page, and wait for it."""
    with page.expect_navigation():
        act()


def enter(page: Page) -> None:
    load(page, lambda: page.keyboard.press("Enter"))


def test_the_desk_accepts_and_dispatches_an_appeal_by_keyboard(page: Page) -> None:
    page.goto("/accounts/login/")
    tab_until(page, "document.activeElement.closest('form')?.querySelector('input[value=desk]') !== null"
              " && document.activeElement.tagName === 'BUTTON'")  # fmt: skip
    enter(page)
    page.goto("/appeals/?queue=submitted")
    tab_until(page, ON_AN_APPEAL)
    enter(page)

    page.keyboard.press("s")
    expect(page.locator("[data-hotkey=s]")).to_be_focused()
    enter(page)
    tab_until(page, "document.activeElement.name === 'appeal_class'")
    page.keyboard.press("ArrowDown")
    tab_to(page, "受理")
    enter(page)
    expect(page.locator(".record-line").first).to_contain_text("待派单")

    page.keyboard.press("s")
    enter(page)
    tab_until(page, "document.activeElement.name === 'lead_unit'")
    page.keyboard.press("End")  # the first is the first of the joint units, too
    tab_until(page, "document.activeElement.name === 'joint_units'")
    page.keyboard.press("Space")
    tab_to(page, "派单")
    enter(page)
    expect(page.locator(".record-line").first).to_contain_text("待签收")
    expect(page.locator(".joint-part")).to_contain_text("待签收")

    page.keyboard.press("m")
    page.keyboard.press("Enter")
    tab_to(page, "撤回")
    enter(page)
    tab_until(page, "document.activeElement.name === 'note'")
    page.keyboard.type("企业来电说已自行解决")
    tab_to(page, "撤回")
    enter(page)
    expect(page.locator(".record-line").first).to_contain_text("已撤回")


def test_a_question_mark_lists_the_hotkeys_and_escape_closes_the_list(page: Page) -> None:
    page.goto("/accounts/login/")
    page.click("form:has(input[value=desk]) button")
    page.goto("/appeals/?queue=submitted")
    tab_until(page, ON_AN_APPEAL)
    enter(page)
    page.keyboard.press("?")
    expect(page.locator("dialog.hotkeys")).to_contain_text("下一步：受理")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.hotkeys")).to_have_count(0)
