"""The parts about how appeals are handled: time limits by unit, sources, the way from receipt to answer, 挂账."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q

from crm.scoping import visible
from reports.documents.material import Material
from reports.documents.parts.counting import count_chart
from reports.figures import tables
from reports.figures.linking import linked
from reports.formats import EMPTY, local_day, percent, short_date
from reports.report import Column, Part, Row, Table
from reports.rows import closed_by_the_end, closed_in, due_by_now, still_open
from reports.rows.scope import Scope
from visits.choices import AppealSource, AppealStatus, Solved
from visits.models import Appeal, AppealEvent, CallBack
from visits.querysets import OPEN, standing_still

LIMIT_COLUMNS = (
    Column("name", "承办单位"),
    Column("accepted", "受理", "end", "appeals_received"),
    Column("due", "应办结", "end", "closing_rate_due"),
    Column("closed", "已办结", "end"),
    Column("closing_rate", "应办结率", "end", "closing_rate_due"),
    Column("fell_due", "期内到期", "end"),
    Column("in_time", "按时办结", "end"),
    Column("in_time_rate", "按时率", "end"),
    Column("late", "超期", "end"),
)
LIMIT_NOTE = (
    "注：应办结为期内到期和期内办结的合并去重；按时率为期内到期的诉求中不晚于时限办结的占比；"
    "超期为期内到期而未按时办结的，挂起、挂账的不计。"
)
SOURCE_COLUMNS = (Column("name", "来源"), *tables.CATEGORY_COLUMNS[1:])
PENDING_COLUMNS = (
    Column("number", "编号"),
    Column("enterprise", "企业"),
    Column("content", "事项"),
    Column("unit", "承办单位"),
    Column("days", "已办天数", "end"),
    Column("next", "进展与下一步"),
)
LONGEST_NOTE = 60


def time_limits(material: Material) -> Part:
    """Units with something to do in the period; the total pools their counts."""
    scope = material.scope
    counted = {row.pop("lead_unit"): Counter(row) for row in limit_rows(scope)}
    counted = {unit: counts for unit, counts in counted.items() if counts.total()}
    names = tables.unit_names(scope, counted)
    ordered = sorted(counted, key=lambda unit: (-counted[unit]["due"], names[unit]))
    rows = tuple(Row(limit_cells(names[unit], counted[unit]), str(unit or "")) for unit in ordered)
    total = sum(counted.values(), Counter())
    table = Table(
        "time_limits",
        "办理时限情况",
        LIMIT_COLUMNS,
        rows,
        Row(limit_cells("合计", total)) if rows else None,
        empty="期内没有受理、到期和办结的诉求。",
        note=LIMIT_NOTE,
    )
    return Part("time_limits", table.title, (linked(scope, table, "unit"),))


def limit_rows(scope: Scope) -> Iterable[dict[str, Any]]:
    fell_due = scope.within("due_at") & Q(due_at__lt=scope.as_of)
    in_time = fell_due & Q(closed_at__lte=F("due_at")) & ~Q(status__in=OPEN)
    due = (scope.within("due_at") | closed_in(scope)) & due_by_now(scope)
    conditions = {
        "accepted": scope.within("accepted_at"),
        "due": due,
        "closed": due & closed_by_the_end(scope)["closed"],
        "fell_due": fell_due,
        "in_time": in_time,
        "late": fell_due & ~standing_still(scope.as_of) & (Q(status__in=OPEN) | Q(closed_at__gt=F("due_at"))),
    }
    rows = scope.appeals().filter(scope.within("accepted_at") | scope.within("due_at") | closed_in(scope))
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    found: Any = rows.order_by().values("lead_unit").annotate(**counts)
    return found  # type: ignore[no-any-return]


def limit_cells(name: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    printed = {key: str(counts[key]) for key in ("accepted", "due", "closed", "fell_due", "in_time", "late")}
    rates = {
        "closing_rate": percent(counts["closed"], counts["due"]),
        "in_time_rate": percent(counts["in_time"], counts["fell_due"]),
    }
    return tables.cells(LIMIT_COLUMNS, {"name": name} | printed | rates)


def by_source(material: Material) -> Part:
    counted: dict[str, tables.Counts] = defaultdict(tables.Counts)
    for (_, _, source), counts in material.groups.items():
        counted[source] += counts
    ordered = sorted(counted, key=lambda key: (-counted[key].accepted, AppealSource.values.index(key)))
    rows = tuple(
        Row(tables.cells(SOURCE_COLUMNS, {**counted[key].cells(), "name": str(AppealSource(key).label)}), key)
        for key in ordered
    )
    total = {**tables.total_of(counted.values()).cells(), "name": "合计"}
    table = Table(
        "by_source",
        "诉求来源情况",
        SOURCE_COLUMNS,
        rows,
        Row(tables.cells(SOURCE_COLUMNS, total)) if rows else None,
        empty="期内没有受理、办结和回访的诉求。",
    )
    return Part("by_source", table.title, (linked(material.scope, table, "source"),))


def progress(material: Material) -> Part:
    """How far those accepted in the period have come by the cut-off."""
    scope = material.scope
    before = Q(closed_at__lt=scope.as_of) & ~Q(status__in=OPEN)
    answers = CallBack.objects.visible_to(scope.user).filter(called_at__lt=scope.as_of).latest_valid()
    steps = {
        "受理": Q(),
        "已派单": Q(dispatched_at__lt=scope.as_of),
        "已联系企业": Q(first_contact_at__lt=scope.as_of),
        "已办结": before,
        "已有效回访": before & Q(pk__in=answers.values("appeal_id")),
        "企业确认解决": before & Q(pk__in=answers.filter(solved=Solved.SOLVED).values("appeal_id")),
    }
    rows = scope.appeals().filter(scope.within("accepted_at"))
    counts = rows.aggregate(
        **{f"n{n}": Count("pk", filter=q) if q else Count("pk") for n, q in enumerate(steps.values())}
    )
    numbers = [counts[f"n{number}"] for number in range(len(steps))]
    chart = count_chart(
        "progress", "期内受理诉求的办理进度", "funnel", list(steps), numbers, "件",
        labels=("环节", "件数", "占受理"), of=numbers[0], empty="期内没有受理诉求。",
    )  # fmt: skip
    return Part("progress", chart.title, (chart,) if numbers[0] else (chart.table,))


def long_pending(material: Material) -> Part:
    """挂账, and what has been open for longer than the setting says; the oldest first."""
    scope = material.scope
    found = still_open(scope).select_related("enterprise", "lead_unit").order_by("accepted_at", "pk")
    days = settings.YQT["LONG_PENDING_DAYS"]
    listed = [one for one in found if one.status == AppealStatus.SHELVED or days_open(one, scope) > days]
    notes = last_notes(scope, [one.pk for one in listed])
    table = Table(
        "long_pending",
        "长期未结和挂账诉求",
        PENDING_COLUMNS,
        tuple(Row(pending_cells(one, scope, notes.get(one.pk, "")), str(one.pk)) for one in listed),
        None,
        empty=f"没有挂账和办理超过{days}天的诉求。",
        note=f"注：挂账的和受理超过{days}天（自然日）未办结的。",
    )
    return Part("long_pending", table.title, (table,))


def days_open(appeal: Appeal, scope: Scope) -> int:
    assert appeal.accepted_at is not None
    return (local_day(scope.as_of) - local_day(appeal.accepted_at)).days


def last_notes(scope: Scope, keys: list[int]) -> dict[int, str]:
    """What was last said in its handling, by whom who may read it."""
    events = visible(AppealEvent, scope.user).filter(appeal__in=keys, at__lt=scope.as_of).exclude(note="")
    return {event.appeal_id: event.note for event in events.order_by("at", "pk")}


def pending_cells(appeal: Appeal, scope: Scope, note: str) -> tuple[str, ...]:
    return (
        appeal.number,
        appeal.enterprise.name,
        tables.shortened(appeal.content),
        appeal.lead_unit.name if appeal.lead_unit else tables.NO_UNIT,
        str(days_open(appeal, scope)),
        "；".join(filter(None, [what_comes(appeal), shortened(note)])) or EMPTY,
    )


def what_comes(appeal: Appeal) -> str:
    if appeal.status == AppealStatus.SHELVED:
        return f"挂账，{short_date(appeal.review_on)}前复核"
    if appeal.status == AppealStatus.PAUSED:
        return f"挂起至{short_date(appeal.paused_until)}" if appeal.paused_until else "已挂起"
    return (
        f"{appeal.get_status_display()}，{short_date(appeal.due_at)}到期"
        if appeal.due_at
        else appeal.get_status_display()
    )


def shortened(note: str) -> str:
    return note if len(note) <= LONGEST_NOTE else f"{note[: LONGEST_NOTE - 1]}…"
