"""Reading a PDF back: its text without the breaks that layout puts in, and the fonts in it."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader

MARK_END = "打印，仅供内部工作使用"


def reader(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def page_texts(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in reader(content).pages]


def text_of(content: bytes) -> str:
    """All text in one piece; page numbers and watermarks are left out, for they would cut sentences in two."""
    return "".join(re.sub(rf"^(?:.{{0,80}}?{MARK_END})*—\d+—", "", page) for page in page_texts(content))


def fonts_of(content: bytes):
    """(name, font descriptor or None) of every font that any page names."""
    for page in reader(content).pages:
        for font in page["/Resources"]["/Font"].values():
            yield font.get_object()["/BaseFont"], font.get_object().get("/FontDescriptor")
