"""The parts about the register: who came and went, and which qualifications did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from crm.scoping import visible
from crm.templatetags.ui import money
from parks.choices import Stage
from parks.models import Enterprise, Qualification
from reports.documents.material import Material
from reports.figures import charts
from reports.formats import EMPTY, short_date
from reports.report import Block, Column, Part, Prose, Row, Table
from reports.rows.scope import Scope

MOST = 50
SOON_DAYS = 90
MOVE_COLUMNS = (
    Column("name", "企业"),
    Column("change", "变动"),
    Column("on", "日期"),
    Column("capital", "注册资本", "end"),
    Column("park", "园区"),
)
QUALIFICATION_COLUMNS = (
    Column("name", "企业"),
    Column("kind", "资质"),
    Column("change", "变动"),
    Column("on", "日期"),
    Column("number", "证书编号"),
)
COUNT_COLUMNS = (Column("change", "变动"), Column("number", "数量", "end"))


def moves(material: Material) -> Part:
    """迁入, 迁出, 注销 of the period, up to the cut-off day."""
    found = list(moved(material.scope))
    counts = Counter(change for change, _, _ in found)
    rows = tuple(Row(move_cells(*one), str(one[2].pk)) for one in found[:MOST])
    table = Table(
        "moves", "企业变动", MOVE_COLUMNS, rows, None, "期内没有企业迁入、迁出和注销。", left_out(len(found), "家")
    )
    order = ("迁入", "迁出", "注销")
    told = "，".join(f"{change}{counts[change]}家" for change in order if counts[change])
    blocks: tuple[Block, ...] = (Prose((f"期内{told}。",)), table) if found else (table,)
    return Part("moves", table.title, blocks)


def moved(scope: Scope) -> Iterable[tuple[str, Any, Enterprise]]:
    """Those who left first, for they are what a reader looks for."""
    rows = scope.enterprises().select_related("park")
    days = {"gte": scope.period.start, "lte": scope.cutoff}
    left = rows.filter(**{f"left_on__{key}": day for key, day in days.items()}).order_by("left_on", "pk")
    joined = rows.filter(**{f"joined_on__{key}": day for key, day in days.items()}).order_by("joined_on", "pk")
    yield from (("注销" if one.stage == Stage.CLOSED else "迁出", one.left_on, one) for one in left)
    yield from (("迁入", one.joined_on, one) for one in joined)


def move_cells(change: str, on: Any, firm: Enterprise) -> tuple[str, ...]:
    capital = money(firm.registered_capital, firm.get_registered_capital_currency_display())
    return firm.name, change, short_date(on), capital, str(firm.park or EMPTY)


def left_out(number: int, unit: str) -> str:
    return f"注：共{number}{unit}，列出{MOST}{unit}，其余见系统。" if number > MOST else ""


def qualifications(material: Material) -> Part | None:
    """None for a reader who may not see qualifications."""
    scope = material.scope
    if not scope.user.has_perm("parks.view_qualification"):
        return None
    found = [*withdrawn(scope), *expired(scope), *expiring(scope), *awarded(scope)]
    counts = Counter(change for change, _, _ in found)
    listed = Table(
        "qualifications",
        "资质变动",
        QUALIFICATION_COLUMNS,
        tuple(Row(qualification_cells(*one), str(one[2].enterprise_id)) for one in found[:MOST]),
        None,
        "期内没有资质变动，近期也没有到期。",
        left_out(len(found), "项"),
    )
    told = "，".join(f"{change}{number}项" for change, number in counts.items())
    blocks: list[Block] = [Prose((f"{told}。",)), listed] if found else [listed]
    return Part("qualifications", listed.title, (*blocks, *pyramid(material)))


def held(scope: Scope) -> Any:
    """Of enterprises in the scope that are on the register."""
    rows: Any = visible(Qualification, scope.user)
    rows = rows.of_register(scope.cutoff).select_related("enterprise", "kind")
    return rows.filter(enterprise__park=scope.park) if scope.park else rows


def awarded(scope: Scope) -> Iterable[tuple[str, Any, Qualification]]:
    rows = held(scope).filter(valid_from__gte=scope.period.start, valid_from__lte=scope.cutoff)
    yield from (("新获", one.valid_from, one) for one in rows.order_by("kind__position", "valid_from", "pk"))


def withdrawn(scope: Scope) -> Iterable[tuple[str, Any, Qualification]]:
    rows = held(scope).filter(withdrawn_on__gte=scope.period.start, withdrawn_on__lte=scope.cutoff)
    yield from (("撤销", one.withdrawn_on, one) for one in rows.order_by("withdrawn_on", "pk"))


def expired(scope: Scope) -> Iterable[tuple[str, Any, Qualification]]:
    rows = held(scope).due_or_expired(scope.cutoff, 0)
    rows = rows.filter(valid_to__gte=scope.period.start, valid_to__lt=scope.cutoff)
    yield from (("到期未续", one.valid_to, one) for one in rows.order_by("valid_to", "pk"))


def expiring(scope: Scope) -> Iterable[tuple[str, Any, Qualification]]:
    rows = held(scope).due_or_expired(scope.cutoff, SOON_DAYS).filter(valid_to__gte=scope.cutoff)
    yield from ((f"{SOON_DAYS}天内到期", one.valid_to, one) for one in rows.order_by("valid_to", "pk"))


def qualification_cells(change: str, on: Any, one: Qualification) -> tuple[str, ...]:
    return one.enterprise.name, one.kind.short_name, change, short_date(on), one.number or EMPTY


def pyramid(material: Material) -> Iterable[Block]:
    chart = charts.gradient(material.scope)
    if chart.table.rows:
        yield chart
