"""The part about 考评: what the city and the district published of the months of the period."""

from __future__ import annotations

from reports.documents.material import Material
from reports.evaluation import official
from reports.formats import EMPTY
from reports.models import OfficialResult
from reports.report import Column, Part, Prose, Row, Table
from reports.rows.dimensions import months_of

COLUMNS = (
    Column("month", "月份"),
    Column("unit", "被考评单位"),
    Column("area", "范围"),
    Column("rank", "名次", "end"),
    Column("score", "得分", "end"),
    Column("source", "出处"),
)


def results(material: Material) -> Part | None:
    """None where nothing was entered: most months are published after the monthly report is out."""
    scope = material.scope
    months = [official.date_of(month) for month in months_of(scope.period)]
    found = OfficialResult.objects.visible_to(scope.user).filter(month__in=months).select_related("organisation")
    listed = list(found.order_by("month", "organisation__path", "area"))
    if not listed:
        return None
    last = listed[-1].month
    told = f"{last.year}年{last.month}月“服务包”工作考评：{official.latest(scope.user, last)}。"
    rows = tuple(Row(cells(one)) for one in listed)
    return Part("results", "考评结果", (Prose((told,)), Table("results", "考评结果", COLUMNS, rows, None, "")))


def cells(one: OfficialResult) -> tuple[str, ...]:
    month = f"{one.month.year}年{one.month.month}月"
    score = EMPTY if one.score is None else f"{one.score:.2f}"
    return month, one.organisation.name, one.get_area_display(), one.rank_text.replace(" ", ""), score, one.source
