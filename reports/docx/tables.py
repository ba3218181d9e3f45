"""Tables of a Word file: header row repeated on every page, no row cut in two, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.documents.widths import header_label, shares_of
from reports.documents.words import printable
from reports.report import Figure, Table

# In twentieths of a point: 156 mm, the margins of a cell, a character of 9 pt.
TYPE_WIDTH, CELL_SIDES, CHARACTER = 8844, 80, 180
SIDES = {"start": "left", "center": "center", "end": "right"}
SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="EDEFF4"/>'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="808080"/>'
    for side, size in (("top", 8), ("left", 0), ("bottom", 8), ("right", 0), ("insideH", 4), ("insideV", 0))
    if size
)
BOXES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
# As in the PDF: a line of 13 pt between margins of 4; boxes of 19 mm. In twentieths of a point.
CELL_TOP, BOX_TOP, BOX_HEIGHT = 80, 30, 1077
# As low as this a table is not cut in two.
MOST_KEPT = 8
AT_ONCE = 200
SMALL = '<w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="19"/></w:rPr>'
HEADER, KEPT = "<w:tblHeader/>", "<w:keepNext/>"
ACROSS = 4


def add_table(document: Document, data: Table) -> None:
    widths = in_twips(shares_of(data))
    labels = [header_label(c.label, (w - CELL_SIDES) / CHARACTER) for c, w in zip(data.columns, widths, strict=True)]
    sides = [SIDES[column.align] for column in data.columns]
    style = document.styles["表格文字"].style_id
    is_low = len(data.lines) <= MOST_KEPT
    rows = [line(labels, heads(style, widths, ["center"] * len(widths), is_shaded=True, is_kept=True), HEADER)]
    plain = heads(style, widths, sides, is_kept=is_low)
    rows += [line(row.cells, plain) for row in data.rows[: None if data.total else -1]]
    # The last row lets go of what follows, but for the note.
    last = heads(style, widths, sides, is_shaded=bool(data.total), is_kept=bool(data.note))
    rows.append(line(data.lines[-1].cells, last))
    append(document, widths, rows, BORDERS, CELL_TOP)


def add_figures(document: Document, figures: Sequence[Figure]) -> None:
    """Boxes of four in a row: name, the figure large, its change. The boxes of one heading stay together."""
    widths = in_twips([1.0] * ACROSS)
    names, large = document.styles["表格文字"].style_id, document.styles["指标数值"].style_id
    rows = []
    for first in range(0, len(figures), ACROSS):
        is_kept = first + ACROSS < len(figures)
        boxes = [box(one, widths[0], names, large, is_kept=is_kept) for one in figures[first : first + ACROSS]]
        boxes += [empty_box(width) for width in widths[len(boxes) :]]
        height = f'<w:trHeight w:val="{BOX_HEIGHT}" w:hRule="exact"/>'
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{''.join(boxes)}</w:tr>")
    append(document, widths, rows, BOXES, BOX_TOP)


def box(one: Figure, width: int, names: str, large: str, *, is_kept: bool) -> str:
    lines = (
        paragraph(names, [(one.label, "")], is_kept=is_kept),
        paragraph(large, [(one.text, ""), (one.shown_unit and f" {one.shown_unit}", SMALL)], is_kept=is_kept),
        paragraph(names, [(one.change.text, "")], is_kept=is_kept),
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'


def empty_box(width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p/></w:tc>'


def paragraph(style: str, runs: Sequence[tuple[str, str]], *, is_kept: bool) -> str:
    written = "".join(
        f'<w:r>{look}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>' for text, look in runs if text
    )
    kept = KEPT if is_kept else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}</w:pPr>{written}</w:p>'


def in_twips(shares: Sequence[float]) -> list[int]:
    return [int(TYPE_WIDTH * share / sum(shares)) for share in shares]


def heads(
    style: str, widths: Sequence[int], sides: Sequence[str], *, is_shaded: bool = False, is_kept: bool = False
) -> list[str]:
    """How the cells of a row begin, one a column: the same for all rows of a kind."""
    fonts = '<w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr>' if is_shaded else ""
    shade, kept = SHADE if is_shaded else "", KEPT if is_kept else ""
    return [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}<w:jc w:val="{side}"/></w:pPr><w:r>{fonts}'
        for width, side in zip(widths, sides, strict=True)
    ]


def line(texts: Sequence[str], begun: Sequence[str], marks: str = "") -> str:
    """A row as XML: python-docx's own cells take a hundred times as long."""
    written = "".join(f"{head}{text_of(text)}</w:r></w:p></w:tc>" for head, text in zip(begun, texts, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/>{marks}</w:trPr>{written}</w:tr>"


def text_of(text: str) -> str:
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escaped(piece)}</w:t>' for piece in text.split("\n"))


def escaped(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def append(document: Document, widths: Sequence[int], rows: Sequence[str], borders: str, top: int) -> None:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = (("top", top), ("left", CELL_SIDES // 2), ("bottom", top), ("right", CELL_SIDES // 2))
    margins = "".join(f'<w:{side} w:w="{wide}" w:type="dxa"/>' for side, wide in sides)
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )
    table: Any = parse_xml(xml)
    body = document.element.body
    body.insert(len(body) - 1, table)  # before the properties of the section
    # A few at a time: moving a tree into a document takes the square of its size.
    for first in range(0, len(rows), AT_ONCE):
        table.extend(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows[first : first + AT_ONCE])}</w:tbl>"))
