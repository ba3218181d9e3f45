"""Economic indicators: what was told of months is kept, what is counted follows from it (domain §8.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction

from crm.bulk import update_rows
from crm.models import User
from parks.choices import IndicatorKind, Reach
from parks.models import Enterprise, Indicator, MonthlyReturn
from parks.models.monthly_return import AMOUNT_NAMES, amount_name

ROWS_PER_WRITE = 1000
_FOLLOWS = ("first_month", "value", "source", "as_of", "is_derived")
_Key: TypeAlias = tuple[int, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a list, in yuan."""

    enterprise: Enterprise
    indicator: str
    year: int
    month: int
    reach: str
    value: Decimal
    as_of: date
    source: str = ""


@transaction.atomic
def record_indicators(values: Iterable[Told]) -> None:
    """Write what was told, over what was told before of the same months; without an author, for made-up data."""
    told = list(values)
    firms, years = {one.enterprise.pk for one in told}, {one.year for one in told}
    known = MonthlyReturn.objects.filter(enterprise__among=list(firms), year__in=years)
    rows = {(row.enterprise_id, row.year, row.month): row for row in known}
    for one in told:
        key = (one.enterprise.pk, one.year, one.month)
        row = rows.setdefault(key, MonthlyReturn(enterprise_id=key[0], year=one.year, month=one.month))
        setattr(row, amount_name(one.indicator, one.reach), one.value)
        row.as_of, row.source = one.as_of, one.source
    new = [row for row in rows.values() if row._state.adding]
    update_rows([row for row in rows.values() if not row._state.adding], [*AMOUNT_NAMES, "as_of", "source"])
    MonthlyReturn.objects.bulk_create(new, batch_size=ROWS_PER_WRITE)
    count_anew({(one.enterprise.pk, one.year) for one in told})


@transaction.atomic
def save_return(row: MonthlyReturn, *, actor: User) -> bool:
    """Keep what a person told of a month; one that tells nothing any more is taken away. Whether there is one after.

    Raises ValidationError when the month is on record already or the enterprise was deleted meanwhile.
    """
    enterprise = Enterprise.objects.select_for_update().get(pk=row.enterprise_id)
    if enterprise.deleted_at is not None:
        raise ValidationError("这家企业已移入回收站，恢复后才能登记。")
    row._history_user = actor  # type: ignore[attr-defined]  # the history package's hook for the author
    is_told = any(getattr(row, name) is not None for name in AMOUNT_NAMES)
    if is_told:
        row.validate_constraints()
        row.save()
    elif row.pk is not None:
        row.delete()
    count_anew({(row.enterprise_id, row.year)})
    return is_told


def last_day_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def count_anew(touched: Collection[tuple[int, int]]) -> None:
    """Bring what is counted of (enterprise, year) in line with the returns; rows that stay right keep their keys."""
    if not touched:
        return
    of_these = {"enterprise__among": sorted({firm for firm, _ in touched}), "year__in": {year for _, year in touched}}
    wanted = {_key(row): row for row in _counted(MonthlyReturn.objects.filter(**of_these).order_by("month"))}
    known = {_key(row): row for row in Indicator.objects.filter(**of_these)}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    Indicator.objects.filter(pk__among=gone).delete()
    changed = []
    for key, row in wanted.items():
        if key in known and any(getattr(row, name) != getattr(known[key], name) for name in _FOLLOWS):
            row.pk = known[key].pk
            changed.append(row)
    update_rows(changed, _FOLLOWS)
    new = [row for key, row in wanted.items() if key not in known]
    Indicator.objects.bulk_create(new, batch_size=ROWS_PER_WRITE)


def count_anew_all(enterprises: Sequence[int]) -> None:
    """Every year of these enterprises, after their returns went from one to another."""
    touched = MonthlyReturn.objects.filter(enterprise__in=enterprises).values_list("enterprise_id", "year")
    counted = Indicator.objects.filter(enterprise__in=enterprises).values_list("enterprise_id", "year")
    count_anew({*touched, *counted})


def _key(row: Indicator) -> _Key:
    return row.enterprise_id, row.indicator, row.year, row.month, row.reach


def _counted(returns: Iterable[MonthlyReturn]) -> Iterator[Indicator]:
    """What was told, and what each total adds to the one before it. A month that was told itself stays as told."""
    by_year: dict[tuple[int, int], list[MonthlyReturn]] = defaultdict(list)
    for row in returns:
        by_year[row.enterprise_id, row.year].append(row)
    for of_year in by_year.values():
        for kind in IndicatorKind:
            yield from _of_kind(of_year, kind)


def _of_kind(of_year: Sequence[MonthlyReturn], kind: str) -> Iterator[Indicator]:
    before, total_before = 0, Decimal(0)
    for row in of_year:
        month, total = row.told(kind, Reach.MONTH), row.told(kind, Reach.TOTAL)
        if month is not None:
            yield _indicator(row, kind, Reach.MONTH, month, row.month)
        if total is None:
            continue
        yield _indicator(row, kind, Reach.TOTAL, total, 1)
        if month is None:
            # The first of a year is of all its months together.
            yield _indicator(row, kind, Reach.MONTH, total - total_before, before + 1, is_derived=True)
        before, total_before = row.month, total


def _indicator(
    row: MonthlyReturn, kind: str, reach: str, value: Decimal, first_month: int, *, is_derived: bool = False
) -> Indicator:
    told: dict[str, Any] = {"enterprise_id": row.enterprise_id, "year": row.year, "month": row.month}
    told |= {"source": row.source, "as_of": row.as_of}
    return Indicator(
        **told, indicator=str(kind), reach=str(reach), value=value, first_month=first_month, is_derived=is_derived
    )
