"""Scheduled reports: due by rule and calendar; late, missed and doubled runs draft and tell each once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from crm.calendar import current
from crm.models import AuditEntry
from reports import actions
from reports.issuing.scheduling import MOST_MISSED, RULES, next_slot, slots
from reports.issuing.steps import DRAFT, ISSUED
from reports.models import Delivery, ReportIssue, ReportNotice, ReportSchedule, RunState, ScheduleRun
from reports.tasks import draft_due
from tests.crm.factories import make_user
from tests.reports.issues import Desk
from tests.reports.world import World, at

pytestmark = pytest.mark.django_db
NINE = time(9)
# Wednesday 1 November 2023 at 9:00 a report of October falls due, on Friday 1 December one of November.
BEGUN = at("2023-11-15 10:00")
DUE = at("2023-12-01 09:00")


@pytest.fixture
def desk(full: World) -> Desk:
    return Desk(full)


def schedule(desk: Desk, rule: str = "month_first", day: int | None = None, **more) -> ReportSchedule:
    facts = {
        "kind": "appeals", "rule": rule, "day": day, "at": NINE, "park": None, "people": [desk.leader, desk.manager],
        "by_mail": False, "bot": "", "now": BEGUN, "actor": desk.manager,
    }  # fmt: skip
    return actions.save_schedule(None, **(facts | more))


def run_at(*moments: datetime) -> list[actions.Ran]:
    return [actions.run_due(now=moment) for moment in moments]


# When it falls due, over which period


@pytest.mark.parametrize(
    ("rule", "day", "since", "until", "expected"),
    [
        # 1 to 7 October 2026 are days off; Sunday 4 January 2026 is worked instead of a holiday.
        ("month_first", None, "2026-09-15", "2026-10-31", ["10-08"]),
        ("month_first", None, "2025-12-31", "2026-03-31", ["01-04", "02-02", "03-02"]),
        ("month_day", 31, "2026-01-15", "2026-04-30 23:00", ["01-31", "02-28", "03-31", "04-30"]),
        ("month_day", 5, "2026-01-05 09:00", "2026-03-05 09:00", ["02-05", "03-05"]),
        ("quarter_first", None, "2025-12-15", "2026-11-01", ["01-04", "04-01", "07-01", "10-08"]),
        ("year_first", None, "2024-12-15", "2026-11-01", ["01-02", "01-04"]),
        ("week", 1, "2026-11-01", "2026-11-17", ["11-02", "11-09", "11-16"]),
        ("day", None, "2026-11-01 08:59", "2026-11-03 08:59", ["11-01", "11-02"]),
        ("day", None, "2026-11-01 09:00", "2026-11-01 23:59", []),
    ],
)
def test_a_rule_falls_due_on_its_days(rule, day, since, until, expected):
    found = slots(RULES[rule], day, NINE, current(), at(since), at(until))
    assert [f"{timezone.localtime(one):%m-%d}" for one in found] == expected
    assert {f"{timezone.localtime(one):%H:%M}" for one in found} <= {"09:00"}


@pytest.mark.parametrize(
    ("rule", "moment", "key"),
    [
        ("month_first", "2026-10-08 09:00", "2026-09"),
        ("month_day", "2026-01-31 09:00", "2025-12"),
        ("quarter_first", "2026-01-04 09:00", "2025-Q4"),
        ("year_first", "2026-01-04 09:00", "2025"),
        ("week", "2026-11-16 09:00", "2026-W46"),
        ("day", "2026-11-16 09:00", "2026-11-15"),
        ("day", "2026-11-16 12:00", "2026-11-16"),
    ],
)
def test_it_runs_over_the_last_period_that_has_ended(rule, moment, key):
    due = at(moment)
    period = RULES[rule].period(due.date(), timezone.localtime(due).time())
    assert period.key == key
    assert period.end_at <= due
    assert period.following().end_at > due


def test_months_that_begin_on_another_day_fall_due_after_it(settings):
    settings.YQT = settings.YQT | {"MONTH_STARTS_ON": 19}
    (due,) = slots(RULES["month_first"], None, NINE, current(), at("2026-09-01"), at("2026-09-30"))
    assert f"{timezone.localtime(due):%m-%d}" == "09-20"
    period = RULES["month_first"].period(timezone.localdate(due), NINE)
    assert (period.key, f"{period.end}") == ("2026-09", "2026-09-19")


@pytest.mark.parametrize("rule", RULES)
def test_the_next_time_is_the_first_of_those_to_come(rule):
    day = {"month_day": 10, "week": 3}.get(rule)
    now = at("2026-03-03 12:00")
    found = next_slot(RULES[rule], day, NINE, current(), now)
    assert slots(RULES[rule], day, NINE, current(), now, found) == [found]
    assert found > now


# Drafting


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([DUE], id="on the day"),
        pytest.param([DUE, DUE], id="twice"),
        pytest.param([DUE - timedelta(hours=1), DUE, DUE + timedelta(minutes=5)], id="before, at and after"),
        pytest.param([DUE + timedelta(days=1)], id="a day late"),
        pytest.param([DUE + timedelta(days=7)] * 2, id="seven days late, twice"),
    ],
)
def test_however_late_and_often_it_runs_one_draft_is_made_and_everybody_is_told_once(desk, moments):
    schedule(desk)
    ran = run_at(*moments)
    issue = ReportIssue.objects.get()
    assert (issue.period_key, issue.status, issue.drafted_by) == ("2023-11", DRAFT, desk.manager)
    assert sum(one.made for one in ran) == 1
    assert all(one.is_well for one in ran)
    assert sorted(ReportNotice.objects.values_list("user", flat=True)) == sorted([desk.leader.pk, desk.manager.pk])
    assert ScheduleRun.objects.get().state == RunState.MADE


def test_before_it_is_due_and_for_what_was_before_it_was_set_up_nothing_happens(desk):
    schedule(desk)
    run_at(BEGUN, DUE - timedelta(seconds=1))
    assert not ScheduleRun.objects.exists()


def test_days_that_were_missed_are_each_made_up_for_once(desk):
    schedule(desk, "day")
    (late,) = run_at(BEGUN + timedelta(days=7))
    assert late.made == 7
    assert run_at(BEGUN + timedelta(days=7))[0].made == 0
    keys = sorted(ReportIssue.objects.values_list("period_key", flat=True))
    assert keys == [f"2023-11-{day}" for day in range(15, 22)]
    assert ReportNotice.objects.filter(user=desk.leader).count() == 7


def test_of_a_long_silence_the_latest_are_made_up_for():
    found = slots(RULES["day"], None, NINE, current(), at("2023-01-01"), at("2023-12-31"))
    assert len(found) == MOST_MISSED
    assert found[-1] == at("2023-12-30 09:00")


@pytest.mark.parametrize("status", [DRAFT, ISSUED])
def test_a_report_that_a_person_made_first_is_left_alone_and_no_news(desk, status):
    schedule(desk)
    there = desk.at(status)
    (ran,) = run_at(DUE)
    assert (ran.made, ran.existed) == (0, 1)
    assert ReportIssue.objects.get() == there
    assert ScheduleRun.objects.get().issue == there
    assert not ReportNotice.objects.exists()


def test_a_stopped_schedule_drafts_nothing_and_starts_again_without_making_up(desk):
    row = schedule(desk)
    actions.switch_schedule(row, actor=desk.manager, on=False, now=BEGUN)
    run_at(DUE)
    actions.switch_schedule(row, actor=desk.manager, on=True, now=DUE + timedelta(days=1))
    run_at(DUE + timedelta(days=2))
    assert not ScheduleRun.objects.exists()


# Failures


def broken(desk: Desk) -> ReportSchedule:
    row = schedule(desk, people=[desk.leader])
    desk.manager.is_active = False
    desk.manager.save()
    return row


def test_a_failure_is_told_the_managers_once_and_tried_again(desk):
    second = make_user("second", desk.world.office, role="manager")
    elsewhere = make_user("third", desk.world.office.parent, role="manager")
    broken(desk)
    ran = run_at(DUE, DUE + timedelta(hours=1), DUE + timedelta(days=1))
    assert [one.failed for one in ran] == [1, 1, 1]
    run = ScheduleRun.objects.get()
    assert (run.state, run.tries, run.issue) == (RunState.FAILED, 3, None)
    assert "停用" in run.problem
    told = set(ReportNotice.objects.values_list("user", "is_failure"))
    assert told == {(second.pk, True), (desk.world.user.pk, True)}
    assert ReportNotice.objects.count() == len(told)
    assert elsewhere.pk not in dict(told)
    desk.manager.is_active = True
    desk.manager.save()
    (well,) = run_at(DUE + timedelta(days=2))
    assert (well.made, well.is_well) == (1, True)
    assert not ReportNotice.objects.filter(is_failure=True).unread().exists()
    assert ReportNotice.objects.filter(user=desk.leader, is_failure=False).count() == 1


def test_one_that_fails_keeps_no_other_from_its_report(desk):
    broken(desk)
    other = make_user("other", desk.world.office, role="manager")
    schedule(desk, "week", 5, actor=other)
    (ran,) = run_at(DUE)
    assert (ran.failed, ran.made) == (1, 3)


def test_a_fault_of_the_program_is_caught_logged_and_told_without_its_text(desk, monkeypatch, caplog):
    schedule(desk)
    monkeypatch.setattr("reports.actions.running.draft_report", lambda *a, **k: {}["password"])
    (ran,) = run_at(DUE)
    assert ran.failed == 1
    assert ScheduleRun.objects.get().problem == "程序出错（KeyError），请管理员查看日志。"
    assert "failed" in caplog.text


def test_an_owner_who_sees_less_than_before_drafts_no_less(desk):
    schedule(desk)
    desk.manager.scope, desk.manager.organisation = "unit", desk.world.unit
    desk.manager.save()
    assert run_at(DUE)[0].failed == 1
    assert "数据范围变了" in ScheduleRun.objects.get().problem


def test_the_command_says_what_it_did_and_fails_loudly(desk, time_machine_at):
    time_machine_at(DUE)
    row = broken(desk)
    with pytest.raises(CommandError, match="1 份没有生成") as failed:
        call_command("draft_reports")
    assert failed.value.returncode == 1
    actions.switch_schedule(row, actor=make_user("m2", desk.world.office, role="manager"), on=False)
    out = StringIO()
    call_command("draft_reports", stdout=out)
    assert out.getvalue() == "起草 0 份，已有报告 0 份，发出通知 0 条。\n"


def test_the_task_does_the_same(desk, time_machine_at):
    time_machine_at(DUE)
    schedule(desk)
    draft_due.enqueue()
    assert ReportIssue.objects.count() == 1


# Mail


def test_mail_goes_out_in_working_time_once_to_who_has_an_address(desk, mailoutbox, settings):
    settings.SITE_ADDRESS = "https://crm.example.cn"
    desk.leader.email = "leader@example.cn"
    desk.leader.save()
    schedule(desk, by_mail=True, at=time(3))
    night = at("2023-12-01 03:00")
    run_at(night, night)
    assert not mailoutbox
    run_at(DUE, DUE, DUE + timedelta(days=3))
    (mail,) = mailoutbox
    issue = ReportIssue.objects.get()
    assert mail.to == ["leader@example.cn"]
    assert mail.subject == f"【园企通】{issue} 已起草"
    assert f"https://crm.example.cn{issue.get_absolute_url()}" in mail.body
    assert "86.25" not in mail.body
    assert Delivery.objects.get().state == "sent"


def test_mail_that_fails_is_tried_again_a_few_times_and_shown(desk, settings, client):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    desk.leader.email = "leader@example.cn"
    desk.leader.save()
    schedule(desk, by_mail=True)
    ran = run_at(*(DUE + timedelta(minutes=n) for n in range(7)))
    assert [one.unsent for one in ran] == [1] * 7
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("failed", 5)
    client.force_login(desk.manager)
    text = client.get(reverse("reports:schedule_list")).text
    assert "1 条通知没有发出" in text
    assert "邮件没有发出（ConnectionRefusedError）" in text


# Pages


def sent(**more):
    return {"kind": "appeals", "rule": "month_first", "day": "", "at": "09:00", "park": "", "bot": ""} | more


def test_it_is_set_up_changed_stopped_and_shown(desk, client, time_machine_at):
    time_machine_at(BEGUN)
    client.force_login(desk.manager)
    assert "还没有定期报告" in client.get("/issues/schedules/").text
    client.post("/issues/schedules/new/", sent(people=[desk.leader.pk]))
    row = ReportSchedule.objects.get()
    assert (row.organisation, row.owner, list(row.people.all())) == (desk.world.office, desk.manager, [desk.leader])
    text = client.get("/issues/schedules/").text
    for said in ("每月首个工作日 09:00", "2023-12-01 09:00", str(desk.leader)):
        assert said in text
    assert 'value="month_first" selected' in client.get(f"/issues/schedules/{row.pk}/").text
    client.post(f"/issues/schedules/{row.pk}/", sent(rule="week", day="5"))
    row.refresh_from_db()
    assert (row.rule, row.day, row.people.count()) == ("week", 5, 0)
    client.post(f"/issues/schedules/{row.pk}/switch/", {"on": "0"})
    assert "已停用" in client.get("/issues/schedules/").text
    told = list(AuditEntry.objects.filter(action="report").order_by("pk").values_list("summary", flat=True))
    assert [one.split("：")[0] for one in told] == ["新设定期报告", "修改定期报告", "停用定期报告"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "weekly"}, "周报不能每月首个工作日生成"), ({"kind": "special"}, "有效"),
        ({"rule": "month_day"}, "请填 1 至 31"), ({"rule": "week", "day": "8"}, "请填 1 至 7"),
        ({"rule": "month_day", "day": "32"}, "31"), ({"rule": "x"}, "有效"), ({"kind": "x"}, "有效"),
        ({"at": "25:00"}, "有效"), ({"bot": "x"}, "有效"), ({"people": ["999999"]}, "有效"), ({"park": "1"}, "有效"),
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_not_saved(desk, client, changed, said):
    client.force_login(desk.manager)
    answer = client.post("/issues/schedules/new/", sent(**changed))
    assert answer.status_code == 200
    assert said in answer.text
    assert not ReportSchedule.objects.exists()


def test_a_reader_of_another_place_is_nobody_to_tell(desk, client, elsewhere):
    client.force_login(desk.manager)
    above = make_user("above", desk.world.office.parent, role="leader")
    steward = make_user("below", desk.world.office.parent, role="steward")
    text = client.get("/issues/schedules/new/").text
    assert f'value="{desk.leader.pk}"' in text
    assert f'value="{above.pk}"' in text
    assert f'value="{steward.pk}"' not in text
    answer = client.post("/issues/schedules/new/", sent(people=[elsewhere.user.pk]))
    assert not ReportSchedule.objects.exists()
    assert answer.status_code == 200


@pytest.mark.parametrize("role", ["leader", "steward", "viewer", "sysadmin"])
def test_only_a_manager_sets_reports_up(desk, client, role):
    row = schedule(desk)
    client.force_login(make_user("p", desk.world.office, role=role))
    for address in ("/issues/schedules/", "/issues/schedules/new/", f"/issues/schedules/{row.pk}/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/issues/schedules/{row.pk}/switch/", {"on": "0"}).status_code == 403
    with pytest.raises(actions.ReportRefused):
        schedule(desk, actor=make_user("q", desk.world.office, role=role))


def test_failures_stand_on_the_page_and_in_the_bell_until_read(desk, client):
    other = make_user("other", desk.world.office, role="manager")
    broken(desk)
    run_at(DUE)
    client.force_login(other)
    assert "1 份报告没有生成" in client.get("/issues/schedules/").text
    assert ">1<" in client.get(reverse("visits:notice_count")).text
    assert "1 条报告提醒未读" in client.get(reverse("visits:notice_list")).text
    text = client.get("/issues/notices/").text
    assert "没有生成" in text
    assert "停用" in text
    client.post("/issues/notices/read/")
    assert "没有未读" in client.get("/issues/notices/").text
    assert ">1<" not in client.get(reverse("visits:notice_count")).text


def test_a_notice_is_nobody_elses(desk, client):
    schedule(desk, people=[desk.leader])
    run_at(DUE)
    client.force_login(desk.manager)
    assert "还没有报告提醒" in client.get("/issues/notices/").text
    client.post("/issues/notices/read/")
    assert ReportNotice.objects.unread().count() == 1
    client.force_login(desk.leader)
    assert "2023年11月" in client.get("/issues/notices/").text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_take_the_same_queries_however_many(desk, client, rows, django_assert_num_queries):
    for number in range(rows):
        schedule(desk, "month_day", number % 28 + 1, people=[desk.leader])
    with_one = ReportSchedule.objects.first()
    for number in range(rows):
        run = ScheduleRun.objects.create(schedule=with_one, due_at=DUE + timedelta(days=number), period_label="期")
        ReportNotice.objects.create(run=run, user=desk.manager, made_at=DUE, is_failure=True)
    client.force_login(desk.manager)
    with django_assert_num_queries(10):
        client.get("/issues/schedules/")
    with django_assert_num_queries(5):
        client.get("/issues/notices/")
