"""Whether a step may be taken: the only place that decides, for buttons and for the step itself."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import User
from visits.actions.conditions import conditions_of, joint_row_of, joint_rows
from visits.models import Appeal, AppealEvent
from visits.workflow import STEPS, By, Step


class StepRefused(ValidationError):
    """A step that may not be taken now; says why in words for the reader and has changed nothing."""


class AlreadyDone(StepRefused):
    """Someone took this step a moment ago: a double press, or two people with the same page open."""


def steps_open_to(appeal: Appeal, user: User, at: datetime | None = None) -> list[Step]:
    """The steps the user may take now, in the order of the table."""
    at = at or timezone.now()
    return [step for step in STEPS.values() if not why_not(appeal, step, user, at)]


def why_not(appeal: Appeal, step: Step, user: User, at: datetime) -> str:
    """The reason why the user may not take the step; empty when nothing stands in the way."""
    if appeal.status not in step.sources:
        return f"“{appeal.get_status_display()}”的诉求不能“{step.label}”。"
    if not user.has_perm(step.permission):
        return f"您的角色不能“{step.label}”。"
    if not is_of_unit(appeal, step.by, user):
        return _WHOSE[step.by]
    for condition in conditions_of(step):
        reason = condition(appeal, step, user, at)
        if reason:
            return reason
    return ""


_WHOSE = {
    By.LEAD: "只有领办单位可以办理这一步。",
    By.LEAD_OR_JOINT: "只有领办、联办单位可以办理这一步。",
    By.JOINT: "只有联办单位自己的人员可以办理这一步。",
}


def is_of_unit(appeal: Appeal, by: By, user: User) -> bool:
    """Whether the user's organisation is the unit asked for, or stands above it; a joint unit speaks for itself."""
    if by == By.ANYONE:
        return True
    if user.organisation is None:
        return False
    if by == By.JOINT:
        return joint_row_of(appeal, user) is not None
    paths = [appeal.lead_unit.path] if appeal.lead_unit else []
    if by == By.LEAD_OR_JOINT:
        paths += [row.unit.path for row in joint_rows(appeal)]
    return any(path.startswith(user.organisation.path) for path in paths)


def refusal(appeal: Appeal, step: Step, user: User) -> str:
    """Why a step cannot be taken, or who has just taken it; asked before its form is shown."""
    try:
        check_not_done(appeal, step, user, "", None)
    except AlreadyDone as done:
        return " ".join(done.messages)
    return why_not(appeal, step, user, timezone.now())


def check_not_done(appeal: Appeal, step: Step, actor: User, note: str, seen: int | None) -> None:
    """Recognise a second press: the step was just taken, or the actor said the same since the page was shown."""
    events = AppealEvent.objects.filter(appeal=appeal).select_related("actor").order_by("-pk")
    last = events.first()
    if last is None:
        return
    if last.step == step.key and appeal.status not in step.sources:
        raise AlreadyDone(done_by(last))
    if seen is not None and last.pk > seen:
        same = events.filter(pk__gt=seen, step=step.key, actor=actor, note=note).first()
        if same is not None:
            raise AlreadyDone(done_by(same))


def check_time(appeal: Appeal, at: datetime) -> None:
    """Durations come from the events, so time may not run backwards along them."""
    latest = appeal.events.order_by("-at", "-pk").first()
    if latest and at < latest.at:
        raise StepRefused(f"时间不能早于上一步（{timezone.localtime(latest.at):%Y-%m-%d %H:%M}）。")


def done_by(event: AppealEvent) -> str:
    at = timezone.localtime(event.at)
    when = f"{at:%H:%M}" if at.date() == timezone.localdate() else f"{at:%Y-%m-%d %H:%M}"
    return f"这一步已由 {event.who} 于 {when} 办理。"
