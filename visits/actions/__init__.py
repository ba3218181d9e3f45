"""Changes of visits and appeals: each a function with a keyword-only actor, in one transaction, its event last."""

from visits.actions.apart import keep_apart, put_together
from visits.actions.appeals import create_appeal
from visits.actions.bin import delete_appeal, delete_ticket, delete_visit, restore_appeal, restore_ticket, restore_visit
from visits.actions.call_backs import answer_link, find_link, link_in_force, make_link, note_opened, revoke_link
from visits.actions.flags import handle_flag, reopen_flag
from visits.actions.guard import StepRefused, steps_open_to
from visits.actions.matters import change_matter, decide_matter, undo_matter
from visits.actions.needs import Facts, NewFile
from visits.actions.pairs import Part
from visits.actions.plans import PlannedVisit, plan_visits, renew_feed, take_back_plans
from visits.actions.questions import (
    add_question,
    change_question,
    own_questions,
    resume_question,
    retire_question,
)
from visits.actions.reminders import mark_read, remind
from visits.actions.steps import advance_appeal, record_call_back
from visits.actions.suggestions import NewSuggestion, reply_suggestion
from visits.actions.tickets import mark_resident, match_again, match_ticket, match_unmatched, raise_ticket
from visits.actions.visits import NewAppeal, NewPhoto, cancel_visit, create_visit, update_visit

__all__ = [
    "Facts",
    "NewAppeal",
    "NewFile",
    "NewPhoto",
    "NewSuggestion",
    "Part",
    "PlannedVisit",
    "StepRefused",
    "add_question",
    "advance_appeal",
    "answer_link",
    "cancel_visit",
    "change_matter",
    "change_question",
    "create_appeal",
    "create_visit",
    "decide_matter",
    "delete_appeal",
    "delete_ticket",
    "delete_visit",
    "find_link",
    "handle_flag",
    "keep_apart",
    "link_in_force",
    "make_link",
    "mark_read",
    "mark_resident",
    "match_again",
    "match_ticket",
    "match_unmatched",
    "note_opened",
    "own_questions",
    "plan_visits",
    "put_together",
    "raise_ticket",
    "record_call_back",
    "remind",
    "renew_feed",
    "reopen_flag",
    "reply_suggestion",
    "restore_appeal",
    "restore_ticket",
    "restore_visit",
    "resume_question",
    "retire_question",
    "revoke_link",
    "steps_open_to",
    "take_back_plans",
    "undo_matter",
    "update_visit",
]
