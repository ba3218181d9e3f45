"""Questions about what people are reminded of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crm.models import User
from crm.scoping import ScopedQuerySet
from visits.querysets.rows import rows_of

if TYPE_CHECKING:
    from visits.models import Notice  # noqa: F401


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    scope_organisation = "reminder__appeal__organisation"
    bin_marks = ("reminder__appeal__deleted_at", "reminder__appeal__enterprise__deleted_at")

    def _limited_to(self, user: User) -> Self:
        """The own, of appeals that the user may still see: a notice is nobody else's business."""
        return self.filter(user=user, reminder__appeal__in=rows_of("Appeal").visible_to(user))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> Self:
        """Not in a digest yet."""
        return self.filter(digest__isnull=True)
