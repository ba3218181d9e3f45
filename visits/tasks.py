"""Work of visits and appeals off the request."""

from __future__ import annotations

from django_tasks import task

from crm.models import CalendarEdit
from visits.actions import calendar


@task()
def follow_calendar(edit: int) -> None:
    """Settings name it (CALENDAR_FOLLOWERS), because crm imports no other app."""
    calendar.follow_calendar(CalendarEdit.objects.get(pk=edit))
