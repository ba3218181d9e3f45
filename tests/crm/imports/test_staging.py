"""What each row of a list is, compared with the register. Nothing is written by looking."""

import pytest

from crm.imports.errors import ImportFileError, ImportStateError
from crm.imports.staging import create_batch, earlier_batch, set_mapping, sheets_of, stage, table_of
from crm.models import ImportBatch, ImportLayout
from crm.models.imports import Verdict
from parks.models import Enterprise
from tests.crm.factories import make_organisation, make_user
from tests.crm.imports import files
from tests.crm.imports.conftest import stage_content

HEADER = ["企业名称", "统一社会信用代码", "注册资本(万元)", "成立日期", "注册地址"]


def row(name="甲公司有限公司", code=1, capital="100", day="2020-01-02", address="某路1号"):
    return [name, files.code(code) if isinstance(code, int) else code, capital, day, address]


def verdicts(batch):
    return {item.number: item.verdict for item in batch.rows.all()}


def messages(batch, number):
    return " ".join(message["message"] for message in batch.rows.get(number=number).messages)


def test_a_new_list_is_all_new_and_writes_nothing(stage_rows):
    batch = stage_rows(files.enterprise_rows(5))
    assert batch.counts == {
        "rows": 5,
        "new": 5,
        "changed": 0,
        "same": 0,
        "duplicate": 0,
        "error": 0,
        "unconfirmed": 0,
        "suggestions": 0,
        "suspects": 0,
        "edited": 0,
    }
    assert not Enterprise.objects.exists()


def test_row_numbers_are_those_of_the_file(manager):
    batch = stage_content(files.register_file(3), manager)
    assert sorted(verdicts(batch)) == [4, 5, 6]
    assert [line["row"] for line in batch.skipped] == [7, 8]


def test_the_same_list_again_is_all_the_same(stage_rows, import_rows):
    import_rows(files.enterprise_rows(30))
    assert stage_rows(files.enterprise_rows(30)).counts["same"] == 30


def test_a_changed_field_is_shown_old_and_new(stage_rows, import_rows):
    import_rows([row()], header=HEADER)
    batch = stage_rows([row(capital="250.5", address="某路2号")], header=HEADER)
    (staged,) = batch.rows.all()
    assert staged.verdict == Verdict.CHANGED
    assert [(change["label"], change["old"], change["new"]) for change in staged.changes] == [
        ("注册地址", "某路1号", "某路2号"),
        ("注册资本", "100 万元", "250.5 万元"),
    ]


@pytest.mark.parametrize("empty", ["", "-", "无", None])
def test_an_empty_cell_is_no_change(stage_rows, import_rows, empty):
    import_rows([row()], header=HEADER)
    batch = stage_rows([row(capital=empty, address=empty, day=empty)], header=HEADER)
    assert verdicts(batch) == {2: Verdict.SAME}


def test_width_and_brackets_are_no_change(stage_rows, import_rows):
    import_rows([row(name="甲（北京）有限公司", address="某路1号（西侧）")], header=HEADER)
    batch = stage_rows([row(name="甲(北京)有限公司", address="某路1号(西侧)")], header=HEADER)
    assert verdicts(batch) == {2: Verdict.SAME}


def test_dirty_but_certain_codes_are_cleaned_without_a_word(stage_rows, import_rows):
    import_rows([row()], header=HEADER)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in files.code(1))
    batch = stage_rows([row(code=f" {wide.lower()}\t")], header=HEADER)
    assert verdicts(batch) == {2: Verdict.SAME}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("9111010855138508Q", "应为 18 位，现为 17 位"),
        (911101085513850000.0, "丢失精度"),
        ("9.1111E+17", "丢失精度"),
        ("11010519491231002X", "身份证"),
        ("110108000000017", "15 位"),
        ("551385082", "组织机构代码"),
    ],
)
def test_a_broken_code_is_an_error_that_says_why(stage_rows, code, message):
    batch = stage_rows([row(code=code)], header=HEADER)
    assert verdicts(batch) == {2: Verdict.ERROR}
    assert message in messages(batch, 2)


def test_a_personal_id_is_not_repeated_in_the_message(stage_rows):
    batch = stage_rows([row(code="11010519491231002X")], header=HEADER)
    assert "11010519491231002X" not in messages(batch, 2)


