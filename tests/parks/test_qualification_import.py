"""Lists of qualifications through the same engine as lists of enterprises."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.imports.commit import commit
from crm.imports.export import Export, write_csv, write_xlsx
from crm.imports.headers import Synonyms
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from parks.actions import set_former_names
from parks.models import Qualification, QualificationKind
from parks.resources import QualificationResource
from parks.resources.qualifications import months_later
from tests.crm.imports import files
from tests.parks.factories import make_enterprise

HEADER = ["公司名称", "资质名称", "批次", "证书编号", "发证日期", "有效期至", "撤销日期"]


@pytest.fixture
def run(manager):
    def call(*rows: list[str], header: list[str] = HEADER) -> ImportBatch:
        batch = create_batch(
            resource_key="qualifications", content=files.xlsx([header, *rows]), filename="a.xlsx", actor=manager,
            options={}, must_find_header=True,
        )  # fmt: skip
        stage(batch, actor=manager)
        return commit(batch.pk, actor=manager)

    return call


def problems(batch: ImportBatch) -> list[tuple[str, str, str]]:
    return [(row.verdict, m["column"], m["message"]) for row in batch.rows.all() for m in row.messages]


def test_an_award_is_filed_under_the_organisation_of_its_enterprise_whoever_records_it(office, other_office, run):
    firm = make_enterprise(office, "甲公司")
    make_enterprise(other_office, "甲公司")
    run(["甲公司", "国高新", "", "", "2024-10-29", "2027-10-28", ""])
    kind = QualificationKind.objects.get(code="GIANT")
    Qualification.objects.create(enterprise=firm, kind=kind, valid_from=dt.date(2024, 1, 1))
    Qualification.objects.bulk_create([Qualification(enterprise=firm, kind=kind, valid_from=dt.date(2025, 1, 1))])
    assert set(Qualification.objects.values_list("organisation", flat=True)) == {office.pk}
    assert Qualification.objects.count() == 3


def test_a_list_goes_in_and_the_same_list_again_is_the_same(run, office, manager):
    firm = make_enterprise(office, "甲公司", uscc=files.code(1))
    rows = [
        ["甲公司", "国高新", "一", "GR1", "2024-10-29", "2027-10-28", ""],
        [files.code(1), "国家级专精特新“小巨人”企业", "三", "", "2022年7月1日", "2025.6.30", "2024-01-01"],
    ]
    assert run(*rows).results["created"] == 2
    award = Qualification.objects.get(kind__code="HNTE")
    assert (award.enterprise, award.number, award.valid_to) == (firm, "GR1", dt.date(2027, 10, 28))
    assert award.history.get().history_user == manager
    assert Qualification.objects.get(kind__code="GIANT").withdrawn_on == dt.date(2024, 1, 1)
    assert run(*rows).counts["same"] == 2
    rows[0][3] = "GR2"
    assert run(*rows).results["updated"] == 1


def test_an_undo_takes_new_titles_away_and_puts_old_values_back(run, office, manager):
    make_enterprise(office, "甲公司")
    first = run(["甲公司", "国高新", "", "GR1", "2024-10-29", "2027-10-28", ""])
    second = run(["甲公司", "国高新", "", "GR2", "2024-10-29", "2027-10-28", ""])
    undo(second.pk, actor=manager)
    assert Qualification.objects.get().number == "GR1"
    third = run(["甲公司", "小巨人", "", "", "2024-10-29", "2027-10-28", ""])
    undone = undo(third.pk, actor=manager)
    assert not [row.note for row in undone.rows.exclude(note="")]
    assert undone.results["removed"] == 1
    assert Qualification.objects.get().number == "GR1"
    assert undo(first.pk, actor=manager).results["removed"] == 1
    assert not Qualification.objects.exists()


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("高新技术企业", "HNTE"),
        ("HNTE", "HNTE"),
        ("小巨人", "GIANT"),
        ("专精特新", "SRDI"),
        ("博士后分站", "POSTDOC_B"),
    ],
)
def test_a_kind_is_known_by_many_words(run, office, word, code):
    make_enterprise(office, "甲公司")
    run(["甲公司", word, "", "", "2024-10-29", "2027-10-28", ""])
    assert Qualification.objects.get().kind.code == code


def test_by_a_former_name_too(run, office):
    firm = make_enterprise(office, "新公司")
    set_former_names(firm, ["旧公司"])
    run(["旧公司", "国高新", "", "", "2024-10-29", "", ""])
    assert Qualification.objects.get().enterprise == firm


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (["查无公司", "国高新", "", "", "2024-10-29", "", ""], "公司名称", "名册中没有“查无公司”"),
        (["甲公司", "最佳公司奖", "", "", "2024-10-29", "", ""], "资质名称", "资质目录中没有“最佳公司奖”"),
        (["甲公司", "国高新", "", "", "", "", ""], "发证日期", "没有写有效期自"),
        (["甲公司", "国高新", "", "", "2024-10-29", "2023-01-01", ""], "有效期至", "早于有效期自"),
        (["甲公司", "", "", "", "2024-10-29", "", ""], "资质名称", "没有写是哪一项资质"),
        (["甲公司、乙公司", "国高新", "", "", "2024-10-29", "", ""], "公司名称", "一行只能写一家"),
        (["同名公司", "国高新", "", "", "2024-10-29", "", ""], "公司名称", "名册中有 2 家“同名公司”"),
    ],
)
def test_an_error_names_its_cell(run, office, other_office, row, column, message):
    for name in ("甲公司", "乙公司", "同名公司", "同名公司"):
        make_enterprise(office, name)
    make_enterprise(other_office, "查无公司")
    ((verdict, where, what),) = problems(run(row))
    assert (verdict, where) == ("error", column)
    assert message in what
    assert not Qualification.objects.exists()


def test_code_and_name_of_two_firms_are_an_error_not_a_guess(run, office):
    make_enterprise(office, "甲公司", uscc=files.code(1))
    make_enterprise(office, "乙公司", uscc=files.code(2))
    header = ["统一社会信用代码", *HEADER]
    batch = run([files.code(1), "乙公司", "国高新", "", "", "2024-10-29", "", ""], header=header)
    assert "不是同一家" in problems(batch)[0][2]
    run([files.code(1), "", "国高新", "", "", "2024-10-29", "", ""], header=header)
    assert Qualification.objects.get().enterprise.name == "甲公司"


def test_what_dates_lack_is_completed_aloud_and_never_overwrites(run, office):
    make_enterprise(office, "甲公司")
    batch = run(["甲公司", "国高新", "", "", "2024-10-29", "", ""])
    assert "按通常 36 个月到 2027-10-28" in problems(batch)[0][2]
    assert Qualification.objects.get().valid_to == dt.date(2027, 10, 28)
    Qualification.objects.update(valid_to=None)
    assert run(["甲公司", "国高新", "", "", "2024-10-29", "", ""]).counts["same"] == 1
    run(["甲公司", "小巨人", "", "", "", "2025-06-30", ""])
    assert Qualification.objects.get(kind__code="GIANT").valid_from == dt.date(2022, 7, 1)


def test_queries_do_not_grow_with_rows(manager, office, django_assert_max_num_queries):
    for number in range(40):
        make_enterprise(office, f"甲{number}公司")
    rows = [[f"甲{number}公司", "国高新", "", "", "2024-10-29", "", ""] for number in range(40)]
    batch = create_batch(
        resource_key="qualifications", content=files.xlsx([HEADER, *rows]), filename="a.xlsx", actor=manager,
        options={}, must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(45):
        stage(batch, actor=manager)
        commit(batch.pk, actor=manager)
    assert Qualification.objects.count() == 40


def test_every_header_is_found():
    synonyms = Synonyms(QualificationResource())
    for column in QualificationResource.columns:
        for header in (column.label, *column.strong):
            assert synonyms.find(header) == (column.key, 2), header


def test_months_end_where_the_month_ends():
    assert months_later(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert months_later(dt.date(2024, 1, 31), -2) == dt.date(2023, 11, 30)


letters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
texts = st.text(st.one_of(st.sampled_from(list("=+-@'\"#,;、\n\t 　无/镕喆")), letters), max_size=12).map(str.strip)
days = st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31))


@pytest.mark.django_db
@pytest.mark.parametrize("write", [write_xlsx, write_csv])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wanted=st.lists(st.tuples(texts, texts, days, st.one_of(st.none(), days), st.booleans()), min_size=1, max_size=4)
)
def test_whatever_a_qualification_holds_comes_back_the_same(manager, office, write, wanted):
    Qualification.objects.all().delete()
    kinds = list(QualificationKind.objects.all())
    firms = [make_enterprise(office), make_enterprise(office, uscc="")]
    for number, (first, second, start, end, is_withdrawn) in enumerate(wanted):
        Qualification.objects.create(
            enterprise=firms[number % 2],
            kind=kinds[number % len(kinds)],
            batch=first,
            number=second,
            remark=first,
            rule_version=second,
            valid_from=start,
            valid_to=max(start, end) if end else None,
            withdrawn_on=start if is_withdrawn else None,
            withdrawn_reason=first if is_withdrawn else "",
        )
    resource, buffer = QualificationResource(), io.BytesIO()
    write(buffer, Export(resource, resource.export_rows(Qualification.objects.order_by("pk")), "资质名单", "王"))
    batch = create_batch(
        resource_key="qualifications", content=buffer.getvalue(), filename="a", actor=manager, options={},
        must_find_header=True,
    )  # fmt: skip
    stage(batch, actor=manager)
    problems = [(row.verdict, row.changes, row.messages) for row in batch.rows.exclude(verdict="same")]
    assert not problems
    assert batch.counts["same"] == len(wanted)
