"""Changes of visits and appeals: each a function with a keyword-only actor, in one transaction, its event last."""

from visits.actions.appeals import create_appeal
from visits.actions.bin import delete_appeal, delete_visit, restore_appeal, restore_visit
from visits.actions.guard import StepRefused, steps_open_to
from visits.actions.needs import Facts
from visits.actions.pairs import Part
from visits.actions.steps import advance_appeal, record_call_back
from visits.actions.visits import NewAppeal, NewPhoto, cancel_visit, create_visit, update_visit

__all__ = [
    "Facts",
    "NewAppeal",
    "NewPhoto",
    "Part",
    "StepRefused",
    "advance_appeal",
    "cancel_visit",
    "create_appeal",
    "create_visit",
    "delete_appeal",
    "delete_visit",
    "record_call_back",
    "restore_appeal",
    "restore_visit",
    "steps_open_to",
    "update_visit",
]
