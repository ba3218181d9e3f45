"""The empty list of every resource: read back it maps completely, its examples stay out, its drop-downs are there."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.imports.headers import find_table
from crm.imports.mapping import map_columns
from crm.imports.reading import read_file
from crm.imports.resource import get_resource, resource_keys
from crm.imports.template import template_columns
from parks.models import Park

TEMPLATE = "crm:import_template"
KINDS = ("enterprises", "qualifications", "indicators", "visits", "appeals", "tickets", "results")


@pytest.fixture
def download(client, manager):
    client.force_login(manager)
    return lambda kind: client.get(reverse(TEMPLATE), {"kind": kind})


def test_every_resource_has_its_template():
    assert tuple(resource_keys()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_sheet_to_fill_in_comes_first_is_empty_and_maps_completely(download, kind):
    response = download(kind)
    assert "attachment" in response.headers["Content-Disposition"]
    resource = get_resource(kind)
    table = find_table(read_file(response.content, "模板.xlsx"), resource)
    assert table is not None
    assert (table.sheet.name, table.rows) == ("填写", [])
    assert list(map_columns(table, resource).values()) == [column.key for column in template_columns(resource)]


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_two_examples_notes_and_drop_downs(download, kind):
    content = download(kind).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["填写", "示例", "说明", "选项"]
    assert len([row for row in book.get_sheet_by_name("示例").to_python()[1:] if any(row)]) == 2
    assert any("不会覆盖" in str(row[0]) for row in book.get_sheet_by_name("说明").to_python())
    assert b'type="list"' in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_it_offers_what_the_office_has_and_nothing_of_others(download, office, other_office):
    Park.objects.create(organisation=office, name="本处园")
    Park.objects.create(organisation=other_office, name="别处园")
    offered = CalamineWorkbook.from_filelike(io.BytesIO(download("enterprises").content)).get_sheet_by_name("选项")
    words = {word for row in offered.to_python() for word in row}
    assert "本处园" in words
    assert "别处园" not in words


def test_the_untouched_template_says_that_it_is_empty(client, manager, download):
    content = download("enterprises").content
    file = io.BytesIO(content)
    file.name = "模板.xlsx"
    page = client.post(reverse("crm:import_create") + "?kind=enterprises", {"file": file}, follow=True)
    assert "0 行数据" in page.content.decode()


@pytest.mark.parametrize(("role", "kind", "status"), [("viewer", "enterprises", 403), ("steward", "visits", 404)])
def test_who_may_not_import_gets_none(client, users, role, kind, status):
    client.force_login(users[role])
    assert client.get(reverse(TEMPLATE), {"kind": kind}).status_code == status


def test_the_pages_offer_it_for_what_the_user_may_import(client, users):
    client.force_login(users["steward"])
    page = client.get(reverse("crm:import_create")).content.decode()
    assert f"{reverse(TEMPLATE)}?kind=enterprises" in page
    listed = client.get(reverse("crm:import_list")).content.decode()
    assert "导入资质名单" in listed
    assert "导入诉求台账" not in listed
