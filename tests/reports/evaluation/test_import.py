"""Bulletins of official results through the import engine."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from crm.imports.commit import commit
from crm.imports.error_file import error_workbook
from crm.imports.export import Export, write_csv, write_xlsx
from crm.imports.headers import Synonyms
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from reports.evaluation.actions import enter_result
from reports.evaluation.resources import ResultResource
from reports.models import OfficialResult
from tests.crm.imports import files

TITLE = "关于2023年11月“服务包”工作考评情况的通报"
HEADER = ["排名", "街乡镇", "走访率", "得分"]


@pytest.fixture(autouse=True)
def _in_december():
    with time_machine.travel("2023-12-05 02:00Z", tick=False):
        yield


@pytest.fixture
def staged(manager):
    def call(*rows, filename: str = "通报.xlsx", content: bytes = b"", **options) -> ImportBatch:
        batch = create_batch(
            resource_key="results", content=content or files.xlsx(rows), filename=filename, actor=manager,
            options=options, must_find_header=True,
        )  # fmt: skip
        return stage(batch, actor=manager)

    return call


@pytest.fixture
def run(staged, manager):
    def call(*rows, **kwargs) -> ImportBatch:
        return commit(staged(*rows, **kwargs).pk, actor=manager)

    return call


def told() -> list[tuple[str, str, str, int, int | None, Decimal | None]]:
    rows = OfficialResult.objects.order_by("month", "area").select_related("organisation")
    return [(r.organisation.name, f"{r.month:%Y-%m}", r.area, r.rank, r.out_of, r.score) for r in rows]


def problems(batch: ImportBatch) -> str:
    return " ".join(m["message"] for row in batch.rows.all() for m in row.messages)


def test_of_a_bulletin_about_all_towns_our_line_goes_in(office, run):
    rows = [["1", "邻镇", "100%", "99.1"], ["2", "西集镇人民政府", "98%", "98.6"], ["3", "别处镇", "97%", "97"]]
    batch = run([TITLE], ["全区"], HEADER, *rows, ["合计", "", "", ""])
    assert told() == [("西集镇", "2023-11", "district", 2, None, Decimal("98.60"))]
    assert [entry["text"] for entry in batch.skipped] == ["邻镇（别的单位）", "别处镇（别的单位）", "合计"]
    assert OfficialResult.objects.get().source == TITLE


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (["月份", "全市排名", "全区排名", "得分"], ["2023-11", "2/35", "第一名", "98.6"],
         [("city", 2, 35, Decimal("98.6")), ("district", 1, None, Decimal("98.6"))]),
        (["月份", "范围", "名次", "参评单位数"], ["2023年11月", "全市", "第十二", "35"], [("city", 12, 35, None)]),
        (["时间", "全区名次", "全区得分", "全市名次", "全市得分"], ["11月", "并列第3名", 97, 5, 96],
         [("city", 5, None, 96), ("district", 3, None, 97)]),
    ],
)  # fmt: skip
def test_a_ledger_of_our_own_tells_of_one_area_or_both(office, run, header, row, expected):
    run(["2023年考评台账"], header, row)
    assert [line[2:] for line in told()] == expected


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        (["月份", "名次", "得分"], ["2023-11", "2", "98"], "看不出是全市还是全区"),
        (["月份", "全市排名", "得分"], ["", "2", "98"], "看不出是哪个月的结果"),
        (["月份", "全市排名", "得分"], ["2024-01", "2", "98"], "2024年1月还没有到"),
        (["月份", "全市排名", "得分"], ["2023-11", "靠前", "98"], "“靠前”不是名次"),
        (["月份", "全市排名", "得分"], ["2023-11", "9/5", "98"], "名次不能大于参评单位数"),
        (["月份", "全市排名", "得分"], ["2023-11", "2", "优秀"], "“优秀”不是得分"),
        (["月份", "全市排名", "得分"], ["2023-11", "", "98"], "没有写名次"),
        (["月份", "全市排名", "得分"], ["2023年1-11月", "2", "98"], "写的是 1—11 月"),
    ],
)
def test_what_cannot_be_known_is_said_and_not_written(office, run, header, row, message):
    assert message in problems(run(header, row, filename="a.xlsx"))
    assert not OfficialResult.objects.exists()


def test_what_was_chosen_beside_the_file_holds_for_what_it_does_not_say(office, run):
    run(["全市排名", "得分"], ["2", "98"], filename="a.xlsx", month="2023-10", unit=office.pk, source="区发改委通报")
    assert told() == [(office.name, "2023-10", "city", 2, None, Decimal(98))]
    assert OfficialResult.objects.get().source == "区发改委通报"


def test_both_results_of_a_line_go_and_come_together(office, run, manager):
    header = ["月份", "全市排名", "全区排名"]
    first = run(header, ["2023-11", 5, 3])
    again = run(header, ["2023-11", 5, 3])
    assert again.counts["same"] == 1
    second = run(header, ["2023-11", 5, 1])
    assert second.rows.get().changes == [
        {"field": "_other", "label": "全区名次", "old": "第 3", "new": "第 1", "by_hand": False}
    ]
    assert [line[3] for line in told()] == [5, 1]
    undo(second.pk, actor=manager)
    assert [line[3] for line in told()] == [5, 3]
    assert undo(first.pk, actor=manager).results["removed"] == 1
    assert told() == []
    assert OfficialResult.history.filter(history_type="-").count() == 2


def test_what_was_entered_by_hand_is_kept_unless_somebody_agrees(office, run, manager):
    run(["月份", "全市排名", "得分"], ["2023-11", 5, 90])
    row = OfficialResult.objects.get()
    entered = {
        "organisation": row.organisation,
        "month": row.month,
        "area": "city",
        "out_of": None,
        "score": Decimal(90),
    }
    enter_result(actor=manager, rank=2, source="更正", **entered)
    batch = run(["月份", "全市排名", "得分"], ["2023-11", 5, 90])
    assert batch.counts["edited"] == 1
    assert OfficialResult.objects.get().rank == 2


def test_rows_that_stayed_out_come_back_with_their_month(office, run, staged):
    content = error_workbook(run([TITLE], ["全市排名", "得分"], ["靠前", "98"]))
    assert "“靠前”不是名次" in problems(staged(content=content, filename="未导入.xlsx"))


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_what_is_on_record_comes_out_and_goes_in_the_same(office, run, staged, write):
    run(["月份", "全市排名", "全区排名", "得分"], ["2023-11", "2/35", "1/22", "98.65"])
    resource, buffer = ResultResource(), io.BytesIO()
    write(buffer, Export(resource, resource.export_rows(OfficialResult.objects.order_by("pk")), "考评", "王"))
    batch = staged(content=buffer.getvalue(), filename="a")
    assert [(row.verdict, row.messages) for row in batch.rows.all()] == [("same", []), ("same", [])]


def test_every_header_is_found():
    synonyms = Synonyms(ResultResource())
    for column in ResultResource.columns:
        for header in (column.label, *column.strong):
            assert synonyms.find(header) == (column.key, 2), header


def test_queries_do_not_grow_with_rows(office, manager, django_assert_max_num_queries):
    rows = [[f"{2020 + n // 12}-{n % 12 + 1:02d}", n + 1, n + 2] for n in range(40)]
    batch = create_batch(
        resource_key="results", content=files.xlsx([["月份", "全市排名", "全区排名"], *rows]), filename="a.xlsx",
        actor=manager, options={}, must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(45):
        stage(batch, actor=manager)
        commit(batch.pk, actor=manager)
    assert OfficialResult.objects.count() == 80


def test_results_of_strangers_are_neither_met_nor_changed(other_office, outsider, office, run):
    town = other_office.parent
    OfficialResult.objects.create(
        organisation=town, month=date(2023, 11, 1), area="city", rank=9, source="x", created_by=outsider
    )
    run([TITLE], ["全市排名", "街乡镇", "得分"], ["1", "别处镇", "99"], ["2", "西集镇", "98"])
    assert [line[::3] for line in told()] == [("别处镇", 9), ("西集镇", 2)]


@pytest.mark.parametrize("role", ["leader", "steward", "desk", "viewer", "sysadmin"])
def test_who_may_not_enter_results_may_not_import_them(client, users, role):
    client.force_login(users[role])
    assert client.get(reverse("crm:import_create"), {"kind": "results"}).status_code in (403, 404)


def test_the_page_of_results_leads_to_the_import(client, manager):
    client.force_login(manager)
    page = client.get(reverse("reports:result_list")).content.decode()
    assert f"{reverse('crm:import_create')}?kind=results" in page
    assert "没有写单位的行" in client.get(reverse("crm:import_create"), {"kind": "results"}).content.decode()
