"""Finding the table in a sheet, and its columns."""

import pytest

from crm.imports.headers import Table, find_table, normalise_header, table_at
from crm.imports.mapping import map_columns, units
from crm.imports.resource import get_resource
from crm.imports.sheets import Sheet
from tests.crm.imports import files


def _words(text: str) -> list[str]:
    return text.split()


L1 = _words(
    "公司名称 登记状态 法定代表人(企业法人) 注册资本(注册金额) 成立日期 核准日期 所属省份 所属城市 所属区县 "
    "电话(电话号码) 更多电话 邮箱(电子邮箱) 更多邮箱 统一社会信用代码(信用代码) 纳税人识别号 注册号 组织机构代码 "
    "参保人数 企业类型 所属行业 曾用名 英文名 官网 企业地址(公司地址) 最新年报地址 经营范围 "
)
L3 = _words(
    "原文件导入名称 系统匹配企业名称 登记状态 法定代表人 企业规模 注册资本 实缴资本 成立日期 核准日期 营业期限 "
    "统一社会信用代码 "
)
L5 = _words(
    "企业名称 经营状态 法定代表人 注册资本 实缴资本 成立日期 核准日期 营业期限 所属省份 所属城市 所属区县 "
    "统一社会信用代码 纳税人识别号 工商注册号 组织机构代码 参保人数 企业类型 所属行业 曾用名 注册地址 网址 联系电话 "
    "邮箱 经营范围 "
)


@pytest.fixture
def resource():
    return get_resource("enterprises")


def found(rows, resource) -> Table:
    table = find_table([Sheet("表", rows)], resource)
    assert table is not None
    return table


def keys(table: Table, resource) -> dict[str, str]:
    return {table.headings[index].text: key for index, key in map_columns(table, resource).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("注册资本（万元）", ("注册资本", "万元")),
        ("注册资金(单位：万美元)", ("注册资金", "万美元")),
        ("注册资本 万元", ("注册资本", "万元")),
        ("企业（机构）类型", ("企业机构类型", "")),
        ("* 企业名称", ("企业名称", "")),
        ("统一社会\n信用代码", ("统一社会信用代码", "")),
        ("元", ("元", "")),
    ],
)
def test_a_header_is_compared_without_its_unit_and_marks(text, expected):
    assert normalise_header(text) == expected


def test_the_header_is_found_below_a_preamble_and_the_end_above_the_notes(resource):
    rows = [
        ["园区注册企业名单"],
        ["声明：仅供参考"],
        files.HEADER,
        *files.enterprise_rows(3),
        [None, "小计", None, "3家"],
        *files.enterprise_rows(2, start=4),
        ["合计", "5家"],
        ["注：本表由各科室汇总"],
        ["2. 数据截至年底"],
    ]
    table = found(rows, resource)
    assert (table.header_row, table.header_rows) == (3, 1)
    assert [number for number, _ in table.rows] == [4, 5, 6, 8, 9]
    assert [number for number, _ in table.skipped] == [7, 10, 11, 12]


def test_a_firm_whose_name_begins_like_a_note_is_kept(resource):
    rows = [["企业名称", "法人", "电话"], ["注册通达有限公司", "甲", "1"], ["说明书印刷厂", "乙", "2"]]
    assert len(found(rows, resource).rows) == 2


def test_rows_after_a_total_in_the_middle_are_not_lost(resource):
    rows = [files.HEADER, *files.enterprise_rows(2), ["合计", "2家"], *files.enterprise_rows(2, start=3)]
    assert len(found(rows, resource).rows) == 4


def test_a_group_line_and_a_repeated_header_are_skipped(resource):
    rows = [files.HEADER, ["一、网安类"], *files.enterprise_rows(1), files.HEADER, *files.enterprise_rows(1, start=2)]
    assert [number for number, _ in found(rows, resource).rows] == [3, 5]


def test_a_header_of_two_lines_is_joined(resource):
    rows = [
        ["企业名称", "登记信息", None, "税收", None],
        [None, "统一社会信用代码", "法定代表人", "本月", "累计"],
        ["甲公司", files.code(1), "张三", 1.0, 2.0],
    ]
    table = found(rows, resource)
    assert (table.header_row, table.header_rows) == (1, 2)
    assert [heading.text for heading in table.headings] == [
        "企业名称",
        "统一社会信用代码",
        "法定代表人",
        "税收 本月",
        "税收 累计",
    ]


def test_a_second_line_without_known_words_is_still_header(resource):
    rows = [
        ["企业名称", "法定代表人", "电话", "税收", None],
        [None, None, None, "本月", "累计"],
        ["甲公司", "张三", "010-1", 1.0, 2.0],
    ]
    table = found(rows, resource)
    assert (table.header_rows, len(table.rows)) == (2, 1)


def test_a_single_line_header_does_not_swallow_the_first_row(resource):
    table = found([["企业名称", "法定代表人", "电话"], ["甲公司", "张三", "1"]], resource)
    assert table.header_rows == 1
    assert len(table.rows) == 1


def test_the_best_sheet_is_taken(resource):
    cover, data = Sheet("封面", [["关于报送名单的通知"]]), Sheet("数据", [files.HEADER, *files.enterprise_rows(1)])
    assert find_table([cover, data], resource).sheet.name == "数据"


def test_a_sheet_without_a_header_gives_none(resource):
    assert find_table([Sheet("a", [["甲", "乙"], ["1", "2"]])], resource) is None


@pytest.mark.parametrize("layout", [L1, L3, L5], ids=["L1", "L3", "L5"])
def test_the_layouts_of_data_sellers_are_understood(layout, resource):
    table = found([layout, ["x"] * len(layout)], resource)
    mapped = keys(table, resource)
    assert {"name", "uscc", "status", "registered_capital", "established_on"} <= set(mapped.values())


def test_the_matched_name_wins_over_the_name_that_was_asked_for(resource):
    assert keys(found([L3, ["x"] * len(L3)], resource), resource)["系统匹配企业名称"] == "name"


def test_a_column_of_codes_is_recognised_under_any_header(resource):
    rows = [["企业名称", "税号", "法人"], *[[f"甲{n}公司", files.code(n), "张三"] for n in range(5)]]
    assert keys(found(rows, resource), resource)["税号"] == "uscc"


def test_the_unit_comes_from_the_header_the_sheet_or_the_figures(resource):
    rows = [["企业名称", "注册资本(万元)", "法人"], ["甲公司", "1", "张三"]]
    table = found(rows, resource)
    assert units(table, map_columns(table, resource), resource)[1] == "万元"
    table = found([["单位：万元"], ["企业名称", "注册资本", "法人"], ["甲公司", "1", "张三"]], resource)
    assert units(table, map_columns(table, resource), resource)[1] == "万元"
    rows = [["企业名称", "注册资本", "法人"], *[["甲公司", "5000000", "张三"]] * 6]
    table = found(rows, resource)
    assert units(table, map_columns(table, resource), resource)[1] == "元"


def test_a_person_may_point_at_the_header(resource):
    sheet = Sheet("a", [["x"], ["单位", "人"], ["甲公司", "张三"]])
    table = table_at(sheet, 2, 1, resource)
    assert [heading.text for heading in table.headings] == ["单位", "人"]
    assert table.rows == [(3, ["甲公司", "张三"])]


def test_pointing_below_the_sheet_finds_nothing(resource):
    assert table_at(Sheet("a", [["x"]]), 50, 2, resource).rows == []
