"""Visits, appeals and hotline tickets into the bin and out of it.

Appeals raised on a visit or from a ticket are records of their own and stay.
"""

from __future__ import annotations

from django.db import transaction

from crm.bin import mark_deleted, unmark_deleted
from crm.models import User
from visits.actions.guard import StepRefused
from visits.models import Appeal, HotlineTicket, Visit


@transaction.atomic
def delete_visit(visit: Visit, *, actor: User) -> Visit:
    """Put it into the bin with its photos; StepRefused for those who may not change it."""
    row = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    _check_may_change(row, actor)
    if row.deleted_at is None:
        mark_deleted(row, actor)
    return row


@transaction.atomic
def restore_visit(visit: Visit, *, actor: User) -> Visit:
    row = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    _check_may_change(row, actor)
    if row.deleted_at is not None:
        unmark_deleted(row, actor)
    return row


@transaction.atomic
def delete_appeal(appeal: Appeal, *, actor: User) -> Appeal:
    """Put it into the bin with its timeline; its number is never given again."""
    row = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    if row.deleted_at is None:
        mark_deleted(row, actor)
    return row


@transaction.atomic
def restore_appeal(appeal: Appeal, *, actor: User) -> Appeal:
    """Take it out of the bin; StepRefused while its enterprise is in there."""
    row = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    if row.enterprise.deleted_at is not None:
        raise StepRefused(f"诉求所属的企业“{row.enterprise}”也在回收站，请先恢复企业。")
    if row.deleted_at is not None:
        unmark_deleted(row, actor)
    return row


@transaction.atomic
def delete_ticket(ticket: HotlineTicket, *, actor: User) -> HotlineTicket:
    """Put it into the bin; the appeal that was raised from it stays."""
    row = HotlineTicket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
    if row.deleted_at is None:
        mark_deleted(row, actor)
    return row


@transaction.atomic
def restore_ticket(ticket: HotlineTicket, *, actor: User) -> HotlineTicket:
    """Take it out of the bin; StepRefused where its number came again, or its enterprise is in there."""
    row = HotlineTicket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)
    if row.enterprise is not None and row.enterprise.deleted_at is not None:
        raise StepRefused(f"工单对应的企业“{row.enterprise}”也在回收站，请先恢复企业。")
    again = HotlineTicket.objects.filter(organisation=row.organisation, number=row.number, deleted_at=None)
    if again.exclude(pk=row.pk).exists():
        raise StepRefused(f"编号 {row.number} 后来又导入过，名册中已有这张工单，不能恢复。")
    if row.deleted_at is not None:
        unmark_deleted(row, actor)
    return row


def _check_may_change(visit: Visit, actor: User) -> None:
    if not visit.may_be_changed_by(actor):
        raise StepRefused("只有记录人、参加人员和主管可以删除或恢复这次走访。")
