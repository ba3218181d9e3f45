"""Drafting what has fallen due: late, twice or at the same moment as another run, each time is made once.

What was done is known by unique rows, not by the clock. What fails is tried again with the next run, and told.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.calendar import current
from crm.models import User
from reports.actions.drafting import covers, draft_report
from reports.actions.guard import ReportRefused
from reports.actions.telling import deliver, tell_failed, tell_made
from reports.documents.kinds import KIND_BY_KEY, Kind
from reports.figures.address import query_of
from reports.issuing import steps
from reports.issuing.scheduling import slots
from reports.issuing.steps import DROPPED
from reports.models import ReportIssue, ReportSchedule, RunState, ScheduleRun
from reports.period import BadPeriod
from reports.rows.scope import Scope

log = logging.getLogger(__name__)
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did; `failed` are times without a report, `unsent` messages that did not go out."""

    made: int = 0
    existed: int = 0
    failed: int = 0
    sent: int = 0
    unsent: int = 0

    @property
    def is_well(self) -> bool:
        return not self.failed and not self.unsent


def run_due(*, now: datetime | None = None) -> Ran:
    """Draft what is due, then send what waits; a schedule that fails does not keep the others from theirs."""
    now, ran = now or timezone.now(), Ran()
    rows = ReportSchedule.objects.filter(is_active=True).select_related("owner__organisation", "organisation", "park")
    for schedule in rows.order_by("pk"):
        for run in runs_of(schedule, now):
            ran = counted(ran, run)
    sent, unsent = deliver(now)
    return replace(ran, sent=sent, unsent=unsent)


def counted(ran: Ran, run: ScheduleRun) -> Ran:
    name = {RunState.MADE: "made", RunState.EXISTED: "existed", RunState.FAILED: "failed"}[RunState(run.state)]
    return replace(ran, **{name: getattr(ran, name) + 1})


def runs_of(schedule: ReportSchedule, now: datetime) -> list[ScheduleRun]:
    """Those that were still to be made, as they are now."""
    due = slots(schedule.timing, schedule.day, schedule.at, current(), schedule.starts_at, now)
    done = schedule.runs.exclude(state=RunState.FAILED).filter(due_at__in=due).values_list("due_at", flat=True)
    found = (make(schedule, one, now) for one in due if one not in set(done))
    return [run for run in found if run is not None]


@transaction.atomic
def make(schedule: ReportSchedule, due_at: datetime, now: datetime) -> ScheduleRun | None:
    """One time of a schedule, under its lock; None where another run has made it meanwhile."""
    period = schedule.timing.period(timezone.localtime(due_at).date(), schedule.at)
    found, _ = ScheduleRun.objects.get_or_create(
        schedule=schedule, due_at=due_at, defaults={"period_label": period.label}
    )
    run = run_under_lock(found.pk)
    if not run.is_failed:
        return None
    run.tries, run.tried_at, run.problem = run.tries + 1, now, ""
    try:
        with transaction.atomic():
            scope = Scope(owner_of(schedule), period, now, park=schedule.park)
            run.issue, run.state = report_of(schedule, kind_of(schedule), scope)
    except (ValidationError, BadPeriod) as problem:
        run.problem = " ".join(getattr(problem, "messages", [str(problem)]))[:LONGEST]
    except Exception as problem:
        log.exception("report schedule %s failed", schedule.pk)
        run.problem = f"程序出错（{type(problem).__name__}），请管理员查看日志。"
    run.save()
    (tell_failed if run.issue is None else tell_made)(run, now)
    return run


def run_under_lock(pk: int) -> ScheduleRun:
    run: ScheduleRun = ScheduleRun.objects.select_for_update(of=("self",)).get(pk=pk)
    return run


def kind_of(schedule: ReportSchedule) -> Kind:
    kind = KIND_BY_KEY.get(schedule.kind)
    if kind is None:
        raise ReportRefused("系统里已没有这个文种，请重新保存这份定期报告。")
    return kind


def owner_of(schedule: ReportSchedule) -> User:
    """Whose rights it has, if they still cover what it was made for."""
    owner = schedule.owner
    if not owner.is_active or not owner.has_perm(steps.ADD):
        raise ReportRefused(f"负责人 {owner} 的账号已停用或不能再起草报告，请另一位同事重新保存这份定期报告。")
    if covers(owner) != schedule.organisation:
        raise ReportRefused(f"负责人 {owner} 的数据范围变了，请重新保存这份定期报告。")
    return owner


def report_of(schedule: ReportSchedule, kind: Kind, scope: Scope) -> tuple[ReportIssue, RunState]:
    """A new draft, or what somebody drafted or issued already."""
    rows = ReportIssue.objects.of_slot(schedule.organisation, kind.key, query_of(scope)).exclude(status=DROPPED)
    there = rows.first()
    if there is not None:
        return there, RunState.EXISTED
    return draft_report(kind, scope), RunState.MADE
