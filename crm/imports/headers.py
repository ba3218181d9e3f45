"""Where the table is: header row (one or two lines), first and last row of data, what to skip.

Which column means what is decided in ``mapping.py``.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crm.imports.cells import Cell, is_empty, plain, text_of
from crm.imports.resource import ImportResource
from crm.imports.sheets import Sheet

HEADER_SEARCH_ROWS = 20
STRONG, WEAK = 2, 1
PENALTY_OF_SECOND_LINE = 2
TEXTS_THAT_TELL = 4
# What the file of rows that stayed out has beside the columns it came with.
ADDED_HEADINGS = ("原文件行号", "未导入原因")

_DROPPED = re.compile(r"[\s_\-—–()（）【】\[\]·:：/\\*'\"“”.。,，、?？]")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_UNIT = re.compile(
    r"(?:单位[::]?)?((?:亿|千万|百万|十万|万|千)?(?:[^\W\d]{0,4}元|人民币|美金|港币)(?:人民币|美元)?|平方米|㎡|m2|亩|人|家|个|%|年|月)"
)
_BARE_UNIT = re.compile(r"(?<=.)[/\s]*((?:亿|万|千)(?:美|港|欧|日)?元)\Z")
_SHEET_UNIT = re.compile(r"单位[::]\s*((?:亿|千万|百万|万|千)?(?:美|港|欧|日)?元)")
_UNIT_ALONE = re.compile(r"[(\[【]?(?:金额)?((?:亿|千万|百万|万|千)?元)[)\]】]?")
_TOTAL = re.compile(r"(合计|总计|共计|小计|本页小计|累计)([::].*|\d.*|\(.*)?")
_NOTE = re.compile(r"(注|备注|说明|填表说明|数据来源)\d?[::]|填表|制表|审核人|填报单位|填报人|注\d?[.、]")
_GROUP = re.compile(r"\(?[一二三四五六七八九十]+[)、..]")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    key: str
    unit: str


@dataclass(slots=True)
class Table:
    """A sheet with its header found. Row numbers are those Excel shows, from 1."""

    sheet: Sheet
    header_row: int
    header_rows: int
    headings: list[Heading]
    score: int = 0
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    unit: str = ""


def normalise_header(text: str) -> tuple[str, str]:
    """``注册资本（万元）`` → ("注册资本", "万元"): a comparable key, the unit kept aside."""
    body, unit = unicodedata.normalize("NFKC", text).strip().lower(), ""
    for found in _BRACKETED.finditer(body):
        if match := _UNIT.fullmatch(found[1].strip()):
            body, unit = body.replace(found[0], ""), match[1]
    if not unit and (bare := _BARE_UNIT.search(body)):
        body, unit = body[: bare.start()], bare[1]
    return _DROPPED.sub("", body), unit


class Synonyms:
    """Finds the column of a header text."""

    def __init__(self, resource: ImportResource) -> None:
        self._known: dict[str, tuple[str, int]] = {}
        self._heading = resource.heading
        for column in resource.columns:
            for text in column.weak:
                self._known.setdefault(normalise_header(text)[0], (column.key, WEAK))
        for column in resource.columns:
            for text in (*column.strong, column.label):
                self._known[normalise_header(text)[0]] = (column.key, STRONG)

    def find(self, text: str) -> tuple[str, int] | None:
        """(column key, weight); also without a bracketed remark and by the first of ``甲/乙``."""
        for candidate in self._spellings(self._heading(text)):
            if found := self._known.get(candidate):
                return found
        return None

    def _spellings(self, text: str) -> Iterator[str]:
        yield normalise_header(text)[0]
        body = unicodedata.normalize("NFKC", text)
        yield normalise_header(_BRACKETED.sub("", body))[0]
        for separator in ("/", "\n", ":"):
            if separator in body:
                yield normalise_header(body.split(separator)[0])[0]


def find_table(sheets: Sequence[Sheet], resource: ImportResource) -> Table | None:
    """The best header of all sheets, None when no row looks like one."""
    synonyms = Synonyms(resource)
    found = [table for sheet in sheets if (table := _best_header(sheet, resource, synonyms))]
    if not found:
        return None
    # Excel's own first sheet wins a tie: max keeps the first.
    best = max(found, key=lambda table: table.score)
    fill_rows(best)
    return best


def table_at(sheet: Sheet, header_row: int, header_rows: int, resource: ImportResource) -> Table:
    """The table under a header that a person pointed at. ``header_row`` counts from 1."""
    synonyms = Synonyms(resource)
    lines = [sheet.rows[index] for index in range(header_row - 1, min(header_row - 1 + header_rows, len(sheet.rows)))]
    texts = _joined(lines, synonyms) if len(lines) > 1 else [text_of(cell) for cell in (lines or [[]])[0]]
    table = Table(sheet, header_row, header_rows, [_heading(text) for text in texts])
    fill_rows(table)
    return table


def _heading(text: str) -> Heading:
    return Heading(" ".join(text.split()), *normalise_header(text))


def _best_header(sheet: Sheet, resource: ImportResource, synonyms: Synonyms) -> Table | None:
    best, best_rank = None, 0
    for index in range(min(HEADER_SEARCH_ROWS, len(sheet.rows))):
        for height in (1, 2):
            texts = _header_texts(sheet, index, height, synonyms)
            score = _score(texts, resource, synonyms) if texts else 0
            # A second line has to add something, otherwise it is a line of the preamble or the first row of data.
            rank = score - PENALTY_OF_SECOND_LINE * (height - 1)
            if score and rank > best_rank:
                best_rank = rank
                best = Table(sheet, index + 1, height, [_heading(text) for text in texts], score)
    if best and best.header_rows == 1 and _has_second_line(best, resource, synonyms):
        texts = _header_texts(sheet, best.header_row - 1, 2, synonyms)
        best.header_rows, best.headings = 2, [_heading(text) for text in texts]
    return best


def _header_texts(sheet: Sheet, index: int, height: int, synonyms: Synonyms) -> list[str]:
    lines = sheet.rows[index : index + height]
    if len(lines) < height:
        return []
    return _joined(lines, synonyms) if height == 2 else [text_of(cell) for cell in lines[0]]


def _has_second_line(table: Table, resource: ImportResource, synonyms: Synonyms) -> bool:
    """本月 | 累计 below a merged 税收: words only, nothing under the name."""
    below = table.sheet.rows[table.header_row : table.header_row + 1]
    texts = [text_of(cell) for cell in below[0]] if below else []
    filled = [text for text in texts if text]
    above = [heading.text for heading in table.headings] + [""] * (len(texts) + 1)
    names = [i for i, heading in enumerate(table.headings) if _is_required(heading.text, resource, synonyms)]
    return (
        len(filled) >= 2
        # Every word stands below a blank or at the beginning of a merged cell.
        and all(not above[index] or not above[index + 1] for index, text in enumerate(texts) if text)
        and not any(texts[index] for index in names if index < len(texts))
        and all(len(text) <= 12 and not re.search(r"\d", text) for text in filled)
    )


def _is_required(text: str, resource: ImportResource, synonyms: Synonyms) -> bool:
    found = synonyms.find(text)
    return found is not None and found[0] == resource.required


def _score(texts: Sequence[str], resource: ImportResource, synonyms: Synonyms) -> int:
    best: dict[str, int] = {}
    for text in texts:
        if found := synonyms.find(text):
            best[found[0]] = max(best.get(found[0], 0), found[1])
    filled = sum(1 for text in texts if text and text not in ADDED_HEADINGS)
    # The name and two more; lists of two or three columns need less.
    if not resource.is_named_by(best) or len(best) < min(3, max(filled - 1, min(filled, 2))):
        return 0
    blanks = sum(1 for text in texts if not text)
    return max(sum(best.values()) * 2 - blanks, 1)


def _joined(lines: Sequence[Sequence[Cell]], synonyms: Synonyms) -> list[str]:
    """Two header lines as one: 税收 over 本月 → 税收 本月; the part that is known alone wins."""
    top, sub = ([text_of(cell) for cell in line] for line in lines[:2])
    width = max(len(top), len(sub))
    top += [""] * (width - len(top))
    sub += [""] * (width - len(sub))
    joined, over = [], ""
    for index in range(width):
        over = top[index] or (over if sub[index] else "")
        joined.append(_joined_text(over, sub[index], synonyms))
    return joined


def _joined_text(over: str, under: str, synonyms: Synonyms) -> str:
    if not over or not under or over == under:
        return over or under
    both = f"{over} {under}"
    if synonyms.find(both):
        return both
    known_under = synonyms.find(under)
    return under if known_under and known_under[1] == STRONG else both


def fill_rows(table: Table) -> None:
    """Split what follows the header into rows of data and lines to skip (totals, notes, groups)."""
    after_end = False
    preamble = table.sheet.rows[: table.header_row - 1]
    texts = [plain(text_of(cell)) for row in preamble for cell in row]
    named = (_SHEET_UNIT.search(text) or _UNIT_ALONE.fullmatch(text) for text in texts)
    table.unit = next((found[1] for found in named if found), "")
    keys = {heading.key for heading in table.headings if heading.key}
    first = table.header_row - 1 + table.header_rows
    _fill_merged(table.sheet, first)
    for index in range(first, len(table.sheet.rows)):
        row = table.sheet.rows[index]
        # The first texts tell a line to skip from a row of data.
        filled = list(islice(_filled(row), TEXTS_THAT_TELL))
        if not filled:
            continue
        if reason := _reason_to_skip(filled, table, keys, after_end):
            table.skipped.append((index + 1, " ".join(_filled(row))[:60]))
            after_end = after_end or reason == "end"
        else:
            table.rows.append((index + 1, row))


def _filled(row: Sequence[Cell]) -> Iterator[str]:
    return (text for cell in row if not is_empty(text := text_of(cell)))


def _fill_merged(sheet: Sheet, first: int) -> None:
    """A village or park merged down over its firms is said of each of them; a merged number would be counted twice."""
    for top, left, bottom, _ in sheet.merged:
        if top < first or top == bottom or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        if not isinstance(value, str):
            continue
        for row in sheet.rows[top + 1 : bottom + 1]:
            if any(not is_empty(text_of(cell)) for cell in row):
                row += [None] * (left + 1 - len(row))
                row[left] = value if row[left] in (None, "") else row[left]


def _reason_to_skip(filled: list[str], table: Table, keys: Collection[str], after_end: bool) -> str:
    """``filled`` holds the first ``TEXTS_THAT_TELL`` texts of a line, or all when there are fewer."""
    squeezed = ["".join(unicodedata.normalize("NFKC", text).split()) for text in filled[:3]]
    if any(_TOTAL.fullmatch(text) for text in squeezed):
        return "total" if any(text.endswith("小计") for text in squeezed) else "end"
    if len(filled) <= 3 and _NOTE.match(squeezed[0]):
        return "end"
    if len(filled) == 1 and len(table.headings) > 2 and (after_end or _GROUP.match(squeezed[0])):
        return "remark"
    # A header printed again at the top of every page.
    if len(filled) > 1 and len(squeezed) > 1 and all(normalise_header(text)[0] in keys for text in filled):
        return "header"
    return ""
