"""The models every app shares, one file a topic."""

from crm.models.audit import AuditEntry
from crm.models.calendar import CalendarDay, CalendarEdit, WeekdayHours
from crm.models.import_words import ImportWord
from crm.models.imports import ImportBatch, ImportFile, ImportLayout, ImportRow
from crm.models.organisation import Organisation
from crm.models.user import User
from crm.models.views import SavedView

__all__ = [
    "AuditEntry",
    "CalendarDay",
    "CalendarEdit",
    "ImportBatch",
    "ImportFile",
    "ImportLayout",
    "ImportRow",
    "ImportWord",
    "Organisation",
    "SavedView",
    "User",
    "WeekdayHours",
]
