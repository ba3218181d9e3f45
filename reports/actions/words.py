"""What a person writes into a draft; the computed text stays beside it."""

from __future__ import annotations

from django.db import transaction

from crm.audit import record
from crm.models import User
from crm.models.audit import AuditAction
from reports.actions.guard import ReportRefused, locked_draft
from reports.issuing import steps
from reports.issuing.frozen import freeze
from reports.issuing.wording import Words
from reports.models import ReportIssue


@transaction.atomic
def edit_words(issue: ReportIssue, words: Words, *, actor: User, seen: int | None = None) -> ReportIssue:
    """Keep the words of a draft; the same once more changes nothing."""
    if not actor.has_perm(steps.ADD):
        raise ReportRefused("您的角色不能修改报告。")
    text = freeze(words).decode()
    row = locked_draft(issue, None)
    if row.words == text:
        return row
    row = locked_draft(issue, seen)
    row.words, row.edited_by = text, actor
    row.edition += 1
    row.save(update_fields=["words", "edited_by", "edition"])
    record(AuditAction.REPORT, f"修改文字 {row}", actor=actor)
    return row
