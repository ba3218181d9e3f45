"""Filters and queues of visits and appeals; page and API use the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import django_filters
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from crm.models import Organisation, User
from crm.moments import moment
from crm.scoping import visible
from crm.search import narrowed
from visits.choices import AppealCategory, AppealStatus, VisitKind, VisitStatus
from visits.models import Appeal, Visit
from visits.querysets import OPEN, AppealQuerySet, VisitQuerySet, colleagues

Narrowing: TypeAlias = Callable[[AppealQuerySet, datetime, User], AppealQuerySet]


@dataclass(frozen=True, slots=True)
class Queue:
    """A saved view of appeals with its count."""

    key: str
    label: str
    rows: Narrowing
    # What to do with those in it, in one line.
    hint: str = ""
    is_alarming: bool = False


def _in(*statuses: AppealStatus) -> Narrowing:
    return lambda rows, now, user: rows.filter(status__in=statuses)


def _midnight_after(now: datetime) -> datetime:
    return moment(timezone.localtime(now).date() + timedelta(days=1))


# The counts of queues go no further.
COUNTED = 1000

S = AppealStatus
QUEUES = (
    Queue(
        "mine",
        "我的/本单位",
        lambda rows, now, user: rows.to_do_for(user),
        "与您或您单位有关、还没有办完的，最急的在前。",
    ),
    Queue(
        "submitted", "待受理", _in(S.SUBMITTED), "看清是否属于本级职权：受理并定类别，或说明理由不予受理，重复的合并。"
    ),
    Queue("accepted", "待派单", _in(S.ACCEPTED), "选定领办单位和联办单位，24 小时内派出。"),
    Queue("dispatched", "待签收", _in(S.DISPATCHED), "领办单位核对是否归自己办：签收，或说明理由退回。"),
    Queue("handling", "办理中", _in(S.HANDLING), "先在首次联系时限内联系企业，再办理，有进展随时补充。"),
    Queue(
        "overdue",
        "已超期",
        lambda rows, now, user: rows.overdue(now),
        "已过时限还没有办结：催办领办单位，必要时请领导督办。",
        is_alarming=True,
    ),
    Queue(
        "supervised",
        "督办中",
        lambda rows, now, user: rows.filter(supervised_at__isnull=False, status__in=OPEN),
        "领导督办的，办结或解除前每天过问。",
        is_alarming=True,
    ),
    Queue(
        "today",
        "今日到期",
        lambda rows, now, user: rows.running(now).filter(due_at__gte=now, due_at__lt=_midnight_after(now)),
        "今天下班前到期：能办结的提交答复，办不完的现在申请延期。",
    ),
    Queue("answered", "待审核", _in(S.ANSWERED), "看答复和佐证：通过即办结，不行的退回并写明缺什么。"),
    Queue(
        "asked",
        "待审批",
        lambda rows, now, user: rows.awaiting_decision(),
        "有人申请延期、挂账或剔除：同意或驳回，驳回要写理由。",
    ),
    Queue("closed", "待回访", _in(S.CLOSED), "打电话或发回访链接，问企业是否联系、是否解决、是否满意。"),
    Queue(
        "unreached",
        "无效回访",
        lambda rows, now, user: rows.filter(status=S.CLOSED, out_of_reach_at__isnull=False),
        "三次两天都没有接通：可再试一次，或归档。",
    ),
    Queue("paused", "挂起", _in(S.PAUSED), "等外部条件、时钟停着；条件具备就恢复办理。"),
    Queue("shelved", "挂账", _in(S.SHELVED), "市、区认可的长期问题，时钟停着；到复核日再看。"),
    Queue(
        "review",
        "挂账待复核",
        lambda rows, now, user: rows.awaiting_review(timezone.localdate(now)),
        "复核日已到：续挂写明下次日期，或销账恢复办理。",
    ),
    Queue("finished", "已办", _in(S.CONFIRMED, S.ARCHIVED), "企业已回访或已归档的，供查阅。"),
)
BY_KEY = {queue.key: queue for queue in QUEUES}


def queue_counts(rows: AppealQuerySet, user: User) -> dict[str, int]:
    """How many appeals stand in each queue, up to one more than COUNTED, in one query.

    Each queue is a question of its own: as filters of one count they would be put to every row of the register.
    """
    now = timezone.now()
    parts: list[str] = []
    params: list[Any] = []
    for queue in QUEUES:
        found = queue.rows(rows, now, user).order_by().values("pk")[: COUNTED + 1]
        try:
            statement, values = found.query.sql_with_params()
        except EmptyResultSet:
            statement, values = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({statement}) AS found)")  # noqa: S608  (Django's own statement)
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return dict(zip(BY_KEY, cursor.fetchone(), strict=True))


def _units(request: Any) -> Any:
    return visible(Organisation, request.user) if request else Organisation.objects.none()


def _people(request: Any) -> Any:
    return colleagues(request.user) if request and request.user.is_authenticated else User.objects.none()


class AppealFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="编号、企业、内容")
    queue = django_filters.ChoiceFilter(
        choices=[(queue.key, queue.label) for queue in QUEUES], method="in_queue", label="队列", empty_label="全部"
    )
    category = django_filters.ChoiceFilter(choices=AppealCategory.choices, label="类别", empty_label="类别")
    lead_unit = django_filters.ModelChoiceFilter(queryset=_units, label="领办单位", empty_label="领办单位")
    status = django_filters.ChoiceFilter(choices=AppealStatus.choices, label="状态", empty_label="状态")
    enterprise = django_filters.NumberFilter(field_name="enterprise_id", label="企业编号")

    class Meta:
        model = Appeal
        fields = ["q", "queue", "category", "lead_unit", "status", "enterprise"]

    def search(self, rows: AppealQuerySet, name: str, value: str) -> AppealQuerySet:
        found: AppealQuerySet = narrowed(rows, value)
        return found

    def in_queue(self, rows: AppealQuerySet, name: str, value: str) -> AppealQuerySet:
        return BY_KEY[value].rows(rows, timezone.now(), self.request.user)


PERIODS = [("week", "本周"), ("month", "本月"), ("quarter", "本季度"), ("year", "本年")]


def starts_on(period: str, today: date) -> date:
    """First day of the week, month, quarter or year in which a day lies."""
    if period == "week":
        return today - timedelta(days=today.weekday())
    month = {"month": today.month, "quarter": (today.month - 1) // 3 * 3 + 1, "year": 1}[period]
    return today.replace(month=month, day=1)


class VisitFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="企业、主题、内容、地点")
    period = django_filters.ChoiceFilter(choices=PERIODS, method="in_period", label="期间", empty_label="全部时间")
    start = django_filters.DateFilter(method="not_before", label="自")
    end = django_filters.DateFilter(method="not_after", label="至")
    kind = django_filters.ChoiceFilter(choices=VisitKind.choices, label="形式", empty_label="形式")
    staff = django_filters.ModelChoiceFilter(
        queryset=_people, method="taken_by", label="走访人员", empty_label="走访人员"
    )
    status = django_filters.ChoiceFilter(choices=VisitStatus.choices, label="状态", empty_label="状态")
    enterprise = django_filters.NumberFilter(method="to_enterprise", label="企业编号")

    class Meta:
        model = Visit
        fields = ["q", "period", "start", "end", "kind", "staff", "status", "enterprise"]

    def search(self, rows: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        found: VisitQuerySet = narrowed(rows, value)
        return found

    def to_enterprise(self, rows: VisitQuerySet, name: str, value: Any) -> VisitQuerySet:
        return rows.to_enterprise(int(value))

    def taken_by(self, rows: VisitQuerySet, name: str, value: User) -> VisitQuerySet:
        return rows.taken_by(value.pk)

    def in_period(self, rows: VisitQuerySet, name: str, value: str) -> VisitQuerySet:
        return rows.filter(started_at__gte=moment(starts_on(value, timezone.localdate())))

    def not_before(self, rows: VisitQuerySet, name: str, value: date) -> VisitQuerySet:
        return rows.filter(started_at__gte=moment(value))

    def not_after(self, rows: VisitQuerySet, name: str, value: date) -> VisitQuerySet:
        return rows.filter(started_at__lt=moment(value + timedelta(days=1)))
