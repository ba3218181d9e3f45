"""The rows that stayed out come back in their own columns, say why, and go in again once they are put right."""

from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from crm.imports.commit import commit
from crm.imports.error_file import error_workbook
from crm.imports.headers import table_at
from crm.imports.staging import create_batch, point_at, set_mapping, sheets_of, stage, table_of
from crm.models import ImportBatch, User
from parks.models import Enterprise
from parks.resources import EnterpriseResource
from tests.crm.imports import files

HEADER = ["序号", "商家", "代号", "资金", "地点"]
MAPPING = {1: "name", 2: "uscc", 3: "registered_capital", 4: "registered_address"}


def rows_of(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def upload(content: bytes, user: User) -> ImportBatch:
    return create_batch(
        resource_key="enterprises", content=content, filename="a.xlsx", actor=user, options={}, must_find_header=False
    )


@pytest.fixture
def batch(manager) -> ImportBatch:
    """A list under headers nobody knows, columns chosen by hand, the unit above the table; two rows are bad."""
    rows = [
        ["某镇商家表 单位：元"],
        HEADER,
        [1, "甲公司", files.code(1), 5_000_000, "某路 1 号"],
        [2, "乙公司", "911", 6_000_000, "=1+1"],
        [3, "", files.code(3), 7_000_000, "某路 3 号"],
    ]
    made = upload(files.xlsx(rows), manager)
    table = table_at(sheets_of(made)[0], 2, 1, EnterpriseResource())
    point_at(made, table, EnterpriseResource())
    made.save()
    set_mapping(made, table_of(made, sheets_of(made)).headings, MAPPING)
    stage(made, actor=manager)
    return made


def test_columns_order_and_reasons_are_those_of_the_file(batch):
    header, first, second = rows_of(error_workbook(batch))
    assert header == ["序号", "商家", "代号", "资金（元）", "地点", "原文件行号", "未导入原因"]
    assert first[:6] == [2, "乙公司", "911", 6_000_000, "=1+1", 4]
    assert "代号：统一社会信用代码应为 18 位" in first[6]
    assert "企业名称为空" in second[6]


def test_the_cell_to_blame_is_marked_and_nothing_is_a_formula(batch):
    archive = zipfile.ZipFile(io.BytesIO(error_workbook(batch)))
    assert "应为 18 位" in archive.read("xl/comments1.xml").decode()
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_put_right_it_goes_in_with_the_columns_and_units_as_chosen(batch, manager):
    commit(batch.pk, actor=manager)
    rows = rows_of(error_workbook(batch))
    rows[1][2], rows[2][1] = files.code(2), "丙公司"
    again = upload(files.xlsx(rows), manager)
    assert {int(index): key for index, key in again.mapping.items()} == MAPPING
    stage(again, actor=manager)
    assert commit(again.pk, actor=manager).results["created"] == 2
    assert dict(Enterprise.objects.values_list("name", "registered_capital")) == {
        "甲公司": 5_000_000,
        "乙公司": 6_000_000,
        "丙公司": 7_000_000,
    }


def test_put_right_and_sent_again_it_is_read_like_the_whole_list_where_the_unit_followed_from_all_rows(manager):
    header = ["企业名称", "统一社会信用代码", "注册资本"]
    rows = [[f"第{n}公司", "x" if n == 7 else files.code(n), 1_000_000 + n] for n in range(1, 9)]
    first = stage(upload(files.xlsx([header, *rows]), manager), actor=manager)
    left = rows_of(error_workbook(first))
    assert len(left) == 2
    left[1][1] = files.code(7)
    again = stage(upload(files.xlsx(left), manager), actor=manager)
    commit(again.pk, actor=manager)
    assert Enterprise.objects.get().registered_capital == 1_000_007


def test_an_error_file_is_of_its_own_layout_even_after_being_sent_again(batch, manager):
    again = stage(upload(error_workbook(batch), manager), actor=manager)
    assert again.counts["error"] == 2
    header = rows_of(error_workbook(again))[0]
    assert header.count("未导入原因") == 1
