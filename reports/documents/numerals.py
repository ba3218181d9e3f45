"""Chinese numerals of headings."""

from __future__ import annotations

DIGITS = "一二三四五六七八九"


def numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    digit = DIGITS[ones - 1] if ones else ""
    return digit if not tens else f"{DIGITS[tens - 1] if tens > 1 else ''}十{digit}"
