"""Files made to exhaust the server: one sentence, little memory, soon over. Each is read by a process of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from itertools import repeat
from pathlib import Path

import pytest

from crm.imports.errors import ImportFileError
from crm.imports.reading import read_file
from tests.crm.imports import binary, books, files
from tests.crm.imports.books import SHEET, STRINGS, STYLES, sheet, strings, workbook

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 400
# The reading must not hang; how long it takes is printed, not judged.
PATIENCE = 120
READ = """
import resource, sys, time
from crm.imports.errors import ImportFileError
from crm.imports.reading import read_file
began = time.perf_counter()
try:
    answer = f"{sum(len(sheet.rows) for sheet in read_file(sys.stdin.buffer.read(), 'x.csv'))} rows"
except ImportFileError as error:
    answer = str(error)
# Not the usage of this process itself: Linux counts in what the one that started it had before.
own = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
most = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(most // 1024, f"{time.perf_counter() - began:.1f}", answer)
"""

ROW_OF_50 = b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>"
LONG = b"<si><t>" + b"A" * 30_000 + b"</t></si>"
FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="S1000000"><v>1</v></c></row>'
FAR_AGAIN = FAR.replace(b'"', b"'")
CORNER = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def _noise(count: int) -> bytes:
    """Rows that do not shrink: their ratio is that of an honest file."""
    return b"".join(b"<row><c><v>%s</v></c></row>" % os.urandom(40).hex().encode() for _ in range(count))


BOMBS = {
    "a sheet of 60 MB": lambda: workbook({SHEET: sheet(ROW_OF_50 * 10_000, 8)}),
    "blank cells": lambda: workbook({SHEET: sheet(b'<row><c s="1"/></row>' * 50_000, 40)}),
    "rows of nothing": lambda: workbook({SHEET: sheet(b"<row/>" * 100_000, 60)}),
    "one text of 60 MB": lambda: workbook(
        {
            SHEET: sheet(b'<row><c t="s"><v>0</v></c></row>' * 1000),
            STRINGS: [b"<sst><si><t>", *repeat(b"A" * MEGABYTE, 60)],
        }
    ),
    "a long text in every cell": lambda: workbook(
        {SHEET: sheet(b'<row><c t="s"><v>0</v></c></row>' * 200_000), STRINGS: strings(LONG)}
    ),
    "a long text in few cells of many sheets": lambda: workbook(
        {
            **{
                f"xl/worksheets/sheet{n}.xml": sheet(b'<row><c t="s"><v>0</v></c></row>' * 9000) for n in range(1, 41)
            },
            STRINGS: strings(LONG),
        },
        sheets=40,
    ),
    "millions of texts": lambda: workbook({SHEET: sheet(ROW_OF_50), STRINGS: strings(b"<si><t/></si>" * 100_000, 40)}),
    "tags in tags": lambda: workbook({SHEET: sheet(b"<a>" * 100_000, 90)}),
    "an attribute of 60 MB": lambda: workbook({SHEET: [b'<worksheet><row r="', *repeat(b"1" * MEGABYTE, 60)]}),
    "formats without end": lambda: workbook(
        {SHEET: sheet(ROW_OF_50), STYLES: [b"<styleSheet><cellXfs>", *repeat(b'<xf numFmtId="0"/>' * 50_000, 60)]}
    ),
    "merged cells without end": lambda: workbook(
        {SHEET: sheet(ROW_OF_50, after=b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 900_000)}
    ),
    "a cell a million rows below": lambda: workbook({SHEET: sheet(FAR)}),
    "the same told with other quotes": lambda: workbook({SHEET: sheet(FAR_AGAIN)}),
    "a cell in the farthest corner": lambda: workbook({SHEET: sheet(CORNER)}),
    "a far cell on each of fifty sheets": lambda: workbook(
        {f"xl/worksheets/sheet{n}.xml": sheet(FAR) for n in range(1, 51)}, sheets=50
    ),
    "six hundred sheets": lambda: workbook(
        {f"xl/worksheets/sheet{n}.xml": sheet(ROW_OF_50, 1000) for n in range(1, 601)}, sheets=600
    ),
    "an archive of nothing but size": files.zip_bomb,
    "a repeated page in .ods": lambda: files.ods(files.ods_row("x" * 30_000, repeat_row=10_000, repeat_cell=19)),
    "a repeated row in .ods": lambda: files.ods(files.ods_row("x", repeat_row=200_000, repeat_cell=99)),
    "blanks repeated before a cell in .ods": lambda: files.ods(
        '<table:table-row table:number-rows-repeated="100000">'
        '<table:table-cell table:number-columns-repeated="16000"/>'
        '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    ),
    "one line of commas": lambda: b"a," * 10 * MEGABYTE,
    "one field of 20 MB": lambda: b"a" * 20 * MEGABYTE,
    "a quote that opens 20 MB": lambda: b'name,x\n"' + b"a,b\n" * 5 * MEGABYTE,
    "ten million rows": lambda: b"1\n" * 10 * MEGABYTE,
    "formulas that never end": lambda: b'=",' * 6 * MEGABYTE,
    "nothing but ends of lines": lambda: b"\n" * 20 * MEGABYTE,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_memory(name):
    most, seconds, answer = _read(BOMBS[name]())
    print(f"{name}: {most} MB, {seconds} s, {answer}")
    assert answer
    assert most <= MOST_MEGABYTES


def test_an_xls_whose_cells_all_name_one_long_text_is_refused_too():
    text = b"A" * 8000
    table = binary.biff(0x00FC, _u32(100_000, 1) + len(text).to_bytes(2, "little") + b"\0" + text)
    cell = binary.biff(0x00FD, bytes(6) + _u32(0))
    content = binary.container("Workbook", binary.xls_stream([["x"]], before=table, cells=cell * 60_000))
    most, _, answer = _read(content)
    assert "展开后过大" in answer
    assert most <= MOST_MEGABYTES


def test_a_large_honest_workbook_is_read_within_the_same_memory():
    content = workbook({SHEET: sheet(_noise(60_000))})
    most, _, answer = _read(content)
    assert answer == "60000 rows"
    assert most <= MOST_MEGABYTES


def test_an_archive_in_an_archive_is_not_opened():
    inner = files.zip_bomb()
    (read,) = read_file(workbook({SHEET: sheet(ROW_OF_50), "xl/media/inner.zip": [inner]}), "a.xlsx")
    assert len(read.rows) == 1
    with pytest.raises(ImportFileError, match="压缩包"):
        read_file(_zip_of(inner), "a.xlsx")


def _zip_of(inner: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("名单.zip", inner)
    return buffer.getvalue()


def _u32(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def _read(content: bytes) -> tuple[int, str, str]:
    """(megabytes at most of the process that reads and of its own helper, seconds, what came of it)."""
    root = Path(books.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", READ], input=content, capture_output=True, timeout=PATIENCE, cwd=root, check=True
    )
    most, seconds, answer = done.stdout.decode().split(" ", 2)
    return int(most), seconds, answer.strip()
