"""Every kind of document in every format: the same strings, from the same report, for whoever may download."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import quote, unquote

import pytest
import time_machine
from django.urls import reverse

from crm.models import AuditEntry
from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY, KINDS, kind_for
from reports.period import Period
from reports.renderers import RENDERERS
from reports.xlsx.cells import typed
from tests.crm.factories import make_organisation, make_user
from tests.reports.pdf_text import text_of
from tests.reports.read_back import docx_text, lines_of, sheets, shown
from tests.reports.world import NOW, at

PERIODS = {
    "daily": "2023-11-10",
    "weekly": "2023-W45",
    "monthly": "2023-11",
    "quarterly": "2023-Q4",
    "yearly": "2023",
    "special": "2023-11",
    "bulletin": "2023-11",
    "appeals": "2023-11",
}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def query(kind: str, **more: str) -> dict[str, str]:
    return {"period": PERIODS[kind]} | ({"category": "policy"} if KIND_BY_KEY[kind].is_about_one else {}) | more


def get(browser, kind: str, form: str, **more: str):
    return browser.get(reverse("reports:document", args=[kind, form]), query(kind, **more))


def report_of(world, leader, kind):
    scope = world.scope(PERIODS[kind], user=leader)
    if KIND_BY_KEY[kind].is_about_one:
        scope = replace(scope, category="policy")
    return build_report(scope, KIND_BY_KEY[kind])


def squeezed(*texts: str) -> str:
    return "".join("".join(texts).split())


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS])
@pytest.mark.parametrize("state", ["full", "world"])
def test_pdf_word_and_excel_print_the_same_strings(request, browser, leader, kind, state):
    world = request.getfixturevalue(state)
    report = report_of(world, leader, kind)
    pdf = text_of(get(browser, kind, "pdf").content)
    word = squeezed(docx_text(get(browser, kind, "docx").content))
    book = sheets(get(browser, kind, "xlsx").content)
    cells = {cell for sheet in book for line in lines_of(sheet) for cell in line}
    strips = {one.key for part in report.parts for block in part.blocks for one in getattr(block, "figures", ())}
    for figure in report.figures:
        assert figure.text in cells
        assert figure.definition in cells
        assert squeezed(figure.definition) in pdf
        assert squeezed(figure.definition) in word
        if figure.key in strips:
            assert squeezed(figure.label, figure.text, figure.shown_unit) in pdf
            assert squeezed(figure.label, figure.text, figure.shown_unit) in word
    for paragraph in report.summary:
        assert squeezed(paragraph) in pdf
        assert squeezed(paragraph) in word
        assert paragraph in cells
    for table in report.tables:
        for row in table.lines:
            assert squeezed(*row.cells) in word
            assert set(row.cells) <= cells | {""}
            assert all(squeezed(cell) in pdf for cell in row.cells)
        if not table.rows:
            assert squeezed(table.empty) in pdf
            assert squeezed(table.empty) in word


@pytest.mark.parametrize(
    "period",
    [
        "2023", "2023-Q4", "2023-11", "2023-W45", "2023-11-10", "2023-11-to-2023-11-20", "2023-to-2023-11-20",
        "2023-11-01..2023-11-12", "1999",
    ],
)  # fmt: skip
def test_over_every_kind_of_period_page_endpoint_and_documents_say_the_same(full, browser, leader, period):
    report = build_report(full.scope(period, user=leader), KIND_BY_KEY["appeals"])
    asked = {"period": period}
    sent = {one["key"]: one["text"] for one in browser.get(reverse("reports:api_figures"), asked).json()["figures"]}
    files = {
        form: browser.get(reverse("reports:document", args=["appeals", form]), asked).content for form in RENDERERS
    }
    pdf, word = text_of(files["pdf"]), squeezed(docx_text(files["docx"]))
    cells = {row[1].value: shown(row[2]) for row in sheets(files["xlsx"])["关键指标"].iter_rows(min_row=5)}
    for figure in report.figures:
        printed = squeezed(figure.label, figure.text, figure.shown_unit)
        assert sent[figure.key] == figure.text
        assert printed in pdf
        assert printed in word
        assert cells[figure.label] == figure.text
        page = browser.get(figure.address).content.decode()
        assert figure.text in page


def test_an_empty_period_has_dashes_in_every_format(world, browser):
    for form, read in (("pdf", text_of), ("docx", docx_text)):
        printed = squeezed(read(get(browser, "monthly", form).content))
        assert "满意率—" in printed
        assert "%" not in printed.partition("口径说明")[0]
    sheet = sheets(get(browser, "monthly", "xlsx").content)["关键指标"]
    assert {shown(row[2]) for row in sheet.iter_rows(min_row=5)} == {"—"}


def test_the_figures_of_a_workbook_are_numbers_with_their_definition_and_the_way_to_their_rows(full, browser):
    sheet = sheets(get(browser, "monthly", "xlsx").content)["关键指标"]
    by_label = {row[1].value: row for row in sheet.iter_rows(min_row=5)}
    rate = by_label["满意率"]
    assert (rate[2].value, rate[2].number_format, rate[4].value) == (0.8625, "0.00%", "86.25%")
    assert (rate[6].value, rate[7].value) == (13.8, 16)
    assert rate[10].value == "http://testserver/reports/figures/satisfaction_rate/?period=2023-11"
    assert by_label["走访家次"][2].value == 3
    assert sheet.freeze_panes == "B5"
    assert "2023年11月" in sheet["A2"].value
    assert "打印" in sheet["A3"].value


def test_a_chart_of_a_workbook_says_its_values_with_their_unit_and_is_printed_on_one_page(full, browser):
    book = sheets(get(browser, "monthly", "xlsx").content)
    sheet = book["诉求类别情况"]
    (drawn,) = sheet._charts
    assert [one.dLbls.numFmt for one in drawn.series] == ['0"件"']
    heights = [book[name].page_setup.fitToHeight for name in ("诉求类别情况", "诉求来源情况")]
    assert heights == [None, 0]  # one page, and as many as it takes
    assert {one.graphicalProperties.line.prstDash for one in book["走访和诉求趋势"]._charts[0].series} >= {
        "dash",
        "sysDot",
    }


def test_a_count_in_a_table_of_a_workbook_leads_to_its_rows(full, browser):
    sheet = sheets(get(browser, "monthly", "xlsx").content)["承办单位办理情况"]
    links = {cell.value: cell.hyperlink.location or cell.hyperlink.target for cell in sheet[5] if cell.hyperlink}
    assert f"unit={full.unit.pk}" in links[21]


def test_what_looks_like_a_formula_is_text(world, browser):
    firm = world.enterprise(name="=HYPERLINK(1)", joined_on=date(2023, 11, 5))
    world.appeal(enterprise=firm, content='=cmd|"/c calc"!A1', due="2023-11-20")
    for sheet in sheets(get(browser, "monthly", "xlsx").content):
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("99.99%", (Decimal("0.9999"), "0.00%")),
        ("100.00%", (Decimal(1), "0.00%")),
        ("88.3", (Decimal("88.3"), "0.0")),
        ("0", (Decimal(0), "0")),
        ("-12", (Decimal(-12), "0")),
        ("—", ("—", "@")),
        ("7天", ("7天", "@")),
    ],
)
def test_a_cell_shows_what_was_printed(text, value):
    assert typed(text) == value


@pytest.mark.parametrize("form", RENDERERS)
def test_a_download_has_a_chinese_name_and_leaves_a_trace(full, browser, leader, form):
    answer = get(browser, "monthly", form)
    assert answer["Content-Type"] == RENDERERS[form].content_type
    assert quote(f"企业服务工作月报_2023-11.{form}") in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="download")
    assert entry.actor == leader
    assert entry.summary.startswith("企业服务工作月报（2023年11月）")


@pytest.mark.parametrize(("kind", "period"), [("monthly", "2023"), ("yearly", "2023-11"), ("daily", "2023-11")])
def test_a_kind_with_the_wrong_length_of_period_says_so(browser, kind, period):
    answer = browser.get(reverse("reports:document", args=[kind, "pdf"]), {"period": period})
    assert answer.status_code == 400
    assert "统计期间不能是" in answer.content.decode()


@pytest.mark.parametrize(("kind", "form"), [("none", "pdf"), ("board", "pdf"), ("monthly", "exe")])
def test_what_is_no_document_is_not_found(browser, kind, form):
    assert browser.get(reverse("reports:document", args=[kind, form]), {"period": "2023-11"}).status_code == 404


def test_a_special_report_is_about_something(browser):
    answer = browser.get(reverse("reports:document", args=["special", "pdf"]), {"period": "2023-11"})
    assert answer.status_code == 400
    assert "针对一个事项" in answer.content.decode()


def test_a_red_header_is_printed_only_when_entered(full, browser):
    header = {"issuer": "西集镇人民政府", "number": "西政文[2026]012号"}
    for form, read in (("pdf", text_of), ("docx", docx_text)):
        assert "〔2026〕" not in read(get(browser, "monthly", form).content)
        assert "西集镇人民政府西政文〔2026〕12号" in squeezed(read(get(browser, "monthly", form, **header).content))
    assert get(browser, "monthly", "pdf", number="西政文〔2026〕12号").status_code == 400


def test_downloading_needs_its_permission_and_nothing_of_others_is_printed(full, elsewhere, client, leader):
    for role, status in (("viewer", 403), ("unit", 403), ("auditor", 403)):
        client.force_login(make_user(role, full.office, role=role))
        assert get(client, "monthly", "docx").status_code == status
        assert client.get(reverse("reports:documents")).status_code == status
    client.force_login(make_user("stranger", elsewhere.office, role="leader"))
    unit = make_organisation("保密科", "unit", parent=full.office)
    full.appeal(lead_unit=unit)
    assert "保密科" not in docx_text(get(client, "monthly", "docx").content)
    assert get(client, "monthly", "pdf", unit=str(unit.pk)).status_code == 404


def form_of(**fields):
    return {"kind": "monthly", "period": "2023-11", "format": "docx"} | fields


def test_the_page_sends_what_is_typed_into_the_document(full, browser):
    happy = full.appeal(
        closed="2023-11-15", content="路灯不亮", result_text="已更换路灯。", result="solved", status="confirmed"
    )
    full.call(happy, day="2023-11-16")
    page = browser.get(reverse("reports:documents"), {"period": "2023-11"})
    assert "路灯不亮" in page.content.decode()
    fields = form_of(
        cases=[happy.pk], next_steps="一是加强走访\n\n二是抓好回访", issuer="西集镇人民政府", number="西政文2026第9号"
    )
    word = docx_text(browser.post(reverse("reports:documents"), fields).content)
    assert "需求：路灯不亮。" in word
    assert "成效：已更换路灯；企业确认已解决，表示满意。" in word
    assert "1.一是加强走访" in word
    assert "2.二是抓好回访" in word
    assert "西政文〔2026〕9号" in word


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "yearly"}, "统计期间不能是"),
        ({"kind": "special"}, "针对一个事项"),
        ({"number": "第9号", "issuer": "镇政府"}, "看不懂的发文字号"),
        ({"number": "西政文〔2026〕9号"}, "还需要填写发文机关"),
        ({"first": "2023-11-01"}, "同时填写开始日期和结束日期"),
        ({"period": "去年"}, "看不懂的统计期间"),
        ({"format": "exe"}, "exe"),
        ({"cases": ["999999"]}, "999999"),
        ({"next_steps": "一条\n" * 21}, "最多20条"),
    ],
)
def test_a_wrong_form_comes_back_with_the_reason_and_what_was_typed(full, browser, fields, message):
    answer = browser.post(reverse("reports:documents"), form_of(**fields))
    assert answer.status_code == 400
    assert message in answer.content.decode()
    assert not AuditEntry.objects.filter(action="download").exists()


def test_free_days_get_a_document_and_its_name(full, browser):
    fields = form_of(kind="bulletin", first="2023-11-01", last="2023-11-12", format="pdf")
    answer = browser.post(reverse("reports:documents"), fields)
    assert "2023-11-01至2023-11-12" in unquote(answer["Content-Disposition"])


@pytest.mark.parametrize("kind", [key for key in PERIODS if key not in ("special", "bulletin", "appeals")])
def test_a_period_suggests_the_kind_of_its_length(kind):
    assert kind_for(Period.parse(PERIODS[kind])).key == kind
