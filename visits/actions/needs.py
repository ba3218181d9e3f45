"""What may and what must be said with a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict

from django.utils import timezone

from crm.models import Organisation
from visits.actions.guard import StepRefused
from visits.models import Appeal
from visits.workflow import Need, Step


class Facts(TypedDict, total=False):
    """What may be said with a step; `Step.needs` says which of it must be."""

    note: str
    appeal_class: str
    category: str
    lead_unit: Organisation
    joint_units: Sequence[Organisation]
    due_at: datetime | None
    parent: Appeal
    result: str
    result_text: str
    is_reached: bool
    is_contacted: bool | None
    solved: str
    satisfaction: str
    respondent: str
    comment: str
    via: str


def check_needs(row: Appeal, rule: Step, facts: Facts) -> None:
    for need in rule.needs:
        _CHECKS[need](row, rule, facts)


def _check_note(row: Appeal, rule: Step, facts: Facts) -> None:
    if not facts.get("note", "").strip():
        raise StepRefused({"note": f"请填写{rule.note_label}。"})


def _check_parent(row: Appeal, rule: Step, facts: Facts) -> None:
    parent = facts.get("parent")
    if parent is None:
        raise StepRefused({"parent": "请选择合并到哪一件诉求。"})
    parent = Appeal.objects.get(pk=parent.pk)
    if parent.pk == row.pk:
        raise StepRefused({"parent": "诉求不能合并到它自己。"})
    if parent.organisation_id != row.organisation_id:
        raise StepRefused({"parent": "只能合并到本机构的诉求。"})
    if parent not in Appeal.objects.counted():
        raise StepRefused({"parent": f"{parent}{parent.get_status_display()}，不能作为合并的目标。"})


def _check_units(row: Appeal, rule: Step, facts: Facts) -> None:
    if facts.get("lead_unit") is None:
        raise StepRefused({"lead_unit": "请选择领办单位。"})
    due_at = facts.get("due_at")
    if due_at and row.accepted_at and due_at < row.accepted_at:
        accepted = timezone.localtime(row.accepted_at)
        raise StepRefused({"due_at": f"办理时限不能早于受理时间（{accepted:%Y-%m-%d %H:%M}）。"})


def _check_result(row: Appeal, rule: Step, facts: Facts) -> None:
    if not facts.get("result"):
        raise StepRefused({"result": "请选择办理结果。"})
    if not facts.get("result_text", "").strip():
        raise StepRefused({"result_text": "请填写答复内容：做了什么、依据和佐证。"})


def _check_answers(row: Appeal, rule: Step, facts: Facts) -> None:
    if facts.get("is_reached") is None:
        raise StepRefused({"is_reached": "请选择是否接通。"})
    said = facts.get("solved") or facts.get("satisfaction") or facts.get("is_contacted") is not None
    if not facts.get("is_reached") and said:
        raise StepRefused({"is_reached": "未接通的回访不能填写回访结果。"})


def _check_verdict(row: Appeal, rule: Step, facts: Facts) -> None:
    """A re-check replaces an answer, so it must itself be one."""
    missing = {name: f"请选择{what}。" for name, what in _QUESTIONS.items() if not facts.get(name)}
    if missing:
        raise StepRefused(missing)


_QUESTIONS = {"solved": "是否解决", "satisfaction": "是否满意"}


def _anything_goes(row: Appeal, rule: Step, facts: Facts) -> None:
    """The class has a default: the one with which the appeal came."""


_CHECKS: dict[Need, Callable[[Appeal, Step, Facts], None]] = {
    Need.NOTE: _check_note,
    Need.CLASS: _anything_goes,
    Need.UNITS: _check_units,
    Need.PARENT: _check_parent,
    Need.RESULT: _check_result,
    Need.ANSWERS: _check_answers,
    Need.VERDICT: _check_verdict,
}
