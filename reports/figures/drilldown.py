"""The rows behind a figure, one kind of list per model, with what each row counts for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When

from crm.templatetags.ui import wan
from parks.models import Enterprise, Indicator, Qualification
from reports.figures.sensitive import HIDDEN
from reports.figures.shown import written
from reports.figures.tables import UNIT_COLUMNS
from reports.formats import EMPTY, short_date, weighted
from reports.metrics import Metric
from reports.report import Column
from reports.rows.dimensions import DIMENSIONS, NONE
from reports.rows.scope import Scope
from visits.models import Appeal, CallBack, HotlineTicket, VisitEnterprise

LONGEST_CONTENT = 40
COUNTS_FOR = Column("counts_for", "计入分子", "end")
AMOUNTS = {"hours": Column("hours", "工作小时", "end"), "yuan": Column("yuan", "万元", "end")}
PART_LABELS = {column.part: column.label for column in UNIT_COLUMNS if column.part}


@dataclass(frozen=True, slots=True)
class Listing:
    """How rows of a model are listed; the first column links to the record."""

    columns: tuple[Column, ...]
    related: tuple[str, ...]
    record: Callable[[Any], Model]
    cells: Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    address: str
    cells: tuple[str, ...]


def visit_cells(pair: VisitEnterprise) -> tuple[str, ...]:
    visit = pair.visit
    return pair.enterprise.name, short_date(visit.started_at), visit.get_kind_display(), visit.topic


def appeal_cells(appeal: Appeal) -> tuple[str, ...]:
    return (
        appeal.number,
        appeal.enterprise.name,
        shortened(appeal.content),
        appeal.lead_unit.name if appeal.lead_unit else EMPTY,
        short_date(appeal.accepted_at),
        short_date(appeal.due_at),
        short_date(appeal.closed_at),
        appeal.get_status_display(),
    )


def call_back_cells(call: CallBack) -> tuple[str, ...]:
    unit = call.appeal.lead_unit
    return (
        call.appeal.number,
        call.appeal.enterprise.name,
        unit.name if unit else EMPTY,
        short_date(call.called_at),
        "已联系" if call.is_contacted else "未联系",
        call.get_solved_display(),
        call.get_satisfaction_display(),
        entered(call),
    )


def entered(call: CallBack) -> str:
    """Who entered it, as far as it matters to a reader of figures."""
    return f"{call.get_via_display()}{'（经办人自录）' if call.is_own else ''}{'（复核）' if call.rechecks_id else ''}"


def enterprise_cells(firm: Enterprise) -> tuple[str, ...]:
    capital = f"{wan(firm.registered_capital)} 万{firm.get_registered_capital_currency_display()}"
    return (
        firm.name,
        firm.uscc or EMPTY,
        EMPTY if firm.registered_capital is None else capital,
        short_date(firm.joined_on),
        firm.get_stage_display(),
    )


def ticket_cells(ticket: HotlineTicket) -> tuple[str, ...]:
    return (
        ticket.number,
        ticket.enterprise.name if ticket.enterprise else ticket.firm_name or EMPTY,
        shortened(ticket.subject),
        ticket.lead_unit or EMPTY,
        short_date(ticket.called_at),
        ticket.get_status_display(),
        ticket.get_solved_display() or EMPTY,
        ticket.get_satisfaction_display() or EMPTY,
    )


def award_cells(award: Qualification) -> tuple[str, ...]:
    return award.enterprise.name, award.kind.short_name, short_date(award.valid_from), short_date(award.valid_to)


def indicator_cells(row: Indicator) -> tuple[str, ...]:
    source = f"{row.source}（由累计推出）" if row.is_derived else row.source
    return row.enterprise.name, row.get_indicator_display(), row.months, source or EMPTY


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CONTENT else f"{text[: LONGEST_CONTENT - 1]}…"


def columns(**labels: str) -> tuple[Column, ...]:
    """`name` → its heading; names are what the endpoint calls the cells."""
    return tuple(Column(key, label) for key, label in labels.items())


LISTINGS: dict[type[Model], Listing] = {
    VisitEnterprise: Listing(
        columns(enterprise="企业", visited_on="走访日期", kind="形式", topic="主题"),
        ("visit", "enterprise"),
        lambda pair: pair.visit,
        visit_cells,
    ),
    Appeal: Listing(
        columns(number="编号", enterprise="企业", content="诉求内容", lead_unit="承办单位", accepted_on="受理",
                due_on="应办结", closed_on="办结", status="状态"),
        ("enterprise", "lead_unit"),
        lambda appeal: appeal,
        appeal_cells,
    ),
    CallBack: Listing(
        columns(number="编号", enterprise="企业", lead_unit="承办单位", called_on="回访日期", contacted="是否联系",
                solved="是否解决", satisfaction="是否满意", via="回访方式"),
        ("appeal__enterprise", "appeal__lead_unit"),
        lambda call: call.appeal,
        call_back_cells,
    ),
    HotlineTicket: Listing(
        columns(number="工单编号", enterprise="企业", title="标题", lead_unit="主办单位", called_on="来电",
                status="状态", solved="是否解决", satisfaction="是否满意"),
        ("enterprise",),
        lambda ticket: ticket,
        ticket_cells,
    ),
    Qualification: Listing(
        columns(enterprise="企业", kind="资质", valid_from="有效期自", valid_to="有效期至"),
        ("enterprise", "kind"),
        lambda award: award.enterprise,
        award_cells,
    ),
    Indicator: Listing(
        columns(enterprise="企业", indicator="指标", months="月份", source="来源"),
        ("enterprise",),
        lambda row: row.enterprise,
        indicator_cells,
    ),
    Enterprise: Listing(
        columns(enterprise="企业", uscc="统一社会信用代码", capital="注册资本", joined_on="入园日期", stage="阶段"),
        (),
        lambda firm: firm,
        enterprise_cells,
    ),
}  # fmt: skip


def listing_of(rows: QuerySet[Any]) -> Listing:
    return LISTINGS[rows.model]


def rows_behind(metric: Metric, scope: Scope, part: str = "") -> QuerySet[Any]:
    """The rows of the figure; those of a rate carry `part_<name>` for every condition they meet.

    `part` leaves only those that meet this one condition, for the counts beside a rate.
    """
    found = metric.drill_down(scope)
    related = LISTINGS[found.model].related
    rows: QuerySet[Any] = found.select_related(*related) if related else found
    if metric.amount:
        amounting: QuerySet[Any] = rows.annotate(amounts_to=metric.amount(scope))
        return amounting
    if metric.parts is None:
        return rows
    conditions = metric.conditions(scope)
    annotated: QuerySet[Any] = rows.annotate(**{f"part_{name}": meets(conditions[name]) for name in metric.parts()})
    return annotated.filter(conditions[part]) if part else annotated


def part_label(scope: Scope, *, is_named: bool) -> str:
    """The part of a breakdown that the scope is about, in words: 承办单位：产业科.

    Not named to who sees no row of it: any number may stand in an address.
    """
    if not scope.by:
        return ""
    dimension = DIMENSIONS[scope.by]
    if not is_named:
        return dimension.label
    key = int(scope.value) if dimension.is_number and scope.value != NONE else scope.value
    named = {} if key == NONE else dimension.labels(scope, [key])
    return f"{dimension.label}：{named.get(key, dimension.none if key == NONE else scope.value)}"


def meets(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def counts_for(metric: Metric, row: Any) -> Decimal:
    """What a row adds to the numerator of a rate, what it amounts to, or 1 when the figure is a number of rows."""
    if metric.amount:
        return Decimal(row.amounts_to)
    if metric.parts is None:
        return Decimal(1)
    return sum((weight for name, weight in metric.parts().items() if getattr(row, f"part_{name}")), Decimal(0))


def last_column(metric: Metric) -> list[Column]:
    """What each row counts for, where not each counts for one."""
    if metric.amount:
        return [AMOUNTS.get(metric.style, COUNTS_FOR)]
    return [COUNTS_FOR] if metric.parts else []


def last_cell(metric: Metric, row: Any, *, may_see: bool) -> str:
    amount = counts_for(metric, row)
    if metric.style == "yuan":
        return wan(amount) if may_see else HIDDEN
    return written(metric.style, Fraction(amount)) if metric.style in AMOUNTS else weighted(amount)


def lines(metric: Metric, rows: Iterable[Any], listing: Listing, *, may_see: bool) -> list[Line]:
    """`may_see` says whether the reader may see what a single firm paid."""
    has_last = bool(last_column(metric))
    return [
        Line(
            listing.record(row).get_absolute_url(),  # type: ignore[attr-defined]
            (*listing.cells(row), *([last_cell(metric, row, may_see=may_see)] if has_last else [])),
        )
        for row in rows
    ]
