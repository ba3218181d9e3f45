"""Every trap of a format, in a file that holds it."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from contextlib import suppress
from typing import Any

import pytest
import xlsxwriter

from crm.imports.cells import parse_date, text_of
from crm.imports.errors import ImportFileError
from crm.imports.headers import find_table
from crm.imports.mapping import map_columns
from crm.imports.reading import read_file
from crm.imports.resource import get_resource
from tests.crm.imports import binary, books, files
from tests.crm.imports.books import SHEET, sheet, workbook
from tests.crm.imports.conftest import stage_content

ROWS = [["企业名称", "法定代表人", "参保人数"], ["镕喆堃公司", "张三", 12.0], ["乙公司", None, 0.5]]
READ = [["企业名称", "法定代表人", "参保人数"], ["镕喆堃公司", "张三", 12.0], ["乙公司", None, 0.5]]


def _written(**options: Any) -> tuple[io.BytesIO, xlsxwriter.Workbook, Any]:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, options)
    return buffer, book, book.add_worksheet("名单")


def _saved(buffer: io.BytesIO, book: xlsxwriter.Workbook) -> bytes:
    book.close()
    return buffer.getvalue()


def _plain(rows: list[list[Any]]) -> list[list[Any]]:
    return [[cell or None for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.xls", binary.xls(ROWS)),
        ("名单.et", binary.xls(ROWS)),
        ("名单.xlsb", binary.xlsb(ROWS)),
        ("名单.xlsx", files.xlsx(ROWS)),
        ("名单.xlsm", files.xlsx(ROWS)),
    ],
)
def test_every_kind_of_workbook_is_read(name, content):
    (read,) = read_file(content, name)
    assert _plain(read.rows) == READ


@pytest.mark.parametrize("size", [(65_536, 256), (1_048_576, 16_384), (2**32 - 1, 2**16 - 1), (0, 0)])
def test_an_xls_that_lies_about_its_size_is_read(size):
    (read,) = read_file(binary.xls(ROWS, size=size), "a.xls")
    assert _plain(read.rows) == READ


@pytest.mark.parametrize("claimed", ["A1", "A1:XFD1048576", "ZZ9:A1", "不是范围"])
def test_an_xlsx_that_lies_about_its_size_is_read_or_called_damaged(claimed):
    xml = f'<worksheet xmlns="{books.MAIN}"><dimension ref="{claimed}"/><sheetData><row r="1">'
    row = '<c r="A1" t="str"><v>企业名称</v></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>'
    try:
        (read,) = read_file(workbook({SHEET: [(xml + row).encode()]}), "a.xlsx")
    except ImportFileError:
        return
    assert read.rows == [["企业名称", 1.0]]


def test_strict_ooxml_is_read():
    xml = f'<worksheet xmlns="{books.STRICT_MAIN}"><sheetData><row><c t="str"><v>企业名称</v></c></row></sheetData>'
    content = workbook(
        {SHEET: [xml.encode(), b"</worksheet>"]}, main=books.STRICT_MAIN, links=books.STRICT_LINKS, more=""
    )
    (read,) = read_file(content, "a.xlsx")
    assert read.rows == [["企业名称"]]


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_dates_in_either_calendar(is_1904):
    buffer, book, target = _written(date_1904=is_1904)
    target.write_datetime(0, 0, dt.datetime(2020, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    target.write_datetime(1, 0, dt.datetime(2020, 1, 2, 13, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    (read,) = read_file(_saved(buffer, book), "a.xlsx")
    assert read.rows == [["2020-01-02"], ["2020-01-02 13:30:00"]]
    assert [parse_date(cells[0])[0] for cells in read.rows] == [dt.date(2020, 1, 2)] * 2


def test_numbers_written_as_text_and_text_as_numbers_keep_their_digits():
    buffer, book, target = _written()
    target.write_string(0, 0, "00123")
    target.write_number(0, 1, 123)
    target.write_string(0, 2, "911101126000373418")
    target.write_number(0, 3, 43832)
    (read,) = read_file(_saved(buffer, book), "a.xlsx")
    assert read.rows == [["00123", 123.0, "911101126000373418", 43832.0]]


def test_a_formula_error_is_seen_and_not_taken_for_an_empty_cell():
    buffer, book, target = _written()
    target.write_row(0, 0, ["企业名称", "法人", "参保人数"])
    target.write_string(1, 0, "甲公司")
    target.write_formula(1, 1, '=VLOOKUP("x",D:E,2,0)', value="#N/A")
    target.write_formula(1, 2, "=1/0", value="#DIV/0!")
    (read,) = read_file(_saved(buffer, book), "a.xlsx")
    assert read.rows[1] == ["甲公司", "#N/A", "#DIV/0!"]


ERRORS = [
    ["企业名称", "法人", "参保人数"],
    ["甲公司", "#N/A", "#DIV/0!"],
    ["乙公司", "#REF!", 5.0],
    [None, None, None],
    ["丙公司", "张某", "#NAME?"],
    ["丁公司", "#NULL!", "#NUM!"],
    ["戊公司", "李某", "#VALUE!"],
]


def _as_ods(rows: list[list[Any]]) -> str:
    return "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)


def _ods_cell(value: Any) -> str:
    if isinstance(value, str) and value.startswith("#"):
        kind = 'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
    if value is None:
        return "<table:table-cell/>"
    kind = 'string"' if isinstance(value, str) else f'float" office:value="{value}"'
    return f'<table:table-cell office:value-type="{kind}><text:p>{value}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("name", "content"),
    [("名单.xls", binary.xls(ERRORS)), ("名单.xlsb", binary.xlsb(ERRORS)), ("名单.ods", files.ods(_as_ods(ERRORS)))],
)
def test_a_formula_error_is_seen_in_every_kind_of_workbook(name, content, manager):
    (read,) = read_file(content, name)
    assert [row or [None] * 3 for row in read.rows] == ERRORS
    batch = stage_content(content, manager, name)
    reasons = {
        row.number: [message["message"] for message in row.messages] for row in batch.rows.filter(verdict="error")
    }
    assert reasons[2] == ["单元格是公式错误 #N/A，请在原表中改正", "单元格是公式错误 #DIV/0!，请在原表中改正"]
    assert sorted(reasons) == [2, 3, 5, 6, 7]


def test_a_formula_error_stands_in_its_own_cell_where_rows_and_cells_are_repeated():
    error = (
        '<table:table-cell table:number-columns-repeated="2" calcext:value-type="error"><text:p>#N/A</text:p>'
        '</table:table-cell><table:table-cell office:value-type="string"><text:p>末</text:p></table:table-cell>'
    )
    rows = (
        files.ods_row("企业名称", "二", "三", "四")
        + files.ods_row("甲公司", repeat_row=2)
        + f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{error}</table:table-row>'
    )
    (read,) = read_file(files.ods(rows), "a.ods")
    assert read.rows[3:] == [[None, "#N/A", "#N/A", "末"]] * 2


@pytest.mark.parametrize("repeated", ["9" * 30, "1000000", "甲"])
def test_an_error_said_a_million_times_is_read_in_bounds_or_refused(repeated):
    cell = f'<table:table-cell table:number-columns-repeated="{repeated}" calcext:value-type="error"/>'
    rows = f'<table:table-row table:number-rows-repeated="{repeated}"><table:table-cell/>{cell}</table:table-row>'
    with suppress(ImportFileError):
        (read,) = read_file(files.ods(files.ods_row("企业名称") + rows), "a.ods")
        assert sum(map(len, read.rows)) < 200_000


def test_hidden_rows_and_columns_are_told():
    buffer, book, target = _written()
    for number in range(5):
        target.write_row(number, 0, ["甲", "乙", "丙", "丁"])
    target.set_row(2, None, None, {"hidden": True})
    target.set_column(1, 2, None, None, {"hidden": True})
    (read,) = read_file(_saved(buffer, book), "a.xlsx")
    assert (len(read.rows), read.hidden_rows, read.hidden_columns) == (5, {2}, {1, 2})


def test_a_village_merged_down_is_said_of_every_firm_and_a_merged_number_is_not():
    buffer, book, target = _written()
    target.merge_range(0, 0, 0, 3, "某镇企业名单")
    target.write_row(1, 0, ["园区", "企业名称", "法定代表人", "参保人数"])
    for line, name in enumerate(["甲公司", "乙公司", "丙公司"], 2):
        target.write_row(line, 1, [name, "张三"])
    target.merge_range(2, 0, 4, 0, "网安园")
    target.merge_range(2, 3, 3, 3, 7)
    (read,) = read_file(_saved(buffer, book), "a.xlsx")
    table = find_table([read], get_resource("enterprises"))
    assert table is not None
    assert [cells[0] for _, cells in table.rows] == ["网安园"] * 3
    assert [cells[3] if len(cells) > 3 else None for _, cells in table.rows] == [7.0, None, None]


@pytest.mark.parametrize("above", range(20))
def test_the_header_is_found_wherever_it_stands_in_the_first_twenty_rows(above):
    rows = [*[["某镇"]] * above, files.HEADER, *files.enterprise_rows(3)]
    table = find_table(read_file(files.xlsx(rows), "a.xlsx"), get_resource("enterprises"))
    assert table is not None
    assert (table.header_row, len(table.rows)) == (above + 1, 3)


def test_a_header_merged_over_two_rows_is_one_header():
    buffer, book, target = _written()
    target.merge_range(0, 0, 0, 3, "某镇企业名单")
    target.merge_range(1, 0, 2, 0, "企业名称")
    target.merge_range(1, 1, 2, 1, "统一社会信用代码")
    target.merge_range(1, 2, 1, 3, "联系方式")
    target.write_row(2, 2, ["联系电话", "邮箱"])
    target.write_row(3, 0, ["甲公司", files.code(1), "010-1", "a@b.cn"])
    table = find_table(read_file(_saved(buffer, book), "a.xlsx"), get_resource("enterprises"))
    assert table is not None
    assert (table.header_row, table.header_rows) == (2, 2)
    assert list(map_columns(table, get_resource("enterprises")).values()) == ["name", "uscc", "phone", "email"]


def _words(text: str) -> list[str]:
    return text.split()


L2 = _words(
    "企业名称 登记状态 法定代表人 注册资本 成立日期 统一社会信用代码 注册地址 所属省份 所属城市 所属区县 "
    "有效手机号 更多电话 邮箱 企业(机构)类型 纳税人识别号 注册号 组织机构代码 参保人数 参保人数所属年报 "
    "营业期限 国标行业门类 国标行业大类 国标行业中类 国标行业小类 企查查行业门类 企查查行业大类 "
    "企查查行业中类 企查查行业小类 企业规模 曾用名 英文名 官网网址 通信地址 通信地址邮编 企业简介 "
    "经营范围 "
)
L4 = _words(
    "公司名称 登记状态 法定代表人 企业规模 注册资本 实缴资本 成立日期 核准日期 营业期限 所属省份 所属城市 "
    "所属区县 公司类型 国标行业门类 国标行业大类 国标行业中类 曾用名 英文名 统一社会信用代码 纳税人识别号 "
    "注册号 组织机构代码 参保人数 参保人数所属年报 有效手机号 更多电话 注册地址 最新年报地址 通信地址 "
    "网址 邮箱 其他邮箱 经营范围 "
)


@pytest.mark.parametrize("layout", [L2, L4], ids=["L2", "L4"])
def test_the_widest_layouts_of_data_sellers_are_understood(layout):
    resource = get_resource("enterprises")
    rows = [["声明：本数据来源于公开信息"], layout, ["x"] * len(layout)]
    table = find_table(read_file(files.csv(rows, "utf-8-sig"), "a.csv"), resource)
    assert table is not None
    mapped = {table.headings[index].text: key for index, key in map_columns(table, resource).items()}
    assert mapped["有效手机号"] == "mobile"
    assert mapped["注册地址"] == "registered_address"
    assert {"name", "uscc", "status", "registered_capital", "established_on", "term", "insured_year"} <= {
        *mapped.values()
    }


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_wrapped_cells_and_plain_ones_stand_side_by_side(separator):
    text = separator.join(['="甲,乙"', '=""', '"说明:="', '";=乙"', '"引""号"', '="0012"'])
    (read,) = read_file(f"{text}\r\n末行{separator}1".encode("gb18030"), "a.txt")
    assert read.rows[0] == ["甲,乙", None, "说明:=", ";=乙", '引"号', "0012"]
    assert read.rows[1] == ["末行", "1"]


def test_a_cell_of_several_lines_may_hold_what_looks_like_a_wrapped_cell():
    (read,) = read_file('企业名称,曾用名\n甲,"旧一\n,="",旧二"\n'.encode(), "a.csv")
    assert read.rows == [["企业名称", "曾用名"], ["甲", '旧一\n,="",旧二'.replace('""', '"')]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_wrapped_cell_of_several_lines_is_one_cell(end):
    lines = ['="甲",="旧一', '旧二, 旧三",="3"', '="乙",="",="4"', '="丙",="旧四', '",="5"']
    (read,) = read_file(end.join(lines).encode("gb18030"), "a.csv")
    assert [[row[0], text_of(row[1]), row[2]] for row in read.rows] == [
        ["甲", f"旧一{end}旧二, 旧三", "3"],
        ["乙", "", "4"],
        ["丙", "旧四", "5"],
    ]


def test_a_wrapped_cell_that_is_never_closed_swallows_nothing():
    (read,) = read_file('甲,="旧一\n乙,旧二\n丙,"旧三"乙\n丁,1\n'.encode(), "a.csv")
    assert [row[0] for row in read.rows] == ["甲", "乙", "丙", "丁"]


def _spoiled(content: bytes, seed: int) -> bytes:
    """Some bytes changed, or the file cut short."""
    dice, spoiled = random.Random(seed), bytearray(content)
    for _ in range(dice.choice([1, 3, 30])):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled[: dice.randrange(1, len(spoiled))] if seed % 3 == 0 else spoiled)


def _spoiled_inside(content: bytes, seed: int) -> bytes:
    """A sound archive around parts that are not."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for number, entry in enumerate(source.infolist()):
            body = source.read(entry)
            target.writestr(entry.filename, _spoiled(body, seed * 31 + number) if (seed + number) % 3 == 0 else body)
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(12))
def test_spoiled_files_are_read_or_refused_in_words(seed):
    sound = files.xlsx(ROWS)
    for content in (
        _spoiled(sound, seed),
        _spoiled_inside(sound, seed),
        _spoiled(binary.xls(ERRORS), seed),
        _spoiled_inside(binary.xlsb(ERRORS), seed),
        _spoiled_inside(files.ods(_as_ods(ERRORS)), seed),
        _spoiled_inside(files.ods(files.ods_row("企业名称", "法人")), seed),
        _spoiled(files.csv([["企业名称", "法人"], ["甲", "乙"]]), seed),
        random.Random(seed).randbytes(3000),
    ):
        # Anything else would be a page that failed.
        with suppress(ImportFileError):
            read_file(content, "a")


def test_nothing_of_what_is_sheet_metadata_leaks_into_the_rows():
    content = workbook({SHEET: sheet(b'<row r="1"><c r="A1" t="str"><v>x</v></c></row>')})
    (read,) = read_file(content, "a.xlsx")
    assert (read.rows, read.merged, read.hidden_rows) == ([["x"]], [], set())
