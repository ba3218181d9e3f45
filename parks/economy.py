"""What the page of an enterprise shows of its economic indicators: a year, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.models import User
from parks.choices import IndicatorKind, Reach
from parks.models import Enterprise, Indicator, MonthlyReturn


@dataclass(frozen=True, slots=True)
class Cell:
    """Both amounts of a month; `months` says of which months an amount is that follows from the totals."""

    label: str
    month: Decimal | None
    total: Decimal | None
    months: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    told: MonthlyReturn
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """Only indicators of which anything is told; the newest month first."""

    year: int
    years: tuple[int, ...]
    kinds: tuple[str, ...]
    lines: tuple[Line, ...]


def year_of(enterprise: Enterprise, user: User, wanted: int) -> Year | None:
    """The year asked for, else the newest with anything; None where nothing is told. Three queries."""
    rows = MonthlyReturn.objects.visible_to(user).filter(enterprise=enterprise)
    years = tuple(rows.order_by("-year").values_list("year", flat=True).distinct())
    if not years:
        return None
    year = wanted if wanted in years else years[0]
    returns = list(rows.filter(year=year).order_by("-month"))
    derived = {
        (row.indicator, row.month): row
        for row in Indicator.objects.visible_to(user).filter(enterprise=enterprise, year=year, is_derived=True)
    }
    kinds = [
        kind for kind in IndicatorKind if any(row.told(kind, reach) is not None for row in returns for reach in Reach)
    ]
    lines = [Line(row, tuple(_cell(row, kind, derived.get((kind, row.month))) for kind in kinds)) for row in returns]
    return Year(year, years, tuple(str(kind.label) for kind in kinds), tuple(lines))


def _cell(row: MonthlyReturn, kind: IndicatorKind, derived: Indicator | None) -> Cell:
    month, total = row.told(kind, Reach.MONTH), row.told(kind, Reach.TOTAL)
    if month is None and derived is not None:
        months = f"{derived.first_month}—{derived.month}月" if derived.first_month < derived.month else "推算"
        return Cell(str(kind.label), derived.value, total, months)
    return Cell(str(kind.label), month, total)
