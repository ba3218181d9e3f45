"""One cell: its text, dates and whole numbers. Knows nothing of columns, rows or models."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | None

EMPTY_TEXTS = frozenset(
    {"", "-", "--", "---", "—", "——", "－", "/", "\\", "无", "暂无", "暂不予显示", "null", "none", "nan", "n/a", "空"}
)
_LONGEST_EMPTY = max(map(len, EMPTY_TEXTS))
_STARS = re.compile(r"\*+\Z")
QUOTED = re.compile(r'\A=\s*"(?P<text>[^"]*)"\Z')
FORMULA_ERROR = re.compile(
    r"\A(#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)|(Err|错误):\d{3})\Z",
    re.IGNORECASE,
)
_ERROR_BEGINS = frozenset("#Ee错")
# Zero-width marks, controls other than tab and line ends, marks that turn the direction of writing, and no letters.
INVISIBLE = dict.fromkeys(
    [
        *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\x7f\ufffe\uffff"),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *(number for number in range(0x20) if chr(number) not in "\t\n\r"),
    ]
)
# Excel counts days from here; the false 29 February 1900 is why it is not 1900-01-01.
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EXCEL_DAYS = range(20000, 60001)
_DAY = re.compile(
    r"\A(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\Z"
)
_COMPACT_DAY = re.compile(r"\A(\d{4})(\d{2})(\d{2})\Z")
_MONTH = re.compile(r"\A(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?\Z")
_YEAR = re.compile(r"\A(\d{4})\s*年?\Z")
_RANGE = re.compile(r"\s*(?:至|到|~|—|--|－)\s*|\s+-\s+")
OPEN_END = frozenset({"", "无固定期限", "长期", "永久", "无期限", "不约定期限", "9999-12-31", "2099-12-31"})


class CellError(ValueError):
    """This cell cannot be taken over. ``suggestion`` is a text that a person may accept instead.

    ``column`` is the key of the column to blame, where several cells were looked at together; ``word`` what no
    vocabulary knows, so that a person can say once what is meant by it.
    """

    def __init__(self, message: str, suggestion: str = "", column: str = "", word: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion
        self.column = column
        self.word = word


def text_of(cell: Cell) -> str:
    """The cell as a person reads it: whole floats without ``.0``, ``="…"`` unwrapped, edges trimmed."""
    if not isinstance(cell, str):
        return _other_text(cell)
    # Of the marks to be taken out none is printable, nor any blank but the plain one: most texts have none.
    text = cell.strip() if cell.isprintable() else _visible(cell)
    if text[:1] == "=" and (found := QUOTED.match(text)):
        text = found["text"].strip()
    return text.removeprefix("'").strip() if text[:1] == "'" else text


def _other_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return _float_text(cell) if isinstance(cell, float) else str(cell)


def _visible(text: str) -> str:
    return text.translate(INVISIBLE).replace("\u00a0", " ").replace("\u3000", " ").strip()


def _float_text(number: float) -> str:
    # repr is the shortest text that gives the same number back: what the sheet shows.
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def is_empty(text: str) -> bool:
    """True for the many ways in which lists write "no value"."""
    return (len(text) <= _LONGEST_EMPTY and text.casefold() in EMPTY_TEXTS) or (
        text[0] == "*" and bool(_STARS.match(text))
    )


def plain(text: str) -> str:
    """Half-width, one line: for comparing and parsing, not for storing names."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def reject_formula_error(text: str) -> None:
    if text[:1] in _ERROR_BEGINS and FORMULA_ERROR.match(text):
        raise CellError(f"单元格是公式错误 {text}，请在原表中改正")


# Lists write the same few thousand days in several columns.
@lru_cache(maxsize=16_384, typed=True)
def parse_date(cell: Cell) -> tuple[dt.date, str]:
    """A date in any usual spelling, and a warning ("" if none) when part of it had to be assumed."""
    text = plain(text_of(cell))
    if (serial := _serial(cell, text)) is not None:
        return _EXCEL_EPOCH + dt.timedelta(days=serial), ""
    if found := _DAY.match(text) or _COMPACT_DAY.match(text):
        return _day(text, found[1], found[2], found[3]), ""
    if found := _MONTH.match(text):
        return _day(text, found[1], found[2], "1"), f"“{text}”只有年月，按当月 1 日"
    if found := _YEAR.match(text):
        return _day(text, found[1], "1", "1"), f"“{text}”只有年份，按 1 月 1 日"
    raise CellError(f"看不懂的日期“{text[:40]}”，请写成 2020-01-02")


def _serial(cell: Cell, text: str) -> int | None:
    if isinstance(cell, bool) or not re.fullmatch(r"\d{5}(\.\d+)?", text):
        return None
    days = int(float(text))
    return days if days in _EXCEL_DAYS else None


def _day(text: str, year: str, month: str, day: str) -> dt.date:
    try:
        value = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise CellError(f"没有这一天：“{text[:40]}”") from None
    if not 1800 <= value.year <= 2200:
        raise CellError(f"年份不合理：“{text[:40]}”")
    return value


def parse_date_range(cell: Cell) -> tuple[dt.date | None, dt.date | None]:
    """``1997-01-28 至 无固定期限`` → (1997-01-28, None). A single date is the beginning."""
    text = plain(text_of(cell)).removeprefix("自").strip()
    if text in OPEN_END:
        return None, None
    first, *rest = _RANGE.split(text, maxsplit=1)
    end = rest[0].strip() if rest else ""
    start = parse_date(first)[0] if first.strip() not in OPEN_END else None
    return start, None if end in OPEN_END else parse_date(end)[0]


def parse_whole_number(cell: Cell) -> int:
    """``1,234人`` → 1234. Ranges and fractions are refused: a guess would be quoted as a fact."""
    text = plain(text_of(cell)).replace(",", "").rstrip("人名家户个").strip()
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellError(f"“{text[:40]}”不是整数") from None
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number < 10**9:
        raise CellError(f"“{text[:40]}”不是合理的人数")
    return int(number)
