"""Taking a step of a report: lock, guard, status, and for the issue its code, hash and files."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import User
from crm.models.audit import AuditAction
from reports.actions.files import Rendered, keep_files, rendered, thrown_away
from reports.actions.guard import AlreadyDone, ReportRefused, check_seen, locked, why_not
from reports.issuing import steps
from reports.issuing.steps import LABELS, STEPS, Step
from reports.models import ReportIssue

LONGEST_NOTE = 500


def take_step(
    issue: ReportIssue,
    key: str,
    *,
    actor: User,
    note: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> ReportIssue:
    """Take a step and return the report as it then is; ReportRefused says why not, and then nothing has changed.

    `seen` is the edition the actor had before the eyes. Files are made before the lock is taken.
    """
    step, at = STEPS[key], at or timezone.now()
    files = rendered(issue, at) if key == "issue" and not why_not(issue, step, actor) else None
    with thrown_away(files), transaction.atomic():
        row = locked(issue)
        check_not_done(row, step)
        check_seen(row, seen)
        reason = why_not(row, step, actor) or missing(step, note)
        if reason:
            raise ReportRefused(reason)
        stamp(row, step, actor, note.strip(), at)
        if files:
            issue_now(row, files, actor, at)
        row.save()
        if files:
            keep_files(row, files)
        record(AuditAction.REPORT, told(row, step, note), actor=actor)
    return row


def check_not_done(row: ReportIssue, step: Step) -> None:
    if row.status == step.target and row.status not in step.sources:
        raise AlreadyDone(f"这份报告已经是“{LABELS[row.status]}”，不需要再“{step.label}”。")


def missing(step: Step, note: str) -> str:
    if not step.note_label:
        return ""
    if not note.strip():
        return f"请填写{step.note_label}。"
    return f"{step.note_label}最多 {LONGEST_NOTE} 字。" if len(note.strip()) > LONGEST_NOTE else ""


def stamp(row: ReportIssue, step: Step, actor: User, note: str, at: datetime) -> None:
    row.status = step.target
    row.edition += 1
    row.note = note if step.note_label else "" if step.target != steps.DRAFT else row.note
    if step.target == steps.REVIEW:
        row.submitted_at = at
    elif step.target == steps.REVIEWED:
        row.reviewed_by, row.reviewed_at = actor, at
    elif step.target == steps.DRAFT:
        row.submitted_at = row.reviewed_by = row.reviewed_at = None
    elif step.target == steps.DROPPED:
        # Another draft may correct what this one would have.
        row.supersedes = None


def issue_now(row: ReportIssue, files: Rendered, actor: User, at: datetime) -> None:
    """Only what was rendered is issued: the edition under the lock is the one that the files were made of."""
    if files.edition != row.edition - 1:
        raise ReportRefused("印发时有人修改了这份报告，没有印发。请看过最新的内容再办。")
    row.issued_by, row.issued_at = actor, at
    row.code, row.fingerprint = files.proof.code, files.proof.fingerprint


def told(row: ReportIssue, step: Step, note: str) -> str:
    proof = f"，核验码 {row.code}，指纹 {row.fingerprint[:16]}" if row.is_issued else ""
    return f"{step.label} {row}{row.version_label}{f'：{note.strip()}' if note.strip() else ''}{proof}"
