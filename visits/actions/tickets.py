"""Hotline tickets: whose they are, and raising one to an appeal. What the hotline says of them only a list changes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.bulk import load_rows, update_with_history
from crm.models import User
from parks.models import Enterprise
from visits.actions.appeals import create_appeal, institution_of
from visits.actions.guard import StepRefused
from visits.choices import AppealSource, MatchedBy, TicketParty
from visits.matching import Match, TicketFirms
from visits.models import Appeal, HotlineTicket

MATCHED, RESIDENT, AGAIN, RAISED = "匹配企业", "标为居民工单", "重新匹配", "转为诉求"


@transaction.atomic
def match_ticket(ticket: HotlineTicket, *, actor: User, enterprise: Enterprise) -> HotlineTicket:
    """A person says whose ticket it is; no list changes that any more."""
    row = _locked(ticket)
    _check_has_no_appeal(row, enterprise.pk)
    _settle(row, actor, MATCHED, Match(TicketParty.ENTERPRISE, enterprise.pk, MatchedBy.PERSON))
    return row


@transaction.atomic
def mark_resident(ticket: HotlineTicket, *, actor: User) -> HotlineTicket:
    """A person says that it is nobody's but a resident's."""
    row = _locked(ticket)
    _check_has_no_appeal(row, None)
    _settle(row, actor, RESIDENT, Match(TicketParty.RESIDENT, by=MatchedBy.PERSON))
    return row


@transaction.atomic
def match_again(ticket: HotlineTicket, *, actor: User) -> HotlineTicket:
    """Look in the register as it is now; refused where a person or an appeal has settled it."""
    row = _locked(ticket)
    _check_has_no_appeal(row, None)
    if row.matched_by == MatchedBy.PERSON:
        raise StepRefused("这件工单的归属已由人工确定，不再自动匹配；要改请用“匹配企业”。")
    found = TicketFirms(row.organisation, actor).match(row.firm_name, row.caller_phone)
    _settle(row, actor, AGAIN, found)
    return row


@transaction.atomic
def match_unmatched(*, actor: User) -> tuple[int, int]:
    """All that name an enterprise which the register did not know; (how many were found, how many were looked at)."""
    rows: Any = HotlineTicket.objects.visible_to(actor).filter(party=TicketParty.UNMATCHED)
    rows = rows.exclude(matched_by=MatchedBy.PERSON).order_by("pk")
    tickets = load_rows(HotlineTicket.objects.filter(pk__in=rows.values("pk")).order_by("pk"))
    firms = TicketFirms(institution_of(actor), actor)
    changed = [ticket for ticket in tickets if _take(ticket, firms.match(ticket.firm_name, ticket.caller_phone))]
    names = ["enterprise", "party", "matched_by", "match_note", "updated_at"]
    update_with_history(changed, names, actor=actor, reason=AGAIN)
    return sum(ticket.enterprise_id is not None for ticket in changed), len(tickets)


@transaction.atomic
def raise_ticket(
    ticket: HotlineTicket, *, actor: User, content: str, category: str, appeal_class: str, urgency: str
) -> Appeal:
    """The appeal that follows it from here on, with the hotline's limits; the same one when asked again."""
    row = _locked(ticket)
    if row.appeal is not None:
        if row.appeal.deleted_at is not None:
            raise StepRefused(f"已转成的诉求 {row.appeal} 在回收站，请先恢复它。")
        return row.appeal
    if row.enterprise is None:
        raise StepRefused("先匹配企业，再转为诉求；居民工单不进入企业诉求。")
    row.appeal = create_appeal(
        actor=actor, enterprise=row.enterprise, content=content, category=category, appeal_class=appeal_class,
        urgency=urgency, source=AppealSource.HOTLINE,
    )  # fmt: skip
    _save(row, actor, RAISED)
    return row.appeal


def _locked(ticket: HotlineTicket) -> HotlineTicket:
    rows = HotlineTicket.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("organisation", "enterprise", "appeal").get(pk=ticket.pk)


def _check_has_no_appeal(row: HotlineTicket, enterprise: int | None) -> None:
    if row.appeal is not None and row.enterprise_id != enterprise:
        raise StepRefused(f"已转为诉求 {row.appeal}，企业以诉求为准，不能再改。")


def _settle(row: HotlineTicket, actor: User, reason: str, found: Match) -> None:
    if _take(row, found):
        _save(row, actor, reason)


def _take(row: HotlineTicket, found: Match) -> bool:
    """Set, without saving, whose it is; False where it was so."""
    before = (row.enterprise_id, row.party, row.matched_by, row.match_note)
    row.enterprise_id, row.party, row.matched_by, row.match_note = found.enterprise, found.party, found.by, found.note
    row.updated_at = timezone.now()
    return before != (row.enterprise_id, row.party, row.matched_by, row.match_note)


def _save(row: Any, actor: User, reason: str) -> None:
    # The history package's hooks for the author and the reason.
    row._history_user, row._change_reason = actor, reason
    row.save()
