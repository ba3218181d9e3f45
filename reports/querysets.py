"""Questions about many issued reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Q

from crm.models import User
from crm.scoping import ScopedQuerySet
from reports.issuing.steps import ISSUED, OPEN, WORKED_ON_BY

if TYPE_CHECKING:
    from reports.models import ReportIssue, ReportNotice, ReportSchedule  # noqa: F401


class ReportIssueQuerySet(ScopedQuerySet["ReportIssue"]):
    """A report belongs to the node whose records it covers, so that who reads less than that does not read it."""

    def _limited_to(self, user: User) -> Self:
        rows = super()._limited_to(user)
        is_at_work = any(user.has_perm(permission) for permission in WORKED_ON_BY)
        return rows if is_at_work else rows.issued()

    def of_person(self, user: User) -> Q:
        """Whose reach is the own records reads no report of all."""
        return Q(pk__in=())

    def issued(self) -> Self:
        return self.filter(status=ISSUED)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def with_correction(self) -> Self:
        """`is_superseded`: a later version of it was issued."""
        later = self.model._default_manager.filter(supersedes=OuterRef("pk"), status=ISSUED)
        return self.annotate(is_superseded=Exists(later))

    def of_slot(self, organisation: Any, kind: str, query: str) -> Self:
        """The reports of one kind about one thing: a draft, the issue in force and those before it."""
        return self.filter(organisation=organisation, kind=kind, query=query).order_by("-version")


class OfIssueQuerySet(ScopedQuerySet[Any]):
    """What hangs on a report is seen by whoever sees the report."""

    scope_organisation = "issue__organisation"

    def _within_reach(self, user: Any, what: str) -> Self:
        issues: Any = self.model._meta.get_field("issue").related_model
        return self.filter(issue__in=issues._default_manager.visible_to(user))


class ReportScheduleQuerySet(ScopedQuerySet["ReportSchedule"]):
    def of_person(self, user: User) -> Q:
        return Q(owner=user)


class OfRunQuerySet(ScopedQuerySet[Any]):
    """What hangs on a schedule is reached through it."""

    scope_organisation = "schedule__organisation"


class ReportNoticeQuerySet(ScopedQuerySet["ReportNotice"]):
    """The own, whatever else one may see: a notice is nobody else's business."""

    def _within_reach(self, user: Any, what: str) -> Self:
        return self.filter(user=user) if user.is_authenticated and user.is_active else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)
