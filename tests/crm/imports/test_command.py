"""`import_file`: the same engine from the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from crm.imports.words import remember
from crm.models import ImportBatch
from parks.models import Enterprise
from tests.crm.imports import files
from tests.crm.imports.test_reading import OLE, PNG
from tests.crm.imports.test_staging import HEADER, row


@pytest.fixture
def run(tmp_path, capsys, manager):
    def call(content, *options, user="m", name="名单.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        call_command("import_file", "enterprises", str(path), "--user", user, *options)
        return capsys.readouterr().out

    return call


def test_without_commit_it_is_a_preview(run):
    summary = json.loads(run(files.register_file(5), "--json"))
    assert {key: summary[key] for key in ("rows", "new", "changed", "same", "duplicate", "error", "errors")} == {
        "rows": 5,
        "new": 5,
        "changed": 0,
        "same": 0,
        "duplicate": 0,
        "error": 0,
        "errors": [],
    }
    assert summary["batch"] == ImportBatch.objects.get().pk
    assert not Enterprise.objects.exists()


def test_commit_and_again_reports_all_the_same(run):
    run(files.register_file(20), "--commit")
    summary = json.loads(run(files.register_file(20), "--commit", "--json"))
    assert (summary["same"], summary["new"]) == (20, 0)
    assert Enterprise.objects.count() == 20


def test_errors_name_row_column_and_reason(run):
    content = files.xlsx([["某名单"], HEADER, row(), row(name="乙公司", code="9111010855138508Q")])
    (error,) = json.loads(run(content, "--json"))["errors"]
    assert (error["row"], error["column"]) == (4, "统一社会信用代码")
    assert "17 位" in error["message"]


def test_good_rows_go_in_beside_bad_ones(run):
    content = files.xlsx([HEADER, row(), row(name="乙公司", code="x")])
    assert "已新增 1" in run(content, "--commit")
    assert Enterprise.objects.count() == 1


def test_doubtful_rows_need_a_flag(run):
    content = files.xlsx([HEADER, row(code="91420000877585797Y")])
    assert "--accept-doubts" in run(content, "--commit")
    assert not Enterprise.objects.exists()
    run(content, "--commit", "--accept-doubts")
    assert Enterprise.objects.count() == 1


def test_a_gb18030_csv_with_other_headers_goes_in(run):
    content = files.csv([["公司名称", "社会信用代码", "注册资金(万元)"], ["镕喆堃公司", files.code(1), "5000"]])
    run(content, "--commit", name="名单.csv")
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.registered_capital) == ("镕喆堃公司", 50_000_000)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (PNG, "图片"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (files.xlsx([["甲", "乙"], ["1", "2"]]), "表头"),
        (files.xlsx([HEADER]), "没有数据"),
    ],
    ids=["empty", "image", "password", "no header", "no rows"],
)
def test_a_bad_file_fails_with_a_message_and_writes_nothing(run, content, message):
    with pytest.raises(CommandError, match=message):
        run(content, "--commit")
    assert not ImportBatch.objects.exists()
    assert not Enterprise.objects.exists()


def test_a_missing_file_is_named(manager, tmp_path):
    with pytest.raises(CommandError, match="打不开"):
        call_command("import_file", "enterprises", str(tmp_path / "没有.xlsx"), "--user", "m")


@pytest.mark.parametrize(("user", "message"), [("viewer", "没有导入权限"), ("nobody", "没有登录名")])
def test_the_user_must_exist_and_may_import(run, users, user, message):
    with pytest.raises(CommandError, match=message):
        run(files.register_file(1), user=user)


def test_words_said_before_are_used_and_printed_and_others_named(run, manager):
    content = files.xlsx([[*HEADER, "登记状态"], [*row(), "照常"], [*row(name="乙公司", code=2), "随便"]])
    run(content)
    remember(ImportBatch.objects.get(), {("status", "照常"): "存续"}, actor=manager)
    printed = run(content, "--commit")
    assert "登记状态“照常”按上次的对应作“存续”：1 处" in printed
    assert "登记状态“随便”不认识：1 处" in printed
    assert Enterprise.objects.get(uscc=files.code(1)).status == "active"


def test_columns_can_be_kept(run):
    header = [*HEADER, "电话"]
    run(files.xlsx([header, [*row(), "1"]]), "--commit")
    changed = files.xlsx([header, [*row(address="新路"), "2"]])
    with pytest.raises(CommandError, match=r"会覆盖的有：.*电话"):
        run(changed, "--commit", "--keep", "传真")
    run(changed, "--commit", "--keep", "电话")
    enterprise = Enterprise.objects.get()
    assert (enterprise.phone, enterprise.registered_address) == ("1", "新路")
