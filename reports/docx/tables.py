"""Tables of a Word file: header row repeated on every page, no row cut in two, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.report import Align, Figure, Row, Table
from reports.widths import header_label, shares_of
from reports.words import printable

# In twentieths of a point: 156 mm, the margins of a cell, a character of 9 pt.
TYPE_WIDTH, CELL_SIDES, CHARACTER = 8844, 80, 180
SIDES = {"start": "left", "center": "center", "end": "right"}
SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="EDEFF4"/>'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="808080"/>'
    for side, size in (("top", 8), ("left", 0), ("bottom", 8), ("right", 0), ("insideH", 4), ("insideV", 0))
    if size
)
UPRIGHTS = '<w:insideV w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
SMALL = '<w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="19"/></w:rPr>'
ACROSS = 4


def add_table(document: Document, data: Table) -> None:
    aligns = [column.align for column in data.columns]
    widths = in_twips(shares_of(data))
    labels = [header_label(c.label, (w - CELL_SIDES) / CHARACTER) for c, w in zip(data.columns, widths, strict=True)]
    rows = [line(labels, widths, ["center"] * len(widths), is_header=True)]
    rows += [line(row.cells, widths, aligns) for row in data.rows]
    if data.total:
        rows.append(line(data.total.cells, widths, aligns, is_strong=True))
    append(document, widths, rows)


def add_figures(document: Document, figures: Sequence[Figure]) -> None:
    """Boxes of four in a row: name, the figure large, its change."""
    widths = in_twips([1.0] * ACROSS)
    names, large = document.styles["表格文字"].style_id, document.styles["指标数值"].style_id
    rows = []
    for first in range(0, len(figures), ACROSS):
        boxes = [box(one, widths[0], names, large) for one in figures[first : first + ACROSS]]
        boxes += [empty_box(width) for width in widths[len(boxes) :]]
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(boxes)}</w:tr>")
    append(document, widths, rows, BORDERS + UPRIGHTS)


def box(one: Figure, width: int, names: str, large: str) -> str:
    lines = (
        paragraph(names, [(one.label, "")]),
        paragraph(large, [(one.text, ""), (one.shown_unit and f" {one.shown_unit}", SMALL)]),
        paragraph(names, [(one.change.text, "")]),
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{"".join(lines)}</w:tc>'


def empty_box(width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p/></w:tc>'


def paragraph(style: str, runs: Sequence[tuple[str, str]]) -> str:
    written = "".join(
        f'<w:r>{look}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>' for text, look in runs if text
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{written}</w:p>'


def in_twips(shares: Sequence[float]) -> list[int]:
    return [int(TYPE_WIDTH * share / sum(shares)) for share in shares]


def line(
    cells: Row | Sequence[str],
    widths: Sequence[int],
    aligns: Sequence[Align],
    *,
    is_header: bool = False,
    is_strong: bool = False,
) -> str:
    """A row as XML: python-docx's own cells take a hundred times as long."""
    texts = cells.cells if isinstance(cells, Row) else cells
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if is_header else "")
    shaded = is_header or is_strong
    written = "".join(
        cell(text, width, SIDES[align], is_shaded=shaded)
        for text, width, align in zip(texts, widths, aligns, strict=True)
    )
    return f"<w:tr><w:trPr>{marks}</w:trPr>{written}</w:tr>"


def cell(text: str, width: int, side: str, *, is_shaded: bool) -> str:
    fonts = '<w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr>' if is_shaded else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{SHADE if is_shaded else ""}'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="TABLETEXT"/><w:jc w:val="{side}"/></w:pPr>'
        f"<w:r>{fonts}{'<w:br/>'.join(text_of(piece) for piece in text.split(chr(10)))}</w:r></w:p></w:tc>"
    )


def text_of(text: str) -> str:
    return f'<w:t xml:space="preserve">{escaped(text)}</w:t>'


def escaped(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def append(document: Document, widths: Sequence[int], rows: Sequence[str], borders: str = BORDERS) -> None:
    style = document.styles["表格文字"].style_id
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="40" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    table: Any = parse_xml(xml.replace("TABLETEXT", style))
    body = document.element.body
    body.insert(len(body) - 1, table)  # before the properties of the section
