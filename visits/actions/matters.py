"""Deciding on a common matter: listing it as a 每月一题, dismissing it, changing that, taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from crm.models import User
from visits.actions.appeals import institution_of
from visits.actions.guard import AlreadyDone, StepRefused
from visits.choices import MatterState
from visits.models import Appeal, CommonMatter, MatterAppeal


@transaction.atomic
def decide_matter(
    keys: Iterable[int], *, actor: User, month_starts_on: date, state: str, title: str, owner: User | None, note: str
) -> CommonMatter:
    """Decide on the matter of these appeals; AlreadyDone when one of them belongs to a matter already."""
    wanted = sorted(set(keys))
    rows = list(Appeal.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if not rows:
        raise StepRefused("这个问题的诉求已经不在了。")
    link = MatterAppeal.objects.filter(appeal__in=wanted).select_related("matter__decided_by").first()
    if link is not None:
        matter = link.matter
        raise AlreadyDone(f"这个问题已由 {matter.decided_by} {matter.get_state_display()}：{matter.title}")
    matter = CommonMatter(
        organisation=institution_of(actor), month_starts_on=month_starts_on, category=rows[0].category, decided_by=actor
    )
    _tell(matter, state, title, owner, note)
    MatterAppeal.objects.bulk_create([MatterAppeal(matter=matter, appeal=row) for row in rows])
    return matter


@transaction.atomic
def change_matter(matter: CommonMatter, *, state: str, title: str, owner: User | None, note: str) -> CommonMatter:
    row = CommonMatter.objects.select_for_update(no_key=True).get(pk=matter.pk)
    _tell(row, state, title, owner, note)
    return row


def _tell(matter: CommonMatter, state: str, title: str, owner: User | None, note: str) -> None:
    is_listed = state == MatterState.LISTED
    if is_listed and owner is None:
        raise StepRefused({"owner": "请选择负责人。"})
    if not is_listed and not note.strip():
        raise StepRefused({"note": "请写明为什么不作为共性问题。"})
    matter.state, matter.title, matter.note = state, title.strip(), note.strip()
    matter.owner = owner if is_listed else None
    matter.save()


def undo_matter(matter: CommonMatter) -> None:
    """Nothing decided; a second press changes nothing."""
    CommonMatter.objects.filter(pk=matter.pk).delete()
