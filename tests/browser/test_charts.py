"""Charts in a real browser: drawn under the strict policy, a click leads to rows, and nothing is lost without them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

# What the screen does every five minutes.
ASK_NOW = "() => { htmx.ajax('GET', location.pathname, {target: 'main'}).catch(() => {}); }"


def log_in(page: Page, role: str) -> None:
    page.goto("/accounts/login/")
    page.click(f"form:has(input[value={role}]) button")


# The fixture `page` fails the test on any error in the console, which a violation of the policy is.
def test_the_dashboard_draws_its_charts_after_the_figures(page: Page) -> None:
    log_in(page, "leader")
    page.goto("/reports/?period=2023")
    expect(page.locator(".charts figure")).to_have_count(7)
    expect(page.locator(".charts svg")).to_have_count(7)
    box, width = page.locator(".charts svg").first.bounding_box(), page.viewport_size
    assert box is not None
    assert width is not None
    assert box["width"] <= width["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]


def test_a_bar_leads_to_its_rows_and_so_does_the_table(page: Page) -> None:
    log_in(page, "leader")
    page.goto("/reports/breakdown/?figure=appeals_received&dimension=category&period=2023")
    first = page.locator(".chart-table tbody tr").first
    number = first.locator("td").inner_text()
    link = first.locator("a").get_attribute("href")
    # The first path with a fill of its own is the first bar; its pattern lies above it.
    page.locator(".chart svg path[fill='#1857b8']").first.click(force=True)
    expect(page).to_have_url(re.compile(re.escape(link or "-")))
    expect(page.get_by_text(f"共 {number} 条记录")).to_be_visible()


def test_marks_differ_without_colour(page: Page) -> None:
    log_in(page, "leader")
    page.goto("/reports/charts/?period=2023")
    lines = page.locator(".chart").first.locator("path[fill='none'][stroke-width='2']")
    dashes = [line.get_attribute("stroke-dasharray") for line in lines.all()]
    assert len(dashes) >= 3
    assert len(set(dashes)) >= 3


def test_on_paper_the_tables_are_open(page: Page) -> None:
    log_in(page, "leader")
    page.goto("/reports/charts/?period=2023")
    expect(page.locator(".chart-table[open]")).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".chart-table[open]")).to_have_count(7)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".chart-table[open]")).to_have_count(0)


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, java_script_enabled=False, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_without_a_script_the_tables_say_the_same(plain: Page) -> None:
    log_in(plain, "leader")
    plain.goto("/reports/?period=2023")
    plain.get_by_role("link", name=re.compile("看趋势")).click()
    tables = plain.locator(".chart-table")
    expect(tables).to_have_count(7)
    tables.nth(2).locator("summary").click()
    expect(tables.nth(2).get_by_role("link", name="171").first).to_be_visible()


def test_the_big_screen_fits_a_wall_and_survives_a_lost_network(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    log_in(page, "manager")
    page.goto("/reports/screen/")
    if page.get_by_role("button", name="生成大屏地址").count():
        page.get_by_role("button", name="生成大屏地址").click()
    address = page.locator("#screen-address").input_value()
    context.clear_cookies()
    page.goto(address)
    expect(page.locator(".hall-chart svg")).to_have_count(6)
    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1920, 1080]
    assert problems == []
    context.set_offline(True)
    page.evaluate(ASK_NOW)
    expect(page.locator(".hall-stale")).to_be_visible()
    expect(page.locator(".hall-chart svg")).to_have_count(6)
    context.set_offline(False)
    page.evaluate(ASK_NOW)
    expect(page.locator(".hall-stale")).to_be_hidden()
    expect(page.locator(".hall-chart svg")).to_have_count(6)
    context.close()
