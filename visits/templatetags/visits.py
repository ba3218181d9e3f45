"""How visits and appeals are shown: time left, states, what a step set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from visits.choices import AppealStatus as S
from visits.choices import FlagLevel, JointStatus, SuggestionStatus, TicketParty, TicketStatus
from visits.models import Appeal, AppealEvent, HotlineTicket, JointUnit, Suggestion, WarningFlag

register = template.Library()

LOOKS = {
    S.DRAFT: "off",
    S.SUBMITTED: "warn",
    S.ACCEPTED: "warn",
    S.DISPATCHED: "warn",
    S.HANDLING: "calm",
    S.PAUSED: "off",
    S.SHELVED: "off",
    S.ANSWERED: "calm",
    S.CLOSED: "calm",
    S.CONFIRMED: "good",
    S.ARCHIVED: "good",
    S.REJECTED: "off",
    S.MERGED: "off",
    S.WITHDRAWN: "off",
}
FLAG_LOOKS = {FlagLevel.HIGH: "bad", FlagLevel.MEDIUM: "warn", FlagLevel.LOW: "calm"}
SUGGESTION_LOOKS = {
    SuggestionStatus.PENDING: "warn",
    SuggestionStatus.ADOPTED: "good",
    SuggestionStatus.DECLINED: "off",
}
# What readers see of AppealEvent.data, in this order.
DETAILS = {
    "unit": "联办单位",
    "helpers": "请来",
    "lead": "领办",
    "joint": "联办",
    "class": "时限类别",
    "category": "类别",
    "parent": "合并到",
    "child": "并入",
    "caller": "来催的人",
    "called_at": "来催时间",
    "result": "办理结果",
    "result_text": "答复",
    "paused_working_days": "顺延工作日",
    "given_back": "顺延",
    "asked_for": "延长",
    "until": "至",
    "due_at": "时限",
    "lapsed": "失效的申请",
    "solved": "是否解决",
    "satisfaction": "是否满意",
}

JOINT_LOOKS = {JointStatus.WAITING: "warn", JointStatus.WORKING: "calm", JointStatus.ANSWERED: "good"}


@register.filter
def joint_status(joint: JointUnit) -> SafeString:
    """Dot and word for how far a joint unit has come."""
    look = JOINT_LOOKS[JointStatus(joint.status)]
    return format_html('<span class="state state-{}">{}</span>', look, joint.get_status_display())


@register.filter
def due(appeal: Appeal) -> SafeString | str:
    """Dot and words for the time left; — while no clock runs."""
    state = appeal.due_state()
    return format_html('<span class="state state-{}">{}</span>', state.look, state.text) if state else "—"


@register.filter
def status(appeal: Appeal) -> SafeString:
    """Dot and word for the status."""
    look = LOOKS[S(appeal.status)]
    return format_html('<span class="state state-{}">{}</span>', look, appeal.get_status_display())


@register.filter
def level(flag: WarningFlag) -> SafeString:
    """Dot and word for how grave a red flag is; a handled one is grey."""
    look = "off" if flag.handled_at else FLAG_LOOKS[FlagLevel(flag.level)]
    return format_html('<span class="state state-{}">{}</span>', look, flag.get_level_display())


@register.filter
def decided(suggestion: Suggestion) -> SafeString:
    """Dot and word for what became of a suggestion."""
    look = SUGGESTION_LOOKS[SuggestionStatus(suggestion.status)]
    return format_html('<span class="state state-{}">{}</span>', look, suggestion.get_status_display())


@register.filter
def details(event: AppealEvent) -> list[tuple[str, Any]]:
    """Label and value of what the step set."""
    shown = [(label, _text(key, event.data.get(key))) for key, label in DETAILS.items() if event.data.get(key)]
    if event.data.get("is_reached") is False:
        shown.insert(0, ("回访", "未接通"))
    return shown


def _text(key: str, value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(value)
    if key in ("due_at", "called_at"):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return value


REMINDER_LOOKS = {"half": "calm", "nearly": "warn", "overdue": "bad", "urged": "warn", "supervised": "bad"}


@register.filter
def reminder_look(kind: str) -> str:
    """How the reason of a reminder looks (`state-…` of the style sheet)."""
    return REMINDER_LOOKS[kind]


TICKET_LOOKS = {
    TicketStatus.PENDING: "warn",
    TicketStatus.HANDLING: "calm",
    TicketStatus.CLOSED: "good",
    TicketStatus.RETURNED: "off",
    TicketStatus.CANCELLED: "off",
}
PARTY_LOOKS = {TicketParty.ENTERPRISE: "", TicketParty.UNMATCHED: "tag-warn", TicketParty.RESIDENT: ""}
MOBILE_SHOWN = 3


@register.filter
def ticket_status(ticket: HotlineTicket) -> SafeString:
    """Dot and word for how far the hotline says it is."""
    look = TICKET_LOOKS[TicketStatus(ticket.status)]
    return format_html('<span class="state state-{}">{}</span>', look, ticket.get_status_display())


@register.filter
def party(ticket: HotlineTicket) -> SafeString:
    """Whose ticket it is, where it is not an enterprise's."""
    return format_html(
        '<span class="tag {}">{}</span>', PARTY_LOOKS[TicketParty(ticket.party)], ticket.get_party_display()
    )


@register.filter
def veiled_name(name: str) -> str:
    """张*: for those who do not handle the ticket."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


@register.filter
def veiled_phone(phone: str) -> str:
    """138****5678; of a shorter one the last four digits only."""
    digits = "".join(filter(str.isdigit, phone))
    if len(digits) >= 11:
        return f"{digits[:MOBILE_SHOWN]}****{digits[-4:]}"
    return f"****{digits[-4:]}" if len(digits) > 4 else "****" if phone else ""
