"""Dashboard, rows behind figures and the PDF in the browser."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from crm.models import AuditEntry
from reports.documents.build import build_report
from reports.metrics import ATTENTION, METRICS
from tests.crm.factories import make_user
from tests.reports.as_loaded import whole_dashboard
from tests.reports.pdf_text import text_of
from tests.reports.world import NOW, at

DASHBOARD = "reports:dashboard"
KEYS = [metric.key for metric in METRICS]


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def page(browser, name=DASHBOARD, *args, **query):
    return browser.get(reverse(name, args=args), query)


def text(response):
    return packed(unescape(response.content.decode()))


def packed(html):
    return "".join(html.split())


def printed_on_page(figure):
    """A figure with its label, so that an equal number elsewhere on the page cannot stand in for it."""
    if figure.section == ATTENTION:
        return f"{figure.label}</span><strong>{figure.text}{figure.shown_unit}</strong>"
    unit = f"<small>{figure.shown_unit}</small>" if figure.shown_unit else ""
    return f'{figure.label}</span><spanclass="metric-text">{figure.text}{unit}</span>'


@pytest.mark.parametrize("period", ["2023-11", "2023", "2023-Q4", "1999"])
def test_page_endpoint_and_pdf_print_the_same_strings(full, browser, leader, period):
    report = build_report(full.scope(period, user=leader))
    html = packed(whole_dashboard(browser, period=period))
    figures = page(browser, "reports:api_figures", period=period).json()["figures"]
    pdf = text_of(page(browser, "reports:appeal_report", period=period).content)
    assert [figure.key for figure in report.figures] == KEYS
    for figure, sent in zip(report.figures, figures, strict=True):
        assert (sent["key"], sent["text"], sent["definition"]) == (figure.key, figure.text, figure.definition)
        assert printed_on_page(figure) in html
        assert figure.definition in html
        assert figure.label + figure.text + figure.shown_unit in pdf
        assert figure.definition in pdf
    for row in (*report.table("by_unit").rows, report.table("by_unit").total):
        assert "".join(row.cells) in pdf
        assert all(f">{cell}<" in html for cell in row.cells if cell)


@pytest.mark.parametrize("key", KEYS)
def test_every_figure_opens_as_many_rows_as_it_counts(full, browser, leader, key):
    response = page(browser, "reports:figure_rows", key, period="2023-11")
    figure = build_report(full.scope(user=leader)).figure(key)
    shown = figure.denominator if figure.denominator is not None else figure.value
    assert f"共{shown}条记录" in text(response)
    assert f'<spanclass="metric-text">{figure.text}<' in text(response)
    assert figure.definition in text(response)


def test_the_dashboard_links_every_figure_to_its_rows(full, browser):
    html = whole_dashboard(browser, period="2023-11")
    assert all(f"/reports/figures/{key}/?period=2023-11" in html for key in KEYS)


def test_rows_link_to_their_records_and_are_paged(world, browser):
    appeals = [world.appeal(number=f"SQ{n:04}") for n in range(31)]
    first = page(browser, "reports:figure_rows", "appeals_received", period="2023-11").content.decode()
    second = page(browser, "reports:figure_rows", "appeals_received", period="2023-11", page=2).content.decode()
    assert sum(appeal.get_absolute_url() in first for appeal in appeals) == 30
    assert sum(appeal.get_absolute_url() in second for appeal in appeals) == 1


def test_a_line_of_the_table_opens_the_rows_of_its_unit(full, browser):
    address = f"/reports/figures/solving_rate/?period=2023-11&unit={full.unit.pk}"
    assert address in whole_dashboard(browser, period="2023-11")
    assert "共16条记录" in text(browser.get(address))


def test_a_count_beside_a_rate_opens_the_rows_that_gave_this_answer(full, browser):
    address = f"/reports/figures/satisfaction_rate/?period=2023-11&unit={full.unit.pk}&part=basically"
    assert address in whole_dashboard(browser, period="2023-11")
    html = text(browser.get(address))
    assert "共2条记录" in html
    assert "·基本满意" in html


@pytest.mark.parametrize(("key", "part"), [("satisfaction_rate", "solved"), ("hnte", "solved"), ("hnte", "pk")])
def test_an_answer_that_the_figure_does_not_ask_for_is_not_found(full, browser, key, part):
    assert page(browser, "reports:figure_rows", key, period="2023-11", part=part).status_code == 404


def test_an_empty_period_shows_dashes(browser):
    html = packed(whole_dashboard(browser, period="2023-11"))
    assert '走访家次</span><spanclass="metric-text">—' in html
    assert not re.search(r'"metric-text">[\d.]*%', html)


@pytest.mark.parametrize("name", ["reports:dashboard", "reports:appeal_report"])
@pytest.mark.parametrize(
    "query", [{"period": "去年"}, {"period": "2023-13"}, {"from": "2023-11-01"}, {"from": "x", "to": "y"}]
)
def test_a_bad_period_in_the_address_gets_a_chinese_message(browser, name, query):
    response = page(browser, name, **query)
    assert response.status_code == 400
    assert "统计期间" in response.content.decode()


def test_the_endpoint_says_which_parameter_is_wrong(browser):
    response = page(browser, "reports:api_figures", period="去年")
    assert response.status_code == 400
    assert "看不懂的统计期间" in response.json()["period"][0]


def test_days_can_be_chosen_freely(full, browser):
    html = text(page(browser, **{"from": "2023-11-01", "to": "2023-11-03"}))
    assert "2023年11月1日至2023年11月3日" in html


def test_without_a_period_the_running_month_is_shown(browser):
    assert "下载2024年1月报告" in text(page(browser))


@pytest.mark.parametrize("query", [{"park": "999"}, {"park": "x"}, {"unit": "999"}, {"category": "none"}])
def test_what_the_user_may_not_see_is_not_found(browser, query):
    assert page(browser, **query).status_code == 404


def test_an_unknown_figure_is_not_found(browser):
    assert page(browser, "reports:figure_rows", "nothing").status_code == 404


def test_nothing_of_another_organisation_is_shown(world, elsewhere, browser):
    html = packed(whole_dashboard(browser, period="2023-11"))
    assert "产业科" in html
    assert "无任务" in html
    assert "共0条记录" in text(page(browser, "reports:figure_rows", "appeals_received", period="2023-11"))


def test_the_pdf_is_a_download_with_a_chinese_name_and_leaves_a_trace(full, browser, leader):
    response = page(browser, "reports:appeal_report", period="2023-11")
    assert response["Content-Type"] == "application/pdf"
    assert quote("诉求办结与满意情况报告_2023-11.pdf") in response["Content-Disposition"]
    entry = AuditEntry.objects.get(action="download")
    assert (entry.actor, entry.summary) == (leader, "诉求办结与满意情况报告（2023年11月）")


def test_without_fonts_the_download_leads_back_with_a_message(browser, settings, tmp_path):
    from reports.pdf import fonts

    fonts.chain.cache_clear()
    settings.NODE_MODULES = tmp_path
    response = browser.get(reverse("reports:appeal_report"), follow=True)
    fonts.chain.cache_clear()
    assert "中文字体没有找到" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "dashboard", "pdf"), [("viewer", 200, 403), ("unit", 403, 403), ("auditor", 403, 403)]
)
def test_reading_and_downloading_are_two_permissions(client, world, role, dashboard, pdf):
    client.force_login(make_user(role, world.office, role=role))
    assert page(client).status_code == dashboard
    assert page(client, "reports:api_figures").status_code == dashboard
    assert page(client, "reports:figure_rows", "hnte").status_code == dashboard
    assert page(client, "reports:appeal_report").status_code == pdf


def test_a_stranger_is_sent_to_the_log_in_page_or_refused(client, db):
    assert page(client).status_code in (302, 403)
    assert page(client, "reports:api_figures").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_of_a_list_do_not_grow_with_its_rows(world, browser, rows, django_assert_num_queries):
    for _ in range(rows):
        world.call(world.appeal(closed="2023-11-15"))
    address = reverse("reports:figure_rows", args=["solving_rate"])
    with django_assert_num_queries(5):
        browser.get(address, {"period": "2023-11"})
