"""Figures of the 12345 hotline's own tickets (domain §2.3), apart from those of appeals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import Q

from reports.formats import weighted
from reports.rows import rates
from reports.rows.scope import Scope
from reports.rows.source import Source
from visits.choices import Satisfaction, Solved, TicketParty
from visits.models import HotlineTicket

# The hotline says so itself; where its list does not, both answers together are one.
VALID = Q(is_valid_call_back=True) | Q(is_valid_call_back=None) & ~Q(solved="") & ~Q(satisfaction="")
COUNTED = "期内来电、已作废的不计；转为诉求的仍在此计一件，诉求另在诉求办理中统计，两者不相加。"
ALL = f"热线（含网格）派到本单位的全部工单数，企业的、居民的和未匹配的都在内；{COUNTED}"
ENTERPRISE = f"对应到名册中企业的热线工单数；{COUNTED}"
RESIDENT = f"没有企业的热线工单数，不计入企业诉求的任何指标；{COUNTED}"
RATE = "期内来电的企业工单中，热线系统有效回访的为分母，居民工单和未匹配的不计入；"
RESPONSE = f"{RATE}其中已联系的占比，没有写是否联系的不计。"


def solving_definition() -> str:
    return f"{RATE}其中已解决的占比，部分解决按{weighted(rates.solving_parts()['partly'])}计，没有答复的不计。"


def satisfaction_definition() -> str:
    basically = rates.satisfaction_parts()["basically"]
    return f"{RATE}其中满意的占比，基本满意按{weighted(basically)}计，没有答复的不计。"


tickets = Source(
    "tickets",
    HotlineTicket,
    Scope.tickets,
    lambda scope: scope.within("called_at"),
    ("hotline_unit", "hotline_category", "park", "tier", "section", "month", "quarter"),
)


def of(party: TicketParty) -> Callable[[Scope], Q]:
    return lambda scope: Q(party=party)


def unmatched(scope: Scope) -> dict[str, Q]:
    return {"未匹配{}件未计入": Q(party=TicketParty.UNMATCHED)}


def answered(condition: Q) -> Callable[[Scope], Q]:
    """V of the enterprises' tickets, with those that answered this."""
    return lambda scope: Q(party=TicketParty.ENTERPRISE) & VALID & condition


def others(scope: Scope) -> dict[str, Q]:
    """Called back as well, and told beside the rate."""
    return {"居民和未匹配{}件未计入": VALID & ~Q(party=TicketParty.ENTERPRISE)}


SAYS_CONTACTED, SAYS_SOLVED, SAYS_SATISFIED = ~Q(is_contacted=None), ~Q(solved=""), ~Q(satisfaction="")


def answers(scope: Scope) -> Mapping[str, Q]:
    return {
        "contacted": Q(is_contacted=True),
        "solved": Q(solved=Solved.SOLVED),
        "partly": Q(solved=Solved.PARTLY),
        "satisfied": Q(satisfaction=Satisfaction.SATISFIED),
        "basically": Q(satisfaction=Satisfaction.BASICALLY),
    }
