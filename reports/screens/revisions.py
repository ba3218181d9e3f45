"""本月修订: the figures of an issued report as the records say now, beside what was issued."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import User
from reports.actions.drafting import covers, scope_of
from reports.actions.freezing import frozen_rows
from reports.actions.guard import ReportRefused
from reports.documents.build import build_figures
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


def counted_by(issue: ReportIssue, reader: User) -> User | None:
    """Who sees exactly the records that the report covers: the reader, or its author for a reader who sees more.

    None where neither does any more.
    """
    return next((user for user in (reader, issue.drafted_by) if user.is_active and sees_it(issue, user)), None)


def sees_it(issue: ReportIssue, user: User) -> bool:
    try:
        return covers(user) == issue.organisation
    except ReportRefused:
        return False


def revisions(issue: ReportIssue, user: User) -> list[Revision]:
    """What differs, counted as of the moment when it was computed; figures that are no more are left out.

    `user` is who counts, by `counted_by`.
    """
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
