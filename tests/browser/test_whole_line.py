"""The whole line as people walk it: a spreadsheet in, three firms visited, an appeal to its call-back, a PDF out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from parks import uscc

FIRMS = 40


def code_of(number: int) -> str:
    """A sound code of a region that does not exist."""
    head = f"91119901MA{number:06d}"
    inner = next(d for d in "0123456789X" if uscc.has_valid_organisation_check(f"{head}{d}0"))
    return f"{head}{inner}{uscc.check_digit(f'{head}{inner}')}"


@pytest.fixture
def spreadsheet(tmp_path: Path, page: Page) -> tuple[Path, str]:
    """A list as offices send it: two rows before the header, a total and a note after the last firm."""
    width = page.viewport_size["width"]
    word = {1366: "浏览甲", 390: "浏览乙"}[width]
    path = tmp_path / "园区企业名单.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("名单")
    rows: list[list[Any]] = [
        ["园区注册企业名单"],
        ["声明：仅供内部参考    单位：家"],
        ["序号", "企业名称", "登记状态", "注册资本", "成立日期", "统一社会信用代码", "注册地址"],
    ]
    for n in range(1, FIRMS + 1):
        capital = ["1,000(万元人民币)", "50万美元", "-", "3000万元"][n % 4]
        rows.append(
            [n, f"云川{word}{n:02d}科技有限公司", "存续", capital, "2020-05-06", code_of(width * 100 + n), "云川区某路"]
        )
    rows += [["合计", f"{FIRMS}家"], ["注：本表由各科室汇总"]]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path, word


def enter(page: Page, username: str) -> None:
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator(f"form:has(input[value={username}]) button").click()
    expect(page.locator(".topbar")).to_be_visible()


def figures(page: Page) -> dict[str, Any]:
    """The month's figures as the reader sees them, key → text, from the JSON endpoint."""
    data = page.request.get("/api/figures/").json()
    return {figure["key"]: figure["text"] for figure in data["figures"]}


def import_list(page: Page, path: Path) -> None:
    page.goto("/system/imports/new/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name=f"核对 {FIRMS} 行").click()
    page.get_by_role("button", name=f"确认导入 {FIRMS} 家").click()
    expect(page.locator("main")).to_contain_text("新增（家）")
    expect(page.locator(".figure-value").first).to_have_text(str(FIRMS))


def log_visit(page: Page, word: str) -> None:
    page.goto("/visits/new/")
    for number in (1, 2, 3):
        name = f"云川{word}{number:02d}科技有限公司"
        page.get_by_placeholder("输入企业名称或信用代码").fill(f"{word}{number:02d}")
        page.locator(".picker-found label", has_text=name).click()
        expect(page.locator(".picker-chosen")).to_contain_text(name)
    page.get_by_label("谈了什么").fill("三家企业介绍近况，提出用房需求。")
    page.locator("label[for=id_has_appeal]").click()
    page.get_by_label("诉求内容").first.fill(f"{word}希望协调 200 平方米用房")
    page.locator("select[name$='-enterprise']").first.select_option(label=f"云川{word}01科技有限公司")
    expect(page.locator("[data-draft-note]")).to_have_text(re.compile(r"草稿已存 \d\d:\d\d"))
    page.get_by_role("button", name="保存走访").click()
    page.wait_for_url(re.compile(r"/visits/\d+/"))
    expect(page.locator("main")).to_contain_text(f"云川{word}03科技有限公司")


def open_appeal(page: Page, word: str) -> None:
    page.goto(f"/appeals/?q={word}希望协调")
    # The table on a desk, the card on a phone.
    page.locator("main a[href^='/appeals/']:visible", has_text=re.compile(r"SQ\d+|云川")).first.click()
    expect(page.locator("main")).to_contain_text(f"{word}希望协调")


def take(page: Page, step: str, fill: Any = None) -> None:
    """Press a step's button; where it asks for something, fill and confirm."""
    page.locator(".appeal-steps").get_by_text(step, exact=True).click()
    if fill:
        fill(page)
        page.get_by_role("button", name=step).click()
    page.wait_for_url(re.compile(r"/appeals/\d+/$"))


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value}])").click()


