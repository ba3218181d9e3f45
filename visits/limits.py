"""The limits in force for an appeal on a day."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.conf import settings

from crm.worktime import Limit, Unit
from visits.clock import Terms, Usual


class Kind(Protocol):
    """What of an appeal decides its limits."""

    source: str
    appeal_class: str
    category: str


def usual(appeal: Kind) -> Usual:
    """The terms of such an appeal by the day on which its round began; asked when a round begins, not before."""

    def terms(began: datetime) -> Terms:
        days = settings.YQT["CLOSE_WORKING_DAYS"][appeal.appeal_class]
        contact = settings.YQT["FIRST_CONTACT_WORKING_DAYS"]
        return Terms(Limit(days, Unit.WORKING_DAY), Limit(contact, Unit.WORKING_DAY))

    return terms
