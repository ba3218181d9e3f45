"""Questions about many rows, one file a topic."""

from visits.querysets.appeals import (
    DUE_ORDER,
    NOT_COUNTED,
    OPEN,
    OVER,
    WITHOUT_LIMIT,
    AppealEventQuerySet,
    AppealQuerySet,
    CallBackQuerySet,
    standing_still,
)
from visits.querysets.device import at_hand
from visits.querysets.handling import AppealFileQuerySet, AppealRequestQuerySet, JointUnitQuerySet
from visits.querysets.heard import QuestionQuerySet, SuggestionQuerySet, VisitAnswerQuerySet, WarningFlagQuerySet
from visits.querysets.matters import CommonMatterQuerySet
from visits.querysets.notices import NoticeQuerySet
from visits.querysets.others import colleagues, due_for_visit, with_last_visit
from visits.querysets.tickets import HotlineTicketQuerySet
from visits.querysets.visits import PhotoQuerySet, VisitEnterpriseQuerySet, VisitQuerySet, living_pairs, told_pairs

__all__ = [
    "DUE_ORDER",
    "NOT_COUNTED",
    "OPEN",
    "OVER",
    "WITHOUT_LIMIT",
    "AppealEventQuerySet",
    "AppealFileQuerySet",
    "AppealQuerySet",
    "AppealRequestQuerySet",
    "CallBackQuerySet",
    "CommonMatterQuerySet",
    "HotlineTicketQuerySet",
    "JointUnitQuerySet",
    "NoticeQuerySet",
    "PhotoQuerySet",
    "QuestionQuerySet",
    "SuggestionQuerySet",
    "VisitAnswerQuerySet",
    "VisitEnterpriseQuerySet",
    "VisitQuerySet",
    "WarningFlagQuerySet",
    "at_hand",
    "colleagues",
    "due_for_visit",
    "living_pairs",
    "standing_still",
    "told_pairs",
    "with_last_visit",
]