def dispatch(page: Page) -> None:
    page.get_by_label("领办单位").select_option(label="规划建设办公室（西溪镇）")


def contact(page: Page) -> None:
    page.get_by_label("联系了谁、说了什么").fill("已电话联系企业，明天看房。")


def answer(page: Page) -> None:
    choose(page, "result", "solved")
    page.get_by_label("答复内容").fill("已协调 3 号楼房源，企业签订意向。")
    page.get_by_label("佐证材料").set_input_files(
        {"name": "意向书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )


def call_back(page: Page) -> None:
    choose(page, "is_reached", "yes")
    choose(page, "is_contacted", "yes")
    choose(page, "solved", "solved")
    choose(page, "satisfaction", "satisfied")


def handle_appeal(page: Page, word: str) -> None:
    enter(page, "desk")
    open_appeal(page, word)
    take(page, "受理", lambda p: None)
    take(page, "派单", dispatch)
    address = page.url
    enter(page, "unit")
    page.goto(address)
    take(page, "签收")
    take(page, "记录首次联系", contact)
    take(page, "提交答复", answer)
    enter(page, "desk")
    page.goto(address)
    take(page, "审核通过", lambda p: None)
    take(page, "记录回访", call_back)
    expect(page.locator(".record-head")).to_contain_text("已回访")
    expect(page.locator("main")).to_contain_text("满意")


def number(text: str) -> int:
    return 0 if text.startswith("—") else int(re.sub(r"\D", "", text))


def pdf_of(page: Page, folder: Path) -> PdfReader:
    page.goto("/reports/")
    with page.expect_download() as download:
        page.locator("a[href*='appeals.pdf']:visible").first.click()
    path = folder / "report.pdf"
    download.value.save_as(path)
    return PdfReader(path)


def fonts_without_file(reader: PdfReader) -> list[str]:
    bare = []
    for sheet in reader.pages:
        for font in sheet["/Resources"]["/Font"].values():
            font = font.get_object()
            descendants = font.get("/DescendantFonts")
            holder = descendants[0].get_object() if descendants else font
            descriptor = holder.get("/FontDescriptor")
            if descriptor is None or "/FontFile2" not in descriptor.get_object():
                bare.append(str(font.get("/BaseFont")))
    return bare


def test_from_a_spreadsheet_to_the_leaders_pdf(page: Page, spreadsheet: tuple[Path, str], tmp_path: Path) -> None:
    path, word = spreadsheet
    enter(page, "leader")
    before = figures(page)
    enter(page, "steward")
    import_list(page, path)
    log_visit(page, word)
    handle_appeal(page, word)

    enter(page, "leader")
    after = figures(page)
    for key, more in (
        ("enterprise_visits", 3),
        ("enterprises_visited", 3),
        ("appeals_received", 1),
        ("appeals_closed", 1),
    ):
        assert number(after[key]) == number(before[key]) + more, key
    assert number(after["registered_enterprises"]) == number(before["registered_enterprises"]) + FIRMS

    page.goto("/reports/")
    for key in ("enterprise_visits", "closing_rate_due", "satisfaction_rate"):
        expect(page.locator("main")).to_contain_text(re.sub(r"\D+$", "", after[key]))
    reader = pdf_of(page, tmp_path)
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in reader.pages))
    for key in ("enterprise_visits", "appeals_received", "appeals_closed", "closing_rate_due", "satisfaction_rate"):
        assert after[key] in text, key
    assert fonts_without_file(reader) == []


def test_the_first_page_offers_the_roles_and_fits_the_screen(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("演示：以哪个角色进入？")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", ["/today/", "/enterprises/", "/enterprises/1/", "/enterprises/new/", "/visits/",
                                  "/visits/new/", "/appeals/", "/system/imports/", "/reports/"])  # fmt: skip
def test_no_page_is_wider_than_the_screen(page: Page, path: str) -> None:
    enter(page, "manager")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
