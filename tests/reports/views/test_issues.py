"""The pages of reports in the browser: list, draft, words, steps, issue, frozen rows, revisions."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from crm.models import AuditEntry
from crm.roles import ROLES
from reports.issuing.frozen import sha256
from reports.issuing.reprint import shown_to
from reports.issuing.steps import DRAFT, ISSUED, REVIEW, REVIEWED
from reports.models import ReportIssue
from reports.renderers import RENDERERS
from tests.crm.factories import make_organisation, make_user
from tests.reports.issues import MOMENT, Desk
from tests.reports.pdf_text import page_texts, text_of
from tests.reports.world import World, at

pytestmark = pytest.mark.django_db
LIST = "/issues/"


@pytest.fixture(autouse=True)
def _december():
    with time_machine.travel(at(MOMENT), tick=False):
        yield


@pytest.fixture
def desk(full: World) -> Desk:
    return Desk(full)


def page(client, user, address: str, **more) -> str:
    client.force_login(user)
    answer = client.get(address, **more)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.text)


def press(client, user, issue, step, **data):
    client.force_login(user)
    return client.post(reverse("reports:issue_step", args=[issue.pk, step]), data, follow=True)


def test_a_report_shows_words_and_figures_and_folds_the_rest(client, desk):
    issue = desk.draft()
    folded = page(client, desk.manager, issue.get_absolute_url())
    opened = re.findall(r"data-open-on-paper open>\s*<summary><h3>[^、]+、(.*?)</h3>", folded)
    assert opened[:2] == ["总体情况", "关键指标"]
    assert "承办单位办理情况" in folded
    assert "承办单位办理情况" not in opened
    assert "口径说明" not in opened
    whole = page(client, desk.manager, f"{issue.get_absolute_url()}?whole=1")
    parts = folded.count("data-open-on-paper")
    assert whole.count("data-open-on-paper open>") == whole.count("data-open-on-paper") == parts > len(opened)


def test_until_it_is_issued_a_report_says_that_the_site_has_no_address_for_its_qr_code(client, desk, settings):
    issue, issued = desk.draft(), desk.at(ISSUED, period="2023-10")
    settings.SITE_ADDRESS = ""
    assert "SITE_ADDRESS" in page(client, desk.manager, issue.get_absolute_url())
    assert "SITE_ADDRESS" not in page(client, desk.reader, issued.get_absolute_url())
    assert "SITE_ADDRESS" not in page(client, desk.manager, issued.get_absolute_url())
    settings.SITE_ADDRESS = "https://crm.example.cn"
    assert "SITE_ADDRESS" not in page(client, desk.manager, issue.get_absolute_url())


def test_the_step_that_throws_a_draft_away_stands_last(client, desk):
    text = page(client, desk.manager, desk.draft().get_absolute_url())
    assert text.index(">送审<") < text.index(">修改文字<") < text.index(">作废草稿<")


def test_the_list_says_what_there_is_and_an_empty_one_how_to_begin(client, desk):
    assert "起草一份" in page(client, desk.manager, LIST)
    assert "还没有印发的报告" in page(client, desk.reader, LIST)
    desk.draft(), desk.at(ISSUED, period="2023-10")
    text = page(client, desk.manager, LIST)
    for said in ("2023年11月", "2023年10月", "草稿", "已印发", "2023-12-01", str(desk.leader)):
        assert said in text
    seen = page(client, desk.reader, LIST)
    assert "2023年10月" in seen
    assert "2023年11月" not in seen


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "draft"}, ["2023年11月"]), ({"status": "issued"}, ["2023年10月"]),
        ({"q": "2023年10"}, ["2023年10月"]),
        ({"q": "2023-11"}, ["2023年11月"]), ({"q": "没有"}, []), ({"kind": "appeals"}, ["2023年11月", "2023年10月"]),
        ({"status": "nonsense"}, ["2023年11月", "2023年10月"]), ({"q": "\x00"}, ["2023年11月", "2023年10月"]),
    ],
    ids=str,
)  # fmt: skip
def test_filters_leave_what_was_asked_for(client, desk, asked, found):
    desk.draft(), desk.at(ISSUED, period="2023-10")
    client.force_login(desk.manager)
    rows = client.get(LIST, asked, headers={"HX-Request": "true"}).text
    assert re.findall(r"<td>(\d+年\d+月)", rows) == found


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_however_many_reports(client, desk, rows, django_assert_num_queries):
    issue = desk.at(ISSUED)
    for number in range(1, rows):
        ReportIssue.objects.create(
            organisation=issue.organisation, kind="appeals", query=f"period={number}", period_key=str(number),
            period_label=f"第{number}期", ends_on=issue.ends_on, title="报告", data=issue.data, rules=issue.rules,
            words=issue.words, computed_at=issue.computed_at, drafted_by=desk.manager, drafted_at=issue.drafted_at,
        )  # fmt: skip
    client.force_login(desk.manager)
    with django_assert_num_queries(5):
        client.get(LIST)


def test_drafting_from_the_form_twice_is_one_draft(client, desk):
    client.force_login(desk.manager)
    assert "统计并起草" in client.get("/issues/new/").text
    sent = {"kind": "appeals", "period": "2023-11", "park": ""}
    first, second = (client.post("/issues/new/", sent) for _ in range(2))
    issue = ReportIssue.objects.get()
    assert first.url == second.url == issue.get_absolute_url()


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"kind": "appeals"}, {"kind": "x", "period": "2023-11"}, {"kind": "appeals", "period": "1850-01"},
        {"kind": "appeals", "period": "2023-11", "park": "999"}, {"kind": "appeals", "period": "2023-11", "park": "x"},
        {"kind": "appeals", "period": "2023-11\x00"},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_with_nonsense_drafts_nothing(client, desk, sent):
    client.force_login(desk.manager)
    answer = client.post("/issues/new/", sent)
    assert answer.status_code == 200
    assert "需要修改" in answer.text
    assert not ReportIssue.objects.exists()


def test_who_sees_only_the_own_records_is_told_so(client, desk):
    client.force_login(make_user("own", desk.world.office, role="manager", scope="own"))
    answer = client.post("/issues/new/", {"kind": "appeals", "period": "2023-11"})
    assert "只看本人的记录" in answer.text


def test_the_way_from_draft_to_issue_by_its_buttons(client, desk):
    issue = desk.draft()
    text = page(client, desk.manager, issue.get_absolute_url())
    assert "送审" in text
    assert "审核通过" not in text
    assert f'href="/issues/{issue.pk}/figures' not in text
    for step, user, said in (
        ("submit", desk.manager, "等另一位同事审核"),
        ("approve", desk.leader, "可以印发"),
        ("issue", desk.leader, "文件和指纹已存档"),
    ):
        answer = press(client, user, issue, step, seen=ReportIssue.objects.get(pk=issue.pk).edition)
        assert said in answer.text
    issue = ReportIssue.objects.get(pk=issue.pk)
    text = page(client, desk.manager, issue.get_absolute_url())
    for said in (
        issue.code,
        issue.fingerprint,
        "起草更正版",
        "统计时的规则",
        *issue.files.values_list("sha256", flat=True),
    ):
        assert said in text
    assert "重新统计" not in text


def test_a_button_pressed_twice_or_from_an_old_page_is_told_and_changes_nothing(client, desk):
    issue = desk.draft()
    press(client, desk.manager, issue, "submit", seen=1)
    assert "不需要再“送审”" in press(client, desk.manager, issue, "submit", seen=1).text
    assert "最新的内容" in press(client, desk.manager, issue, "recall", seen=1).text
    assert "不能“审核通过”" in press(client, desk.manager, issue, "approve").text
    assert "请填写退回修改的意见" in press(client, desk.leader, issue, "send_back").text
    assert press(client, desk.leader, issue, "nonsense").status_code == 404
    assert ReportIssue.objects.get(pk=issue.pk).status == REVIEW


def test_what_was_sent_back_says_why(client, desk):
    issue = desk.at(REVIEW)
    press(client, desk.leader, issue, "send_back", note="走访数请核对")
    assert "退回修改的意见：走访数请核对" in page(client, desk.manager, issue.get_absolute_url())


def words_of(client, desk, issue) -> str:
    return page(client, desk.manager, reverse("reports:issue_words", args=[issue.pk]))


def save(client, issue, **data):
    filled = {"seen": 1, "summary": "", "next_steps": ""} | data
    return client.post(reverse("reports:issue_words", args=[issue.pk]), filled)


def test_words_are_edited_beside_the_systems_and_given_back(client, desk):
    issue = desk.draft()
    text = words_of(client, desk, issue)
    assert text.count(issue.computed.summary[0]) == 2
    sent = {
        "summary": "人写的。\n\n第二段。", "next_steps": "一是走访。\n二是回访。", "case_title_0": "班车",
        "case_text_0": "需求：太早。\n做法：延后。", "issuer": "西溪镇人民政府", "number": "西政〔2023〕1号",
    }  # fmt: skip
    assert save(client, issue, **sent).status_code == 302
    assert save(client, issue, **sent).status_code == 302
    shown = page(client, desk.manager, issue.get_absolute_url())
    for said in ("人写的。", "第二段。", "一是走访。", "班车", "做法：延后。", "西溪镇人民政府", "西政〔2023〕1号"):
        assert said in shown
    assert issue.computed.summary[0] not in shown
    restored = client.post(
        reverse("reports:issue_words", args=[issue.pk]), sent | {"restore": "1", "summary": "人写的。"}
    )
    assert unescape(restored.text).count(issue.computed.summary[0]) == 2
    assert "人写的。" in page(client, desk.manager, issue.get_absolute_url())
    assert save(client, issue, seen=2).status_code == 302
    assert issue.computed.summary[0] in page(client, desk.manager, issue.get_absolute_url())


def test_a_case_is_picked_from_what_the_enterprise_was_satisfied_with(client, desk):
    appeal = desk.world.appeal(closed="2023-11-15", result_text="已协调班车延后", content="班车太早")
    desk.world.call(appeal)
    other = desk.world.appeal(closed="2023-11-15", result_text="没办成", content="想要更多车位")
    desk.world.call(other, satisfaction="dissatisfied")
    issue = desk.draft()
    assert appeal.number in words_of(client, desk, issue)
    assert other.number not in words_of(client, desk, issue)
    address = reverse("reports:issue_words", args=[issue.pk])
    for key, is_taken in ((appeal.pk, True), (other.pk, False), ("x", False)):
        text = unescape(client.post(address, {"pick": "1", "appeal": key, "summary": "留着"}).text)
        assert ("需求：班车太早。成效：已协调班车延后；企业确认已解决，表示满意。" in text) == is_taken
        assert "留着" in text
    assert ReportIssue.objects.get(pk=issue.pk).edition == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"case_title_0": "只有标题"}, "要一起填写"),
        ({"number": "西政〔2023〕1号"}, "还需要填写发文机关"),
        ({"issuer": "镇政府", "number": "不是文号"}, "看不懂的发文字号"),
        ({"summary": "长" * 5001}, "5000"),
        ({"seen": 99, "summary": "旧页面上写的"}, "修改过"),
    ],
)
def test_words_that_are_refused_are_kept_on_the_page(client, desk, sent, said):
    issue = desk.draft()
    client.force_login(desk.manager)
    answer = save(client, issue, **sent)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert str(next(value for key, value in sent.items() if key != "seen")) in answer.text
    assert ReportIssue.objects.get(pk=issue.pk).edition == 1


@pytest.mark.parametrize("status", [REVIEW, REVIEWED, ISSUED])
def test_the_page_of_words_leads_back_once_it_is_no_draft(client, desk, status):
    issue = desk.at(status)
    client.force_login(desk.manager)
    assert client.get(reverse("reports:issue_words", args=[issue.pk])).status_code == 302
    assert save(client, issue, summary="改").status_code == 409


def test_a_figure_of_an_issue_leads_to_the_rows_it_was_made_of(client, desk):
    issue = desk.at(ISSUED)
    shown = page(client, desk.reader, issue.get_absolute_url())
    address = f"/issues/{issue.pk}/figures/appeals_received/"
    assert f'href="{address}"' in shown
    before = page(client, desk.reader, address)
    assert "统计时共 21 条记录" in before
    added, first = desk.world.appeal("2023-11-30"), issue.frozen_rows.get(figure="appeals_received", part="").keys[0]
    desk.world.call(type(added).objects.get(pk=first)).delete()
    type(added).objects.filter(pk=first).update(deleted_at=at(MOMENT), deleted_by=desk.manager)
    after = page(client, desk.reader, address)
    assert added.number not in after
    assert "其中 1 条已删除" in after
    assert desk.world.office.name in page(client, desk.manager, issue.get_absolute_url())


def test_the_rows_of_a_rate_say_which_count(client, desk):
    issue = desk.at(ISSUED)
    text = page(client, desk.reader, f"/issues/{issue.pk}/figures/solving_rate/")
    assert "87.50%" in text
    assert text.count("<td>是</td>") == 14


@pytest.mark.parametrize("key", ["nonsense", "appeals-received"])
def test_a_figure_that_is_not_in_it_is_not_found(client, desk, key):
    client.force_login(desk.manager)
    assert client.get(f"/issues/{desk.draft().pk}/figures/{key}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_frozen_rows_take_the_same_queries_however_many(client, world, rows, django_assert_num_queries):
    desk = Desk(world)
    for _ in range(rows):
        world.appeal()
    issue = desk.at(ISSUED)
    client.force_login(desk.manager)
    with django_assert_num_queries(6):
        client.get(f"/issues/{issue.pk}/figures/appeals_received/")


def test_revisions_are_shown_as_the_report_was_counted_whoever_reads(client, desk, elsewhere):
    issue = desk.at(ISSUED)
    address = reverse("reports:issue_revisions", args=[issue.pk])
    assert "没有修订" in page(client, desk.reader, address)
    desk.world.visit("2023-11-20")
    text = page(client, desk.reader, address, headers={"HX-Request": "true"})
    assert '<span class="was">3</span>' in text
    assert "<html" not in text
    above = make_user("above", desk.world.office.parent, role="leader")
    World(desk.world.office.parent).visit("2023-11-21")
    assert '<span class="was">3</span></a></td>\n' in page(client, above, address)
    assert ">4</a>" in page(client, above, address)
    desk.manager.is_active = False
    desk.manager.save()
    assert issue.fingerprint in page(client, above, issue.get_absolute_url())
    assert client.get(address).status_code == 404
    client.force_login(Desk(elsewhere).manager)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("format", RENDERERS)
def test_a_file_of_an_issue_is_what_was_issued_and_each_download_is_told(client, desk, format):
    issue = desk.at(ISSUED)
    client.force_login(desk.leader)
    answer = client.get(reverse("reports:issue_file", args=[issue.pk, format]))
    assert answer.headers["Content-Type"] == RENDERERS[format].content_type
    assert quote(f"{issue.title}_2023-11.{format}") in answer.headers["Content-Disposition"]
    assert sha256(answer.content) == issue.files.get(format=format).sha256
    assert AuditEntry.objects.filter(action="download", summary__contains=f"{issue}，{format}").count() == 1


def test_a_draft_is_previewed_without_code_and_says_that_it_is_a_draft(client, desk):
    issue = desk.draft()
    client.force_login(desk.manager)
    answer = client.get(reverse("reports:issue_file", args=[issue.pk, "pdf"]))
    assert quote("（草稿）.pdf") in answer.headers["Content-Disposition"]
    assert "核验码" not in text_of(answer.content)
    assert f"草稿{desk.manager}（{desk.world.office}）2023-12-0109:00打印" in page_texts(answer.content)[0]
    assert client.get(f"/issues/{issue.pk}/report.exe").status_code == 404


def test_a_file_that_is_lost_is_told_in_words(client, desk):
    issue = desk.at(ISSUED)
    for file in issue.files.all():
        file.file.storage.delete(file.file.name)
    client.force_login(desk.manager)
    answer = client.get(reverse("reports:issue_file", args=[issue.pk, "pdf"]), follow=True)
    assert answer.status_code == 200
    assert "没有文件" in answer.text


@pytest.mark.parametrize("role", ["steward", "desk", "viewer"])
def test_readers_read_what_was_issued_and_change_nothing(client, desk, role):
    draft, issued = desk.draft(), desk.at(ISSUED, period="2023-10")
    user = make_user("reader", desk.world.office, role=role)
    text = page(client, user, issued.get_absolute_url())
    assert "下载" not in text
    assert "起草更正版" not in text
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get("/issues/new/").status_code == 403
    assert client.get(reverse("reports:issue_file", args=[issued.pk, "pdf"])).status_code == 403
    assert client.post(reverse("reports:issue_correct", args=[issued.pk])).status_code == 403


def test_a_correction_is_begun_by_a_button(client, desk):
    issue = desk.at(ISSUED)
    client.force_login(desk.manager)
    for _ in range(2):
        client.post(reverse("reports:issue_correct", args=[issue.pk]))
    draft = ReportIssue.objects.get(status=DRAFT)
    assert (draft.version, draft.supersedes) == (2, issue)
    assert "第 2 版，更正" in page(client, desk.manager, draft.get_absolute_url())


def test_counting_anew_by_its_button(client, desk):
    issue = desk.draft()
    desk.world.visit("2023-11-20")
    client.force_login(desk.manager)
    answer = client.post(reverse("reports:issue_recompute", args=[issue.pk]), {"seen": 1}, follow=True)
    assert "重新统计" in answer.text
    assert ReportIssue.objects.get(pk=issue.pk).computed.figure("enterprise_visits").value == 4


def test_a_kind_and_a_period_that_do_not_fit_are_not_drafted(client, desk):
    client.force_login(desk.manager)
    answer = client.post("/issues/new/", {"kind": "monthly", "period": "2022", "park": ""})
    assert "月报的统计期间不能是" in answer.text
    assert not ReportIssue.objects.exists()
    assert client.post("/issues/new/", {"kind": "yearly", "period": "2022", "park": ""}).status_code == 302


def test_a_special_report_is_drafted_about_the_chosen_matter_and_verified_by_it(client, desk, elsewhere):
    client.force_login(desk.manager)
    assert "专报的事项" in client.get("/issues/new/").text
    stranger = make_organisation("别处的科", "unit", parent=elsewhere.office)
    for sent, said in (
        ({"kind": "special"}, "针对一个事项"),
        ({"kind": "monthly", "category": "policy"}, "月报不针对一个事项"),
        ({"kind": "special", "unit": stranger.pk}, "需要修改"),
    ):
        assert said in client.post("/issues/new/", sent | {"period": "2023-11"}).text
    assert not ReportIssue.objects.exists()
    sent = {"kind": "special", "period": "2023-11", "category": "policy", "unit": desk.world.unit.pk}
    answer = client.post("/issues/new/", sent, follow=True)
    title = f"企业诉求专报：{desk.world.unit}、政策兑现"
    assert title in answer.text
    issue = ReportIssue.objects.get()
    for step in ("submit", "approve", "issue"):
        issue = desk.take(issue, step)
    client.logout()
    assert title in client.get(reverse("reports:verify", args=[issue.code])).text


def test_money_of_few_firms_in_an_issue_is_shown_to_who_may_see_it_only(client, desk):
    issue = desk.at(ISSUED, kind="monthly")
    told = {one.key: one for one in issue.computed.figures if one.section == "经济指标" and one.value is not None}
    assert [key for key, one in told.items() if not one.is_of_few] == ["industrial_output", "tax_paid"]
    seen = {one.key: one for one in shown_to(issue.computed, desk.reader).figures if one.key in told}
    assert [key for key, one in seen.items() if one.text == "*"] == [key for key in told if told[key].is_of_few]
    assert (seen["tax_paid"].text, seen["tax_paid"].value) == (told["tax_paid"].text, told["tax_paid"].value)
    # November a year before was of one firm.
    assert (told["tax_paid"].last_year.text, seen["tax_paid"].last_year.text) == ("持平", "—")
    hidden = seen["comparable_tax"]
    assert (hidden.value, hidden.numerator, hidden.note, hidden.last_year.text) == (None, None, "", "—")
    for key, figure in told.items():
        address = reverse("reports:issue_rows", args=[issue.pk, key])
        page(client, desk.leader, address)
        client.force_login(desk.reader)
        assert client.get(address).status_code == (404 if figure.is_of_few else 200)
    text = page(client, desk.reader, issue.get_absolute_url())
    assert "经济指标" in text
    assert told["comparable_tax"].note not in text
    assert told["comparable_tax"].note in page(client, desk.leader, issue.get_absolute_url())


def test_of_an_issue_that_did_not_keep_how_many_firms_no_money_is_shown(desk):
    report = desk.at(ISSUED, kind="monthly").computed
    older = replace(report, figures=tuple(replace(one, is_of_few=None) for one in report.figures))
    seen = [one for one in shown_to(older, desk.reader).figures if one.section == "经济指标"]
    assert {one.text for one in seen} == {"*"}
    assert shown_to(older, desk.leader) == older


def test_the_files_of_an_issue_with_money_of_few_are_for_those_with_the_right(client, desk, monkeypatch):
    issue = desk.at(ISSUED, kind="monthly")
    address = reverse("reports:issue_file", args=[issue.pk, "xlsx"])
    client.force_login(desk.leader)
    assert client.get(address).headers["Content-Type"] != "text/html; charset=utf-8"
    allowed = frozenset({"reports.download_report", "reports.view_reportissue", "reports.view_report"})
    monkeypatch.setitem(ROLES, "viewer", replace(ROLES["viewer"], permissions=allowed))
    client.force_login(desk.reader)
    assert "您无权查看的金额" in client.get(address, follow=True).text
