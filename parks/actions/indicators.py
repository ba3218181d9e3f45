"""Economic indicators: what was told is kept, what a month added to the year is derived from it (domain §8.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from parks.choices import Reach
from parks.models import Enterprise, Indicator

ROWS_PER_WRITE = 1000
_KEY = ("enterprise_id", "indicator", "year", "month", "reach")


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a list, in yuan; `first_month` says that a month comes together with those before it."""

    enterprise: Enterprise
    indicator: str
    year: int
    month: int
    reach: str
    value: Decimal
    as_of: date
    source: str = ""
    first_month: int = 0


@transaction.atomic
def record_indicators(values: Iterable[Told]) -> None:
    """Write what was told, over what was told before of the same months, and derive anew what follows from it."""
    told = list(values)
    rows = [_row(one) for one in told]
    Indicator.objects.bulk_create(
        rows,
        batch_size=ROWS_PER_WRITE,
        update_conflicts=True,
        unique_fields=["enterprise", "indicator", "year", "month", "reach"],
        update_fields=["first_month", "value", "source", "as_of", "is_derived"],
    )
    _derive({(one.enterprise.pk, one.indicator, one.year) for one in told})


def _row(one: Told) -> Indicator:
    first = 1 if one.reach == Reach.TOTAL else one.first_month or one.month
    return Indicator(
        enterprise=one.enterprise, indicator=one.indicator, year=one.year, first_month=first, month=one.month,
        reach=one.reach, value=one.value, source=one.source, as_of=one.as_of,
    )  # fmt: skip


def _derive(touched: set[tuple[int, str, int]]) -> None:
    """A month that was told itself stays as it was told."""
    firms, years = {firm for firm, _, _ in touched}, {year for _, _, year in touched}
    rows = Indicator.objects.filter(enterprise__among=list(firms), year__in=years)
    rows.filter(is_derived=True, indicator__in={indicator for _, indicator, _ in touched}).delete()
    totals: dict[tuple[int, str, int], list[Indicator]] = defaultdict(list)
    for total in rows.filter(reach=Reach.TOTAL).order_by("month"):
        totals[total.enterprise_id, total.indicator, total.year].append(total)
    months = rows.filter(reach=Reach.MONTH).values_list("enterprise_id", "indicator", "year", "month")
    known = set(months.values_list("enterprise_id", "indicator", "year", "month"))
    indicators = {indicator for _, indicator, _ in touched}
    derived = [
        row for key, of_year in totals.items() if key[1] in indicators for row in _steps(of_year)
        if (*key, row.month) not in known
    ]  # fmt: skip
    Indicator.objects.bulk_create(derived, batch_size=ROWS_PER_WRITE)


def _steps(totals: Sequence[Indicator]) -> list[Indicator]:
    """What each total adds to the one before it; the first of a year is of all its months together."""
    before, value, found = 0, Decimal(0), []
    for total in totals:
        found.append(
            Indicator(
                enterprise_id=total.enterprise_id, indicator=total.indicator, year=total.year, first_month=before + 1,
                month=total.month, reach=Reach.MONTH, value=total.value - value, source=total.source,
                as_of=total.as_of, is_derived=True,
            )
        )  # fmt: skip
        before, value = total.month, total.value
    return found
