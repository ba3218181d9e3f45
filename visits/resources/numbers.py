"""Numbers of appeals: which of a list are on record, and how those without one run on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from crm.imports.cells import CellError
from crm.models import Organisation
from visits.models import Appeal


class Numbers:
    """Of one organisation, for the time of one list: each question is asked of the database once."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._known: dict[str, tuple[int, str]] | None = None
        self._in_bin: set[str] = set()
        self._highest: dict[str, int] | None = None

    def on_record(self, number: str) -> tuple[int, str] | None:
        """Enterprise and status of the appeal of this number. Raises ``CellError`` for one in the bin."""
        if not number:
            return None
        if self._known is None:
            rows = Appeal.objects.living().filter(organisation__path__startswith=self._organisation.path)
            found = rows.order_by("-organisation__path").values_list("number", "enterprise_id", "status")
            self._known = {taken: (firm, status) for taken, firm, status in found}
            own = Appeal.objects.filter(organisation=self._organisation).values_list("number", flat=True)
            self._in_bin = set(own) - set(self._known)
        if number in self._in_bin:
            raise CellError("这个编号的诉求在回收站里：请先在回收站恢复它，或改用别的编号", column="number")
        return self._known.get(number)

    def next(self, at: datetime) -> str:
        """Running within the day like those of the page; one query and one lock for the whole list."""
        if self._highest is None:
            self._highest = self._read_highest()
        prefix = f"SQ{timezone.localtime(at):%Y%m%d}-"
        self._highest[prefix] += 1
        return f"{prefix}{self._highest[prefix]:03d}"

    def _read_highest(self) -> dict[str, int]:
        # The same lock as the page's own numbering (visits.actions.appeals).
        Organisation.objects.select_for_update(no_key=True).get(pk=self._organisation.pk)
        highest: dict[str, int] = defaultdict(int)
        own = Appeal.objects.filter(organisation=self._organisation, number__startswith="SQ")
        for number in own.values_list("number", flat=True):
            prefix, dash, running = number.rpartition("-")
            if running.isdigit():
                highest[prefix + dash] = max(highest[prefix + dash], int(running))
        return highest
