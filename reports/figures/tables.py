"""The tables of the report: by unit, by category, and what is still open. Totals add counts, never rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Count, F

from crm.models import Organisation
from reports.figures.tally import score_text, sum_of
from reports.formats import EMPTY, local_day, percent, short_date
from reports.report import Column, Row, Table
from reports.rows import accepted, call_backs, closed, is_answered, rates, still_open
from reports.rows.dimensions import NONE
from reports.rows.rates import ANSWERS, response_parts, satisfaction_parts, score_parts, solving_parts, weighed
from reports.rows.scope import Scope
from visits.choices import AppealCategory
from visits.deadlines import stands_still
from visits.models import Appeal

IDLE = "无任务"
NO_UNIT = "尚未派单"
LONGEST_CONTENT = 60

UNIT_COLUMNS = (
    Column("position", "序号", "center"),
    Column("name", "承办单位"),
    Column("accepted", "受理量", "end", "appeals_received"),
    Column("closed", "办结量", "end", "appeals_closed"),
    Column("valid", "有效回访", "end", "valid_call_backs"),
    Column("contacted", "联系数", "end", "response_rate", "contacted"),
    Column("solved", "解决数", "end", "solving_rate", "solved"),
    Column("satisfied", "满意数", "end", "satisfaction_rate", "satisfied"),
    Column("basically", "基本满意", "end", "satisfaction_rate", "basically"),
    Column("response_rate", "响应率", "end", "response_rate"),
    Column("solving_rate", "解决率", "end", "solving_rate"),
    Column("satisfaction_rate", "满意率", "end", "satisfaction_rate"),
    Column("composite_score", "综合成绩", "end", "composite_score"),
)
CATEGORY_COLUMNS = (
    Column("name", "类别"),
    *(c for c in UNIT_COLUMNS[2:] if c.key not in {"contacted", "response_rate", "composite_score"}),
)
OPEN_COLUMNS = (
    Column("number", "编号"),
    Column("enterprise", "企业"),
    Column("content", "诉求内容"),
    Column("unit", "承办单位"),
    Column("due", "应办结"),
    Column("state", "状态"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What one line of a table counts; `judged` are the call-backs that the rates are over, in vain ones with them
    where the settings count those, `valid` the answers among them."""

    accepted: int = 0
    closed: int = 0
    judged: int = 0
    valid: int = 0
    answers: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(ANSWERS, 0))

    def __add__(self, other: Counts) -> Counts:
        answers = {name: self.answers[name] + other.answers[name] for name in ANSWERS}
        return Counts(
            self.accepted + other.accepted,
            self.closed + other.closed,
            self.judged + other.judged,
            self.valid + other.valid,
            answers,
        )

    @property
    def is_idle(self) -> bool:
        return not (self.accepted or self.closed or self.judged)

    @property
    def score(self) -> str:
        return score_text(weighed(score_parts(), self.answers, self.judged))

    def rate(self, parts: Mapping[str, Decimal], base: str = "") -> str:
        return percent(sum_of(parts, self.answers), self.answers[base] if base else self.judged)

    def cells(self) -> dict[str, str]:
        """The printed cells by column; a line without tasks says so instead of showing zeros."""
        if self.is_idle:
            return {column.key: EMPTY for column in UNIT_COLUMNS} | {"accepted": IDLE}
        counted = {"accepted": self.accepted, "closed": self.closed, "valid": self.valid, **self.answers}
        return {key: str(number) for key, number in counted.items()} | {
            "response_rate": self.rate(response_parts()),
            "solving_rate": self.rate(solving_parts(), "for_solving"),
            "satisfaction_rate": self.rate(satisfaction_parts(), "for_satisfaction"),
            "composite_score": self.score,
        }


Group: TypeAlias = tuple[int | None, str, str]
Groups: TypeAlias = dict[Group, Counts]
GROUPED_BY = ("lead_unit", "category", "source")


def groups(scope: Scope) -> Groups:
    """Counts by (lead unit, category, source): three queries serve all tables."""
    found: Groups = defaultdict(Counts)
    for *group, number in accepted(scope).order_by().values_list(*GROUPED_BY).annotate(Count("pk")):
        found[key_of(group)] += Counts(accepted=number)
    for *group, number in closed(scope).order_by().values_list(*GROUPED_BY).annotate(Count("pk")):
        found[key_of(group)] += Counts(closed=number)
    answers = {f"n_{name}": Count("pk", filter=condition) for name, condition in rates.answers(scope).items()}
    fields = [f"appeal__{name}" for name in GROUPED_BY]
    row: Any
    valid = Count("pk", filter=is_answered(scope))
    for row in call_backs(scope).order_by().values(*fields).annotate(n=Count("pk"), valid=valid, **answers):
        answered = {name: row[f"n_{name}"] for name in ANSWERS}
        counts = Counts(judged=row["n"], valid=row["valid"], answers=answered)
        found[key_of([row[name] for name in fields])] += counts
    return found


def key_of(group: Sequence[Any]) -> Group:
    unit, category, source = group
    return unit, category, source


