"""How reports look: the state of one, and the blocks of a document."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.documents import numerals
from reports.models import IssueStatus, ReportIssue

register = template.Library()

LOOKS = {
    IssueStatus.DRAFT: "warn",
    IssueStatus.REVIEW: "calm",
    IssueStatus.REVIEWED: "calm",
    IssueStatus.ISSUED: "good",
    IssueStatus.DROPPED: "off",
}


@register.filter
def issue_state(issue: ReportIssue) -> SafeString:
    """Dot and word for the state."""
    look = LOOKS[IssueStatus(issue.status)]
    return format_html('<span class="state state-{}">{}</span>', look, issue.get_status_display())


@register.filter
def block_kind(block: Any) -> str:
    """Which of a document's blocks it is."""
    return type(block).__name__


@register.filter
def numeral(number: int) -> str:
    return numerals.numeral(number)


@register.filter
def at_place(values: Any, place: int) -> Any:
    """Nothing where there are not so many."""
    return values[place] if place < len(values) else ""
