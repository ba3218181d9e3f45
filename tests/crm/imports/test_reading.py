"""Files of every kind, honest and hostile."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from crm.imports import reading, sheets
from crm.imports.errors import ImportFileError
from crm.imports.reading import read_file
from tests.crm.imports import binary, files

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def test_rows_are_numbered_as_the_sheet_numbers_them():
    (sheet,) = read_file(files.xlsx([["标题"], [], ["名称", "电话"], ["甲", 12.0]]), "a.xlsx")
    assert sheet.rows == [["标题"], [], ["名称", "电话"], ["甲", 12.0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_any_usual_encoding(encoding):
    (sheet,) = read_file(files.csv([["企业名称", "法人"], ["镕喆堃公司", "李喆"]], encoding), "a.csv")
    assert sheet.rows[1] == ["镕喆堃公司", "李喆"]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_found(separator):
    (sheet,) = read_file(files.csv([["企业名称", "电话"], ["甲", "1"]], "utf-8", separator), "a.csv")
    assert sheet.rows == [["企业名称", "电话"], ["甲", "1"]]


def test_cells_wrapped_as_formulas_keep_their_commas():
    content = '="企业名称",="注册资本"\r\n="甲公司",="1,000万人民币"\r\n'.encode()
    (sheet,) = read_file(content, "a.csv")
    assert sheet.rows[1] == ["甲公司", "1,000万人民币"]


def test_a_quote_that_is_never_closed_is_refused_before_it_swallows_rows():
    with pytest.raises(ImportFileError, match="引号"):
        read_file('企业名称,地址\n"甲公司,一号\n乙公司,二号\n'.encode(), "a.csv")


def test_quotes_inside_a_cell_are_only_letters():
    (sheet,) = read_file('企业名称,地址\n甲"乙"公司,一号\n丙公司,5"\n'.encode(), "a.csv")
    assert sheet.rows[1:] == [['甲"乙"公司', "一号"], ["丙公司", '5"']]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", binary.xls([["企业名称"], ["甲公司"]])),
        ("a.ods", files.ods(files.ods_row("企业名称") + files.ods_row("甲公司"))),
        ("a.xlsx", files.xlsx([["企业名称"], ["甲公司"]])),
        ("a.csv", files.csv([["企业名称", "法人"], ["甲公司", "张某"]])),
    ],
)
def test_reading_ends_when_nobody_wants_it_any_more(name, content):
    class NotWantedError(Exception):
        pass

    def go_on():
        raise NotWantedError

    with pytest.raises(NotWantedError):
        read_file(content, name, go_on)


def test_fifty_blank_rows_end_a_sheet():
    (sheet,) = read_file(files.csv([["企业名称"], *[[""]] * 60, ["远处"]], "utf-8"), "a.csv")
    assert sheet.rows == [["企业名称"]]


def test_fewer_blank_rows_do_not():
    (sheet,) = read_file(files.csv([["企业名称"], *[[""]] * 40, ["近处"]], "utf-8"), "a.csv")
    assert len(sheet.rows) == 42


def test_hidden_sheets_come_last():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        first, second = book.add_worksheet("旧"), book.add_worksheet("新")
        first.write(0, 0, "x")
        second.write(0, 0, "y")
        second.activate()
        first.hide()
    assert [sheet.name for sheet in read_file(buffer.getvalue(), "a.xlsx")] == ["新", "旧"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (b"\r\n  \r\n", "空的"),
        (PNG, "图片"),
        (b"%PDF-1.7 ...", "PDF"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE, "损坏"),
        (b"PK\x03\x04 not a zip at all", "损坏"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (b"\x00\x01\x02\x03 binary", "损坏"),
        (b"\x81\xff\xff\xfe\x80", "编码"),
    ],
)
def test_what_is_no_table_gets_one_clear_sentence(content, message):
    with pytest.raises(ImportFileError, match=message):
        read_file(content, "名单.xlsx")


@pytest.mark.parametrize("before", [b"", binary.biff(0x0086, b"")], ids=["", "write-protected"])
def test_an_xls_with_a_password_is_told_from_a_damaged_one(before):
    locked = binary.xls([["企业名称"]], before=before + binary.biff(0x002F, b"\x01\x00\x01\x00" + bytes(50)))
    with pytest.raises(ImportFileError, match="打开密码"):
        read_file(locked, "a.xls")


def test_an_ods_with_a_password_is_told_from_a_damaged_one():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = (
            '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        )
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest>{entry}</manifest:manifest>")
        archive.writestr("content.xml", bytes(range(256)))
    with pytest.raises(ImportFileError, match="打开密码"):
        read_file(buffer.getvalue(), "a.ods")


def test_a_zip_bomb_is_not_opened():
    bomb = files.zip_bomb()
    assert len(bomb) < 1024 * 1024
    with pytest.raises(ImportFileError, match="过大"):
        read_file(bomb, "a.xlsx")


def test_a_bomb_that_lies_about_its_size_is_not_opened():
    bomb = bytearray(files.zip_bomb())
    # The uncompressed size in the central directory, 24 bytes into the entry.
    struct.pack_into("<I", bomb, bomb.rindex(b"PK\x01\x02") + 24, 1000)
    with pytest.raises(ImportFileError):
        read_file(bytes(bomb), "a.xlsx")


def test_a_zip_of_other_things_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("照片.jpg", b"x")
    with pytest.raises(ImportFileError, match="压缩包"):
        read_file(buffer.getvalue(), "a.xlsx")


def test_one_stray_cell_at_the_far_corner_is_refused_before_it_costs_memory():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "企业名称")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(ImportFileError, match="零散"):
        read_file(buffer.getvalue(), "a.xlsx")


def test_formatting_far_below_the_data_does_no_harm():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "企业名称")
        sheet.write_blank(1_048_575, 5, None, book.add_format({"bold": True}))
    (sheet,) = read_file(buffer.getvalue(), "a.xlsx")
    assert sheet.rows == [["企业名称"]]


def test_a_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 100)
    with pytest.raises(ImportFileError, match="超过"):
        read_file(b"a,b\n" * 100, "a.csv")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 100)
    with pytest.raises(ImportFileError, match="行"):
        read_file(b"a,b\n" * 200, "a.csv")


def test_a_broken_formula_and_a_formula_without_a_value_are_harmless():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "企业名称")
        sheet.write_formula(1, 0, "=1/0", value="#DIV/0!")
        sheet.write_formula(2, 0, '="甲"&"公司"', value="甲公司")
    (sheet,) = read_file(buffer.getvalue(), "a.xlsx")
    assert sheet.rows[-1] == ["甲公司"]


def test_an_ods_sheet_is_read_and_its_endless_blank_rows_are_not():
    blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    content = files.ods(files.ods_row("企业名称", "法人") + files.ods_row("甲", "乙") + blank)
    (sheet,) = read_file(content, "a.ods")
    assert sheet.rows == [["企业名称", "法人"], ["甲", "乙"]]


def test_an_ods_sheet_that_repeats_itself_endlessly_is_refused():
    with pytest.raises(ImportFileError, match="零散"):
        read_file(files.ods(files.ods_row("x", repeat_row=1_000_000, repeat_cell=16_000)), "a.ods")


def test_more_columns_than_any_list_has_are_refused():
    with pytest.raises(ImportFileError, match="列"):
        read_file(files.csv([["x"] * 301], "utf-8"), "a.csv")
