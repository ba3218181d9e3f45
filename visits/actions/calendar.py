"""After an edit of the working calendar: open appeals are reckoned anew, and what moved is kept with the edit."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from crm.models import CalendarEdit
from visits.actions.rebuild import Moved, rebuild_due_times
from visits.models import Appeal, CalendarFollowed, DueMove


def follow_calendar(edit: CalendarEdit) -> None:
    """Once per edit; broken off and begun anew it goes on where it was, because what moved is told as it moves.

    Closed appeals stay as they were judged.
    """
    if CalendarFollowed.objects.filter(edit=edit).exists():
        return
    last = CalendarEdit.objects.latest("pk")
    if last != edit and not DueMove.objects.filter(edit=edit).exists():
        # There is one calendar, the present one: nobody can tell any more what this edit alone would have moved.
        CalendarFollowed.objects.get_or_create(edit=edit, defaults={"told_with": last})
        return
    deque(rebuild_due_times(Appeal.objects.open(), note=partial(_tell, edit)), maxlen=0)
    CalendarFollowed.objects.get_or_create(edit=edit)


def _tell(edit: CalendarEdit, moved: Sequence[Moved]) -> None:
    rows = [
        DueMove(
            edit=edit, appeal_id=one.pk, old_due_at=one.old.due_at, new_due_at=one.new.due_at,
            old_contact_due_at=one.old.contact_due_at, new_contact_due_at=one.new.contact_due_at,
        )
        for one in moved
    ]  # fmt: skip
    # Moved once more before the first run came to its end: from where it stood at first to where it stands now.
    DueMove.objects.bulk_create(
        rows, 1000, update_conflicts=True, unique_fields=["edit", "appeal"],
        update_fields=["new_due_at", "new_contact_due_at"],
    )  # fmt: skip
