"""What may and what must be said with a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from crm.models import Organisation
from visits.actions.conditions import joint_rows
from visits.actions.due import limit_of_round
from visits.actions.guard import StepRefused
from visits.models import Appeal, AppealFile
from visits.workflow import Need, Step


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it may be kept (visits.evidence makes it)."""

    name: str
    content_type: str
    content: ContentFile[bytes]


class Facts(TypedDict, total=False):
    """What may be said with a step; `Step.needs` says which of it must be."""

    note: str
    appeal_class: str
    category: str
    lead_unit: Organisation
    joint_units: Sequence[Organisation]
    joint_due_at: datetime | None
    helpers: Sequence[Organisation]
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
    until: date | None
    amount: int | None
    files: Sequence[NewFile]
    caller: str
    called_at: datetime | None


# Lists do not tell until when an appeal was to wait, and hold no files.
UNTOLD = (Need.UNTIL, Need.EVIDENCE)


def check_needs(row: Appeal, rule: Step, facts: Facts, at: datetime, *, is_told: bool = False) -> None:
    """Refuse a step without what it needs; of what is told afterwards not all is known."""
    for need in rule.needs:
        if not (is_told and need in UNTOLD):
            _CHECKS[need](row, rule, facts, at)
    if rule.key == "close" and not is_told:
        _check_joint(row, facts)


def _check_note(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    if not facts.get("note", "").strip():
        raise StepRefused({"note": f"请填写{rule.note_label}。"})


def _check_joint(row: Appeal, facts: Facts) -> None:
    """Who closes over a joint unit that has not answered must say why."""
    missing = [joint.unit.name for joint in joint_rows(row) if joint.is_open]
    if missing and not facts.get("note", "").strip():
        names = "、".join(missing)
        raise StepRefused({"note": f"{names}还没有反馈。请等反馈后再办结；确需现在办结的，请写明理由。"})


def _check_until(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    until, today = facts.get("until"), timezone.localdate(at)
    longest = settings.YQT["PAUSE_MAX_DAYS" if rule.key == "pause" else "SHELVE_MAX_DAYS"]
    if until is None:
        raise StepRefused({"until": f"请选择{rule.until_label}。"})
    if not today < until <= today + timedelta(days=longest):
        last = today + timedelta(days=longest)
        raise StepRefused({"until": f"{rule.until_label}须晚于今天，最晚 {last:%Y-%m-%d}（{longest} 天内）。"})


def _check_helpers(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    helpers = facts.get("helpers") or ()
    if not helpers:
        raise StepRefused({"helpers": "请勾选要请到场的单位。"})
    if row.lead_unit in helpers:
        raise StepRefused({"helpers": f"{row.lead_unit}是领办单位，不用吹哨。"})


def _check_amount(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    amount, limit = facts.get("amount"), limit_of_round(row)
    if not amount or amount < 1:
        raise StepRefused({"amount": "请填写延长多少。"})
    if amount > limit.amount:
        raise StepRefused({"amount": f"延期不能超过原定时限（{limit}）。"})


def _check_parent(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    parent = facts.get("parent")
    if parent is None:
        raise StepRefused({"parent": "请选择合并到哪一件诉求。"})
    parent = Appeal.objects.get(pk=parent.pk)
    if parent.pk == row.pk:
        raise StepRefused({"parent": "诉求不能合并到它自己。"})
    if parent.organisation_id != row.organisation_id:
        raise StepRefused({"parent": "只能合并到本机构的诉求。"})
    if parent not in Appeal.objects.living().counted():
        raise StepRefused({"parent": f"{parent}{parent.get_status_display()}，不能作为合并的目标。"})


def _check_units(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    if facts.get("lead_unit") is None:
        raise StepRefused({"lead_unit": "请选择领办单位。"})
    due_at = facts.get("due_at")
    if due_at and row.accepted_at and due_at < row.accepted_at:
        accepted = timezone.localtime(row.accepted_at)
        raise StepRefused({"due_at": f"办理时限不能早于受理时间（{accepted:%Y-%m-%d %H:%M}）。"})
    limit, joint_due_at = due_at or row.due_at, facts.get("joint_due_at")
    if joint_due_at and limit and joint_due_at > limit:
        last = timezone.localtime(limit)
        raise StepRefused({"joint_due_at": f"联办反馈时限不能晚于办理时限（{last:%Y-%m-%d %H:%M}）。"})


def _check_result(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    if not facts.get("result"):
        raise StepRefused({"result": "请选择办理结果。"})
    if not facts.get("result_text", "").strip():
        raise StepRefused({"result_text": "请填写答复内容：做了什么、依据和佐证。"})


def lacks_evidence(row: Appeal) -> bool:
    """Whether an answer needs a file with it; what came with an earlier step of this round does as well."""
    if not settings.YQT["EVIDENCE_REQUIRED"] or row.appeal_class in settings.YQT["EVIDENCE_FREE_CLASSES"]:
        return False
    begun = row.events.filter(step="redo").order_by("-pk").values_list("pk", flat=True).first()
    return not AppealFile.objects.filter(appeal=row, event__gt=begun or 0).exists()


def _check_evidence(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    if not facts.get("files") and lacks_evidence(row):
        raise StepRefused({"files": NO_EVIDENCE})


NO_EVIDENCE = "请附上佐证材料，例如现场照片、回执、批复或情况说明；本轮办理中已上传过的不用再传。"


def _check_answers(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    if facts.get("is_reached") is None:
        raise StepRefused({"is_reached": "请选择是否接通。"})
    said = facts.get("solved") or facts.get("satisfaction") or facts.get("is_contacted") is not None
    if not facts.get("is_reached") and said:
        raise StepRefused({"is_reached": "未接通的回访不能填写回访结果。"})


def _check_verdict(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    """A re-check replaces an answer, so it must itself be one."""
    missing = {name: f"请选择{what}。" for name, what in _QUESTIONS.items() if not facts.get(name)}
    if missing:
        raise StepRefused(missing)


_QUESTIONS = {"solved": "是否解决", "satisfaction": "是否满意"}


def _anything_goes(row: Appeal, rule: Step, facts: Facts, at: datetime) -> None:
    """The class has a default: the one with which the appeal came."""


_CHECKS: dict[Need, Callable[[Appeal, Step, Facts, datetime], None]] = {
    Need.NOTE: _check_note,
    Need.CLASS: _anything_goes,
    Need.UNITS: _check_units,
    Need.PARENT: _check_parent,
    Need.RESULT: _check_result,
    Need.ANSWERS: _check_answers,
    Need.VERDICT: _check_verdict,
    Need.HELPERS: _check_helpers,
    Need.UNTIL: _check_until,
    Need.AMOUNT: _check_amount,
    Need.EVIDENCE: _check_evidence,
}
