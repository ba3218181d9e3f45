"""版头: the issuing body and the document number of GB/T 9704-2012, as a person typed them."""

from __future__ import annotations

import re
from unicodedata import normalize

from reports.report import RedHeader

LONGEST_ISSUER = 30
# 机关代字, the year in any brackets or none, the number with or without 第, noughts and 号. NFKC makes （ ( ［ [ alike.
NUMBER = re.compile(r"([^\W\d_]{1,20})[\(\[〔【〈<]?((?:19|20)\d{2})[\)\]〕】〉>]?第?0*([1-9]\d{0,4})号?")


class BadHeader(ValueError):
    """What was typed is no header; the message is Chinese and meant for the user."""


def red_header(issuer: str, number: str) -> RedHeader | None:
    """None where nothing was typed: no report gets a red header by itself."""
    issuer, number = " ".join(issuer.split()), number.strip()
    if not issuer and not number:
        return None
    if not issuer:
        raise BadHeader("填了发文字号，还需要填写发文机关。")
    if len(issuer) > LONGEST_ISSUER:
        raise BadHeader(f"发文机关最多{LONGEST_ISSUER}个字。")
    return RedHeader(issuer, document_number(number) if number else "")


def document_number(text: str) -> str:
    """“西政文[2026]第012号” → “西政文〔2026〕12号”: six-cornered brackets, no noughts before, no 第."""
    match = NUMBER.fullmatch("".join(normalize("NFKC", text).split()))
    if not match:
        raise BadHeader(f"看不懂的发文字号“{text[:30]}”。请写成：西政文〔2026〕12号。")
    body, year, number = match.groups()
    return f"{body}〔{year}〕{number}号"
