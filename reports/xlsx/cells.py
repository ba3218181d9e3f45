"""What a printed text is as a cell: a number where it reads as one, so that the cell shows the same; else text."""

from __future__ import annotations

import re
from decimal import Decimal

NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
PERCENT = re.compile(r"-?\d{1,13}\.\d{2}%")


def typed(text: str) -> tuple[Decimal | str, str]:
    """(value, number format): “99.99%” is 0.9999 shown as 0.00%, never an exact share that shows as 100.00%."""
    if PERCENT.fullmatch(text):
        return Decimal(text[:-1]) / 100, "0.00%"
    if match := NUMBER.fullmatch(text):
        decimals = len(match[1]) - 1 if match[1] else 0
        return Decimal(text), f"0.{'0' * decimals}" if decimals else "0"
    return text, "@"
