"""Drafting: the report is computed and its rows are kept, together or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from crm.audit import record
from crm.models import Organisation, User
from crm.models.audit import AuditAction
from crm.scoping import Scope as Reach
from reports.actions.freezing import agree, frozen_rows, rows_of_cells
from reports.actions.guard import ReportRefused, locked_draft
from reports.documents.build import build_report
from reports.documents.kinds import KIND_BY_KEY, Kind
from reports.documents.material import Given
from reports.figures.address import query_of, scope_from
from reports.issuing import steps
from reports.issuing.frozen import freeze
from reports.issuing.wording import Words
from reports.models import FrozenRows, ReportIssue
from reports.period import BadPeriod
from reports.report import Definition, Report
from reports.rows.scope import Scope

TRIES, LONGEST_TITLE = 3, 200
TO_ISSUE = Given(is_passed_on=True)
# Where files lie on this machine is no rule of counting.
NOT_RULES = ("OFFICIAL_FONTS_DIR",)


@dataclass(frozen=True, slots=True)
class Computed:
    report: Report
    rows: tuple[FrozenRows, ...]


def covers(user: User) -> Organisation:
    """The node whose records a report of this user covers; ReportRefused for who sees only the own records."""
    if user.organisation is None or user.scope == Reach.OWN:
        raise ReportRefused("您的账号只看本人的记录，不能起草单位的报告。")
    if user.scope == Reach.UNIT:
        return user.organisation
    return Organisation.objects.get(path=user.organisation.institution_path)


def draft_report(kind: Kind, scope: Scope, *, at: datetime | None = None) -> ReportIssue:
    """A draft by the user of the scope; the one that is there already is returned. It corrects an earlier issue."""
    organisation, query = covers(scope.user), query_of(scope)
    if not scope.user.has_perm(steps.ADD):
        raise ReportRefused("您的角色不能起草报告。")
    check(kind, scope)
    slot = ReportIssue.objects.of_slot(organisation, kind.key, query)
    found = slot.open().first()
    if found is not None:
        return found
    computed = compute(kind, scope)
    try:
        with transaction.atomic():
            return _written(kind, scope, organisation, computed, at or timezone.now())
    except IntegrityError:
        found = slot.open().first()
        if found is None:
            raise
        return found


def check(kind: Kind, scope: Scope) -> None:
    """Whoever asks, a page, a schedule or a command: no yearly report of a day, no special report of nothing."""
    try:
        kind.check(scope.period)
    except BadPeriod as problem:
        raise ReportRefused(str(problem)) from problem
    if reason := kind.lacks_matter(scope.unit, scope.category, scope.matter):
        raise ReportRefused(reason)


def _written(kind: Kind, scope: Scope, organisation: Organisation, computed: Computed, at: datetime) -> ReportIssue:
    query = query_of(scope)
    last = ReportIssue.objects.of_slot(organisation, kind.key, query).issued().first()
    issue = ReportIssue(
        organisation=organisation,
        kind=kind.key,
        query=query,
        period_key=scope.period.key,
        period_label=scope.period.label,
        ends_on=scope.period.last_day,
        park=scope.park,
        version=last.version + 1 if last else 1,
        supersedes=last,
        words=freeze(Words()).decode() if last is None else last.words,
        drafted_by=scope.user,
        drafted_at=at,
    )
    _take(issue, computed, scope)
    issue.save()
    _keep_rows(issue, computed)
    record(AuditAction.REPORT, f"起草 {issue}{issue.version_label}", actor=scope.user)
    return issue


def correct_report(issue: ReportIssue, *, actor: User, at: datetime | None = None) -> ReportIssue:
    """A new draft about the same thing, with the same words, by who sees the same records."""
    if not issue.is_issued:
        raise ReportRefused("只有已印发的报告才需要更正，草稿可以直接修改。")
    if covers(actor) != issue.organisation:
        raise ReportRefused("您的数据范围与这份报告不同，不能起草它的更正版。")
    at = at or timezone.now()
    return draft_report(KIND_BY_KEY[issue.kind], scope_of(issue, actor, at), at=at)


@transaction.atomic
def recompute_report(issue: ReportIssue, *, actor: User, seen: int | None = None) -> ReportIssue:
    """Count anew, with the records of now; what a person wrote stays."""
    row = locked_draft(issue, seen)
    if not actor.has_perm(steps.ADD) or covers(actor) != row.organisation:
        raise ReportRefused("您的角色或数据范围与这份报告不同，不能重新统计。")
    scope = scope_of(row, actor)
    computed = compute(KIND_BY_KEY[row.kind], scope)
    _take(row, computed, scope)
    row.edition += 1
    row.save()
    row.frozen_rows.all().delete()
    _keep_rows(row, computed)
    record(AuditAction.REPORT, f"重新统计 {row}", actor=actor)
    return row


def scope_of(issue: ReportIssue, user: User, now: datetime | None = None) -> Scope:
    """What the report is about, as this user sees it."""
    return scope_from(QueryDict(issue.query), user, now)


def _take(issue: ReportIssue, computed: Computed, scope: Scope) -> None:
    issue.title = title_of(computed.report)
    issue.data = freeze(computed.report).decode()
    issue.rules = freeze(rules()).decode()
    issue.computed_at = scope.now


def title_of(report: Report) -> str:
    """A report about one matter is known by it, in lists and to who verifies a copy."""
    if not KIND_BY_KEY[report.kind].is_about_one:
        return report.title
    return f"{report.title}：{'、'.join(report.narrowed_to)}"[:LONGEST_TITLE]


def _keep_rows(issue: ReportIssue, computed: Computed) -> None:
    for row in computed.rows:
        row.issue = issue
    FrozenRows.objects.bulk_create(computed.rows)


def rules() -> tuple[Definition, ...]:
    """The settings by which it was counted."""
    names = sorted(settings.YQT.keys() - set(NOT_RULES))
    return tuple(Definition(n, json.dumps(settings.YQT[n], ensure_ascii=False, default=str)) for n in names)


def compute(kind: Kind, scope: Scope) -> Computed:
    """The report and the rows behind it; counted again while somebody changes records between the two."""
    for _ in range(TRIES):
        report, about = build_report(scope, kind, TO_ISSUE), query_of(scope)
        rows = (*frozen_rows(scope, report.figures), *rows_of_cells(scope, report, about))
        if agree(report, rows, about):
            return Computed(report, rows)
    raise ReportRefused("统计时有人正在修改记录，报告没有生成。请稍后再试。")
