"""Reports at any point of their way, made as users make them."""

from __future__ import annotations

from typing import Any

from crm.models import User
from reports import actions
from reports.documents.kinds import KIND_BY_KEY
from reports.issuing.steps import DRAFT, ISSUED, REVIEW, REVIEWED
from reports.models import ReportIssue
from tests.crm.factories import make_user
from tests.reports.world import NOVEMBER, World, at

# Who takes which step on the usual way.
WAY = (("submit", "manager"), ("approve", "leader"), ("issue", "manager"))
REACHED = {DRAFT: 0, REVIEW: 1, REVIEWED: 2, ISSUED: 3}
MOMENT = "2023-12-01 09:00"


class Desk:
    """A manager who drafts and a leader who reviews, in the office of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.manager: User = make_user(f"manager{world.office.pk}", world.office, role="manager")
        self.leader: User = make_user(f"leader{world.office.pk}", world.office, role="leader")
        self.reader: User = make_user(f"viewer{world.office.pk}", world.office, role="viewer")

    def draft(
        self, period: str = NOVEMBER, kind: str = "appeals", user: User | None = None, **more: Any
    ) -> ReportIssue:
        scope = self.world.scope(period, more.pop("now", MOMENT), user or self.manager)
        return actions.draft_report(KIND_BY_KEY[kind], scope, **({"at": scope.now} | more))

    def take(self, issue: ReportIssue, step: str, user: User | None = None, **more: Any) -> ReportIssue:
        usual = {"approve": self.leader, "send_back": self.leader}.get(step, self.manager)
        facts = {"at": at(MOMENT)} | ({"note": "数字请核对"} if step == "send_back" else {}) | more
        return actions.take_step(issue, step, actor=user or usual, **facts)

    def at(self, status: str, **more: Any) -> ReportIssue:
        issue = self.draft(**more)
        for step, _ in WAY[: REACHED[status]]:
            issue = self.take(issue, step)
        return issue
