"""本月修订: the figures of an issued report as the records say now, beside what was issued."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import User
from reports.actions.drafting import covers, frozen_rows, scope_of
from reports.actions.guard import ReportRefused
from reports.build import build_figures
from reports.models import ReportIssue
from reports.report import Figure


@dataclass(frozen=True, slots=True)
class Revision:
    """Rows that came and rows that went; the figure may be the same all the same."""

    figure: Figure
    now: Figure
    came: int
    went: int

    @property
    def is_changed(self) -> bool:
        return self.figure.text != self.now.text or bool(self.came or self.went)


def may_compare(issue: ReportIssue, user: User) -> bool:
    """Only who sees exactly the records that the report covers counts the same."""
    try:
        return covers(user) == issue.organisation
    except ReportRefused:
        return False


def revisions(issue: ReportIssue, user: User) -> list[Revision]:
    """What differs, counted as of the moment when it was computed; figures that are no more are left out."""
    scope = scope_of(issue, user, now=issue.computed_at)
    live = {one.key: one for one in build_figures(scope)}
    issued = [one for one in issue.computed.figures if one.key in live]
    before = {row.figure: set(row.keys) for row in issue.frozen_rows.all() if not row.part}
    after = {row.figure: set(row.keys) for row in frozen_rows(scope, (live[one.key] for one in issued)) if not row.part}
    found = (
        Revision(one, live[one.key], len(after[one.key] - before[one.key]), len(before[one.key] - after[one.key]))
        for one in issued
    )
    return [one for one in found if one.is_changed]
