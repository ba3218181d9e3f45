"""经济指标变动: growth by industry, and the enterprises that grew or fell most (domain §8.4, §9.2).

By industry what tells of one firm or two is left out whoever reads, for documents are passed on. Single enterprises
stand only in what a person with the right makes for the own eyes, never in a report that is issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from django.db.models import Sum

from parks.choices import IndicatorKind
from reports.documents.material import Material
from reports.figures.sensitive import HIDDEN, PERMISSION, hidden_groups, hides_total, is_sensitive
from reports.figures.shown import growth
from reports.formats import EMPTY, half_up
from reports.report import Column, Part, Row, Table
from reports.rows.dimensions import DIMENSIONS, NONE, section_of
from reports.rows.economy import indicators
from reports.rows.scope import Scope

KEY, TITLE, MOST, WAN = "economy", "经济指标变动", 3, 10_000
INDUSTRY_NOTE = (
    "注：金额单位为万元，只计本期和去年同期都有数的企业。不足3家企业的行业不列金额和同比（*），"
    "由合计可以推出的，另隐去一个行业或合计。"
)
FIRM_COLUMNS = (
    Column("indicator", "指标"),
    Column("name", "企业"),
    Column("now", "本期", "end"),
    Column("before", "去年同期", "end"),
    Column("change", "增减额", "end"),
    Column("growth", "同比", "end"),
)
FIRM_NOTE = (
    f"注：金额单位为万元，各指标列增加、减少最多的各{MOST}家，只计本期和去年同期都有数的企业。"
    "单户数据保密，本表只供有权查看的人员使用，印发的报告不列。"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """What one enterprise told of one indicator, now and a year ago, in yuan."""

    firm: str
    section: str
    now: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Told:
    """Who told of an indicator in both years, and how many in the one or the other alone."""

    pairs: tuple[Pair, ...]
    only_now: int
    only_before: int


Key: TypeAlias = tuple[str, int]


def changes(material: Material) -> Part | None:
    """None without amounts of both years, or for who may not read them."""
    scope = material.scope
    told = compared(scope)
    if not told:
        return None
    tables = [by_industry(told, scope)]
    if scope.user.has_perm(PERMISSION) and not material.given.is_passed_on:
        tables.append(by_firm(told))
    return Part(KEY, TITLE, tuple(tables))


def compared(scope: Scope) -> dict[str, Told]:
    """By the label of the indicator, where any have amounts of both years."""
    now = amounts(scope)
    before = amounts(scope.last_year()) if now else {}
    found: dict[str, Told] = {}
    for kind in IndicatorKind:
        ours, theirs = ({key for key in year if key[0] == kind} for year in (now, before))
        pairs = tuple(Pair(*now[key], before[key][2]) for key in sorted(ours & theirs))
        if pairs:
            found[str(kind.label)] = Told(pairs, len(ours - theirs), len(theirs - ours))
    return found


def amounts(scope: Scope) -> dict[Key, tuple[str, str, Decimal]]:
    """(indicator, enterprise) → its name, the code of its section, and what its months of the period add up to."""
    rows: Any = indicators(scope).order_by().annotate(falls_in=section_of(indicators, scope))
    found = rows.values_list("indicator", "enterprise", "enterprise__name", "falls_in").annotate(total=Sum("value"))
    return {(kind, firm): (name, section or NONE, total) for kind, firm, name, section, total in found}


def by_industry(told: dict[str, Told], scope: Scope) -> Table:
    """A row a section, in the order of the classification; three columns an indicator."""
    dimension = DIMENSIONS["section"]
    keys = {pair.section for one in told.values() for pair in one.pairs}
    names = {**dimension.labels(scope, keys - {NONE}), **({NONE: dimension.none} if NONE in keys else {})}
    columns, lines = [Column("name", "行业门类")], [[name] for name in (*names.values(), "合计")]
    for number, (label, one) in enumerate(told.items()):
        heads = (("firms", "家数"), ("now", label), ("growth", "同比"))
        columns += [Column(f"{key}{number}", head, "end") for key, head in heads]
        for line, cells in zip(lines, sections(one, list(names)), strict=True):
            line += cells
    *rows, total = (Row(tuple(line)) for line in lines)
    return Table("by_industry", "分行业经济指标", tuple(columns), tuple(rows), total, "", INDUSTRY_NOTE)


def sections(told: Told, keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """Of each section and of all together: how many firms, what they come to, and the growth.

    What all firms came to stands among the key figures: taking from it those of both years would tell of the few that
    are new, or have left. They are one more group that hides.
    """
    groups = [[pair for pair in told.pairs if pair.section == key] for key in keys]
    counts = [len(group) for group in groups]
    apart = [number for number in (told.only_now, told.only_before) if is_sensitive(number)]
    hidden = hidden_groups(counts).union(*(hidden_groups([*counts, number]) for number in apart))
    lines = [cells(group, is_hidden=place in hidden) for place, group in enumerate(groups)]
    return [*lines, cells(told.pairs, is_hidden=bool(apart) or hides_total(counts))]


def cells(group: Sequence[Pair], *, is_hidden: bool) -> tuple[str, str, str]:
    if not group:
        return "0", EMPTY, EMPTY
    if is_hidden:
        return str(len(group)), HIDDEN, HIDDEN
    now, before = sum(pair.now for pair in group), sum(pair.before for pair in group)
    return str(len(group)), wan(now), growth(Fraction(now), Fraction(before)).text


def by_firm(told: dict[str, Told]) -> Table:
    rows = tuple(row for label, one in told.items() for row in firms(label, one.pairs))
    return Table("by_firm", "增减最多的企业", FIRM_COLUMNS, rows, None, "没有增减。", FIRM_NOTE)


def firms(label: str, pairs: Iterable[Pair]) -> list[Row]:
    """Those that grew most, then those that fell most, the largest change first."""
    ordered = sorted(pairs, key=lambda pair: (-abs(pair.change), pair.firm))
    grown, fallen = ([pair for pair in ordered if pair.change * sign > 0][:MOST] for sign in (1, -1))
    return [firm(label, pair) for pair in (*grown, *fallen)]


def firm(label: str, pair: Pair) -> Row:
    percent = growth(Fraction(pair.now), Fraction(pair.before)).text
    return Row((label, pair.firm, wan(pair.now), wan(pair.before), wan(pair.change), percent))


def wan(amount: Decimal | int) -> str:
    return f"{half_up(Fraction(amount) / WAN, 2):.2f}"
