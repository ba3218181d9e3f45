"""Links by which the enterprise answers itself: made, stopped and answered under the lock of the appeal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.models import User
from visits.actions.guard import StepRefused, why_not
from visits.actions.needs import Facts
from visits.actions.ratings import answer_of
from visits.actions.steps import carry_out, locked
from visits.choices import Via
from visits.models import Appeal, CallBack, CallBackLink, LinkState
from visits.models.call_back import hash_of
from visits.workflow import BY_LINK_STEP, STEPS

# Kept of one round; whoever holds a link cannot fill the table.
MOST_ANSWERS = 10


class LinkClosed(StepRefused):
    """The link may no longer be answered; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__("这个链接现在不能答复。")
        self.state = state


@transaction.atomic
def make_link(appeal: Appeal, *, actor: User, seen: int | None = None, at: datetime | None = None) -> CallBackLink:
    """A link for this round of a closed appeal; the one before it stops working.

    `seen` is the id of the link the actor had before the eyes, 0 for none: it tells a double press.
    """
    at = at or timezone.now()
    row = _may_be_asked(appeal, actor)
    current = link_in_force(row, at)
    if current and seen is not None and current.pk != seen:
        return current
    row.call_back_links.filter(revoked_at=None).update(revoked_at=at)
    seed, token_hash = CallBackLink.new_secret()
    return CallBackLink.objects.create(
        appeal=row, round=row.round, seed=seed, token_hash=token_hash, created_by=actor, created_at=at,
        expires_at=at + timedelta(days=settings.YQT["CALL_BACK_LINK_DAYS"]),
    )  # fmt: skip


def link_in_force(appeal: Appeal, at: datetime) -> CallBackLink | None:
    """The link that can be handed out: not run out, not of a round that is over, not made with another secret key."""
    rows = appeal.call_back_links.filter(revoked_at=None, round=appeal.round, expires_at__gt=at)
    link = rows.select_related("created_by").first()
    return link if link and link.can_be_shown else None


@transaction.atomic
def revoke_link(appeal: Appeal, *, actor: User, at: datetime | None = None) -> None:
    """Stop the link in force, if there is one."""
    row = _may_be_asked(appeal, actor)
    row.call_back_links.filter(revoked_at=None).update(revoked_at=at or timezone.now())


def find_link(token: str) -> CallBackLink | None:
    """The link of a token as it was handed out."""
    rows = CallBackLink.objects.select_related("appeal__enterprise", "appeal__lead_unit", "appeal__organisation")
    return rows.filter(token_hash=hash_of(token)).first()


def note_opened(link: CallBackLink, at: datetime | None = None) -> None:
    """Keep when the enterprise opened it first."""
    CallBackLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=at or timezone.now())


@transaction.atomic
def answer_link(
    link: CallBackLink,
    *,
    is_contacted: bool,
    solved: str,
    satisfaction: str,
    comment: str = "",
    respondent: str = "",
    at: datetime | None = None,
) -> None:
    """The enterprise's own answer: the first of a round counts, later ones are kept beside it; LinkClosed otherwise."""
    row = locked(link.appeal)
    link = CallBackLink.objects.get(pk=link.pk)
    link.appeal = row
    at = at or timezone.now()
    facts = Facts(
        is_reached=True, is_contacted=is_contacted, solved=solved, satisfaction=satisfaction, respondent=respondent,
        note=comment, via=Via.LINK,
    )  # fmt: skip
    state = link.state(at)
    if state == LinkState.OPEN:
        # Clocks of servers differ; the events of an appeal must not run backwards.
        last = row.events.order_by("-at").values_list("at", flat=True).first()
        carry_out(row, STEPS[BY_LINK_STEP], facts, actor=None, at=max(at, last or at))
    elif state == LinkState.ANSWERED:
        _keep_beside(row, facts, at)
    else:
        raise LinkClosed(state)
    CallBackLink.objects.filter(pk=link.pk, answered_at=None).update(answered_at=at)


def _keep_beside(row: Appeal, facts: Facts, at: datetime) -> None:
    """A later answer changes no figure; the same once more is a second press."""
    call = answer_of(row, facts, None, at)
    call.stands = False
    said = {name: getattr(call, name) for name in ("is_contacted", "solved", "satisfaction", "comment", "respondent")}
    before = CallBack.objects.filter(appeal=row, round=row.round, via=Via.LINK)
    if before.filter(**said).exists():
        return
    if before.count() >= MOST_ANSWERS:
        raise StepRefused(f"这个链接已经答复过 {MOST_ANSWERS} 次，不能再答。如还有问题，请直接联系服务单位。")
    call.save()


def _may_be_asked(appeal: Appeal, actor: User) -> Appeal:
    """The appeal under lock; StepRefused unless the actor may call the enterprise back now."""
    row = locked(appeal)
    if row.deleted_at is not None:
        raise StepRefused("这件诉求已移入回收站，恢复后才能继续办理。")
    reason = why_not(row, STEPS[BY_LINK_STEP], actor, timezone.now())
    if reason:
        raise StepRefused(reason)
    return row
