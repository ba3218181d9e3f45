"""Whether a step may be taken: the only place that decides, for buttons and for the step itself."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from crm.models import User
from reports.issuing.steps import LABELS, STEPS, Step
from reports.models import ReportIssue


class ReportRefused(ValidationError):
    """What may not be done now; says why in words for the reader and has changed nothing."""


class AlreadyDone(ReportRefused):
    """Someone did this a moment ago: a double press, or two people with the same page open."""


def steps_open_to(issue: ReportIssue, user: User) -> list[Step]:
    """The steps the user may take now, in the order of the table."""
    return [step for step in STEPS.values() if not why_not(issue, step, user)]


def why_not(issue: ReportIssue, step: Step, user: User) -> str:
    """The reason why the user may not take the step; empty when nothing stands in the way."""
    if issue.status not in step.sources:
        return f"“{LABELS[issue.status]}”的报告不能“{step.label}”。"
    if not user.has_perm(step.permission):
        return f"您的角色不能“{step.label}”。"
    if step.by_another and user.pk in (issue.drafted_by_id, issue.edited_by_id):
        return "报告由另一位同事审核：起草人和最后修改文字的人不能审核。"
    return ""


def locked(issue: ReportIssue) -> ReportIssue:
    """The row under lock, with nothing that was read before."""
    return ReportIssue.objects.select_for_update(of=("self",)).get(pk=issue.pk)


def locked_draft(issue: ReportIssue, seen: int | None) -> ReportIssue:
    """A draft under lock, in the edition that the actor had before the eyes."""
    row = locked(issue)
    if not row.is_draft:
        raise ReportRefused(f"这份报告“{LABELS[row.status]}”，不能修改。")
    check_seen(row, seen)
    return row


def check_seen(row: ReportIssue, seen: int | None) -> None:
    if seen is not None and seen != row.edition:
        who = row.edited_by or row.drafted_by
        raise ReportRefused(f"这份报告刚由 {who} 修改过。下面是最新的内容，请看过再办。")
