"""Rows of this app: how units are evaluated, what was officially said of it, and reports that were drafted and issued.

Figures have no rows of their own (reports/rows/scope.py).
"""

from reports.models.evaluation import OfficialResult, ScoreItem, ScoreScheme
from reports.models.hall import HallScreen
from reports.models.issue import IssueStatus, ReportIssue
from reports.models.kept import FrozenRows, IssuedFile
from reports.models.schedule import Delivery, DeliveryState, ReportNotice, ReportSchedule, RunState, ScheduleRun

__all__ = [
    "Delivery",
    "DeliveryState",
    "FrozenRows",
    "HallScreen",
    "IssueStatus",
    "IssuedFile",
    "OfficialResult",
    "ReportIssue",
    "ReportNotice",
    "ReportSchedule",
    "RunState",
    "ScheduleRun",
    "ScoreItem",
    "ScoreScheme",
]
