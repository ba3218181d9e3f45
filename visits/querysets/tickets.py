"""Questions about many tickets of the 12345 hotline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q

from crm.models import User
from crm.scoping import ScopedQuerySet
from visits.choices import AppealStatus, MatchedBy, TicketStatus
from visits.querysets.appeals import OPEN

if TYPE_CHECKING:
    from visits.models import HotlineTicket  # noqa: F401


class HotlineTicketQuerySet(ScopedQuerySet["HotlineTicket"]):
    bin_marks = ("deleted_at", "enterprise__deleted_at")

    def of_person(self, user: User) -> Q:
        """Of enterprises that the user looks after; residents are the concern of those who see everything."""
        return Q(enterprise__in=apps.get_model("parks", "Enterprise")._default_manager.visible_to(user))

    def of_unit(self, user: User) -> Q:
        return self.within_institution(user) & self.of_person(user)

    def to_check(self) -> Self:
        """Matched by a telephone alone, which a person may also have used for a matter of their own."""
        return self.filter(matched_by=MatchedBy.PHONE)

    def apart_from_appeal(self) -> Self:
        """The hotline says that it is done and the appeal is open, or the other way round."""
        closed = (AppealStatus.CLOSED, AppealStatus.CONFIRMED, AppealStatus.ARCHIVED)
        going_on = (TicketStatus.PENDING, TicketStatus.HANDLING)
        return self.filter(appeal__deleted_at__isnull=True).filter(
            Q(status=TicketStatus.CLOSED, appeal__status__in=OPEN) | Q(status__in=going_on, appeal__status__in=closed)
        )

    def for_list(self) -> Self:
        return self.select_related("enterprise", "appeal")
