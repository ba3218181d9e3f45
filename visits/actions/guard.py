"""Whether a step may be taken: the only place that decides, for buttons and for the step itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import User
from visits.actions.ratings import attempts, why_no_recheck
from visits.choices import AppealStatus
from visits.models import Appeal, AppealEvent
from visits.reaching import rule
from visits.workflow import STEPS, By, Step


class StepRefused(ValidationError):
    """A step that may not be taken now; says why in words for the reader and has changed nothing."""


class AlreadyDone(StepRefused):
    """Someone took this step a moment ago: a double press, or two people with the same page open."""


def steps_open_to(appeal: Appeal, user: User) -> list[Step]:
    """The steps the user may take now, in the order of the table."""
    return [step for step in STEPS.values() if not why_not(appeal, step, user)]


def why_not(appeal: Appeal, step: Step, user: User) -> str:
    """The reason why the user may not take the step; empty when nothing stands in the way."""
    if appeal.status not in step.sources:
        return f"“{appeal.get_status_display()}”的诉求不能“{step.label}”。"
    if not user.has_perm(step.permission):
        return f"您的角色不能“{step.label}”。"
    if not is_of_unit(appeal, step.by, user):
        return "只有领办单位可以办理这一步。" if step.by == By.LEAD else "只有领办、联办单位可以办理这一步。"
    condition = _CONDITIONS.get(step.key)
    return condition(appeal, user) if condition else ""


def is_of_unit(appeal: Appeal, by: By, user: User) -> bool:
    """Whether the user's organisation is the unit asked for, or stands above it."""
    if by == By.ANYONE:
        return True
    if user.organisation is None:
        return False
    paths = [appeal.lead_unit.path] if appeal.lead_unit else []
    if by == By.LEAD_OR_JOINT:
        paths += [unit.path for unit in appeal.joint_units.all()]
    return any(path.startswith(user.organisation.path) for path in paths)


def refusal(appeal: Appeal, step: Step, user: User) -> str:
    """Why a step cannot be taken, or who has just taken it; asked before its form is shown."""
    try:
        check_not_done(appeal, step, user, "", None)
    except AlreadyDone as done:
        return " ".join(done.messages)
    return why_not(appeal, step, user)


def check_not_done(appeal: Appeal, step: Step, actor: User, note: str, seen: int | None) -> None:
    """Recognise a second press: the step was just taken, or the actor said the same since the page was shown."""
    last = AppealEvent.objects.filter(appeal=appeal).select_related("actor").order_by("-pk").first()
    if last is None or last.step != step.key:
        return
    if appeal.status not in step.sources:
        raise AlreadyDone(done_by(last))
    if seen is not None and last.pk > seen and last.actor_id == actor.pk and last.note == note:
        raise AlreadyDone(done_by(last))


def check_time(appeal: Appeal, at: datetime) -> None:
    """Durations come from the events, so time may not run backwards along them."""
    latest = appeal.events.order_by("-at", "-pk").first()
    if latest and at < latest.at:
        raise StepRefused(f"时间不能早于上一步（{timezone.localtime(latest.at):%Y-%m-%d %H:%M}）。")


def done_by(event: AppealEvent) -> str:
    at = timezone.localtime(event.at)
    when = f"{at:%H:%M}" if at.date() == timezone.localdate() else f"{at:%Y-%m-%d %H:%M}"
    return f"这一步已由 {event.who} 于 {when} 办理。"


def _not_contacted_yet(appeal: Appeal, user: User) -> str:
    return "首次联系已有记录，后续联系请用“补充进展”。" if appeal.first_contact_at else ""


def _enterprise_asks_for_more(appeal: Appeal, user: User) -> str:
    last = appeal.call_backs.valid().order_by("-called_at", "-pk").first()
    return "" if last and last.asks_for_more else "企业确认已解决并且满意的诉求不需要重新办理。"


def _answered_or_out_of_reach(appeal: Appeal, user: User) -> str:
    if appeal.status == AppealStatus.CONFIRMED or appeal.out_of_reach_at or attempts(appeal).is_out_of_reach:
        return ""
    return f"请先回访；{rule()}的为无效回访，可直接归档。"


_CONDITIONS: dict[str, Callable[[Appeal, User], str]] = {
    "contact": _not_contacted_yet,
    "recheck": why_no_recheck,
    "redo": _enterprise_asks_for_more,
    "archive": _answered_or_out_of_reach,
}