def total_of(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def by_unit(scope: Scope, found: Groups) -> Table:
    units: dict[int | None, Counts] = defaultdict(Counts)
    for (unit, _, _), counts in found.items():
        units[unit] += counts
    names = unit_names(scope, units)
    ranked = sorted(names, key=lambda unit: ranking(units[unit]))
    positions = ranks([units[unit] for unit in ranked])
    rows = tuple(
        Row(cells(UNIT_COLUMNS, {**units[unit].cells(), "position": position, "name": names[unit]}), str(unit or NONE))
        for unit, position in zip(ranked, positions, strict=True)
    )
    total = {**total_of(units.values()).cells(), "position": "", "name": "合计"}
    return Table(
        "by_unit",
        "承办单位办理情况",
        UNIT_COLUMNS,
        rows,
        Row(cells(UNIT_COLUMNS, total)) if rows else None,
        empty="没有承办单位，也没有诉求。",
        note="注：合计按件数合并计算，不是各单位比率的平均；各率用各自的分母（见口径）；按综合成绩排序，成绩相同的看受理量；“无任务”的单位不参加排名。",
    )


def unit_names(scope: Scope, counted: Collection[int | None]) -> dict[int | None, str]:
    """Units the user may see, whether they had appeals or not, and any other unit that led one."""
    mine = Organisation.objects.visible_to(scope.user).units()
    if scope.unit:
        mine = mine.filter(pk=scope.unit.pk)
    led = Organisation.objects.filter(pk__in=[pk for pk in counted if pk])
    names: dict[int | None, str] = dict((mine | led).order_by("path").values_list("pk", "name"))
    return names | {None: NO_UNIT} if None in counted else names


def ranking(counts: Counts) -> tuple[bool, bool, Decimal, int]:
    score = counts.score
    return (counts.is_idle, score == EMPTY, -Decimal(score) if score != EMPTY else Decimal(0), -counts.accepted)


def ranks(ordered: Sequence[Counts]) -> list[str]:
    """1, 2, 2, 4: equals share a place; the idle and those without a valid call-back have none."""
    places: list[str] = []
    for number, counts in enumerate(ordered, start=1):
        if counts.is_idle or counts.score == EMPTY:
            places.append(EMPTY)
        elif number > 1 and ranking(counts) == ranking(ordered[number - 2]):
            places.append(places[-1])
        else:
            places.append(str(number))
    return places


def by_category(found: Groups) -> Table:
    categories: dict[str, Counts] = defaultdict(Counts)
    for (_, category, _), counts in found.items():
        categories[category] += counts
    ordered = sorted(categories, key=lambda c: (-categories[c].accepted, AppealCategory.values.index(c)))
    rows = tuple(
        Row(cells(CATEGORY_COLUMNS, {**categories[c].cells(), "name": str(AppealCategory(c).label)}), c)
        for c in ordered
    )
    total = {**total_of(categories.values()).cells(), "name": "合计"}
    return Table(
        "by_category",
        "诉求类别情况",
        CATEGORY_COLUMNS,
        rows,
        Row(cells(CATEGORY_COLUMNS, total)) if rows else None,
        empty="期内没有受理、办结和回访的诉求。",
    )


def cells(columns: Sequence[Column], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values[column.key] for column in columns)


def open_appeals(scope: Scope) -> Table:
    """Overdue ones first, the longest overdue on top; those without a time limit last."""
    rows = still_open(scope).select_related("enterprise", "lead_unit").order_by(F("due_at").asc(nulls_last=True), "pk")
    listed = sorted(rows, key=lambda appeal: not is_overdue(appeal, scope.as_of))
    return Table(
        "open_appeals",
        "未办结诉求",
        OPEN_COLUMNS,
        tuple(Row(open_cells(a, scope.as_of), str(a.pk), is_overdue(a, scope.as_of)) for a in listed),
        None,
        empty="没有已受理而未办结的诉求。",
        note="注：超期的在前。天数为自然日。",
    )


def is_overdue(appeal: Appeal, as_of: datetime) -> bool:
    stands = stands_still(appeal.status, appeal.paused_until, as_of)
    return not stands and appeal.due_at is not None and appeal.due_at < as_of


def open_cells(appeal: Appeal, as_of: datetime) -> tuple[str, ...]:
    return (
        appeal.number,
        appeal.enterprise.name,
        shortened(appeal.content),
        appeal.lead_unit.name if appeal.lead_unit else NO_UNIT,
        short_date(appeal.due_at),
        open_state(appeal, as_of),
    )


def shortened(content: str) -> str:
    return content if len(content) <= LONGEST_CONTENT else f"{content[: LONGEST_CONTENT - 1]}…"


def open_state(appeal: Appeal, as_of: datetime) -> str:
    if stands_still(appeal.status, appeal.paused_until, as_of):
        return appeal.get_status_display()
    if appeal.due_at is None:
        return "未定时限"
    days = (local_day(appeal.due_at) - local_day(as_of)).days
    if appeal.due_at < as_of:
        return f"超期{-days}天" if days else "今日超期"
    return f"剩{days}天" if days else "今日到期"