def test_an_old_registration_number_goes_where_it_belongs(import_rows):
    import_rows([row(code="110108000000016")], header=HEADER)
    enterprise = Enterprise.objects.get()
    assert (enterprise.uscc, enterprise.reg_no) == ("", "110108000000016")


def test_a_look_alike_is_suggested_and_never_taken_silently(stage_rows):
    batch = stage_rows([row(code="9111O108551385082Q")], header=HEADER)
    (staged,) = batch.rows.all()
    assert staged.verdict == Verdict.ERROR
    assert staged.messages[0]["suggestion"] == "91110108551385082Q"
    assert batch.counts["suggestions"] == 1


def test_a_wrong_check_digit_asks_for_confirmation(stage_rows):
    batch = stage_rows([row(code="91420000877585797Y")], header=HEADER)
    (staged,) = batch.rows.all()
    assert staged.verdict == Verdict.NEW
    assert staged.needs_confirmation


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"day": "2019年13月40日"}, "成立日期", "没有这一天"),
        ({"capital": "很多"}, "注册资本(万元)", "看不懂的金额"),
        ({"name": ""}, "企业名称", "为空"),
        ({"name": "未匹配到相关企业"}, "企业名称", "没有匹配到"),
        ({"address": "路" * 301}, "注册地址", "超过 300"),
        ({"name": "#REF!"}, "企业名称", "公式错误"),
    ],
)
def test_an_error_names_its_column(stage_rows, cells, column, message):
    batch = stage_rows([row(**cells)], header=HEADER)
    (staged,) = batch.rows.all()
    assert staged.verdict == Verdict.ERROR
    assert (staged.messages[0]["column"], message in staged.messages[0]["message"]) == (column, True)


def test_one_bad_row_does_not_keep_the_good_ones_out(stage_rows):
    batch = stage_rows([row(), row(name="乙公司", code="x"), row(name="丙公司", code=3)], header=HEADER)
    assert verdicts(batch) == {2: Verdict.NEW, 3: Verdict.ERROR, 4: Verdict.NEW}


def test_a_repeated_row_is_a_duplicate_that_names_the_first(stage_rows):
    batch = stage_rows([row(), row(), row(address="别处")], header=HEADER)
    assert verdicts(batch) == {2: Verdict.NEW, 3: Verdict.DUPLICATE, 4: Verdict.DUPLICATE}
    assert "与第 2 行内容相同" in messages(batch, 3)
    assert "内容有出入" in messages(batch, 4)


def test_the_same_name_under_another_code_is_suspected(stage_rows, import_rows):
    import_rows([row(code=1)], header=HEADER)
    batch = stage_rows([row(code=2)], header=HEADER)
    assert verdicts(batch) == {2: Verdict.DUPLICATE}
    assert "代码不同" in messages(batch, 2)


def test_a_branch_is_no_duplicate_of_its_parent(stage_rows, import_rows):
    import_rows([row(name="甲有限公司", code=1)], header=HEADER)
    batch = stage_rows([row(name="甲有限公司朝阳分公司", code=2)], header=HEADER)
    assert verdicts(batch) == {2: Verdict.NEW}


def test_without_a_code_the_name_finds_the_firm_and_keeps_its_code(import_rows):
    import_rows([row(name="甲（北京）公司", code=1)], header=HEADER)
    batch = import_rows([row(name="甲(北京)公司", code="-", capital="7")], header=HEADER)
    assert batch.results["updated"] == 1
    assert Enterprise.objects.get().uscc == files.code(1)


def test_a_former_name_finds_the_firm_without_renaming_it_back(stage_rows, import_rows):
    import_rows([row(name="旧名公司", code=1)], header=HEADER)
    import_rows([row(name="新名公司", code=1)], header=HEADER)
    enterprise = Enterprise.objects.get()
    assert enterprise.name == "新名公司"
    assert [former.name for former in enterprise.former_names.all()] == ["旧名公司"]
    batch = stage_rows([row(name="旧名公司", code="")], header=HEADER)
    assert verdicts(batch) == {2: Verdict.SAME}


