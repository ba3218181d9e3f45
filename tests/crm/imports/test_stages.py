"""阶段 and the day of leaving in lists: two columns, one fact."""

import datetime as dt

import pytest

from crm.imports.columns import Reading
from crm.imports.commit import commit
from crm.imports.undo import undo
from crm.models.imports import ImportMode
from parks.models import Enterprise
from parks.relation_parsers import parse_stage
from tests.crm.imports import files

pytestmark = pytest.mark.django_db
HEADER = ["企业名称", "统一社会信用代码", "阶段", "离开日期", "入园日期"]
CODE = files.code(1)
DAY = dt.date(2024, 5, 6)


@pytest.fixture
def firm(import_rows):
    import_rows([["北京甲有限公司", CODE, "入驻", "", "2020-01-01"]], header=HEADER)
    return Enterprise.objects.get()


def row(stage="", left="", joined=""):
    return ["北京甲有限公司", CODE, stage, left, joined]


def state(firm):
    firm.refresh_from_db()
    return firm.stage, firm.left_on


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("注册", "registered"), ("未入驻", "registered"), ("已入驻", "settled"), ("在园", "settled"),
        ("迁出", "moved_out"), ("已迁出", "moved_out"), ("注销", "closed"), ("已注销", "closed"),
    ],
)  # fmt: skip
def test_every_word_for_a_stage_is_mapped(text, stage):
    assert parse_stage(text, Reading()) == {"stage": stage}


def test_an_unknown_stage_is_asked_about(stage_rows):
    batch = stage_rows([row("孵化中")], header=HEADER)
    assert [(word["word"], word["column"]) for word in batch.digest["unknown"]] == [("孵化中", "stage")]
    assert batch.counts["new"] == 1


def test_a_firm_that_left_is_new_with_its_day(import_rows):
    import_rows([row("迁出", "2024-05-06", "2020-01-01")], header=HEADER)
    firm = Enterprise.objects.get()
    assert (firm.stage, firm.left_on, firm.joined_on) == ("moved_out", DAY, dt.date(2020, 1, 1))


def test_a_firm_that_left_and_has_no_day_of_joining_joined_no_later(import_rows):
    import_rows([row("", "2024-05-06")], header=HEADER)
    firm = Enterprise.objects.get()
    assert (firm.stage, firm.left_on, firm.joined_on) == ("moved_out", DAY, DAY)


def test_leaving_and_coming_back_are_one_change_each_and_undone(firm, import_rows, manager):
    left = import_rows([row("迁出", "2024-05-06")], header=HEADER)
    change = left.rows.get().changes
    assert [(item["field"], item["old"], item["new"]) for item in change] == [("stage", "入驻", "迁出（2024-05-06）")]
    assert state(firm) == ("moved_out", DAY)
    back = import_rows([row("入驻")], header=HEADER)
    assert state(firm) == ("settled", None)
    undo(back.pk, actor=manager)
    assert state(firm) == ("moved_out", DAY)
    undo(left.pk, actor=manager)
    assert state(firm) == ("settled", None)


def test_a_day_alone_means_that_the_firm_left_and_keeps_how_it_left(firm, import_rows):
    import_rows([row("注销", "2024-05-06")], header=HEADER)
    batch = import_rows([row("", "2024-05-07")], header=HEADER)
    assert state(firm) == ("closed", dt.date(2024, 5, 7))
    assert batch.results["updated"] == 1


def test_a_stage_that_needs_a_day_is_left_out_without_one(firm, stage_rows):
    batch = stage_rows([row("迁出")], header=HEADER)
    assert batch.counts["same"] == 1
    assert "没有离开园区的日期" in batch.rows.get().messages[0]["message"]


def test_a_day_before_the_day_of_joining_is_an_error_of_that_cell(stage_rows):
    batch = stage_rows([row("迁出", "2019-01-01", "2020-01-01")], header=HEADER)
    assert [message["column"] for message in batch.rows.get().messages] == ["离开日期"]
    assert batch.counts["error"] == 1


def test_a_day_before_the_registers_day_of_joining_is_not_taken(firm, stage_rows):
    batch = stage_rows([row("迁出", "2019-01-01")], header=HEADER)
    assert batch.counts["same"] == 1
    assert "早于名册中的入园日期" in batch.rows.get().messages[-1]["message"]


def test_filling_blanks_does_not_move_a_firm_out(firm, stage_rows, manager):
    batch = stage_rows([row("迁出", "2024-05-06")], header=HEADER)
    batch.mode = ImportMode.FILL
    batch.save()
    assert commit(batch.pk, actor=manager).results["skipped"] == 1
    assert state(firm) == ("settled", None)
