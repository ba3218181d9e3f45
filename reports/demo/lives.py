"""What a demo appeal is to become: the endings there are, and what is known of it beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from parks.models import Enterprise
from visits.models import Visit


class Ending(StrEnum):
    """How far an appeal got, and what the enterprise said."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    PARTLY = "partly"
    DISSATISFIED = "dissatisfied"
    REDONE = "redone"
    CLOSED_LATE = "closed_late"
    UNREACHED = "unreached"
    UNREACHED_TWICE = "unreached_twice"
    LINK_SENT = "link_sent"
    LINK_ANSWERED = "link_answered"
    RECHECKED = "rechecked"
    TO_CALL_BACK = "to_call_back"
    TO_REVIEW = "to_review"
    HANDLING = "handling"
    OVERDUE = "overdue"
    PAUSED = "paused"
    TO_EXTEND = "to_extend"
    TO_SHELVE = "to_shelve"
    SHELVED = "shelved"
    WHISTLED = "whistled"
    JOINT_ANSWERED = "joint_answered"
    EXCLUDED = "excluded"
    TO_SIGN = "to_sign"
    TO_DISPATCH = "to_dispatch"
    TO_ACCEPT = "to_accept"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# What the enterprise answers: contacted, solved, satisfied.
ANSWERS: dict[Ending, tuple[bool, str, str]] = {
    Ending.SATISFIED: (True, "solved", "satisfied"),
    Ending.CLOSED_LATE: (True, "solved", "basically"),
    Ending.BASICALLY: (True, "solved", "basically"),
    Ending.PARTLY: (True, "partly", "basically"),
    Ending.DISSATISFIED: (False, "unsolved", "dissatisfied"),
    Ending.REDONE: (True, "unsolved", "dissatisfied"),
    Ending.EXCLUDED: (True, "unsolved", "dissatisfied"),
}
UNDER_WAY = (
    Ending.PAUSED,
    Ending.TO_EXTEND,
    Ending.TO_SHELVE,
    Ending.SHELVED,
    Ending.WHISTLED,
    Ending.JOINT_ANSWERED,
)
# Working days until the result, by kind of appeal; all inside the limits of 3, 10 and 30.
WORK = {"consult": (1, 2), "coordinate": (2, 7), "hard": (5, 20)}
LATE_BY = 14
UNIT_OF = {"space": 0, "utility": 0, "traffic": 0, "policy": 1, "finance": 1, "market": 1, "talent": 2, "school": 2,
           "permit": 4, "environment": 4}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is known of an appeal beforehand."""

    enterprise: Enterprise
    visit: Visit | None
    begin: datetime
    ending: Ending
    category: str
    appeal_class: str
    source: str
    asked: str
    settled: str