def test_two_rows_that_mean_the_same_firm_are_not_both_written(stage_rows, import_rows):
    import_rows([row(name="旧名公司", code=1)], header=HEADER)
    import_rows([row(name="新名公司", code=1)], header=HEADER)
    batch = stage_rows([row(name="新名公司", code=1, capital="5"), row(name="旧名公司", code="")], header=HEADER)
    assert verdicts(batch) == {2: Verdict.CHANGED, 3: Verdict.DUPLICATE}


def test_a_bare_figure_says_nothing_about_the_currency(stage_rows, import_rows):
    import_rows([row(capital="30万美元")], header=HEADER)
    batch = stage_rows([row(capital="30"), row(name="乙公司", code=2)], header=HEADER)
    assert verdicts(batch)[2] == Verdict.SAME


def test_another_currency_asks_for_confirmation(stage_rows, import_rows):
    import_rows([row(capital="30万美元")], header=HEADER)
    (staged,) = stage_rows([row(capital="500")], header=HEADER).rows.all()
    assert staged.needs_confirmation
    assert [(change["old"], change["new"]) for change in staged.changes] == [("30 万美元", "500 万元")]


def test_another_organisation_has_its_own_register(stage_rows, import_rows, outsider):
    import_rows([row()], header=HEADER)
    assert verdicts(stage_rows([row()], header=HEADER, user=outsider)) == {2: Verdict.NEW}


def test_a_firm_outside_the_users_own_rows_is_not_shown_or_updated(stage_rows, import_rows, office):
    import_rows([row()], header=HEADER)
    steward = make_user("s", office, role="steward", scope="own")
    (staged,) = stage_rows([row(capital="999")], header=HEADER, user=steward).rows.all()
    assert staged.verdict == Verdict.DUPLICATE
    assert staged.target_id is None
    assert staged.changes == []


def test_rows_of_someone_in_a_unit_belong_to_the_institution(stage_rows, office):
    unit = make_organisation("企业服务科", "unit", parent=office)
    batch = stage_rows([row()], header=HEADER, user=make_user("u", unit))
    assert batch.organisation == office


def test_a_file_without_a_header_is_refused_and_leaves_nothing(manager):
    with pytest.raises(ImportFileError, match="表头"):
        stage_content(files.xlsx([["甲", "乙"], ["1", "2"]]), manager)
    assert not ImportBatch.objects.exists()


def test_someone_without_an_organisation_cannot_import(db):
    with pytest.raises(ImportStateError, match="所属单位"):
        stage_content(files.register_file(1), make_user("nobody", None))


def test_the_choice_of_columns_is_remembered_for_the_layout(manager):
    content = files.xlsx([["企业名称", "地点", "法人"], ["甲公司", "某路", "张三"]])
    batch = stage_content(content, manager)
    set_mapping(batch, table_of(batch, sheets_of(batch)).headings, {0: "name", 1: "actual_address"})
    other = files.xlsx([["企业名称", "地点", "法人"], ["乙公司", "某街", "李四"]])
    assert stage_content(other, manager).mapping == {"0": "name", "1": "actual_address"}
    assert ImportLayout.objects.count() == 1


def test_staging_again_replaces_the_rows(stage_rows, manager):
    batch = stage_rows([row()], header=HEADER)
    stage(batch, actor=manager)
    assert batch.rows.count() == 1


def test_a_file_that_went_in_before_is_recognised(import_rows, manager):
    first = import_rows([row()], header=HEADER)
    content = bytes(first.file.content)
    again = create_batch(
        resource_key="enterprises", content=content, filename="x", actor=manager, options={}, must_find_header=True
    )
    assert earlier_batch(again) == first


def test_markup_in_a_name_is_only_text(import_rows):
    import_rows([row(name="<script>alert(1)</script>公司")], header=HEADER)
    assert Enterprise.objects.get().name == "<script>alert(1)</script>公司"


def test_a_long_text_is_kept_packed_and_read_again(manager):
    rows = [[f"北京{number}有限公司", "甲" * 200] for number in range(3000)]
    content = files.csv([["企业名称", "备注"], *rows], encoding="utf-8")
    batch = stage_content(content, manager, "名单.csv")
    assert len(batch.file.content) < len(content) / 5
    assert len(sheets_of(ImportBatch.objects.get())[0].rows) == 3001
    assert stage(ImportBatch.objects.get(), actor=manager).counts["new"] == 3000
