"""Opening and closing the big screen's address."""

from __future__ import annotations

from django.db import transaction

from crm.audit import record
from crm.models import Organisation, User
from crm.models.audit import AuditAction
from reports.models import HallScreen
from visits.actions.appeals import institution_of


@transaction.atomic
def open_screen(*, actor: User) -> HallScreen:
    """A new address; the one before it is void at once."""
    owner = institution_of(actor)
    Organisation.objects.select_for_update(no_key=True).get(pk=owner.pk)
    screen = HallScreen.objects.filter(organisation=owner).first()
    if screen is None:
        screen = HallScreen(organisation=owner, made_by=actor)
    else:
        screen.number, screen.is_open, screen.made_by = screen.number + 1, True, actor
    screen.save()
    record(AuditAction.RULES, f"生成大屏地址（第 {screen.number} 个）", actor=actor)
    return screen


@transaction.atomic
def close_screen(*, actor: User) -> bool:
    """False when none is open."""
    closed = HallScreen.objects.filter(organisation=institution_of(actor), is_open=True).update(is_open=False)
    if closed:
        record(AuditAction.RULES, "停用大屏地址", actor=actor)
    return bool(closed)
