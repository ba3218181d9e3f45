"""What the bell counts of reports; settings name it, because visits imports no upper app."""

from __future__ import annotations

from django.urls import reverse

from crm.models import User
from reports.models import ReportNotice

LABEL = "报告提醒"


def report_notices(user: User) -> tuple[str, str, int]:
    """Label, address, and how many are unread."""
    return LABEL, reverse("reports:notice_list"), ReportNotice.objects.visible_to(user).unread().count()
