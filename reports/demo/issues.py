"""The demo's reports: one issued, one waiting as a draft, and the schedule that would have made them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from crm.moments import moment
from reports import actions
from reports.demo.people import Place
from reports.documents.cases import case_of, cases_to_pick
from reports.documents.kinds import KIND_BY_KEY
from reports.documents.parts.given import told
from reports.issuing.wording import Words
from reports.models import ReportIssue
from reports.period import Period, current_month
from reports.report import Definition
from reports.rows.scope import Scope

NEXT_STEPS = (
    "对超期和临近到期的诉求逐件落实责任人，每周通报进度。",
    "月底前走访尚未走访的“服务包”企业。",
    "对资质即将到期的企业提前一个季度上门提醒。",
)
TEN, MORE = time(10), timedelta(minutes=25)


def make_issues(place: Place, now: datetime, today: date) -> None:
    """The report of the month before last goes all the way, that of last month is left for the manager."""
    last = current_month(today).previous()
    schedule(place, now)
    issued = issue(place, last.previous(), min(now, moment(last.start + timedelta(days=5), TEN)))
    draft(place, last, now)
    assert issued.pk


def schedule(place: Place, now: datetime) -> None:
    actions.save_schedule(
        None, actor=place.users["manager"], kind="monthly", rule="month_first", day=None, at=time(9), park=None,
        people=[place.users["leader"], place.users["manager"]], by_mail=False, bot="", now=now,
    )  # fmt: skip


def draft(place: Place, period: Period, at: datetime) -> ReportIssue:
    return actions.draft_report(KIND_BY_KEY["monthly"], Scope(place.users["manager"], period, at), at=at)


def issue(place: Place, period: Period, at: datetime) -> ReportIssue:
    """Without a Chinese font on the machine it waits for its issue."""
    manager, leader = place.users["manager"], place.users["leader"]
    scope = Scope(manager, period, at)
    picked = [case_of(appeal, manager) for appeal in cases_to_pick(scope)[:2]]
    words = Words((), tuple(Definition(case.title, told(case)) for case in picked), NEXT_STEPS)
    found = actions.edit_words(draft(place, period, at), words, actor=manager)
    for count, (step, actor) in enumerate((("submit", manager), ("approve", leader), ("issue", leader)), start=1):
        try:
            found = actions.take_step(found, step, actor=actor, at=at + count * MORE)
        except actions.ReportRefused:
            break
    return found
