"""A day and an hour as people say them, in local time, as the moment that the database keeps."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone


def moment(day: date, at: time = time.min) -> datetime:
    """The moment at which the clock on the wall shows `at` on a day; midnight, at which the day begins, unless told."""
    return timezone.make_aware(datetime.combine(day, at))
