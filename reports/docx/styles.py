"""Page, grid and styles of GB/T 9704-2012 in a Word file, set through its XML where python-docx has no name for it."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

PITCH = Pt(28.95)
GRID_PITCH = 579  # twentieths of a point: 22 lines fill 225 mm
# 28 characters fill 156 mm: each 0.2 pt narrower than 16 pt type, in twentieths of a point. Said of the body text and
# not of the grid, which office suites read differently and would stretch small print over.
NARROWER = -4
BODY, TITLE, HEADING, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
# What a machine without these fonts is told to take.
SUBSTITUTES = {BODY: "FangSong", TITLE: "SimSun", HEADING: "SimHei", KAI: "KaiTi", SONG: "SimSun"}
LATIN = "Times New Roman"
RED = RGBColor(0xC0, 0x00, 0x00)

# (name, what it is based on, font, size in points, first-line indent in characters)
PARAGRAPHS = (
    ("Title", "Normal", TITLE, 22, 0),
    ("Subtitle", "Normal", KAI, 16, 0),
    ("Heading 1", "Normal", HEADING, 16, 2),
    ("Heading 2", "Normal", KAI, 16, 2),
    ("正文文字", "Normal", BODY, 16, 2),
    ("小字", "Normal", SONG, 10.5, 0),
    ("口径", "Normal", BODY, 12, 2),
    ("表格文字", "Normal", SONG, 9, 0),
    ("指标数值", "Normal", HEADING, 16, 0),
    ("落款", "Normal", BODY, 16, 0),
    ("红头", "Normal", TITLE, 26, 0),
    ("图题", "Normal", HEADING, 10.5, 0),
    ("图", "Normal", SONG, 9, 0),
)
CENTRED = ("Title", "Subtitle", "红头", "图题", "图")
TIGHT = {"表格文字": Pt(13), "指标数值": Pt(22), "小字": Pt(16), "口径": Pt(20), "图题": Pt(18), "Title": Pt(36)}
OFF_THE_GRID = (*TIGHT, "图")


# The order of the schema in the properties of a style: Word may refuse a file that has it otherwise.
ORDER = (
    "keepNext", "keepLines", "pageBreakBefore", "widowControl", "pBdr", "shd", "tabs", "autoSpaceDE", "autoSpaceDN",
    "snapToGrid", "spacing", "ind", "jc", "outlineLvl",
)  # fmt: skip
ORDER_OF_RUN = ("rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "w", "kern", "position", "sz", "szCs", "lang")


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """The child of this name, made if missing, with these attributes of the word-processing namespace."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


def set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance = Mm(15)
    # The number stands 7 mm below the type area.
    section.footer_distance = Mm(35 - 7 - 5)
    child(
        section._sectPr,
        "w:docGrid",
        type="lines",
        linePitch=str(GRID_PITCH),
    )
    section.different_first_page_header_footer = False
    document.settings.odd_and_even_pages_header_footer = True
    child(document.settings.element, "w:themeFontLang", val="en-US", eastAsia="zh-CN")


def set_styles(document: Document) -> None:
    normal = document.styles["Normal"]
    set_font(normal, BODY, 16)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    set_pitch(normal, PITCH)
    # No gaps between Chinese and digits, no line held back for a widow: 28 characters fill a line, 22 lines a page, and
    # they break where the PDF's do.
    for habit in ("w:widowControl", "w:autoSpaceDE", "w:autoSpaceDN"):
        child(normal.element.get_or_add_pPr(), habit, val="0")
    for name, base, font, size, indent in PARAGRAPHS:
        style = existing(document, name) or document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        clear(style)
        set_font(style, font, size)
        set_pitch(style, TIGHT.get(name, PITCH))
        if size == 16 and name != "指标数值":
            child(style.element.get_or_add_rPr(), "w:spacing", val=str(NARROWER))
        if name in OFF_THE_GRID:
            # Else office suites stretch every line of small print and of tables to the pitch of the text.
            child(style.element.get_or_add_pPr(), "w:snapToGrid", val="0")
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER if name in CENTRED else WD_ALIGN_PARAGRAPH.LEFT
        if indent:
            child(
                style.element.get_or_add_pPr(), "w:ind", firstLineChars=str(indent * 100), firstLine=str(indent * 320)
            )
    document.styles["正文文字"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for name in ("Heading 1", "Heading 2", "图题"):
        document.styles[name].paragraph_format.keep_with_next = True
    # A line as high as the picture in it.
    document.styles["图"].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    document.styles["红头"].font.color.rgb = RED
    set_defaults(document)
    for name in ("Normal", *(row[0] for row in PARAGRAPHS)):
        put_in_order(document.styles[name])


def put_in_order(style: Any) -> None:
    for properties, order in ((style.element.pPr, ORDER), (style.element.rPr, ORDER_OF_RUN)):
        if properties is not None:
            names = {qn(f"w:{name}"): place for place, name in enumerate(order)}
            properties[:] = sorted(properties, key=lambda one: names[one.tag])


def existing(document: Document, name: str) -> Any:
    return document.styles[name] if name in {style.name for style in document.styles} else None


def clear(style: Any) -> None:
    """What the template says of the look: bold, blue, lines beneath."""
    for tag in ("w:rPr", "w:pPr"):
        found = style.element.find(qn(tag))
        if found is not None:
            style.element.remove(found)


def set_pitch(style: Any, pitch: Any) -> None:
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = pitch


def set_font(style: Any, font: str, size: float) -> None:
    style.font.name, style.font.size = LATIN, Pt(size)
    fonts = child(style.element.get_or_add_rPr(), "w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=font, cs=LATIN)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def set_defaults(document: Document) -> None:
    """The language of all text, for spelling and for screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = child(child(defaults, "w:rPrDefault"), "w:rPr")
    # Latin is English: taken for Chinese, a number would be broken at the end of a line.
    child(properties, "w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")


def name_substitutes(document: Document) -> None:
    """Tell Word what to take where the official fonts are missing; they may not be put into the file."""
    part = next((p for p in document.part.package.iter_parts() if str(p.partname).endswith("fontTable.xml")), None)
    if part is None:
        return
    known = part.blob.decode()
    added = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in SUBSTITUTES.items()
        if f'w:name="{name}"' not in known
    )
    part._blob = known.replace("</w:fonts>", f"{added}</w:fonts>").encode()
