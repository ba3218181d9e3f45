"""The questions of the visit form: an institution's own set, new versions of what was answered, retiring."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from crm.models import Organisation, User
from visits.actions.appeals import institution_of
from visits.actions.guard import StepRefused
from visits.choices import VisitKind
from visits.models import Question

# What an answer means without its question being read again.
MEANING = ("text", "answer_type", "choices")
COPIED = (*MEANING, "kind", "is_required", "position", "flag", "flag_when")


@transaction.atomic
def own_questions(kind: str, *, actor: User) -> Organisation:
    """Let the actor's institution have questions of its own for this kind of visit, beginning with the common ones."""
    owner = institution_of(actor)
    # Two people who begin at once make one set.
    Organisation.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if not Question.objects.filter(organisation=owner, kind=kind).exists():
        today = timezone.localdate()
        common = Question.objects.in_force(today).filter(organisation=None, kind=kind)
        Question.objects.bulk_create(_copy(one, organisation=owner, valid_from=today) for one in common)
    return owner


@transaction.atomic
def add_question(*, actor: User, **fields: Any) -> Question:
    owner = own_questions(fields.get("kind", VisitKind.VISIT), actor=actor)
    return Question.objects.create(organisation=owner, **fields)


@transaction.atomic
def change_question(question: Question, *, actor: User, **fields: Any) -> Question:
    """Change it; one that was answered keeps its meaning, and a new version takes its place from its first day on."""
    row = _locked(question, actor)
    if row.valid_to is not None:
        raise StepRefused("这个问题已停用或已有新版本，不能再改，请改正在用的那一条。")
    means_another = any(getattr(row, name) != fields.get(name, getattr(row, name)) for name in MEANING)
    if means_another and row.answers.exists():
        return _new_version(row, fields)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def _new_version(row: Question, fields: dict[str, Any]) -> Question:
    begins: date = max(fields.pop("valid_from", row.valid_from), row.valid_from, timezone.localdate())
    row.valid_to = begins
    row.save()
    new = _copy(row, organisation=row.organisation, valid_from=begins, lineage=row.lineage)
    for name, value in fields.items():
        setattr(new, name, value)
    new.save()
    return new


def _copy(question: Question, **fields: Any) -> Question:
    same = {name: getattr(question, name) for name in COPIED}
    return Question(**(same | {"lineage": uuid4()} | fields))


@transaction.atomic
def retire_question(question: Question, *, actor: User) -> Question:
    """Asked no more from today on; answers stay."""
    row = _locked(question, actor)
    if row.valid_to is None:
        row.valid_to = max(timezone.localdate(), row.valid_from)
        row.save()
    return row


@transaction.atomic
def resume_question(question: Question, *, actor: User) -> Question:
    """Undo of retiring; not of one that a newer version has replaced."""
    row = _locked(question, actor)
    if row.valid_to is not None:
        if Question.objects.filter(lineage=row.lineage, pk__gt=row.pk).exists():
            raise StepRefused("这个问题已有新版本，不能恢复旧的。")
        row.valid_to = None
        row.save()
    return row


def _locked(question: Question, actor: User) -> Question:
    row = Question.objects.select_for_update(no_key=True, of=("self",)).get(pk=question.pk)
    if row.organisation_id != institution_of(actor).pk:
        raise StepRefused("通用问题由各机构共用，请先改为本机构的问卷。")
    return row
