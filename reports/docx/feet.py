"""Page numbers at the foot, and who printed the copy at the head of every page."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.documents.words import printable
from reports.docx.styles import SONG, child

GREY = RGBColor(0x80, 0x80, 0x80)
CHARACTER = Mm(5.571)


def number_pages(document: Document) -> None:
    """“— 1 —”: odd pages one character in from the right, even ones from the left."""
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style = document.styles["小字"]
        is_right = side == "right"
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_right else WD_ALIGN_PARAGRAPH.LEFT
        setattr(line.paragraph_format, f"{side}_indent", CHARACTER)
        styled(line.add_run("— "))
        field(styled(line.add_run()), "PAGE")
        styled(line.add_run(" —"))


def styled(run: Any) -> Any:
    run.font.name, run.font.size = SONG, Pt(14)
    child(run._r.get_or_add_rPr(), "w:rFonts", ascii=SONG, hAnsi=SONG, eastAsia=SONG)
    return run


def field(run: Any, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("end", "")):
        piece = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            piece.text = text
        else:
            piece.set(qn("w:fldCharType"), kind)
        run._r.append(piece)


def put_mark(document: Document, mark: str) -> None:
    if not mark:
        return
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        line = header.paragraphs[0]
        line.style = document.styles["小字"]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(printable(mark)).font.color.rgb = GREY
