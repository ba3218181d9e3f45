"""Changes of issued reports: drafting, wording, the steps to the issue. Each is one transaction."""

from reports.actions.drafting import correct_report, covers, draft_report, recompute_report, scope_of
from reports.actions.guard import AlreadyDone, ReportRefused, steps_open_to, why_not
from reports.actions.running import Ran, run_due
from reports.actions.schedules import mark_read, save_schedule, switch_schedule
from reports.actions.stepping import take_step
from reports.actions.words import edit_words

__all__ = [
    "AlreadyDone",
    "Ran",
    "ReportRefused",
    "correct_report",
    "covers",
    "draft_report",
    "edit_words",
    "mark_read",
    "recompute_report",
    "run_due",
    "save_schedule",
    "scope_of",
    "steps_open_to",
    "switch_schedule",
    "take_step",
    "why_not",
]
