"""The menu: one table, shown by permission."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from crm.models import User


@dataclass(frozen=True, slots=True)
class Item:
    """A menu entry; `is_daily` ones are also in the bar at the foot of a phone."""

    label: str
    url_name: str
    icon: str
    permission: str
    is_daily: bool = False


MENU = (
    Item("今日", "visits:today", "sun", "visits.add_visit", True),
    Item("数据看板", "reports:dashboard", "speedometer2", "reports.view_report", True),
    Item("企业", "parks:enterprise_list", "buildings", "parks.view_enterprise", True),
    Item("走访", "visits:visit_list", "geo-alt", "visits.view_visit", True),
    Item("诉求", "visits:appeal_list", "chat-left-text", "visits.view_appeal", True),
    Item("热线工单", "visits:ticket_list", "telephone-inbound", "visits.view_hotlineticket"),
    Item("预警", "visits:flag_list", "exclamation-triangle", "visits.view_warningflag"),
    Item("建议", "visits:suggestion_list", "lightbulb", "visits.view_suggestion"),
    Item("共性问题", "visits:matter_list", "diagram-3", "visits.view_commonmatter"),
    Item("报告", "reports:issue_list", "file-earmark-text", "reports.view_reportissue"),
    Item("导入", "crm:import_list", "file-earmark-spreadsheet", "crm.view_importbatch"),
    Item("回收站", "bin", "trash3", "visits.change_visit"),
    Item("走访问卷", "visits:question_list", "ui-checks", "visits.change_question"),
    Item("工作日历", "crm:calendar", "calendar3", "crm.change_calendarday"),
    Item("办理时限", "visits:limit_list", "hourglass-split", "crm.change_calendarday"),
    Item("用户", "crm:user_list", "people", "crm.add_user", True),
    Item("角色权限", "crm:role_list", "shield-check", "crm.view_role", True),
    Item("审计", "crm:audit_list", "journal-text", "crm.view_auditentry", True),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the menu of this user, with the entry that is open."""
    return {
        # Made where a page shows it: a fragment does not.
        "menu": partial(_menu, request),
        "site_name": settings.YQT["SITE_NAME"],
        "is_demo": settings.DEMO,
        "demo_accounts": _demo_accounts(),
    }


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    shown = [item for item in MENU if user and user.is_authenticated and user.has_perm(item.permission)]
    entries = [_entry(item, request.path) for item in shown]
    return [entry for entry in entries if entry]


def _entry(item: Item, path: str) -> dict[str, Any] | None:
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    return {"label": item.label, "url": url, "icon": item.icon, "daily": item.is_daily, "is_open": path.startswith(url)}


def _demo_accounts() -> QuerySet[User] | tuple[()]:
    """The log-in page's buttons; evaluated there only."""
    if not settings.DEMO:
        return ()
    accounts: QuerySet[User] = User.objects.filter(is_demo=True, is_active=True).select_related("organisation")
    return accounts.order_by("pk")
