"""Visits and appeals, one file a topic."""

from visits.models.apart import AppealsApart
from visits.models.appeal import Appeal
from visits.models.call_back import CallBack, CallBackLink, LinkState
from visits.models.event import AppealEvent
from visits.models.feed import CalendarFeed
from visits.models.flag import WarningFlag
from visits.models.handling import AppealFile, AppealRequest, JointUnit
from visits.models.limit import TimeLimit
from visits.models.matter import CommonMatter, MatterAppeal
from visits.models.moves import CalendarFollowed, DueMove
from visits.models.question import Answer, Question, VisitAnswer
from visits.models.reminder import Digest, Notice, Reminder
from visits.models.suggestion import Suggestion
from visits.models.ticket import HotlineTicket
from visits.models.visit import Photo, Visit, VisitEnterprise

__all__ = [
    "Answer",
    "Appeal",
    "AppealEvent",
    "AppealFile",
    "AppealRequest",
    "AppealsApart",
    "CalendarFeed",
    "CalendarFollowed",
    "CallBack",
    "CallBackLink",
    "CommonMatter",
    "Digest",
    "DueMove",
    "HotlineTicket",
    "JointUnit",
    "LinkState",
    "MatterAppeal",
    "Notice",
    "Photo",
    "Question",
    "Reminder",
    "Suggestion",
    "TimeLimit",
    "Visit",
    "VisitAnswer",
    "VisitEnterprise",
    "WarningFlag",
]
