"""CSV and other text to rows of cells: encoding, separator, quotes."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

from crm.imports.errors import ImportFileError
from crm.imports.workbook import DAMAGED, SAVE_AS

LONGEST_CELL = 200_000
LONGEST_LINE = 1_000_000
CHARACTERS_AT_ONCE = 1_000_000
_BAD_QUOTES = f"CSV 文件的引号或分隔符有误。{SAVE_AS}"
_IN_QUOTES = re.compile(r'"[^"]*"')
# ="…" as a cell, or a quoted cell, inside which the same letters are only text.
_WRAPPED = re.compile(r'(^|[,\t;])(?:="([^"]*)"(?=[,\t;\r\n]|$)|("(?:[^"]|"")*(?:"|$)))')
# What is left of a line whose last cell begins so and goes on in the next line, as the exports write former names.
_GOES_ON = re.compile(r'(?:^|[,\t;])="[^"]*\Z')
LINES_OF_A_CELL = 20
# A row of its own at the end, unless a quote was never closed.
_LAST = "\ue000"


def read_text(content: bytes) -> Iterator[list[str]]:
    """The rows of a text file. Raises ``ImportFileError``."""
    encoding = _encoding(content)
    beginning = _opened(content, encoding).read(20_000)
    if beginning.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml", "<meta")):
        raise ImportFileError(f"这是网页格式的表格。{SAVE_AS}")
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(_opened(content, encoding))
    try:
        for row in csv.reader(lines, delimiter=_delimiter(beginning)):
            lines.is_inside_row = False
            if row and row[-1].endswith(_LAST):
                if row != [_LAST]:
                    # It swallowed every row after it into one cell.
                    raise ImportFileError(_BAD_QUOTES)
                return
            yield row
    except csv.Error:
        raise ImportFileError(_BAD_QUOTES) from None


class _Lines:
    """One line after the other, formulas unwrapped: a file of millions of separators must not become lists."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        # Told by who takes the rows apart; a line that goes on inside a quoted cell is left as it is.
        self.is_inside_row = False

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise ImportFileError(f"有一行超过 {LONGEST_LINE // 10_000} 万字，不像表格。{SAVE_AS}")
            is_inside, self.is_inside_row = self.is_inside_row, True
            yield line if is_inside or '="' not in line else _WRAPPED.sub(_unwrapped, _with_rest(line, self._text))
        yield _LAST


def _with_rest(line: str, source: IO[str]) -> str:
    """The line with those into which its wrapped cells go on; as it is when such a cell is never closed."""
    for _ in range(LINES_OF_A_CELL):
        if not _GOES_ON.search(_WRAPPED.sub("", line)):
            break
        place = source.tell()
        rest = ""
        for more in islice(iter(source.readline, ""), LINES_OF_A_CELL):
            rest += more
            if '"' in more:
                break
        if not _closes(rest) or len(line) + len(rest) > LONGEST_CELL:
            source.seek(place)
            break
        line += rest
    return line


def _closes(text: str) -> bool:
    """Whether the first quote of the text is the end of a cell."""
    _, quote, after = text.partition('"')
    return bool(quote) and after[:1] in ("", ",", "\t", ";", "\r", "\n")


def _unwrapped(found: re.Match[str]) -> str:
    return found[0] if found[2] is None else f'{found[1]}"{found[2]}"'


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if b"\x00" in content:
            raise ImportFileError(DAMAGED)
    for encoding in encodings:
        if _is_written_in(encoding, content):
            return encoding
    raise ImportFileError(f"无法识别文字编码。{SAVE_AS}")


def _is_written_in(encoding: str, content: bytes) -> bool:
    """Looked through to the end, a piece at a time."""
    text = _opened(content, encoding)
    try:
        while text.read(CHARACTERS_AT_ONCE):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _opened(content: bytes, encoding: str) -> IO[str]:
    """Line ends stay as they are; the text as a whole is never in memory."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def _delimiter(beginning: str) -> str:
    """The separator that gives the most columns in the most lines of the beginning."""
    bare = _IN_QUOTES.sub("", beginning)
    lines = [line for line in bare.splitlines()[:30] if line.strip()]
    return max(",\t;", key=lambda mark: sum(min(line.count(mark), 100) for line in lines))
