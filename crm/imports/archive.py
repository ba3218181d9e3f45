"""What a zipped workbook is made of, told in one pass without opening it as a workbook.

Refuses bombs, tells how much work the rest can be at most, and what the reader of workbooks keeps to itself:
formula errors and hidden rows and columns.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from xml.sax.saxutils import unescape

from crm.imports.errors import ImportFileError
from crm.imports.formula_errors import ERROR_SAID
from crm.imports.sheets import MAX_COLUMNS, Sheet
from crm.imports.workbook import DAMAGED, LOCKED

MAX_UNZIPPED_BYTES = 400 * 1024 * 1024
# Lists shrink to a tenth or a twentieth; what shrinks to nothing holds nothing.
BOMB_BYTES, BOMB_RATIO = 30 * 1024 * 1024, 100
CHUNK = 1024 * 1024
LONGEST_TEXT = 32_767
MANY_TAGS = 500_000
# A cell that holds something has two tags of its own and two of its value.
TAGS_PER_CELL = 4
OVERGROWN = "文件解压后过大，可能含有大量空白格式。请只复制有数据的部分到新表再上传"
NO_TABLE = "这是压缩包或文档，不是表格。请解压后上传其中的 Excel 文件"

_FAR_AWAY = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{3}\d|[A-Z]*\d{5,})""")
_REPEATED = re.compile(rb"""-repeated\s*=\s*["']\d{5,}""")
_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(?:<(?:\w+:)?f\b[^>]*>(?:[^<]*</(?:\w+:)?f>)?)?<(?:\w+:)?v>([^<]*)<"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s([^>]*\bhidden="(?:1|true)"[^>]*)>""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\s([^>]*\bhidden="(?:1|true)"[^>]*)>""")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*"([^"]*)\"""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")


@dataclass(slots=True)
class Part:
    """One file of the archive: how much it holds and what is remarkable in it, counted from 0."""

    tags: int = 0
    longest: int = 0
    is_far: bool = False
    # Of an OpenDocument sheet, where formula_errors.py looks for them.
    says_error: bool = False
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Contents:
    """All parts by name, and the parts that are sheets by the name of the sheet."""

    unzipped: int
    parts: dict[str, Part]
    sheets: dict[str, str]

    @property
    def cells(self) -> int:
        return sum(part.tags for part in self.parts.values()) // TAGS_PER_CELL

    @property
    def is_far(self) -> bool:
        return any(part.is_far for part in self.parts.values())

    @property
    def may_hide_errors(self) -> bool:
        """Whether formula errors may be in it that were not found in passing."""
        return "xl/workbook.bin" in self.parts or any(part.says_error for part in self.parts.values())

    @property
    def most_text(self) -> int:
        """Every cell may name the longest text there is."""
        return self.cells * max((part.longest for part in self.parts.values()), default=0)

    def annotate(self, sheets: Iterable[Sheet]) -> None:
        """Write into the sheets what their reader left out."""
        for sheet in sheets:
            part = self.parts.get(self.sheets.get(sheet.name, ""))
            if part is None:
                continue
            sheet.hidden_rows, sheet.hidden_columns = part.hidden_rows, part.hidden_columns
            sheet.show(part.errors)


def look_into(content: bytes, go_on: Callable[[], None]) -> Contents:
    """Sizes as declared first, then every member once: a lying size fails its checksum. Raises ``ImportFileError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look_into(archive, len(content), go_on)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error):
        raise ImportFileError(DAMAGED) from None


def _look_into(archive: zipfile.ZipFile, zipped: int, go_on: Callable[[], None]) -> Contents:
    entries = archive.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportFileError("压缩内容设有密码，请去掉密码后再上传")
    if _is_encrypted(archive):
        raise ImportFileError(LOCKED)
    unzipped = sum(entry.file_size for entry in entries)
    if unzipped > min(MAX_UNZIPPED_BYTES, max(BOMB_BYTES, zipped * BOMB_RATIO)):
        raise ImportFileError(OVERGROWN)
    if not any(entry.filename.startswith(("xl/", "content.xml")) for entry in entries):
        raise ImportFileError(NO_TABLE)
    names = _sheet_names(archive)
    parts = {}
    for entry in entries:
        with archive.open(entry) as member:
            chunks = iter(partial(member.read, CHUNK), b"")
            parts[entry.filename] = _scan(_as_long_as(chunks, go_on), entry.filename in names.values())
    return Contents(unzipped, parts, names)


def _as_long_as(chunks: Iterator[bytes], go_on: Callable[[], None]) -> Iterator[bytes]:
    for chunk in chunks:
        go_on()
        yield chunk


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of the sheet → file that holds it; empty where the workbook is written in an unusual way."""
    try:
        book, relations = (_beginning(archive, f"xl/{name}") for name in ("workbook.xml", "_rels/workbook.xml.rels"))
    except KeyError:
        return {}
    if "'" in book + relations:
        # Told in a spelling that is read otherwise here than by the reader of workbooks.
        return {}
    targets = {}
    for found in _RELATION.finditer(relations):
        said = dict(_ATTRIBUTE.findall(found[1]))
        target = said.get("Target", "")
        targets[said.get("Id", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    names = {}
    for found in _SHEET.finditer(book):
        said = dict(_ATTRIBUTE.findall(found[1]))
        names[unescape(said.get("name", ""))] = targets.get(said.get("r:id", ""), "")
    return names if all(name in archive.namelist() for name in names.values()) else {}


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    """OpenDocument says of every part how it is encrypted, and leaves the list of parts readable."""
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and "encryption-data" in _beginning(archive, manifest)


def _beginning(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return member.read(CHUNK).decode("utf-8", "replace")


def _scan(chunks: Iterator[bytes], is_sheet: bool) -> Part:
    part, kept = Part(), b""
    for chunk in chunks:
        part.tags += chunk.count(b"<")
        # Up to here a tag or a row may have been cut in two.
        kept = (kept if is_sheet else kept[-100:]) + chunk
        part.is_far = part.is_far or (_FAR_AWAY if is_sheet else _REPEATED).search(kept) is not None
        part.says_error = part.says_error or ERROR_SAID in kept
        # Where tags are many the rest of the sum does not matter.
        run = max(map(len, chunk.split(b"<"))) if part.tags < MANY_TAGS else LONGEST_TEXT
        part.longest = max(part.longest, run)
        if is_sheet:
            end = kept.rfind(b"row>") + 4
            _remark(part, kept[:end])
            kept = kept[end:] if end > 3 or len(kept) < 4 * CHUNK else b""
    return part


def _remark(part: Part, xml: bytes) -> None:
    if b't="e"' in xml:
        for attributes, text in _ERROR_CELL.findall(xml):
            if place := _PLACE.match(_said(attributes).get("r", "")):
                part.errors[int(place[2]) - 1, _column_number(place[1]) - 1] = text.decode("utf-8", "replace")
    if b'hidden="' in xml:
        for attributes in _HIDDEN_ROW.findall(xml):
            if (number := _said(attributes).get("r", "")).isdecimal():
                part.hidden_rows.add(int(number) - 1)
        for attributes in _HIDDEN_COLUMN.findall(xml):
            said = _said(attributes)
            first, last = said.get("min", ""), said.get("max", "")
            if first.isdecimal() and last.isdecimal():
                part.hidden_columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))


def _said(attributes: bytes) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(attributes.decode("utf-8", "replace")))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
