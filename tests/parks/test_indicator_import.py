"""Monthly lists of economic indicators as offices make them: months and units in titles and headers, totals, signs."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.imports.commit import commit
from crm.imports.error_file import error_workbook
from crm.imports.export import Export, write_csv, write_xlsx
from crm.imports.headers import Synonyms
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from crm.roles import ROLES
from parks.choices import IndicatorKind, Reach
from parks.models import Indicator, MonthlyReturn
from parks.models.monthly_return import AMOUNT_NAMES
from parks.resources import IndicatorResource
from tests.crm.imports import files
from tests.parks.factories import make_enterprise

WAN = 10_000
TITLE = "2023年5月重点企业税收情况表"
HEADER = ["企业名称", "税收当月（万元）", "税收累计（万元）"]


@pytest.fixture
def firm(office):
    return make_enterprise(office, "甲公司", uscc=files.code(1))


@pytest.fixture
def staged(manager):
    def call(*rows, filename: str = "a.xlsx", sheet: str = "Sheet1", content: bytes = b"", **options) -> ImportBatch:
        batch = create_batch(
            resource_key="indicators", content=content or files.xlsx(rows, names=[sheet]), filename=filename,
            actor=manager, options=options, must_find_header=True,
        )  # fmt: skip
        return stage(batch, actor=manager)

    return call


@pytest.fixture
def run(staged, manager):
    def call(*rows, accept_doubts: bool = False, **kwargs) -> ImportBatch:
        batch = staged(*rows, **kwargs)
        batch.accept_doubts = accept_doubts
        batch.save()
        return commit(batch.pk, actor=manager)

    return call


def told() -> dict[str, Decimal]:
    """What the only return says, in 万元."""
    row = MonthlyReturn.objects.get()
    amounts = {name: getattr(row, name) for name in AMOUNT_NAMES}
    return {name: amount / WAN for name, amount in amounts.items() if amount is not None}


def months() -> list[tuple[int, int]]:
    return list(MonthlyReturn.objects.order_by("year", "month").values_list("year", "month"))


def problems(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(m["kind"], m["message"]) for row in batch.rows.all() for m in row.messages]


# Which month


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ([[TITLE], HEADER, ["甲公司", 1, 5]], {}),
        ([["2023年1-5月重点企业税收情况表"], HEADER, ["甲公司", 1, 5]], {}),
        ([["企业名称", "2023年5月税收（万元）", "2023年1-5月税收（万元）"], ["甲公司", 1, 5]], {}),
        ([["企业名称", "2023年5月\n税收(万元)", "1—5月累计税收(万元)"], ["甲公司", 1, 5]], {}),
        ([["企业名称", "所属月份", *HEADER[1:]], ["甲公司", "2023年5月", 1, 5]], {}),
        ([["企业名称", "月份", *HEADER[1:]], ["甲公司", "202305", 1, 5]], {}),
        ([["企业名称", "税款所属期", *HEADER[1:]], ["甲公司", "2023-05-01至2023-05-31", 1, 5]], {}),
        ([["企业名称", "年度", "月份", *HEADER[1:]], ["甲公司", 2023, 5, 1, 5]], {}),
        ([["2023年度"], ["企业名称", "月份", *HEADER[1:]], ["甲公司", "五月", 1, 5]], {}),
        ([["纳税人名称", "纳税人识别号", *HEADER[1:]], ["", files.code(1), 1, 5]], {"month": "2023-05"}),
        ([HEADER, ["甲公司", 1, 5]], {"filename": "重点税源2023年5月.xlsx"}),
        ([HEADER, ["甲公司", 1, 5]], {"filename": "税收202305.xlsx"}),
        ([HEADER, ["甲公司", 1, 5]], {"filename": "2023年税收.xlsx", "sheet": "5月"}),
        ([HEADER, ["甲公司", 1, 5]], {"month": "2023-05"}),
        ([["填报日期：2023年6月10日"], HEADER, ["甲公司", 1, 5]], {"filename": "税收2023-05.xlsx"}),
        ([["单位：万元"], ["企业名称", "税收", ""], ["", "2023年5月", "1-5月累计"], ["甲公司", 1, 5]], {}),
    ],
)  # fmt: skip
def test_the_month_is_found_where_the_list_says_it(firm, run, rows, options):
    batch = run(*rows, **options)
    assert problems(batch) == []
    assert months() == [(2023, 5)]
    assert told() == {"tax_month": 1, "tax_total": 5}
    assert MonthlyReturn.objects.get().as_of == dt.date(2023, 5, 31)


def test_what_a_row_says_goes_before_what_was_chosen_for_the_file(firm, run):
    run(["企业名称", "月份", *HEADER[1:]], ["甲公司", "2023-04", 1, 5], ["甲公司", "", 1, 6], month="2023-05")
    assert months() == [(2023, 4), (2023, 5)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([HEADER, ["甲公司", 1, 5]], "看不出是哪一个月"),
        ([["5月税收情况"], HEADER, ["甲公司", 1, 5]], "看不出是哪一年"),
        ([["2023年13月"], HEADER, ["甲公司", 1, 5]], "没有写月份，按 2023 年全年累计"),
        ([["2099年5月"], HEADER, ["甲公司", 1, 5]], "2099年5月还没有到"),
        ([["企业名称", "月份", *HEADER[1:]], ["甲公司", "上月", 1, 5]], "看不懂的月份“上月”"),
        ([[TITLE], HEADER, ["查无公司", 1, 5]], "名册中没有“查无公司”"),
        ([[TITLE], HEADER, ["甲公司", "十几", 5]], "看不懂的金额“十几”"),
        ([[TITLE], HEADER, ["甲公司", "30万美元", 5]], "不是人民币金额"),
        ([[TITLE], HEADER, ["甲公司", "-", "—"]], "没有写任何指标"),
    ],
)
def test_what_cannot_be_known_is_said_and_not_written(firm, run, rows, message):
    assert message in str(problems(run(*rows)))
    assert not MonthlyReturn.objects.exists()


def test_a_firm_of_others_is_not_known(other_office, run):
    make_enterprise(other_office, "甲公司")
    assert "名册中没有“甲公司”" in str(problems(run([TITLE], HEADER, ["甲公司", 1, 5])))


# Which amount


@pytest.mark.parametrize(
    ("headers", "cells", "expected"),
    [
        (["本月税收（元）", "本年累计税收（元）"], ["12,345.6", 50000], {"tax_month": "1.23456", "tax_total": 5}),
        (["税收（亿元）当月", "税收累计(亿元)"], [0.5, 1], {"tax_month": 5000, "tax_total": 10000}),
        (["其中：区级财力当月(万元)", "工业总产值累计（千元）"], [3, 70], {"district_month": 3, "output_total": 7}),
        (["利润总额本月(万元)", "营收累计(万元)"], ["-12.5", "（3）"], {"profit_month": "-12.5", "revenue_total": -3}),
        (["当月产值", "累计产值"], ["150万元", "3亿元"], {"output_month": 150, "output_total": 30000}),
        (["税收（万元）", "税收累计（万元）"], [1, 5], {"tax_month": 1, "tax_total": 5}),
        (["税收当月（万元）", "税收（万元）"], [1, 5], {"tax_month": 1, "tax_total": 5}),
        (["税收当月（万元）", "上年同期税收（万元）", "税收同比%"], [1, 9, 8], {"tax_month": 1}),
        (["2022年5月税收（万元）", "2023年5月税收（万元）"], [9, 1], {"tax_month": 1}),
        (["税收当月（万元）", "税收占比（%）"], [0.1 + 0.2, 3], {"tax_month": "0.3"}),
    ],
)  # fmt: skip
def test_every_amount_comes_in_yuan_under_its_own_name(firm, run, headers, cells, expected):
    batch = run(["2023年5月"], ["企业名称", *headers], ["甲公司", *cells])
    assert [kind for kind, _ in problems(batch)] == []
    assert told() == {name: Decimal(str(amount)) for name, amount in expected.items()}


@pytest.mark.parametrize("around", ["单位：万元", "（万元）", "金额单位：万元"])
def test_a_unit_above_the_table_holds_for_all(firm, run, around):
    run([TITLE, None, around], ["企业名称", "税收当月", "税收累计"], ["甲公司", 1, 5])
    assert told() == {"tax_month": 1, "tax_total": 5}


def test_without_any_unit_a_person_is_asked(firm, run):
    rows = [[TITLE], ["企业名称", "税收当月", "税收累计"], ["甲公司", 1, 5]]
    batch = run(*rows)
    assert ("doubt", "表头、标题和单元格都没有写单位，按万元计，请核对") in problems(batch)
    assert not MonthlyReturn.objects.exists()
    run(*rows, accept_doubts=True)
    assert told() == {"tax_month": 1, "tax_total": 5}


def test_what_names_neither_month_nor_total_follows_the_months_named_or_is_asked(firm, run):
    rows = [["企业名称", "税收（万元）", "营业收入（万元）"], ["甲公司", 1, 5]]
    assert problems(run(["2023年1-5月"], *rows)) == []
    assert told() == {"tax_total": 1, "revenue_total": 5}
    MonthlyReturn.objects.all().delete()
    batch = run(["2023年5月"], *rows)
    assert problems(batch) == [("doubt", "没有写明是当月还是累计，按当月计，请核对")]
    run(["2023年5月"], *rows, reach="total")
    assert told() == {"tax_total": 1, "revenue_total": 5}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["甲公司", 6, 5], "税收当月大于累计"),
        (["甲公司", 1, 50000], "与 4 月的累计相差千倍以上"),
        (["甲公司", "", 3], "税收累计少于 4 月的累计，推算出的当月为负数"),
        (["甲公司", 1, 9], "税收累计不等于 4 月累计加当月，相差 4 万元"),
    ],
)
def test_what_hardly_can_be_is_said_before_it_is_written(firm, run, staged, row, message):
    run(["2023年4月"], HEADER, ["甲公司", 1, 4])
    assert message in str(problems(staged([TITLE], HEADER, row)))


# The whole way


def test_a_list_goes_in_is_counted_and_the_same_list_again_is_the_same(firm, office, run):
    second = make_enterprise(office, "乙公司")
    rows = [[TITLE], ["序号", *HEADER], [1, files.code(1), 1, 5], [2, "乙公司", 2, ""], ["合计", "", 3, 5], ["注：略"]]
    assert run(*rows, source="税务月报").results["created"] == 2
    counted = Indicator.objects.order_by("enterprise", "reach").values_list("enterprise", "reach", "value", "source")
    assert list(counted) == [
        (firm.pk, "month", WAN, "税务月报"), (firm.pk, "total", 5 * WAN, "税务月报"),
        (second.pk, "month", 2 * WAN, "税务月报"),
    ]  # fmt: skip
    assert run(*rows, source="税务月报").counts["same"] == 2


def test_the_next_list_fills_in_and_an_undo_puts_back_what_is_counted_too(firm, run, manager):
    first = run(["2023年4月"], ["企业名称", "税收累计（万元）"], ["甲公司", 4])
    second = run(["2023年5月"], ["企业名称", "税收累计（万元）"], ["甲公司", 5])
    third = run(["2023年5月"], ["企业名称", "税收累计（万元）", "营收累计（万元）"], ["甲公司", 7, 9])
    added = Indicator.objects.filter(month=5, reach="month").order_by("indicator")
    assert [(row.indicator, row.value / WAN, row.months) for row in added] == [
        ("revenue", 9, "2023年1—5月"), ("tax", 3, "2023年5月"),
    ]  # fmt: skip
    kept = added.get(indicator="tax").pk
    assert undo(third.pk, actor=manager).results["restored"] == 1
    assert [(row.pk, row.value / WAN) for row in added.all()] == [(kept, 1)]
    undo(second.pk, actor=manager)
    undo(first.pk, actor=manager)
    assert not Indicator.objects.exists()
    assert not MonthlyReturn.objects.exists()
    assert MonthlyReturn.history.filter(history_change_reason__endswith="撤销").count() == 3


def test_what_a_person_corrected_is_not_overwritten_unasked(firm, run, manager):
    run([TITLE], HEADER, ["甲公司", 1, 5])
    row = MonthlyReturn.objects.get()
    row.tax_total, row._history_user = Decimal(60_000), manager
    row.save()
    batch = run([TITLE], HEADER, ["甲公司", 1, 5])
    assert batch.counts["edited"] == 1
    assert told()["tax_total"] == 6


def test_rows_that_stayed_out_come_back_with_their_month_and_unit(firm, office, run, staged):
    batch = run([TITLE], ["单位：万元"], ["企业名称", "税收当月", "税收累计"], ["甲公司", 1, 5], ["乙公司", 2, 6])
    content = error_workbook(batch)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["未导入 2023年5月"]
    assert book.get_sheet_by_index(0).to_python()[0][:3] == ["企业名称", "税收当月（万元）", "税收累计（万元）"]
    make_enterprise(office, "乙公司")
    assert problems(again := staged(content=content, filename="未导入.xlsx")) == []
    assert [(row.verdict, row.label) for row in again.rows.all()] == [("new", "乙公司 2023年5月")]


def test_a_csv_of_the_tax_office_goes_in_as_well(firm, run):
    content = files.csv(
        [["企业名称", "统一社会信用代码", "所属期", "入库税收累计(元)"], ["", files.code(1), "2023-11", "95500.5"]]
    )
    run(content=content, filename="重点税源.csv")
    assert (months(), told()) == ([(2023, 11)], {"tax_total": Decimal("9.55005")})


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_what_is_on_record_comes_out_and_goes_in_the_same(firm, run, staged, write):
    run([TITLE], ["企业名称", "税收累计（元）", "利润当月（元）", "来源"], ["甲公司", "12345.67", "-0.01", "自报"])
    resource, buffer = IndicatorResource(), io.BytesIO()
    write(buffer, Export(resource, resource.export_rows(MonthlyReturn.objects.all()), "经济指标", "王"))
    batch = staged(content=buffer.getvalue(), filename="a")
    assert [(row.verdict, row.messages) for row in batch.rows.all()] == [("same", [])]


def test_queries_do_not_grow_with_rows(office, manager, django_assert_max_num_queries):
    rows = [[make_enterprise(office, f"甲{number}公司").name, 1, 5] for number in range(40)]
    batch = create_batch(
        resource_key="indicators", content=files.xlsx([[TITLE], HEADER, *rows]), filename="a.xlsx", actor=manager,
        options={}, must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(45):
        stage(batch, actor=manager)
        commit(batch.pk, actor=manager)
    assert MonthlyReturn.objects.count() == 40


def test_every_header_is_found():
    synonyms = Synonyms(IndicatorResource())
    for column in IndicatorResource.columns:
        for header in (column.label, *column.strong):
            assert synonyms.find(header) == (column.key, 2), header


def test_every_indicator_has_both_amounts_under_the_names_that_it_has_elsewhere():
    for kind in IndicatorKind:
        for reach in Reach:
            field = MonthlyReturn._meta.get_field(f"{kind}_{reach}")
            assert field.verbose_name == f"{kind.label}{reach.label}"


# Who may


def test_who_imports_amounts_may_see_them_all():
    for role in ROLES.values():
        if "parks.import_monthlyreturn" in role.permissions:
            assert {"parks.view_monthlyreturn", "reports.view_sensitive"} <= role.permissions


@pytest.mark.parametrize("role", ["steward", "desk", "leader", "viewer", "unit", "sysadmin"])
def test_nobody_else_sees_a_list_of_amounts_on_its_way(client, users, firm, staged, role):
    batch = staged([TITLE], HEADER, ["甲公司", 1234, 5678])
    client.force_login(users[role])
    for name in ("import_detail", "import_columns", "import_errors"):
        response = client.get(reverse(f"crm:{name}", args=[batch.pk]))
        assert response.status_code in (403, 404)
    listed = client.get(reverse("crm:import_list"))
    assert batch.filename not in listed.content.decode()


def test_by_the_pages_from_upload_to_result(client, manager, firm):
    client.force_login(manager)
    file = io.BytesIO(files.xlsx([[TITLE], HEADER, ["甲公司", 1, 5]]))
    file.name = "税收.xlsx"
    address = f"{reverse('crm:import_create')}?kind=indicators"
    assert "所属月份" in client.get(address).content.decode()
    with time_machine.travel("2023-06-10", tick=False):
        response = client.post(address, {"file": file, "month": "", "reach": "", "source": "税务月报"}, follow=True)
        batch = ImportBatch.objects.get()
        assert "税收累计" in response.content.decode()
        chosen = {f"column-{index}": key for index, key in batch.mapping.items()}
        client.post(reverse("crm:import_columns", args=[batch.pk]), chosen)
        review = client.get(reverse("crm:import_detail", args=[batch.pk]), {"tab": "new"}).content.decode()
        assert "甲公司 2023年5月" in review
        client.post(reverse("crm:import_commit", args=[batch.pk]), {"mode": "overwrite"})
    assert (told(), MonthlyReturn.objects.get().source) == ({"tax_month": 1, "tax_total": 5}, "税务月报")
