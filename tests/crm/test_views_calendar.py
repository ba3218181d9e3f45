"""The page of the working calendar: who sees it, who changes it, what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.calendar import current
from crm.calendar_actions import parse_year, save_year, year_as_text
from crm.models import AuditEntry, CalendarDay, CalendarEdit, WeekdayHours
from crm.roles import ROLES
from tests.crm.imports import files

pytestmark = pytest.mark.django_db
PAGE = "/system/calendar/"
NOVEMBER = datetime(2026, 11, 1, 9, tzinfo=UTC)
LINES = "2027-01-01 休 元旦\n2027年2月6日至2027年2月12日，休，春节\n2027-02-14 班 春节\n2027-12-31 09:00-12:00 年终"
WEEK = {f"day-{n}": "08:30-12:00 14:00-17:30" if n < 6 else "" for n in range(7)}


@pytest.fixture
def page(client, manager, django_capture_on_commit_callbacks):
    client.force_login(manager)

    def post(data, year=2027):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"{PAGE}?year={year}", data)

    return post


def test_a_year_pasted_as_lines_is_in_force_at_once(page, manager):
    answer = page({"lines": LINES})
    assert answer.status_code == 302
    working = current()
    assert [working.is_working_day(date(2027, 2, day)) for day in (5, 6, 12, 14)] == [True, False, False, True]
    edit = CalendarEdit.objects.first()
    assert edit.actor == manager
    assert "2027 年放假与调休：10 天有变" in edit.summary


def test_what_the_page_shows_of_a_year_can_be_saved_as_it_is(page):
    page({"lines": LINES})
    before = list(CalendarDay.objects.filter(date__year=2027).values())
    page({"lines": year_as_text(2027)})
    assert list(CalendarDay.objects.filter(date__year=2027).values()) == before
    assert CalendarEdit.objects.count() == 1


def test_lines_left_out_are_ordinary_days_again(page):
    page({"lines": LINES})
    page({"lines": "2027-01-01 休 元旦"})
    assert [str(day) for day in CalendarDay.objects.filter(date__year=2027)] == ["2027-01-01 休 元旦"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("元旦放假", "第 1 行：看不懂"),
        ("2027-02-30 休", "第 1 行：没有“2027-02-30”这一天"),
        ("\n2026-12-31 休", "第 2 行：日期要在 2027 年内"),
        ("2027-02-12~2027-02-06 休", "先写早的一天"),
        ("2027-01-01 休\n2027-01-01 班", "第 2 行：2027-01-01 写了两次"),
        ("2027-01-01 12:00-09:00", "结束要晚于开始"),
    ],
)
def test_lines_that_cannot_be_read_are_named_and_nothing_is_saved(page, lines, message):
    answer = page({"lines": lines})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_a_line_may_name_every_date_of_the_seeded_years():
    for year in (2004, 2015, 2026):
        days = parse_year(year, year_as_text(year))
        assert [str(day) for day in days] == [str(day) for day in CalendarDay.objects.filter(date__year=year)]


def test_the_hours_of_the_week_are_changed_on_the_page(page):
    assert page(WEEK).status_code == 302
    assert current().is_working_day(date(2027, 3, 6))
    assert WeekdayHours.objects.get(weekday=5).hours == "08:30-12:00 14:00-17:30"
    assert "周六 08:30-12:00" in CalendarEdit.objects.first().summary


@pytest.mark.parametrize(
    ("week", "message"),
    [({f"day-{n}": "" for n in range(7)}, "至少要有一天上班"), (WEEK | {"day-2": "早九晚五"}, "看不懂的时段")],
)
def test_a_week_that_cannot_be_is_refused(page, week, message):
    answer = page(week)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not CalendarEdit.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_the_page_and_its_forms_are_for_those_who_may(client, users, role):
    client.force_login(users[role])
    answer = client.get(PAGE)
    may_see = "crm.view_calendarday" in ROLES[role].permissions
    may_change = "crm.change_calendarday" in ROLES[role].permissions
    assert answer.status_code == (200 if may_see else 403)
    assert (b"day-0" in answer.content) == may_change
    if may_see and not may_change:
        assert client.post(f"{PAGE}?year=2027", {"lines": LINES}).status_code == 404
        assert not CalendarDay.objects.filter(date__year=2027).exists()


@pytest.mark.parametrize("year", ["1999", "2100", "abc", "２０２６", "-1"])
def test_years_that_no_calendar_covers_have_no_page(client, manager, year):
    client.force_login(manager)
    assert client.get(PAGE, {"year": year}).status_code == 404


def test_nothing_is_noted_when_nothing_changes(manager):
    with pytest.raises(ValidationError):
        parse_year(2027, "x")
    assert save_year(2026, list(CalendarDay.objects.filter(date__year=2026)), actor=manager) == 0
    assert not CalendarEdit.objects.exists()


def table(*rows: list[object], name: str = "放假安排.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.xlsx(rows))


def test_a_table_is_read_into_the_lines_and_saved_only_when_somebody_has_looked(page):
    sheet = table(
        ["2027 年放假安排"], ["日期", "止", "安排", "说明"], ["2027-01-01", None, "放假", "元旦"],
        ["2027/2/6", "2027/2/12", "休", "春节"], ["2027年2月14日", "上班", "春节"],
        ["2027-05-01至2027-05-05", "劳动节", "休"],
    )  # fmt: skip
    answer = page({"lines": "", "table": sheet, "read": "1"})
    lines = answer.context["year_form"]["lines"].value()
    assert lines.splitlines() == [
        "2027-01-01 休 元旦", "2027/2/6~2027/2/12 休 春节", "2027年2月14日 班 春节", "2027-05-01至2027-05-05 休 劳动节",
    ]  # fmt: skip
    assert "已读入 4 行，还没有保存" in answer.text
    assert not CalendarDay.objects.filter(date__year=2027).exists()
    page({"lines": lines})
    assert CalendarDay.objects.filter(date__year=2027).count() == 14


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (None, "请选择一个不超过 2 MB 的表格"),
        (SimpleUploadedFile("安排.pdf", b"%PDF-1.7"), "这是 PDF 文件，不是表格"),
        (table(["节日", "天数"], ["元旦", "3"]), "没有一行以日期开头"),
    ],
)
def test_what_is_no_table_of_days_is_refused_and_what_was_typed_stays(page, sheet, message):
    answer = page({"lines": "2027-01-01 休 元旦", "read": "1"} | ({"table": sheet} if sheet else {}))
    assert message in answer.text
    assert "2027-01-01 休 元旦" in answer.text
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_every_change_of_the_calendar_is_in_the_log_of_the_auditor(client, page, manager, users):
    page({"lines": LINES})
    page(WEEK)
    page(WEEK)
    entries = AuditEntry.objects.filter(action="rules").order_by("pk")
    assert [entry.summary.split("：")[0] for entry in entries] == ["2027 年放假与调休", "每周工作时间"]
    assert {entry.actor for entry in entries} == {manager}
    client.force_login(users["auditor"])
    assert "日历与时限" in client.get("/system/audit/").text


@time_machine.travel(NOVEMBER, tick=False)
@pytest.mark.parametrize(
    ("role", "home"), [("manager", "/reports/"), ("manager", "/today/"), ("sysadmin", "/system/users/")]
)
def test_from_november_on_who_keeps_the_calendar_is_told_where_the_day_begins(client, users, role, home):
    client.force_login(users[role])
    assert "2027 年的放假安排还没有录入" in client.get(home).text
    CalendarDay.objects.create(date=date(2027, 1, 1), kind="off", name="元旦")
    assert "还没有录入" not in client.get(home).text


@time_machine.travel(NOVEMBER, tick=False)
def test_who_cannot_mend_it_is_not_told_that_a_year_is_missing(client, users):
    client.force_login(users["leader"])
    assert "还没有录入" not in client.get("/reports/").text
