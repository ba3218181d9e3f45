"""A person's visits as iCalendar (RFC 5545), for the calendar of a phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from crm.models import User
from visits.choices import VisitStatus
from visits.models import Visit
from visits.querysets import living_pairs

PAST, AHEAD = timedelta(days=90), timedelta(days=400)
USUAL_LENGTH = timedelta(hours=1)
NAMES_SHOWN = 2
MOST = 1000


def visits_as_ical(user: User, now: datetime, address: str) -> bytes:
    """Plans and visits of the user from three months back; what was said is not in it, the link leads there.

    `address` is the site's, without a slash at the end.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//yuanqitong//visits//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{settings.YQT['SITE_NAME']}走访 {user.name}")
    mine = Visit.objects.visible_to(user).taken_by(user.pk).exclude(status=VisitStatus.CANCELLED)
    within = mine.filter(started_at__gte=now - PAST, started_at__lt=now + AHEAD)
    for visit in within.prefetch_related(living_pairs()).order_by("-started_at")[:MOST]:
        calendar.add_component(_event(visit, address))
    body: bytes = calendar.to_ical()
    return body


def _event(visit: Visit, address: str) -> Event:
    event = Event()
    event.add("uid", f"{visit.client_id}@yuanqitong")
    # A client that knows an older version takes the newer one.
    event.add("sequence", visit.version)
    event.add("dtstamp", visit.updated_at)
    event.add("dtstart", timezone.localtime(visit.started_at))
    event.add("dtend", timezone.localtime(visit.ended_at or visit.started_at + USUAL_LENGTH))
    event.add("summary", title_of(visit))
    event.add("status", "TENTATIVE" if visit.status == VisitStatus.PLANNED else "CONFIRMED")
    event.add("url", address + visit.get_absolute_url())
    if visit.place:
        event.add("location", visit.place)
    return event


def title_of(visit: Visit) -> str:
    """走访调研：甲公司、乙公司 等 5 家; the topic where no enterprise is named. Wants `pairs` prefetched."""
    names = [pair.enterprise.name for pair in visit.pairs.all()]
    shown = "、".join(names[:NAMES_SHOWN]) or visit.topic
    return f"{visit.get_kind_display()}：{shown}" + (f" 等 {len(names)} 家" if len(names) > NAMES_SHOWN else "")
