"""Charts as drawings, from the same numbers as the table beneath: readable without colour, with every value written."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.graphics.shapes import STATE_DEFAULTS, Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, black, white

from reports.pdf.fonts import Face, chain, runs
from reports.pdf.lines import Glyph, cell_lines
from reports.pdf.page import TYPE_WIDTH
from reports.report import Chart, Series, Value

SIZE, SMALL = 9.0, 8.0
INK, MIDDLE = Color(0.1, 0.3, 0.6), Color(0.45, 0.6, 0.8)
LIGHT, RULE = Color(0.85, 0.9, 0.96), Color(0.75, 0.75, 0.75)
NAMES = 0.24 * TYPE_WIDTH
VALUES = 0.12 * TYPE_WIDTH
BAR, GAP = 11.0, 6.0
LINE_HEIGHT, FOOT, LEFT, TOP = 150.0, 22.0, 34.0, 12.0
# How lines and bars tell themselves apart in black and white.
DASHES: tuple[list[float] | None, ...] = (None, [5, 3], [1.5, 2], [8, 3, 2, 3])
FILLS = (INK, LIGHT, MIDDLE, white)
HATCHED = (False, True, False, True)
STEPS_OF_AXIS = (1, 2, 5, 10)


def drawing_of(chart: Chart) -> Drawing | None:
    """None where there is nothing to draw."""
    if not chart.categories or not any(value for one in chart.series for value in one.values):
        return None
    # Without this every drawing would name a font that is never embedded.
    STATE_DEFAULTS["fontName"] = chain(Face.SONG)[0]
    return {"line": lines, "funnel": funnel, "pyramid": funnel, "stack": stack}.get(chart.kind, bars)(chart)


def number(value: Value) -> float:
    return float(value or 0)


def write(
    drawing: Drawing, text: str, x: float, y: float, *, size: float = SIZE, anchor: str = "start", room: float = 0
) -> float:
    """Text in the fonts that have its characters; returns its width."""
    (line,) = cell_lines(text, Face.SONG, room / size if room else 1000, 1)
    width = float(line.width * size)
    x -= {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    for name, piece in runs(line.glyphs):
        drawing.add(String(x, y, piece, fontName=name, fontSize=size, fillColor=black))
        x += cell_width(line.glyphs, name, piece) * size
    return width


def cell_width(glyphs: Sequence[Glyph], name: str, piece: str) -> float:
    """Of the piece, in ems: glyphs of one font have one width a character."""
    known = {(font, character): width for font, character, width in glyphs}
    return sum(known[name, character] for character in piece)


def fill(drawing: Drawing, x: float, y: float, width: float, height: float, series: int) -> None:
    """A bar; every second one is hatched, so that neighbours differ without colour."""
    place = series % len(FILLS)
    drawing.add(Rect(x, y, width, height, fillColor=FILLS[place], strokeColor=INK, strokeWidth=0.5))
    if HATCHED[place]:
        for start in range(int(-height), int(width), 4):
            left, right = max(start, 0.0), min(start + height, width)
            if right > left:
                ends = (x + left, y + left - start, x + right, y + right - start)
                drawing.add(Line(*ends, strokeColor=INK, strokeWidth=0.4))


def bars(chart: Chart) -> Drawing:
    """Lying bars, the value behind each."""
    several = len(chart.series) > 1
    group = BAR * len(chart.series) + GAP
    head = legend_height(chart)
    drawing = Drawing(TYPE_WIDTH, group * len(chart.categories) + head + GAP)
    most = max(number(value) for one in chart.series for value in one.values) or 1.0
    room = TYPE_WIDTH - NAMES - VALUES
    top = drawing.height - head
    for place, name in enumerate(chart.categories):
        y = top - (place + 1) * group + GAP / 2
        middle = y + BAR * len(chart.series) / 2 - SIZE * 0.35
        write(drawing, name, NAMES - 6, middle, anchor="end", room=NAMES - 6)
        for order, one in enumerate(chart.series):
            bar = y + BAR * (len(chart.series) - 1 - order)
            width = room * max(number(one.values[place]), 0.0) / most
            fill(drawing, NAMES, bar + 1, width, BAR - 2, order)
            write(drawing, f"{one.texts[place]}{unit_of(chart, one, place)}", NAMES + width + 4, bar + 2, size=SMALL)
    drawing.add(Line(NAMES, 2, NAMES, top, strokeColor=RULE, strokeWidth=0.5))
    if several:
        legend(drawing, chart)
    return drawing


def unit_of(chart: Chart, one: Series, place: int) -> str:
    return "" if one.values[place] is None or one.texts[place].endswith("%") else chart.unit


def stack(chart: Chart) -> Drawing:
    """One bar a category, parts one after another with their numbers inside."""
    head = legend_height(chart)
    drawing = Drawing(TYPE_WIDTH, (BAR + GAP) * len(chart.categories) + head + GAP)
    sums = [sum(number(one.values[n]) for one in chart.series) for n in range(len(chart.categories))]
    most, room = max(sums) or 1.0, TYPE_WIDTH - NAMES - VALUES
    for place, name in enumerate(chart.categories):
        y = drawing.height - head - (place + 1) * (BAR + GAP) + GAP / 2
        write(drawing, name, NAMES - 6, y + 2, anchor="end", room=NAMES - 6)
        x = NAMES
        for order, one in enumerate(chart.series):
            width = room * number(one.values[place]) / most
            fill(drawing, x, y, width, BAR, order)
            if width > 14:
                drawing.add(Rect(x + width / 2 - 7, y + 1.5, 14, BAR - 3, fillColor=white, strokeColor=None))
                write(drawing, one.texts[place], x + width / 2, y + 2.5, size=SMALL - 1, anchor="middle")
            x += width
    legend(drawing, chart)
    return drawing


def funnel(chart: Chart) -> Drawing:
    """Centred bars of one series, each with its name and its value."""
    (one, *_) = chart.series
    drawing = Drawing(TYPE_WIDTH, (BAR + GAP + 4) * len(chart.categories) + GAP)
    most = max(number(value) for value in one.values) or 1.0
    room = TYPE_WIDTH - NAMES - VALUES
    for place, name in enumerate(chart.categories):
        y = drawing.height - (place + 1) * (BAR + GAP + 4) + GAP / 2
        width = room * number(one.values[place]) / most
        write(drawing, name, NAMES - 6, y + 3, anchor="end", room=NAMES - 6)
        fill(drawing, NAMES + (room - width) / 2, y, width, BAR + 4, 0)
        write(drawing, f"{one.texts[place]}{chart.unit}", NAMES + room + 6, y + 3)
    return drawing


def lines(chart: Chart) -> Drawing:
    """Over time: an axis from nought, a dash and a mark for each series, its last value written."""
    head = legend_height(chart)
    drawing = Drawing(TYPE_WIDTH, LINE_HEIGHT + head)
    top, right = LINE_HEIGHT - TOP, TYPE_WIDTH - 30
    most = axis_end(max(number(value) for one in chart.series for value in one.values))
    for part in range(5):
        y = FOOT + (top - FOOT) * part / 4
        drawing.add(Line(LEFT, y, right, y, strokeColor=RULE, strokeWidth=0.4 if part else 0.8))
        write(drawing, f"{most * part / 4:g}", LEFT - 4, y - 3, size=SMALL, anchor="end")
    step = (right - LEFT) / max(len(chart.categories) - 1, 1)
    every = -(-max(len(name) for name in chart.categories) * SMALL // step) or 1
    for place, name in enumerate(chart.categories):
        if (len(chart.categories) - 1 - place) % int(max(every, 1)) == 0:
            write(drawing, name, LEFT + place * step, FOOT - 12, size=SMALL - 1, anchor="middle")
    ends: list[tuple[float, str]] = []
    for order, one in enumerate(chart.series):
        points = [
            (LEFT + place * step, FOOT + (top - FOOT) * number(value) / most)
            for place, value in enumerate(one.values)
            if value is not None
        ]
        flat = [coordinate for point in points for coordinate in point]
        drawing.add(PolyLine(flat, strokeColor=INK, strokeWidth=1.1, strokeDashArray=DASHES[order % len(DASHES)]))
        for x, y in points:
            mark(drawing, x, y, order)
        if points and one.values[-1] is not None:
            ends.append((points[-1][1], one.texts[-1]))
    for y, text in apart(ends):
        write(drawing, text, right + 5, y - 3, size=SMALL)
    legend(drawing, chart)
    return drawing


def apart(ends: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """The last values one above another, however close the lines end."""
    placed: list[tuple[float, str]] = []
    for y, text in sorted(ends):
        placed.append((max(y, placed[-1][0] + SMALL) if placed else y, text))
    return placed


def axis_end(most: float) -> float:
    """The next round number that four steps divide."""
    unit = 1.0
    while True:
        for step in STEPS_OF_AXIS:
            if most <= 4 * step * unit:
                return 4 * step * unit
        unit *= 10


def mark(drawing: Drawing, x: float, y: float, series: int) -> None:
    if series % 3 == 0:
        drawing.add(Circle(x, y, 2.2, fillColor=INK, strokeColor=INK))
    elif series % 3 == 1:
        drawing.add(Rect(x - 2, y - 2, 4, 4, fillColor=white, strokeColor=INK, strokeWidth=0.8))
    else:
        drawing.add(Circle(x, y, 2.2, fillColor=white, strokeColor=INK, strokeWidth=0.8))


def legend_height(chart: Chart) -> float:
    return 16.0 if len(chart.series) > 1 else 0.0


def legend(drawing: Drawing, chart: Chart) -> None:
    if len(chart.series) < 2:
        return
    x, y = LEFT, drawing.height - 11
    for order, one in enumerate(chart.series):
        if chart.kind == "line":
            drawing.add(Line(x, y + 3, x + 20, y + 3, strokeColor=INK, strokeDashArray=DASHES[order % len(DASHES)]))
            mark(drawing, x + 10, y + 3, order)
        else:
            fill(drawing, x, y, 20, 7, order)
        x += 24 + write(drawing, one.label, x + 24, y, size=SMALL) + 16
