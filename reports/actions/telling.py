"""Telling people of scheduled reports: notices at once, messages in working time, each once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from crm.calendar import current
from crm.models import User
from reports.issuing import bots
from reports.models import Delivery, DeliveryState, ReportNotice, RunState, ScheduleRun

MOST_TRIES = 5
# Who claimed a message so long ago has died over it.
GIVEN_UP_AFTER = timedelta(minutes=10)
LONGEST = 300


def tell_made(run: ScheduleRun, now: datetime) -> None:
    """Of a draft; that there was a report already is nobody's news. The failure that it ends is no news any more."""
    run.notices.filter(is_failure=True, read_at=None).update(read_at=now)
    if run.state != RunState.MADE:
        return
    schedule = run.schedule
    people = list(schedule.people.filter(is_active=True).order_by("pk"))
    ReportNotice.objects.bulk_create(
        [ReportNotice(run=run, user=user, made_at=now) for user in people], ignore_conflicts=True
    )
    waiting = [Delivery(run=run, user=user) for user in people if schedule.by_mail and user.email]
    waiting += [Delivery(run=run, bot=schedule.bot)] if schedule.bot else []
    Delivery.objects.bulk_create(waiting, ignore_conflicts=True)


def tell_failed(run: ScheduleRun, now: datetime) -> None:
    """The managers of the place, and the owner: once a time, however often it is tried."""
    where = run.schedule.organisation.institution_path
    managers = User.objects.filter(is_active=True, role="manager", organisation__institution_path=where)
    people = {*managers, run.schedule.owner}
    ReportNotice.objects.bulk_create(
        [ReportNotice(run=run, user=user, made_at=now, is_failure=True) for user in people if user.is_active],
        ignore_conflicts=True,
    )


def deliver(now: datetime) -> tuple[int, int]:
    """Send what waits; returns how many went out and how many did not. Outside working time nobody is disturbed."""
    if not current().is_working_time(now):
        return 0, unsent().count()
    sent = 0
    for one in claimed(now):
        try:
            send(one)
            one.state, one.problem, sent = DeliveryState.SENT, "", sent + 1
        except (bots.BotFailed, SMTPException, OSError) as problem:
            one.state, one.problem = DeliveryState.FAILED, why(problem)[:LONGEST]
        one.save(update_fields=["state", "problem"])
    return sent, unsent().count()


def why(problem: Exception) -> str:
    return str(problem) if isinstance(problem, bots.BotFailed) else f"邮件没有发出（{type(problem).__name__}）。"


def unsent() -> QuerySet[Delivery]:
    rows: QuerySet[Delivery] = Delivery.objects.filter(state=DeliveryState.FAILED)
    return rows


def claimed(now: datetime) -> Iterator[Delivery]:
    """One after another; of two who want the same message one gets it."""
    lost = Q(state=DeliveryState.SENDING, tried_at__lt=now - GIVEN_UP_AFTER)
    open_ = Q(state__in=(DeliveryState.WAITING, DeliveryState.FAILED)) | lost
    rows = Delivery.objects.filter(open_, tries__lt=MOST_TRIES).order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        mine = rows.filter(pk=pk).update(state=DeliveryState.SENDING, tried_at=now, tries=F("tries") + 1)
        if mine:
            yield Delivery.objects.select_related("run__schedule", "run__issue", "user").get(pk=pk)


def send(one: Delivery) -> None:
    text = words(one.run)
    if one.user:
        send_mail(subject(one.run), text, None, [one.user.email])
        return
    bot = bots.bots().get(one.bot)
    if bot is None:
        raise bots.BotFailed(f"设置里没有名为“{one.bot}”的群机器人。")
    bots.send(bot, text, time.time())


def subject(run: ScheduleRun) -> str:
    return f"【{settings.YQT['SITE_NAME']}】{run.issue} 已起草"


def words(run: ScheduleRun) -> str:
    """No figures: a group chat is outside. The link asks for the log-in."""
    assert run.issue is not None
    site = settings.SITE_ADDRESS.rstrip("/")
    link = f"\n{site}{run.issue.get_absolute_url()}" if site else "\n请登录系统，在“报告”中查看。"
    at = timezone.localtime(run.issue.drafted_at)
    return f"{subject(run)}，{at:%Y-%m-%d %H:%M} 按记录统计，等待修改、审核和印发。{link}"
