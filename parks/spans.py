"""Which months a text speaks of, as titles, headers, file names and cells of monthly lists write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_TO = r"\s*(?:月份?)?\s*(?:-|—|–|~|～|至|到)+\s*"
# "本月": 1—本月 says that it is of the year so far, and not up to which month.
_RANGE = re.compile(rf"(?<!\d)(?:(20\d\d)\s*[年./-]\s*)?(?:1|01|一){_TO}(?:20\d\d\s*[年./-]\s*)?(\d{{1,2}})\s*月份?")
_UNTIL = re.compile(r"截[至止]到?\s*(20\d\d)\s*年\s*(\d{1,2})\s*月(?:\s*\d{1,2}\s*日|底|末|份)?")
_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*年\s*(?:度\s*)?(\d{1,2})\s*月份?(?!\s*\d{1,2}\s*日)")
_DOTTED = re.compile(r"(?<![\d./-])(20\d\d)\s*[./-]\s*(\d{1,2})(?![/\-\d]|\.\d)")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)")
_PART = re.compile(
    r"(?:(20\d\d)\s*年\s*(?:度\s*)?)?(上半年|全年|前三季度|一季度|1季度|第一季度|1-3季度|一至三季度|1至3季度)"
)
_PARTS = {"上半年": 6, "全年": 12, "前三季度": 9, "1-3季度": 9, "一至三季度": 9, "1至3季度": 9}
_YEAR_ALONE = re.compile(r"(?<!\d)(20\d\d)\s*年(?:度)?(?!\s*\d)")
_MONTH_ALONE = re.compile(r"(?<![\d./年-])(\d{1,2})\s*月份?(?!\s*\d{1,2}\s*日)")
_CHINESE = re.compile(r"(十[一二]?|[一二三四五六七八九])(?=月)")
_DAYS = re.compile(r"(20\d\d)(?:年\s*(\d{1,2})月\s*\d{1,2}日?|([-./])(\d{1,2})\3\d{1,2})(?![\d月])")
_NUMERALS = {word: str(number) for number, word in enumerate("一二三四五六七八九十", 1)} | {"十一": "11", "十二": "12"}


@dataclass(frozen=True, slots=True)
class Span:
    """The months up to `month`, from January where `is_total`; 0 for what is not said."""

    year: int = 0
    month: int = 0
    is_total: bool = False

    @property
    def is_whole(self) -> bool:
        return bool(self.year and self.month)

    @property
    def text(self) -> str:
        return f"{self.year}年{'1-' if self.is_total else ''}{self.month}月"

    def filled_from(self, other: Span) -> Span:
        """With what is not said here taken from elsewhere."""
        year = self.year or other.year
        return Span(year, self.month, self.is_total) if self.month else Span(year, other.month, other.is_total)


def _plain(text: str) -> str:
    body = unicodedata.normalize("NFKC", text)
    return _CHINESE.sub(lambda found: _NUMERALS[found[1]], body)


def find_span(text: str) -> Span:
    """Of a title, a header or a name; the day on which something was printed is none of it."""
    body = _plain(text)
    if found := _RANGE.search(body):
        return _checked(found[1] or _year_in(body), found[2], is_total=True)
    if found := _UNTIL.search(body):
        return _checked(found[1], found[2], is_total=True)
    if found := _PART.search(body):
        return _checked(found[1] or _year_in(body), str(_PARTS.get(found[2], 3)), is_total=True)
    for pattern in (_MONTH, _DOTTED, _COMPACT):
        if found := pattern.search(body):
            return _checked(found[1], found[2])
    year, month = _year_in(body), _MONTH_ALONE.search(body)
    return _checked(year, month[1] if month else "")


def _year_in(body: str) -> str:
    found = _YEAR_ALONE.search(body)
    return found[1] if found else ""


def _checked(year: str | None, month: str, *, is_total: bool = False) -> Span:
    number = int(month or 0)
    return Span(int(year or 0), number, is_total) if number <= 12 else Span(int(year or 0))


def span_of_cell(text: str) -> Span:
    """Of a cell that holds nothing else: also 5, 202305, 2023-05-31, and the days from which to which a tax is due."""
    body = _plain(text).strip()
    if days := [(year, month or other) for year, month, _, other in _DAYS.findall(body)]:
        (_, first), (year, last) = days[0], days[-1]
        return _checked(year, last, is_total=first != last and int(first) == 1)
    if re.fullmatch(r"\d{1,2}", body):
        return _checked("", body)
    return find_span(body)


def joined(spans: Iterable[Span]) -> Span:
    """What several places say together, the first of them first."""
    result = Span()
    for span in spans:
        result = result.filled_from(span)
    return result


def without_span(text: str) -> str:
    """A header without the months that it names."""
    body = _plain(text)
    for pattern in (_RANGE, _UNTIL, _PART, _MONTH, _DOTTED, _COMPACT, _YEAR_ALONE, _MONTH_ALONE):
        body = pattern.sub("", body)
    return body
