"""The demo's official results: those of the review (2023-11) and of the months around it and of late."""

from __future__ import annotations

from datetime import date

from reports.demo.people import Place
from reports.evaluation.choices import Area
from reports.models import OfficialResult
from reports.period import month_period

TOWNS_OF_CITY, TOWNS_OF_DISTRICT = 331, 25
# Month → places in the city and in the district.
RANKS_2023 = {8: (9, 3), 9: (6, 2), 10: (4, 2), 11: (2, 1), 12: (3, 1)}
RANKS_OF_LATE = ((5, 2), (7, 3), (4, 1))


def make_results(place: Place, today: date) -> None:
    """Of late: the last three months that are over, the newest first."""
    town = place.users["leader"].organisation
    months = {date(2023, number, 1): ranks for number, ranks in RANKS_2023.items()}
    month = month_period(str(today.year), str(today.month))
    for ranks in RANKS_OF_LATE:
        month = month.previous()
        months[date.fromisoformat(f"{month.key}-01")] = ranks
    OfficialResult.objects.bulk_create(
        OfficialResult(
            organisation=town, month=first, area=area, rank=rank, out_of=out_of, created_by=place.users["manager"],
            source=f"{first.year}年{first.month}月“服务包”工作考评通报",
        )
        for first, ranks in months.items()
        for area, rank, out_of in zip(
            (Area.CITY, Area.DISTRICT), ranks, (TOWNS_OF_CITY, TOWNS_OF_DISTRICT), strict=True
        )
    )  # fmt: skip
