"""经营数据 and the size they tell, on the enterprise's page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from parks.models import Industry
from tests.parks.factories import make_enterprise


@pytest.fixture
def firm(office):
    industry = Industry.objects.get(pk="6513")
    return make_enterprise(office, industry=industry, insured_count=500)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def test_figures_typed_in_wan_are_kept_in_yuan_and_tell_the_size(page, firm, manager):
    url = reverse("parks:enterprise_figures", args=[firm.pk])
    data = {"figures_year": 2025, "employee_count": 100, "annual_revenue_wan": "1000", "version": 1}
    assert page.post(url, data).status_code == 302
    # Sent twice it is saved already; another's figures are asked about.
    assert page.post(url, data).status_code == 302
    assert "刚刚修改过" in page.post(url, data | {"employee_count": 200}).text
    firm.refresh_from_db()
    assert (firm.annual_revenue, firm.total_assets, firm.version) == (Decimal(10_000_000), None, 2)
    assert firm.history.first().history_user == manager
    text = page.get(firm.get_absolute_url()).text
    assert "<strong>中型</strong>" in text
    assert 'value="1000"' in page.get(url).text


def test_insured_people_do_not_stand_in_for_employees(page, firm):
    text = page.get(firm.get_absolute_url()).text
    assert "数据不足" in text
    assert "缺从业人数、营业收入" in text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"annual_revenue_wan": "10"}, "figures_year"),
        ({"annual_revenue_wan": "10", "figures_year": 1800}, "figures_year"),
        ({"annual_revenue_wan": "-1", "figures_year": 2025}, "annual_revenue_wan"),
        ({"total_assets_wan": "1e30", "figures_year": 2025}, "total_assets_wan"),
    ],
)
def test_figures_without_a_year_or_out_of_range_are_refused(page, firm, data, field):
    answer = page.post(reverse("parks:enterprise_figures", args=[firm.pk]), data | {"version": 1})
    assert field in answer.context["form"].errors
    firm.refresh_from_db()
    assert firm.annual_revenue is None


def test_figures_of_another_organisation_are_not_found(client, outsider, firm):
    client.force_login(outsider)
    url = reverse("parks:enterprise_figures", args=[firm.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"employee_count": 1, "version": 1}).status_code == 404
