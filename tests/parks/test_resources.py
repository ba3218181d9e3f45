"""How the cells of enterprise lists become values of the register."""

import datetime as dt

import pytest

from crm.imports.cells import CellError
from crm.imports.columns import Reading
from crm.imports.headers import Synonyms
from parks import parsers
from parks.choices import RegistrationStatus
from parks.import_columns import ENTERPRISE_COLUMNS
from parks.models import Enterprise
from parks.resources import EnterpriseResource


@pytest.mark.parametrize("column", ENTERPRISE_COLUMNS, ids=lambda column: column.key)
def test_every_column_is_found_under_each_of_its_headers(column):
    synonyms = Synonyms(EnterpriseResource())
    for header in column.strong:
        assert synonyms.find(header) == (column.key, 2), header
    for header in column.weak:
        assert synonyms.find(header)[0] == column.key, header


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("存续（在营、开业、在册）", RegistrationStatus.ACTIVE),
        ("在业", RegistrationStatus.ACTIVE),
        ("开业", RegistrationStatus.ACTIVE),
        ("迁入", RegistrationStatus.ACTIVE),
        ("存续/在业", RegistrationStatus.ACTIVE),
        ("迁出", RegistrationStatus.MOVED),
        ("已注销", RegistrationStatus.CANCELLED),
        ("吊销，未注销", RegistrationStatus.REVOKED),
        ("吊销，已注销", RegistrationStatus.REVOKED),
        ("撤销", RegistrationStatus.REVOKED),
        ("清算", RegistrationStatus.LIQUIDATING),
        ("停业", RegistrationStatus.SUSPENDED),
        ("歇业", RegistrationStatus.DORMANT),
    ],
)
def test_every_word_for_a_status_is_mapped(text, status):
    assert parsers.parse_status(text, Reading()) == {"status": status.value}


def test_an_unknown_status_is_left_out_with_a_warning():
    reading = Reading()
    assert parsers.parse_status("火星状态", reading) == {}
    assert reading.warnings


def test_a_sound_code_that_ends_in_zeros_is_not_taken_for_a_rounded_number():
    assert parsers.parse_code("911101120000078000", Reading()) == {"uscc": "911101120000078000"}
    with pytest.raises(CellError, match="精度"):
        parsers.parse_code("911101120000079000", Reading())


def test_a_founding_date_to_come_is_doubtful():
    reading = Reading()
    parsers.date("established_on", is_past=True)("2199-01-01", reading)
    assert reading.doubts


def test_a_term_that_cannot_be_read_does_not_keep_the_row_out():
    reading = Reading()
    assert parsers.parse_term("营业中", reading) == {}
    assert reading.warnings
    assert parsers.parse_term("2001-01-01至2021-01-01", Reading()) == {
        "term_from": dt.date(2001, 1, 1),
        "term_to": dt.date(2021, 1, 1),
    }


def test_a_range_of_heads_is_left_out():
    reading = Reading()
    assert parsers.number("employee_count")("50-99人", reading) == {}
    assert reading.warnings


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rank", "text", "code"),
    [
        ("", "I65", "65"),
        ("", "6513", "6513"),
        ("", "软件和信息技术服务业", "65"),
        ("section", "制造业", "C"),
        ("", "没有这个行业", None),
    ],
)
def test_an_industry_is_found_by_code_or_name(rank, text, code):
    reading = Reading(lookups=EnterpriseResource().lookups())
    values = parsers.industry(rank)(text, reading)
    assert values == ({"industry_id": code} if code else {})
    assert bool(reading.warnings) is (code is None)


def test_the_mobile_stands_in_for_a_missing_phone_only():
    resource = EnterpriseResource()
    values = {"_mobile": "13800000000"}
    resource.finish(values, Reading())
    assert values == {"phone": "13800000000"}
    values = {"_mobile": "13800000000", "phone": "010-1"}
    resource.finish(values, Reading())
    assert values == {"phone": "010-1"}


def test_every_column_writes_fields_that_exist():
    names = {field.attname for field in Enterprise._meta.fields}
    resource = EnterpriseResource()
    assert set(resource.written_fields(["registered_capital", "name", "uscc", "industry_id"])) <= {
        field.name for field in Enterprise._meta.fields
    }
    assert {"normalised_name", "version", "uscc_note"} <= names
