"""The parts about how appeals are handled: time limits by unit, sources, the way from receipt to answer, 挂账."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.conf import settings

from crm.scoping import visible
from reports.documents.material import Material
from reports.figures import charts, tables
from reports.figures.breakdown import breakdown
from reports.figures.linking import linked
from reports.figures.tally import Tally
from reports.formats import EMPTY, local_day, percent, short_date
from reports.metrics import METRIC_BY_KEY
from reports.report import Column, Part, Row, Table
from reports.rows import still_open
from reports.rows.scope import Scope
from visits.choices import AppealSource, AppealStatus
from visits.models import Appeal, AppealEvent

LIMIT_COLUMNS = (
    Column("name", "承办单位"),
    Column("accepted", "受理", "end", "appeals_received"),
    Column("due", "应办结", "end", "closing_rate_due"),
    Column("closed", "已办结", "end", "closing_rate_due", "closed"),
    Column("closing_rate", "应办结率", "end", "closing_rate_due"),
    Column("fell_due", "期内到期", "end", "closing_in_time"),
    Column("in_time", "按时办结", "end", "closing_in_time", "in_time"),
    Column("in_time_rate", "按时率", "end", "closing_in_time"),
    Column("late", "超期", "end", "late_rate", "late"),
)
LIMIT_METRICS = tuple(METRIC_BY_KEY[key] for key in dict.fromkeys(c.figure for c in LIMIT_COLUMNS if c.figure))
LIMIT_NOTE = (
    "注：应办结为期内到期和期内办结的合并去重；按时率为期内到期的诉求中不晚于时限办结的占比；"
    "期间还没结束时，尚未到期也未办结的暂不计入；超期为期内到期而未按时办结的，挂起、挂账的不计。"
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
    counted: dict[str, dict[str, Tally]] = defaultdict(dict)
    names: dict[str, str] = {}
    for key, parts in breakdown(scope, LIMIT_METRICS, "unit").items():
        for part in parts:
            counted[part.key][key], names[part.key] = part.tally, part.label
    lines = {unit: limits_of(found) for unit, found in counted.items()}
    ordered = sorted(lines, key=lambda unit: (-lines[unit]["due"], names[unit]))
    total = sum(lines.values(), Counter())
    table = Table(
        "time_limits",
        "办理时限情况",
        LIMIT_COLUMNS,
        tuple(Row(limit_cells(names[unit], lines[unit]), unit) for unit in ordered),
        Row(limit_cells("合计", total)) if lines else None,
        empty="期内没有受理、到期和办结的诉求。",
        note=LIMIT_NOTE,
    )
    return Part("time_limits", table.title, (linked(scope, table, "unit"),))


def limits_of(found: Mapping[str, Tally]) -> Counter[str]:
    """What each column counts: the rows of its figure, or those of them that meet its condition."""
    counts: Counter[str] = Counter()
    for column in LIMIT_COLUMNS:
        if column.figure in found and not column.key.endswith("rate"):
            tallied = found[column.figure]
            counts[column.key] = int(tallied.numerator or 0) if column.part else tallied.rows
    return counts


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
    """How far those accepted in the period have come."""
    chart = charts.steps(material.scope)
    return Part("progress", chart.title, (charts.drawn_or_said(chart),))


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
