"""What is drawn on pages only: the ranking, the largest of many, and what charts.js is sent of a chart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.evaluation.ranking import Ranking, points_text
from reports.evaluation.scoring import FULL
from reports.figures.address import rows_address
from reports.figures.charts import chart_of
from reports.figures.exact import json_number
from reports.report import Chart
from reports.rows.scope import Scope


def ranked(scope: Scope, ranking: Ranking) -> Chart:
    """Units that are ranked, the first on top; a bar leads to the call-backs that the score is made of."""
    lines = [
        (
            line.name,
            [
                (
                    line.score.points,
                    points_text(line.score.points, 1),
                    rows_address(scope, "valid_call_backs", unit=str(line.unit or "")),
                )
            ],
        )
        for line in ranking.lines
        if line.is_ranked
    ]
    return chart_of("ranking", "考评得分排名", "bar", "承办单位", lines, ["考评得分"], "分", ranking.scheme.words)


def largest(chart: Chart, number: int) -> Chart:
    """The categories with the most of the first series, the most first, where there are more than fit."""
    if len(chart.categories) <= number:
        return chart
    values = chart.series[0].values
    kept = sorted(range(len(values)), key=lambda n: -(values[n] or 0))[:number]
    drawn = (
        replace(s, values=tuple(s.values[n] for n in kept), texts=tuple(s.texts[n] for n in kept)) for s in chart.series
    )
    rows = tuple(chart.table.rows[n] for n in kept)
    return replace(
        chart,
        title=f"{chart.title}前{number}位",
        categories=tuple(chart.categories[n] for n in kept),
        series=tuple(drawn),
        table=replace(chart.table, rows=rows),
        addresses=tuple(chart.addresses[n] for n in kept),
    )


def data_of(chart: Chart, *, is_linked: bool = True) -> dict[str, Any]:
    """What charts.js draws: numbers, their texts as printed, and where a click leads, if anywhere."""
    rows = chart.table.rows if is_linked else ()
    return {
        "kind": chart.kind,
        "unit": chart.unit,
        "categories": chart.categories,
        "series": [
            {
                "label": one.label,
                "values": [json_number(value) for value in one.values],
                "texts": one.texts,
                "links": [row.addresses[number + 1] for row in rows],
            }
            for number, one in enumerate(chart.series)
        ],
        "full": FULL if chart.unit in ("%", "分") else None,
    }
