"""What the commands share: who asks, about which period."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils import timezone

from crm.models import User
from reports.period import BadPeriod, period_named
from reports.rows.scope import Scope


def scope_for(username: str, period: str, permission: str) -> Scope:
    """The scope of a user named on the command line, who needs the same permission as on the page."""
    user = User.objects.select_related("organisation").filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"没有名为“{username}”的在用账号。")
    if not user.has_perm(permission):
        raise CommandError(f"账号“{username}”没有查看或下载统计报告的权限。")
    try:
        now = timezone.now()
        return Scope(user, period_named(period, timezone.localdate(now)), now)
    except BadPeriod as problem:
        raise CommandError(str(problem)) from problem
