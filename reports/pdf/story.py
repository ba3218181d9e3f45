"""From the parts of a report to what is drawn: title, parts with their blocks, signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer

from reports.documents.numerals import numeral
from reports.documents.widths import header_label, shares_of
from reports.documents.words import source_of, subtitle_of
from reports.formats import chinese_date
from reports.issuing.wording import DEFINITIONS
from reports.pdf.chart import drawing_of
from reports.pdf.flowables import Heading, Lines, Style
from reports.pdf.fonts import Face
from reports.pdf.grid import PAD_X, SIZE, Band, Grid, band, column_widths, note_lines
from reports.pdf.header import red_header
from reports.pdf.page import BODY_SIZE, PITCH, TITLE_SIZE
from reports.pdf.strip import BOX_HEIGHT, strips
from reports.report import Block, Chart, Definition, FigureStrip, Numbered, Part, Prose, Report, Table

BODY = Style(indent=2, is_justified=True)
TITLE = Style(size=TITLE_SIZE, pitch=PITCH * 1.25, advance=1, align="center")
SUBTITLE = Style(align="center")
FIRST_LEVEL = Style(indent=2)
SIGNATURE = Style(align="end", right_indent=4)
DEFINITION = Style(size=12, pitch=20, advance=1, indent=2, is_justified=True)
SIGNATURE_HEIGHT = PITCH * 4
KEPT_WHOLE, MOST_KEPT, FIRST_ROWS = 200.0, 15, 90.0
NOTE = Style(size=10.5, pitch=16, advance=1)
CAPTION = Style(size=10.5, pitch=18, advance=1, align="center")


def story(report: Report) -> list[Flowable]:
    flowables = list(opening(report))
    for number, part in enumerate(report.parts):
        # A heading never stands alone at the foot of a page.
        flowables += [
            CondPageBreak(PITCH + least_of(part.blocks)),
            Heading(f"{numeral(number + 1)}、{part.title}", Face.HEADING, FIRST_LEVEL, 0),
        ]
        flowables += body(part)
    return [*flowables, *signature(report)]


def opening(report: Report) -> Iterator[Flowable]:
    yield from red_header(report.header)
    yield Heading(report.title, Face.TITLE, TITLE, 0)
    yield Lines([(subtitle_of(report), Face.SUBHEADING)], SUBTITLE)
    yield Spacer(1, PITCH)


def least_of(blocks: Sequence[Block]) -> float:
    """The room that the beginning of a part takes: a sentence brings what it speaks of with it."""
    first, *rest = blocks
    speaks = isinstance(first, Prose) and len(first.paragraphs) == 1 and bool(rest)
    return least(first) + (least(rest[0]) if speaks else 0)


def least(block: Block) -> float:
    """The room that the beginning of a block takes."""
    if isinstance(block, Chart):
        drawing = drawing_of(block)
        return float(drawing.height) + CAPTION.pitch + 8 if drawing else least(block.table)
    if isinstance(block, Table):
        return beginning_of(block)
    if isinstance(block, FigureStrip):
        return float(strip_height(block))
    return float(PITCH * 2 if isinstance(block, Numbered) else PITCH)


def strip_height(block: FigureStrip) -> float:
    """With its heading: the boxes of one heading stay together."""
    return float(PITCH + BOX_HEIGHT * len(strips(block.figures)))


def body(part: Part) -> Iterator[Flowable]:
    strips_before = 0
    for block in part.blocks:
        match block:
            case Prose():
                yield from prose(block)
            case FigureStrip():
                strips_before += 1
                yield from figure_strip(block, strips_before)
            case Numbered():
                yield from numbered(block.entries, DEFINITION if part.key == DEFINITIONS else BODY)
            case Chart():
                yield from chart(block, part.title)
            case _:
                yield from table(block)


def chart(block: Chart, heading: str) -> Iterator[Flowable]:
    """The drawing under its title, where the heading is another, and the table of the same numbers."""
    drawing = drawing_of(block)
    if drawing is not None:
        yield CondPageBreak(CAPTION.pitch + drawing.height + 8)
        if block.title != heading:
            yield Lines([(block.title, Face.HEADING)], CAPTION)
        yield drawing
        yield Spacer(1, 8)
    yield from table(block.table)


def prose(block: Prose) -> Iterator[Flowable]:
    face, style = (Face.SONG, NOTE) if block.is_note else (Face.BODY, BODY)
    for paragraph in block.paragraphs:
        yield Lines([(paragraph, face)], style)


def figure_strip(block: FigureStrip, number: int) -> Iterator[Flowable]:
    yield CondPageBreak(strip_height(block))
    yield Heading(f"（{numeral(number)}）{block.title}", Face.SUBHEADING, FIRST_LEVEL, 1)
    yield from strips(block.figures)
    yield Spacer(1, 6)


def table(data: Table) -> Iterator[Flowable]:
    if not data.rows:
        yield Lines([(data.empty, Face.BODY)], BODY)
        return
    header, bands, widths = measured(data)
    if is_kept_whole(data):
        yield CondPageBreak(height_of(header, bands) + NOTE.pitch * 2)
    yield Grid(header, bands, widths, [column.align for column in data.columns], note=note_lines(data.note))
    yield Spacer(1, 4)


def measured(data: Table) -> tuple[Band, list[Band], tuple[float, ...]]:
    """Header, rows and column widths."""
    widths = column_widths(shares_of(data))
    bands = [band(row.cells, widths, Face.SONG) for row in data.rows]
    if data.total:
        bands.append(band(data.total.cells, widths, Face.HEADING, is_shaded=True))
    rooms = [(width - 2 * PAD_X) / SIZE for width in widths]
    labels = [header_label(column.label, room) for column, room in zip(data.columns, rooms, strict=True)]
    return band(labels, widths, Face.HEADING, is_shaded=True), bands, widths


def height_of(header: Band, bands: Sequence[Band]) -> float:
    return header.height + sum(one.height for one in bands)


def is_kept_whole(data: Table) -> bool:
    """As low as this it is not cut in two."""
    return 0 < len(data.rows) <= MOST_KEPT and height_of(*measured(data)[:2]) <= KEPT_WHOLE


def beginning_of(data: Table) -> float:
    """The room that its heading needs below: all of a low table, else the first rows."""
    if not data.rows:
        return float(PITCH)
    return height_of(*measured(data)[:2]) + NOTE.pitch * 2 + 8 if is_kept_whole(data) else FIRST_ROWS


def numbered(entries: Sequence[Definition], style: Style) -> Iterator[Flowable]:
    """Cases and next steps are read like the text; 口径, which stand last, in small."""
    for number, entry in enumerate(entries, start=1):
        if style is DEFINITION and number == len(entries):
            # The signature never stands alone on the last page.
            yield CondPageBreak(DEFINITION.pitch * 4 + SIGNATURE_HEIGHT)
        label = f"{number}. {entry.label}：" if entry.label else f"{number}. "
        yield Lines([(label, Face.HEADING), (entry.text, Face.BODY)], style)


def signature(report: Report) -> Iterator[Flowable]:
    """Who and when, four characters in from the right; a seal is never drawn."""
    yield Spacer(1, PITCH)
    yield Lines([(report.organisation, Face.BODY)], SIGNATURE)
    yield Lines([(chinese_date(report.issued_on), Face.BODY)], SIGNATURE)
    yield Spacer(1, BODY_SIZE / 2)
    yield Lines([(source_of(report), Face.SONG)], NOTE)
