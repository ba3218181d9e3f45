"""Changes of the register: each a function with a keyword-only actor, in one transaction."""

from parks.actions.bin import delete_enterprise, restore_enterprise
from parks.actions.enterprises import (
    create_enterprise,
    owner_for,
    set_former_names,
    set_tags,
    stale_message,
    update_enterprise,
)

__all__ = [
    "create_enterprise",
    "delete_enterprise",
    "owner_for",
    "restore_enterprise",
    "set_former_names",
    "set_tags",
    "stale_message",
    "update_enterprise",
]
