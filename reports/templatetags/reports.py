"""How reports look: the state of one, and the blocks of a document."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.documents import numerals
from reports.models import IssueStatus, ReportIssue
from reports.report import FigureStrip, Numbered, Part

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
def reads_first(part: Part) -> bool:
    """Whether it is what a reader wants before anything else: words and figures, not tables and small print."""
    return not part.tables and part.key != "definitions"


@register.filter
def part_size(part: Part) -> str:
    """How much a folded part holds."""
    if rows := sum(len(table.rows) for table in part.tables):
        return f"{rows} 行"
    if entries := sum(len(block.entries) for block in part.blocks if isinstance(block, Numbered)):
        return f"{entries} 条"
    figures = sum(len(block.figures) for block in part.blocks if isinstance(block, FigureStrip))
    return f"{figures} 项" if figures else ""


@register.filter
def numeral(number: int) -> str:
    return numerals.numeral(number)


@register.filter
def at_place(values: Any, place: int) -> Any:
    """Nothing where there are not so many."""
    return values[place] if place < len(values) else ""
