"""What of a record may stand on a page without a log-in: cut short, and without anybody's numbers and addresses."""

from __future__ import annotations

import re

HIDDEN = "（号码略）"
_NUMBERS = re.compile(
    r"""
    [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                   # e-mail
    | (?<!\d)\d{17}[\dXx](?!\d)                                    # identity number
    | (?<!\d)(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)      # mobile
    | (?<!\d)[48]00(?:[\s-]?\d){7}(?!\d)                           # 400 and 800
    | (?<!\d)[(（]?0\d{2,3}[)）]?[\s-]?\d{7,8}(?:(?:[\s-]|转)*\d{1,6})?(?!\d)  # landline with its area and extension
    | (?<![\d.])(?!20\d\d[01]\d[0-3]\d(?!\d))[2-8]\d{7}(?![\d.万元])          # landline of eight digits, but no date
    """,
    re.VERBOSE | re.ASCII,
)


def excerpt(text: str, longest: int) -> str:
    """The beginning of a text in one paragraph, numbers of persons hidden before it is cut."""
    plain = " ".join(_NUMBERS.sub(HIDDEN, text).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"
