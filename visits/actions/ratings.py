"""Answers of the enterprise: the row of one, whether it is of one's own doing, and whether it may be re-checked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from crm.models import User
from parks.models import Stewardship
from parks.querysets import on_date
from visits.choices import Via
from visits.models import Appeal, CallBack
from visits.reaching import Attempts

if TYPE_CHECKING:
    from visits.actions.needs import Facts


def answer_of(row: Appeal | None, facts: Facts, actor: User | None, at: datetime) -> CallBack:
    """What was said, as a row that is not written yet; without an appeal its writer sets appeal and round."""
    return CallBack(
        appeal=row, round=row.round if row else 1, called_at=at, called_by=actor, via=facts.get("via", Via.PHONE),
        is_reached=facts["is_reached"], is_contacted=facts.get("is_contacted"), solved=facts.get("solved", ""),
        satisfaction=facts.get("satisfaction", ""), respondent=facts.get("respondent", ""),
        comment=facts.get("note", "").strip(),
    )  # fmt: skip


def said(call: CallBack) -> dict[str, Any]:
    """What the event keeps of it for readers."""
    return {
        "is_reached": call.is_reached,
        "solved": call.get_solved_display(),
        "satisfaction": call.get_satisfaction_display(),
    }


def is_own(appeal: Appeal, user: User, at: datetime) -> bool:
    """Whether the user has a hand in the appeal: registered it, looks after the firm, or is of the lead unit."""
    if appeal.created_by_id == user.pk or is_of_lead_unit(appeal, user):
        return True
    cares = Stewardship.objects.filter(on_date(timezone.localdate(at)), user=user, enterprise=appeal.enterprise_id)
    return cares.exists()


def is_of_lead_unit(appeal: Appeal, user: User) -> bool:
    return appeal.lead_unit_id is not None and appeal.lead_unit_id == user.organisation_id


def attempts(appeal: Appeal) -> Attempts:
    """Those of this round in vain."""
    rows = CallBack.objects.filter(appeal=appeal, round=appeal.round, is_reached=False)
    return Attempts.at(rows.values_list("called_at", flat=True))


def standing(appeal: Appeal) -> CallBack | None:
    """The answer of this round that counts."""
    rows = CallBack.objects.valid().filter(appeal=appeal, round=appeal.round)
    return rows.order_by("-called_at", "-pk").first()


def why_no_recheck(appeal: Appeal, user: User) -> str:
    """A disputed answer is asked for again by somebody else, once."""
    call = standing(appeal)
    if call is None:
        return "这一轮没有有效回访，不需要复核。"
    if call.rechecks_id:
        return "这次回访已经复核过，每次回访只能复核一次。"
    if call.called_by_id == user.pk:
        return "自己录入的回访须由另一人复核。"
    return "领办单位不能复核对自己的评价。" if is_of_lead_unit(appeal, user) else ""
