"""Who gets the register as a file, and which rows of it."""

from __future__ import annotations

import datetime as dt
import io
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.models import AuditEntry
from parks.models import Contact
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise, make_park

URL = "parks:enterprise_export"


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def names(content: bytes) -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [row[0] for row in rows[4:]]


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


def test_what_is_filtered_is_what_comes_and_is_recorded(as_manager, office, other_office):
    park = make_park(office, "甲园")
    make_enterprise(office, "甲公司", park=park)
    make_enterprise(office, "乙公司")
    make_enterprise(other_office, "丙公司")
    response = as_manager.get(reverse(URL), {"park": park.pk})
    assert "attachment" in response.headers["Content-Disposition"]
    assert names(body(response)) == ["甲公司"]
    entry = AuditEntry.objects.get(action="export")
    assert "企业名单 1 家（xlsx），筛选：园区：甲园，文件指纹" in entry.summary
    assert sorted(names(body(as_manager.get(reverse(URL))))) == ["乙公司", "甲公司"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_file_is_named_after_who_took_it_and_when(as_manager, office, manager, kind):
    make_enterprise(office, "甲公司")
    with time_machine.travel(datetime(2026, 11, 28, 9, 5, tzinfo=UTC), tick=False):
        response = as_manager.get(reverse(URL), {"format": kind})
    body(response)
    assert f"企业名单-20261128-1705-{manager}.{kind}" in unquote(response.headers["Content-Disposition"])


def test_csv_has_a_mark_and_runs_no_formula(as_manager, office):
    make_enterprise(office, "甲公司", registered_address="=HYPERLINK(1)")
    content = body(as_manager.get(reverse(URL), {"format": "csv"}))
    assert content.startswith(b"\xef\xbb\xbf")
    assert '"\'=HYPERLINK(1)"' in content.decode()


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("steward", 403), ("viewer", 403), ("auditor", 403)])
def test_only_who_may_export_does(client, users, office, role, status):
    make_enterprise(office, "甲公司")
    client.force_login(users[role])
    response = client.get(reverse(URL))
    assert response.status_code == status
    if status == 200:
        assert body(response)
    assert AuditEntry.objects.filter(action="export").exists() is (status == 200)


def test_the_reach_of_the_user_holds_here_too(client, office):
    make_enterprise(office, "甲公司")
    client.force_login(make_user("own", office, role="manager", scope="own"))
    assert names(body(client.get(reverse(URL)))) == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow(as_manager, office, django_assert_num_queries, count):
    for number in range(count):
        firm = make_enterprise(office, tags=["网安"], park=make_park(office, f"{number}园"))
        Contact.objects.create(enterprise=firm, name="李四")
    with django_assert_num_queries(11):
        body(as_manager.get(reverse(URL)))


def test_an_unknown_format_is_not_found_and_too_many_rows_are_refused(as_manager, office, settings):
    assert as_manager.get(reverse(URL), {"format": "exe"}).status_code == 404
    settings.YQT = settings.YQT | {"EXPORT_MAX_ROWS": 1}
    make_enterprise(office)
    assert len(names(body(as_manager.get(reverse(URL))))) == 1
    make_enterprise(office)
    page = as_manager.get(reverse(URL), {"stage": "registered"}, follow=True).content.decode()
    assert "一次最多导出 1 家" in page


def test_the_list_offers_its_own_filters_as_a_file(as_manager, client, users, office):
    make_enterprise(office, joined_on=dt.date(2020, 1, 1))
    page = as_manager.get(reverse("parks:enterprise_list"), {"stage": "registered"}).content.decode()
    assert f"{reverse(URL)}?stage=registered&amp;format=xlsx" in page
    client.force_login(users["viewer"])
    assert reverse(URL) not in client.get(reverse("parks:enterprise_list")).content.decode()
