"""A dirty list put right in the browser: words once, a suggestion by one press, a cell in the sheet beside the rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_whole_line import enter
from tests.crm.imports import files

UNDER_THE_BUTTON = """[...document.querySelectorAll('#review-rows tbody tr')].some(row => {
  const name = document.createRange(), button = row.querySelector('.row-edit a').getBoundingClientRect();
  name.selectNodeContents(row.querySelector('th'));
  return [...name.getClientRects()].some(one => one.right > button.left && one.left < button.right
    && one.bottom > button.top && one.top < button.bottom);
})"""
HEADER = ["企业名称", "统一社会信用代码", "登记状态", "注册地址"]


@pytest.fixture
def dirty(tmp_path: Path, page: Page) -> Path:
    width = page.viewport_size["width"]
    codes = [files.code(width * 1000 + number) for number in range(3)]
    rows = [
        [f"云川核对{width}{n}网络安全信息技术产业发展集团有限公司", codes[n], "照常", "云川区某路"] for n in range(3)
    ]
    rows[0][1] = rows[0][1].replace("0", "O", 1)
    path = tmp_path / "脏名单.xlsx"
    path.write_bytes(files.xlsx([HEADER, *rows]))
    return path


def test_a_dirty_list_is_put_right_without_a_spreadsheet_program(page: Page, dirty: Path) -> None:
    enter(page, "manager")
    page.goto("/system/imports/new/")
    page.set_input_files("input[type=file]", dirty)
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="核对 3 行").click()
    # The other width may have said it before.
    word = page.get_by_label("照常", exact=True)
    if word.count():
        word.select_option("存续")
        page.get_by_role("button", name="保存对应并重新核对").click()
    expect(page.locator("main")).to_contain_text("按上次的对应：照常→存续（3 处）")

    page.get_by_role("button", name="采用").click()
    expect(page.locator("main")).to_contain_text("已更正 1 格")
    expect(page.get_by_role("button", name="确认导入 3 家")).to_be_visible()

    # On a phone the button lies in the corner of the card: a long name ends before it.
    assert not page.evaluate(UNDER_THE_BUTTON)
    opener = page.locator(".row-edit a").first
    opener.click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    expect(sheet.locator(":focus")).to_have_attribute("name", re.compile("^cell-"))
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(opener).to_be_focused()

    opener.click()
    sheet.get_by_label("注册地址").fill("云川区新路 2 号")
    sheet.get_by_role("button", name="保存并重新核对").click()
    expect(page.locator("main")).to_contain_text("已更正 2 格")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0

    page.get_by_role("button", name="确认导入 3 家").click()
    expect(page.locator(".figure-value").first).to_have_text("3")
