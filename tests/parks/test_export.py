"""What was exported can be imported again and is the same, row by row and column by column."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from crm.imports.cells import text_of
from crm.imports.export import Export, csv_text, safe_text, write_csv, write_xlsx
from crm.imports.headers import Synonyms
from crm.imports.staging import create_batch, stage
from crm.models import ImportBatch, User
from parks.actions import set_former_names, set_tags
from parks.choices import Currency, RegistrationStatus, Tier
from parks.import_columns import ENTERPRISE_COLUMNS
from parks.models import Contact, Enterprise, Industry, Park, Qualification, ServiceTier, Stewardship
from parks.names import normalise_name
from parks.resources import EnterpriseResource
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_kind

WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


def exported(rows: Any, kind: str = "xlsx") -> bytes:
    resource, buffer = EnterpriseResource(), io.BytesIO()
    WRITERS[kind](buffer, Export(resource, resource.export_rows(rows), "企业名单", "王主管（园区办）", "园区：甲园"))
    return buffer.getvalue()


def imported(content: bytes, user: User, kind: str = "xlsx") -> ImportBatch:
    batch = create_batch(
        resource_key="enterprises",
        content=content,
        filename=f"企业名单.{kind}",
        actor=user,
        options={},
        must_find_header=True,
    )
    return stage(batch, actor=user)


def assert_all_same(user: User, kind: str) -> None:
    rows = Enterprise.objects.visible_to(user).order_by("pk")
    batch = imported(exported(rows, kind), user, kind)
    problems = [(row.label, row.verdict, row.changes, row.messages) for row in batch.rows.exclude(verdict="same")[:5]]
    assert not problems
    assert batch.counts["same"] == rows.count()
    assert len(batch.mapping) == sum(column.write is not None for column in ENTERPRISE_COLUMNS)


def full_enterprise(office, user: User, **fields: Any) -> Enterprise:
    """Something in every column."""
    values: dict[str, Any] = {
        "name": "北京甲科技有限公司", "uscc": files.code(1), "reg_no": "110112000000001",
        "legal_representative": "张三", "english_name": "Jia Co., Ltd", "registered_capital": Decimal("12345678.9"),
        "registered_capital_currency": "USD", "paid_in_capital": Decimal(10_000_000),
        "established_on": dt.date(1899, 5, 1),
        "approved_on": dt.date(2024, 2, 29), "term_from": dt.date(1999, 1, 1), "term_to": dt.date(9999, 12, 31),
        "status": RegistrationStatus.REVOKED, "enterprise_type": "有限责任公司",
        "industry": Industry.objects.get(pk="6513"),
        "registered_address": "=1+1", "actual_address": "-1层", "building": "@座", "room": "+101",
        "phone": "010-1；13800000000",
        "email": "a@b.cn", "website": "http://b.cn", "business_scope": "技术开发;技术咨询\n,=甲", "registrar": "通州局",
        "annual_revenue": Decimal("123456789.1"), "total_assets": Decimal(0), "figures_year": 2023,
        "insured_count": 0, "insured_year": 2023, "employee_count": 12, "remark": "'引号",
        "joined_on": dt.date(2020, 3, 1), "stage": "moved_out", "left_on": dt.date(2024, 1, 2),
        "park": Park.objects.create(organisation=office, name="网安园"),
    }  # fmt: skip
    values |= fields
    firm = Enterprise.objects.create(organisation=office, normalised_name=normalise_name(values["name"]), **values)
    set_former_names(firm, ["北京乙有限公司", "Old, Name"])
    set_tags(firm, ["网安", "信创"])
    ServiceTier.objects.create(enterprise=firm, tier=Tier.CITY, starts_on=dt.date(2023, 1, 1))
    Stewardship.objects.create(enterprise=firm, user=user, starts_on=dt.date(2023, 1, 1))
    Contact.objects.create(
        enterprise=firm, name="其他联系方式", mobile="13800000001", phone="010-11112222", email="b@x.cn",
        remark="13800000002、c@x.cn",
    )  # fmt: skip
    Contact.objects.create(
        enterprise=firm, name="李四", post="主任", mobile="13900000000", phone="010-2", email="l@b.cn"
    )
    Qualification.objects.create(enterprise=firm, kind=make_kind("GIANT"), valid_from=dt.date(2023, 1, 1))
    return firm


@pytest.mark.parametrize("kind", WRITERS)
def test_an_enterprise_with_everything_comes_back_the_same(manager, office, kind):
    full_enterprise(office, make_user("管家甲", office, role="steward"))
    assert_all_same(manager, kind)


def test_every_column_of_a_full_enterprise_is_filled_and_typed(manager, office):
    full_enterprise(office, make_user("管家甲", office, role="steward"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(exported(Enterprise.objects.all()))).get_sheet_by_index(0)
    remarks, header, values = sheet.to_python()[:3], *sheet.to_python()[3:5]
    assert "王主管" in remarks[1][0]
    assert "园区：甲园" in remarks[2][0]
    row = dict(zip(header, values, strict=True))
    assert not [title for title, value in row.items() if value == ""]
    assert row["统一社会信用代码"] == files.code(1)
    assert row["成立日期"] == "1899-05-01"
    assert row["核准日期"] == dt.date(2024, 2, 29)
    assert row["实缴资本（万元）"] == 1000
    assert row["注册资本（万元）"] == "1234.56789万美元"
    assert row["营业期限至"] == "长期"
    assert (row["联系人"], row["联系人手机"], row["服务管家"], row["服务包级别"]) == (
        "李四",
        "13900000000",
        "管家甲员",
        "市级",
    )


def test_every_column_is_written_or_says_which_is_written_instead():
    written = {column.key for column in ENTERPRISE_COLUMNS if column.write is not None}
    for column in ENTERPRISE_COLUMNS:
        assert (column.key in written) != (column.alias_of in written), column.key


def test_every_written_header_is_understood_and_no_extra_is():
    synonyms = Synonyms(EnterpriseResource())
    for column in ENTERPRISE_COLUMNS:
        if column.write is not None:
            assert synonyms.find(column.title) == (column.key, 2)
    assert not [title for title, _ in EnterpriseResource.extras if synonyms.find(title)]


@pytest.mark.parametrize("currency", Currency.values)
def test_every_currency_comes_back(manager, office, currency):
    full_enterprise(office, make_user("管家甲", office, role="steward"), paid_in_capital_currency=currency)
    assert_all_same(manager, "csv")


@pytest.mark.parametrize(
    "text", ["=1+1", "+8610", "-1层", "@甲", "＝1", "'甲", '="甲"', "\t=1", "#N/A", "_x0041_", "a\rb", "甲\x01乙"]
)
def test_text_is_no_formula_and_is_read_back(text):
    as_csv, as_cell = csv_text(text), safe_text(text)
    assert not as_csv.startswith(tuple("=+-@＝\t"))
    expected = (
        text_of(text.replace("\r", "\n")).replace("#", "＃") if not text.startswith(("'", '="')) else text.strip()
    )
    assert text_of(as_csv) == text_of(as_cell) == expected


def test_firms_of_one_name_are_told_apart(manager, office):
    for number, code in enumerate((files.code(1), files.code(2), "", "")):
        full = {"name": "北京同名有限公司", "normalised_name": "北京同名有限公司", "uscc": code, "room": str(number)}
        Enterprise.objects.create(organisation=office, joined_on=dt.date(2020, 1, 1), **full)
    assert_all_same(manager, "xlsx")


def test_rows_of_organisations_below_are_the_same_to_the_one_above(town, office):
    full_enterprise(office, make_user("管家甲", office, role="steward"))
    chief = make_user("chief", town, role="manager")
    batch = imported(exported(Enterprise.objects.visible_to(chief)), chief)
    assert (batch.counts["same"], batch.counts["new"]) == (1, 0)


def test_a_number_of_another_installation_is_not_believed(manager, office):
    firm = full_enterprise(office, make_user("管家甲", office, role="steward"))
    rows = [["系统编号", "企业名称", "统一社会信用代码"], [firm.pk, "完全不同的公司", files.code(9)]]
    batch = imported(files.xlsx(rows), manager)
    assert batch.counts["new"] == 1


odd_text = st.text(
    st.one_of(
        st.sampled_from(list("=+-@'\"#,;；、\n\r\t 　无/\\%|&<>_x0041＝镕喆\u200b\x01")),
        st.characters(exclude_categories=("Cs",), exclude_characters="\x00"),
    ),
    max_size=12,
)
amounts = st.one_of(st.none(), st.decimals(0, Decimal("9999999999999.99"), places=2))
days = st.one_of(st.none(), st.dates(dt.date(1850, 1, 1), dt.date(2199, 12, 31)))


STAGES = [
    *({"stage": stage} for stage in ("registered", "settled")),
    *({"stage": stage, "left_on": dt.date(2020, 1, 2)} for stage in ("moved_out", "closed")),
]


@st.composite
def firms(draw: st.DrawFn) -> dict[str, Any]:
    texts = "legal_representative registered_address actual_address building room phone email website registrar remark"
    return {
        **{
            name: draw(odd_text).strip()
            for name in [*texts.split(), "english_name", "business_scope", "enterprise_type"]
        },
        "name": draw(odd_text).strip(),
        "registered_capital": draw(amounts),
        "registered_capital_currency": draw(st.sampled_from(Currency.values)),
        "paid_in_capital": draw(amounts),
        **{name: draw(days) for name in ("established_on", "approved_on", "term_from", "term_to")},
        "annual_revenue": draw(amounts),
        "total_assets": draw(amounts),
        "figures_year": draw(st.one_of(st.none(), st.integers(1950, 2049))),
        "status": draw(st.sampled_from(["", *RegistrationStatus.values])),
        "insured_count": draw(st.one_of(st.none(), st.integers(0, 10**8))),
        "industry_id": draw(st.sampled_from([None, "C", "65", "651", "6513"])),
        **draw(st.sampled_from(STAGES)),
        "has_code": draw(st.booleans()),
        "former": draw(st.lists(odd_text.map(str.strip), max_size=2)),
        "tags": draw(st.lists(st.text("网安信创A1", min_size=1, max_size=5), max_size=2, unique=True)),
        "contact": draw(odd_text).strip(),
        "mobile": draw(st.sampled_from(["", "13800000000", "+8610"])),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(firms(), min_size=1, max_size=4))
def test_whatever_the_register_holds_comes_back_the_same(manager, office, kind, wanted):
    Enterprise.objects.all().delete()
    for number, values in enumerate(wanted):
        _make(office, number, values)
    assert_all_same(manager, kind)


def _make(office, number: int, wanted: dict[str, Any]) -> None:
    values = dict(wanted)
    former, tags, person, mobile = (values.pop(key) for key in ("former", "tags", "contact", "mobile"))
    code = files.code(number) if values.pop("has_code") else ""
    values["name"] = f"甲{values['name']}{number}公司"
    key = normalise_name(values["name"])
    firm = Enterprise.objects.create(
        organisation=office, normalised_name=key, uscc=code, joined_on=dt.date(2020, 1, 1), **values
    )
    set_former_names(firm, former)
    set_tags(firm, tags)
    if person:
        Contact.objects.create(enterprise=firm, name=person, mobile=mobile)
