"""Setting up scheduled reports: who saves one answers for it with the own rights."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import User
from crm.models.audit import AuditAction
from parks.models import Park
from reports.actions.drafting import covers
from reports.actions.guard import ReportRefused
from reports.models import ReportNotice, ReportSchedule

CHANGE = "reports.change_reportschedule"


@transaction.atomic
def save_schedule(
    schedule: ReportSchedule | None,
    *,
    actor: User,
    kind: str,
    rule: str,
    day: int | None,
    at: time,
    park: Park | None,
    people: Any,
    by_mail: bool,
    bot: str,
    now: datetime | None = None,
) -> ReportSchedule:
    """A new one, or a changed one; it runs from now on and makes up for nothing before."""
    if not actor.has_perm(CHANGE):
        raise ReportRefused("您的角色不能设置定期报告。")
    row = ReportSchedule.objects.select_for_update().get(pk=schedule.pk) if schedule else ReportSchedule()
    row.organisation, row.owner = covers(actor), actor
    row.kind, row.rule, row.day, row.at, row.park = kind, rule, day, at, park
    row.by_mail, row.bot, row.is_active = by_mail, bot, True
    row.starts_at = now or timezone.now()
    row.full_clean(exclude=["owner"])
    row.save()
    row.people.set(people)
    record(AuditAction.REPORT, f"{'修改' if schedule else '新设'}定期报告：{row}", actor=actor)
    return row


@transaction.atomic
def switch_schedule(schedule: ReportSchedule, *, actor: User, on: bool, now: datetime | None = None) -> ReportSchedule:
    """Stop it, or start it again from now on."""
    if not actor.has_perm(CHANGE):
        raise ReportRefused("您的角色不能设置定期报告。")
    row = ReportSchedule.objects.select_for_update().get(pk=schedule.pk)
    if row.is_active != on:
        row.is_active = on
        row.starts_at = now or timezone.now()
        row.save(update_fields=["is_active", "starts_at"])
        record(AuditAction.REPORT, f"{'启用' if on else '停用'}定期报告：{row}", actor=actor)
    return row


def mark_read(user: User, *, now: datetime | None = None) -> int:
    return ReportNotice.objects.visible_to(user).unread().update(read_at=now or timezone.now())
