"""Charts over cells, drawn by Excel itself; the Word file takes the same. Told apart without colour, as in the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.report import Chart, Series

FONT, SIZE = "宋体", 9
INK, MIDDLE, LIGHT, WHITE, RULE = "#1A4D99", "#7399CC", "#D9E6F5", "#FFFFFF", "#BFBFBF"
FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": INK}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": INK, "bg_color": LIGHT}},
    {"fill": {"color": MIDDLE}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": INK, "bg_color": WHITE}},
)
DASHES = ("solid", "dash", "round_dot", "dash_dot")
MARKERS = (("circle", INK), ("square", WHITE), ("circle", WHITE))
TYPES = {"line": {"type": "line"}, "stack": {"type": "bar", "subtype": "stacked"}}
LYING = {"type": "bar"}


def has_something(chart: Chart) -> bool:
    """As in the PDF: nothing is not drawn."""
    return bool(chart.categories) and any(value for one in chart.series for value in one.values)


def chart_over(book: Any, chart: Chart, sheet: str, first: int, name: int, columns: Sequence[int]) -> Any:
    """A chart of the cells from the row `first` on: names in one column, one series in each of `columns`."""
    drawn = book.add_chart(TYPES.get(chart.kind, LYING))
    last = first + len(chart.categories) - 1
    font = {"name": FONT, "size": SIZE}
    for place, (one, column) in enumerate(zip(chart.series, columns, strict=True)):
        drawn.add_series(
            {
                "name": one.label,
                "categories": [sheet, first, name, last, name],
                "values": [sheet, first, column, last, column],
                **(line_look(place) if chart.kind == "line" else bar_look(place)),
                "data_labels": labels(chart, one) | {"font": font},
            }
        )
    set_axes(drawn, chart, font)
    drawn.set_legend({"position": "top", "font": font} if len(chart.series) > 1 else {"none": True})
    drawn.set_chartarea({"border": {"none": True}})
    return drawn


def labels(chart: Chart, one: Series) -> dict[str, Any]:
    """Every bar says its value with the unit, a line its last alone: others would lie over each other."""
    decimals = max((len(text.partition(".")[2]) for text in one.texts if text[:1].isdigit()), default=0)
    form = f"0{'.' * bool(decimals)}{'0' * decimals}"
    if chart.kind == "line":
        return {"value": True, "position": "right", "custom": [{"delete": True}] * (len(one.values) - 1)}
    return {"value": True, "num_format": f'{form}"{chart.unit}"' if chart.kind != "stack" else form}


def set_axes(drawn: Any, chart: Chart, font: dict[str, Any]) -> None:
    """Bars lie, the first on top, and say their values; lines stand over a grid."""
    plain = {"num_font": font, "line": {"color": RULE}}
    if chart.kind == "line":
        drawn.set_x_axis(plain)
        drawn.set_y_axis(
            plain | {"major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}}, "min": 0}
        )
    else:
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        drawn.set_y_axis(plain | {"reverse": True, "major_tick_mark": "none"})


def bar_look(place: int) -> dict[str, Any]:
    return {"gap": 50, "border": {"color": INK, "width": 0.5}, **FILLS[place % len(FILLS)]}


def line_look(place: int) -> dict[str, Any]:
    kind, fill = MARKERS[place % len(MARKERS)]
    marker = {"type": kind, "size": 5, "fill": {"color": fill}, "border": {"color": INK}}
    return {"line": {"color": INK, "width": 1.25, "dash_type": DASHES[place % len(DASHES)]}, "marker": marker}
