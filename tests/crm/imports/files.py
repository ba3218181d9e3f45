"""Small files in the shapes of real ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from parks import uscc

HEADER = ["序号", "企业名称", "登记状态", "注册资本", "成立日期", "统一社会信用代码", "注册地址", "经营范围"]


def xlsx(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """A workbook; every sheet is its rows."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        for position, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[position] if names else None)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
    return buffer.getvalue()


def csv(rows: Sequence[Sequence[str]], encoding: str = "gb18030", separator: str = ",") -> bytes:
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def code(number: int) -> str:
    """A sound made-up code, different for every number."""
    body = f"{number:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    inner = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
    first = f"91110112{body}{inner}"
    return first + uscc.check_digit(first)


def enterprise_rows(count: int, start: int = 1) -> list[list[Any]]:
    """Rows in the shape of a public register: `-` for nothing, capital in several spellings."""
    capitals = ["1,000(万元人民币)", "50(万元)", "-", "100万人民币", "30(万美元)"]
    return [
        [
            number,
            f"北京测试{number}科技有限公司",
            "-",
            capitals[number % len(capitals)],
            f"20{number % 20:02d}-03-{number % 28 + 1:02d}",
            code(number),
            f"北京市通州区西集镇{number}号",
            "技术开发；技术咨询",
        ]
        for number in range(start, start + count)
    ]


def register_file(count: int) -> bytes:
    """Two preamble rows, a header, the rows, a total and a note."""
    preamble = [["园区注册企业名单"], ["声明：数据来源于公开登记信息        单位：家"]]
    ending = [["合计", f"{count}家"], ["注：本表由各科室汇总"]]
    return xlsx([*preamble, HEADER, *enterprise_rows(count), *ending])


def zip_bomb() -> bytes:
    """Tiny on disk, 400 MB when opened."""
    buffer = io.BytesIO()
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(400):
            member.write(b"0" * 1024 * 1024)
    return buffer.getvalue()


def ods(rows: str) -> bytes:
    """An OpenDocument sheet from the XML of its rows."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{prefix}="{names}:{prefix}:1.0"' for prefix in ("office", "table", "text", "calcext"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="名单">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return buffer.getvalue()


def ods_row(*texts: str, repeat_row: int = 1, repeat_cell: int = 1) -> str:
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeat_cell}">'
    cells = "".join(f"{cell}<text:p>{text}</text:p></table:table-cell>" for text in texts)
    return f'<table:table-row table:number-rows-repeated="{repeat_row}">{cells}</table:table-row>'
