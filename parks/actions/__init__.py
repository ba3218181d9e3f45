"""Changes of the register: each a function with a keyword-only actor, in one transaction."""

from parks.actions.bin import delete_enterprise, restore_enterprise
from parks.actions.duplicates import dismiss_pair, recall_pair
from parks.actions.enterprises import (
    create_enterprise,
    last_editor,
    owner_for,
    set_former_names,
    set_tags,
    stale_message,
    update_enterprise,
)
from parks.actions.indicators import Told, count_anew, record_indicators, save_return
from parks.actions.kinds import is_used_elsewhere, save_kind
from parks.actions.merge import merge_enterprises
from parks.actions.qualifications import renew_qualification, withdraw_qualification
from parks.actions.service import assign_steward, end_stewardship, move_to_tier, possible_stewards
from parks.actions.unmerge import unmerge_enterprises

__all__ = [
    "Told",
    "assign_steward",
    "count_anew",
    "create_enterprise",
    "delete_enterprise",
    "dismiss_pair",
    "end_stewardship",
    "is_used_elsewhere",
    "last_editor",
    "merge_enterprises",
    "move_to_tier",
    "owner_for",
    "possible_stewards",
    "recall_pair",
    "record_indicators",
    "renew_qualification",
    "restore_enterprise",
    "save_kind",
    "save_return",
    "set_former_names",
    "set_tags",
    "stale_message",
    "unmerge_enterprises",
    "update_enterprise",
    "withdraw_qualification",
]
