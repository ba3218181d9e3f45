"""Whether a file is a report as it was issued: by its hash; where it is not, what is known of it and what differs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from reports.actions.files import current_fingerprint
from reports.issuing.frozen import sha256
from reports.issuing.proof import ALPHABET, GROUPS, LETTERS
from reports.models import IssuedFile, ReportIssue

LETTER = f"[{ALPHABET}]{{{LETTERS}}}"
CODE = re.compile(f"(?<![A-Z0-9])(?:{LETTER}-){{{GROUPS - 1}}}{LETTER}(?![A-Z0-9])".encode())
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
LARGEST_MEMBER = 50_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`issue` is the report that the file is, or says it is; `problems` in words, none for a true copy."""

    issue: ReportIssue | None
    file: IssuedFile | None
    problems: tuple[str, ...]

    @property
    def is_true(self) -> bool:
        return self.file is not None and not self.problems


def verify(content: bytes) -> Verdict:
    file = IssuedFile.objects.filter(sha256=sha256(content)).select_related("issue").first()
    if file:
        return Verdict(file.issue, file, tuple(record_problems(file.issue)))
    issue = ReportIssue.objects.issued().filter(code__in=codes_in(content)).first()
    if issue is None:
        return Verdict(None, None, ("不是本系统印发的报告文件：没有这个文件指纹，文件里也没有印发过的核验码。",))
    return Verdict(issue, None, tuple(differences(issue, content)))


def record_problems(issue: ReportIssue) -> Iterator[str]:
    """The archive itself: the data in the database must still have the hash that was printed."""
    if current_fingerprint(issue) != issue.fingerprint:
        yield "存档数据与印发时的指纹不一致：数据库里的数据、文字、规则或明细被改动过。"


def differences(issue: ReportIssue, content: bytes) -> Iterator[str]:
    """A file that carries the code of an issue and is none of its files."""
    kind = "pdf" if content.startswith(b"%PDF") else "docx" if b"word/" in content else "xlsx"
    kept = issue.files.filter(format=kind).first()
    if kept is None:
        yield "文件格式与印发的都不同。"
        return
    with kept.file.open("rb") as file:
        issued = file.read()
    changed = [*changed_pages(issued, content)] if kind == "pdf" else [*changed_members(issued, content)]
    yield f"文件被改动过：{'、'.join(changed) or '内容相同，但不是印发的文件'}。"


def codes_in(content: bytes) -> list[str]:
    """In the keywords of a PDF, or anywhere in the parts of an Office file."""
    # Other software writes keywords in two bytes a letter, or the dash by its number.
    plain = content.replace(b"\0", b"").replace(rb"\055", b"-")
    places = [content, plain, *members(content).values()]
    return sorted({found.decode() for place in places for found in CODE.findall(place)})


def members(content: bytes) -> dict[str, bytes]:
    if not content.startswith(b"PK"):
        return {}
    try:
        with ZipFile(BytesIO(content)) as box:
            return {one.filename: read(box, one) for one in box.infolist() if one.file_size <= LARGEST_MEMBER}
    except BadZipFile:
        return {}


def read(box: ZipFile, member: ZipInfo) -> bytes:
    """Nothing where it is broken: the other members still tell which report it was."""
    try:
        return box.read(member)
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return b""


def changed_members(issued: bytes, content: bytes) -> Iterator[str]:
    before, after = members(issued), members(content)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name


def changed_pages(issued: bytes, content: bytes) -> Iterator[str]:
    """By the streams of the file, in their order; of a file that was saved anew by other software only that it was."""
    before, after = STREAM.findall(issued), STREAM.findall(content)
    if len(before) != len(after):
        yield "文件用别的软件重新保存过，各页无法逐一比较"
        return
    places = [number for number, (one, other) in enumerate(zip(before, after, strict=True), start=1) if one != other]
    if places:
        yield f"第 {'、'.join(map(str, places))} 段内容（共 {len(before)} 段）"
