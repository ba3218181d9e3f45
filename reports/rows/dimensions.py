"""By what figures can be parted: one table. Each line says to which part a row belongs, as the database reckons it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from crm.models import Organisation, User
from parks.choices import Stage, Tier
from parks.models import (
    Enterprise,
    Indicator,
    Industry,
    Park,
    Qualification,
    QualificationKind,
    ServiceTier,
    Stewardship,
)
from parks.querysets import on_date
from parks.sizes import LEVELS, MICRO, OUTSIDE, UNKNOWN
from reports.period import Period, current_month, parts_of, quarter_period
from reports.rows.bands import band_labels, band_of
from reports.rows.scope import Scope
from reports.rows.sizes import size_case
from visits.choices import AppealCategory, AppealClass, AppealSource, Urgency, Via, VisitKind
from visits.models import Appeal, CallBack, HotlineTicket, VisitEnterprise

if TYPE_CHECKING:
    from reports.rows.source import Source

# The part of rows that belong to none, in addresses and keys.
NONE = "-"
# From a row to its enterprise, and to its appeal.
TO_FIRM = {
    Enterprise: "",
    VisitEnterprise: "enterprise__",
    Appeal: "enterprise__",
    CallBack: "appeal__enterprise__",
    HotlineTicket: "enterprise__",
    Qualification: "enterprise__",
    Indicator: "enterprise__",
}
TO_APPEAL = {Appeal: "", CallBack: "appeal__"}

Expression = Any
Labels = Callable[[Scope, Collection[Any]], Mapping[Any, str]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """`part_of` gives the expression of a row's part (NULL: none); `labels` names the parts found, in their order.

    `remark` is printed where parts need explaining. `is_dated`: in another period a row may be of
    another part.
    """

    key: str
    label: str
    part_of: Callable[[Source, Scope], Expression]
    labels: Labels
    none: str = "未填"
    is_number: bool = False
    remark: str = ""
    is_dated: bool = False

    def condition(self, value: str) -> Q:
        """The rows of one part, of rows that carry `falls_in`."""
        if value == NONE:
            return Q(falls_in__isnull=True)
        return Q(falls_in=int(value) if self.is_number else value)

    def accepts(self, value: str) -> bool:
        is_key = value.isascii() and value.isdigit() and len(value) < 18
        return value == NONE or (is_key if self.is_number else 0 < len(value) <= 200 and "\0" not in value)


def is_dated(scope: Scope) -> bool:
    """Whether the scope is about a part that has other rows in another period, whatever falls into it."""
    return bool(scope.by) and DIMENSIONS[scope.by].is_dated


def narrowed(rows: QuerySet[Any], source: Source, scope: Scope) -> QuerySet[Any]:
    """The rows of the part that the scope is about; none where such rows have no such parts."""
    if not scope.by:
        return rows
    if scope.by not in source.dimensions:
        return rows.none()
    dimension = DIMENSIONS[scope.by]
    part: QuerySet[Any] = rows.alias(falls_in=dimension.part_of(source, scope))
    return part.filter(dimension.condition(scope.value))


def of_appeal(field: str) -> Callable[[Source, Scope], Expression]:
    return lambda source, scope: F(f"{TO_APPEAL[source.model]}{field}")


def of_firm(field: str) -> Callable[[Source, Scope], Expression]:
    return lambda source, scope: F(f"{TO_FIRM[source.model]}{field}")


def text(field: str) -> Callable[[Source, Scope], Expression]:
    return lambda source, scope: NullIf(F(field), Value(""))


def park_of(source: Source, scope: Scope) -> Expression:
    """Of a visit the park on the day; else that of today, because parks have no dates."""
    return F("park_id") if source.model is VisitEnterprise else F(f"{TO_FIRM[source.model]}park_id")


def tier_of(source: Source, scope: Scope) -> Expression:
    """Of a visit the list on the day, else that on the cut-off day."""
    if source.model is VisitEnterprise:
        return NullIf(F("tier"), Value(""))
    listed = ServiceTier.objects.filter(on_date(scope.cutoff)).order_by()
    key = f"{TO_FIRM[source.model]}pk__in"
    whens = [When(Q(**{key: listed.filter(tier=t).values("enterprise_id")}), then=Value(t)) for t in Tier.values]
    return Case(*whens, default=None, output_field=CharField())


def steward_of(field: str, copied: str) -> Callable[[Source, Scope], Expression]:
    """Of a visit who it was on the day, else the primary steward on the cut-off day."""

    def expression(source: Source, scope: Scope) -> Expression:
        if source.model is VisitEnterprise:
            return F(copied)
        held = Stewardship.objects.filter(on_date(scope.cutoff), enterprise_id=OuterRef(f"{TO_FIRM[source.model]}pk"))
        return Subquery(held.order_by("-is_primary", "-starts_on", "pk").values(field)[:1])

    return expression


def section_of(source: Source, scope: Scope) -> Expression:
    """The top of the classification: an industry may be given at any of its four levels."""
    industry = f"{TO_FIRM[source.model]}industry"
    return Coalesce(*(f"{industry}{'__parent' * steps}_id" for steps in (3, 2, 1, 0)))


def capital_of(source: Source, scope: Scope) -> Expression:
    return band_of(TO_FIRM[source.model])


def size_of(source: Source, scope: Scope) -> Expression:
    return size_case(TO_FIRM[source.model])


def month_of(source: Source, scope: Scope) -> Expression:
    return by_period(source, scope, months_of(scope.period))


def quarter_of(source: Source, scope: Scope) -> Expression:
    return by_period(source, scope, list(dict.fromkeys(quarter_of_month(one) for one in months_of(scope.period))))


def by_period(source: Source, scope: Scope, periods: list[Period]) -> Expression:
    within = [When(source.within(replace(scope, period=one)), then=Value(one.key)) for one in periods]
    return Case(*within, default=None, output_field=CharField())


def months_of(period: Period) -> list[Period]:
    """The statistical months that a period touches."""
    months = [current_month(period.start)]
    while months[-1].end < period.end:
        months.append(current_month(months[-1].end))
    return months


def quarter_of_month(month: Period) -> Period:
    _, year, number = parts_of(month.key)
    return quarter_period(str(year), str((number + 2) // 3))


def choices(of: Any) -> Labels:
    return lambda scope, keys: {value: str(label) for value, label in of.choices if value in keys}


def names_of(model: Any, field: str = "name") -> Labels:
    return lambda scope, keys: dict(
        model._default_manager.filter(pk__in=keys).order_by(*model._meta.ordering).values_list("pk", field)
    )


def organisations(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return dict(Organisation.objects.filter(pk__in=keys).order_by("path").values_list("pk", "name"))


def people(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys).order_by("name", "pk")}


def as_they_are(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return {key: key for key in sorted(keys)}


def periods(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return {key: Period.parse(key).label for key in sorted(keys)}


def sizes(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return {label: label for label in (*LEVELS.values(), MICRO, OUTSIDE, UNKNOWN) if label in keys}


def bands(scope: Scope, keys: Collection[Any]) -> dict[Any, str]:
    return {key: label for key, label in band_labels().items() if key in keys}


TODAY = "按现在登记的情况分，迁移、变更前的记录也按现在的算。"
CUT_OFF = "走访按走访当日的名单和管家，其余按截止日的。"

DIMENSIONS: dict[str, Dimension] = {
    one.key: one
    for one in (
        Dimension("unit", "承办单位", of_appeal("lead_unit_id"), organisations, "尚未派单", is_number=True),
        Dimension("category", "类别", of_appeal("category"), choices(AppealCategory)),
        Dimension("source", "来源", of_appeal("source"), choices(AppealSource)),
        Dimension("limit_class", "时限类别", of_appeal("appeal_class"), choices(AppealClass)),
        Dimension("urgency", "紧急程度", of_appeal("urgency"), choices(Urgency)),
        Dimension("kind", "走访形式", lambda source, scope: F("kind"), choices(VisitKind)),
        Dimension(
            "park", "园区", park_of, names_of(Park), "未分园区", is_number=True,
            remark="走访按走访当日所在园区，其余按现在所在园区。",
        ),
        Dimension("tier", "服务包级别", tier_of, choices(Tier), "不在名单", remark=CUT_OFF, is_dated=True),
        Dimension("steward", "管家", steward_of("user_id", "steward_id"), people, "无管家", True, CUT_OFF, True),
        Dimension(
            "team", "管家单位", steward_of("user__organisation_id", "team_id"), organisations, "无管家", True, CUT_OFF,
            is_dated=True,
        ),
        Dimension("stage", "企业阶段", of_firm("stage"), choices(Stage), remark=TODAY),
        Dimension("section", "行业门类", section_of, names_of(Industry), "行业未填", remark=TODAY),
        Dimension("capital", "注册资本", capital_of, bands, remark="各档含下限、不含上限；未知和外币单列。"),
        Dimension("size", "企业规模", size_of, sizes, remark="按统计上大中小微型企业划分办法（2017），缺数据的不猜。"),
        Dimension(
            "qualification", "资质", lambda source, scope: F("kind_id"), names_of(QualificationKind, "short_name"),
            is_number=True,
        ),
        Dimension("via", "回访方式", lambda source, scope: F("via"), choices(Via)),
        Dimension("month", "月份", month_of, periods, "跨月", is_dated=True),
        Dimension("quarter", "季度", quarter_of, periods, "跨季度", is_dated=True),
        Dimension("hotline_unit", "主办单位", text("lead_unit"), as_they_are),
        Dimension("hotline_category", "问题分类", text("category"), as_they_are),
    )
}  # fmt: skip
