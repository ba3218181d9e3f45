"""The big screen: a secret address that tells totals only, and can be taken back."""

from __future__ import annotations

import json
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from crm.models import AuditEntry, User
from reports.hall.actions import close_screen, open_screen
from reports.models import HallScreen
from reports.views.screen import FIGURES
from tests.crm.factories import make_organisation, make_user
from tests.reports.world import at

PIECE = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _in_december():
    cache.clear()
    with time_machine.travel(at("2023-12-15 09:00"), tick=False):
        yield
    cache.clear()


@pytest.fixture
def manager(world):
    return make_user("boss", world.office, role="manager")


def address_of(screen):
    return reverse("reports:hall_screen", args=[screen.token])


def test_without_a_log_in_it_shows_the_totals_of_the_year(full, manager, client):
    html = "".join(client.get(address_of(open_screen(actor=manager))).content.decode().split())
    assert "<span>走访家次</span><strong>3</strong><small>家次</small>" in html
    assert "<span>受理诉求</span><strong>21</strong><small>件</small>" in html
    assert "<span>满意率</span><strong>86.25%</strong>" in html
    assert "数据截至<time>2023-12-1509:00</time>" in html
    assert html.count("<figure") == 6
    assert html.count('<divclass="hall-figure">') == len(FIGURES)


def test_it_names_no_enterprise_person_or_unit_and_leads_nowhere(full, manager, client):
    html = client.get(address_of(open_screen(actor=manager))).content.decode()
    for name in (full.firm.name, full.unit.name, full.user.name, manager.name):
        assert name not in html
    assert "<a " not in html
    assert "/reports/figures/" not in html
    blocks = re.findall(r'<script type="application/json">(.*?)</script>', html, re.S)
    assert blocks
    assert not any(link for block in blocks for one in json.loads(block)["series"] for link in one["links"])
    assert "style=" not in html


def test_another_organisation_changes_nothing(world, elsewhere, manager, client):
    html = "".join(client.get(address_of(open_screen(actor=manager))).content.decode().split())
    assert "<span>走访家次</span><strong>—</strong>" in html
    assert elsewhere.office.name not in html


def test_it_renews_itself_by_a_piece_that_is_kept_for_two_minutes(world, manager, client, django_assert_num_queries):
    address = address_of(open_screen(actor=manager))
    page = client.get(address).content.decode()
    assert f'hx-get="{address}" hx-trigger="every 300s"' in page
    world.visit("2023-12-01")
    with django_assert_num_queries(1):
        piece = client.get(address, headers=PIECE).content.decode()
    assert piece.lstrip().startswith('<header class="hall-head">')
    assert "<strong>1</strong>" not in piece
    cache.clear()
    assert "<strong>1</strong>" in client.get(address, headers=PIECE).content.decode()


def test_a_new_address_makes_the_old_one_void(world, manager, client):
    old = address_of(open_screen(actor=manager))
    new = address_of(open_screen(actor=manager))
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert HallScreen.objects.count() == 1


def test_a_closed_one_is_gone_at_once_and_closing_twice_changes_nothing(world, manager, client):
    address = address_of(open_screen(actor=manager))
    client.get(address)
    assert close_screen(actor=manager)
    assert not close_screen(actor=manager)
    answer = client.get(address, headers=PIECE)
    assert answer.status_code == 404
    assert "这个大屏地址无效" in answer.content.decode()
    assert AuditEntry.objects.filter(summary__contains="大屏").count() == 2


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"role": "unit"}, {"organisation": None}, {"organisation": "elsewhere"}]
)
def test_it_closes_when_who_made_it_may_no_longer_see_the_figures(world, elsewhere, manager, client, change):
    address = address_of(open_screen(actor=manager))
    place = {"organisation": elsewhere.office} if change.get("organisation") == "elsewhere" else change
    User.objects.filter(pk=manager.pk).update(**place)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "WzEsMV0:abc", "%00", "a:b:c", "." * 200])
def test_a_forged_address_opens_nothing_and_guessing_is_slowed_down(world, manager, client, token):
    open_screen(actor=manager)
    path = reverse("reports:hall_screen", args=["TOKEN"]).replace("TOKEN", token)
    codes = [client.get(path).status_code for _ in range(12)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_an_address_that_is_asked_for_without_end_is_slowed_down(world, manager, client, settings):
    address = address_of(open_screen(actor=manager))
    codes = [client.get(address).status_code for _ in range(31)]
    assert (codes[0], codes[-1]) == (200, 429)


def test_nothing_keeps_or_indexes_the_page(world, manager, client):
    answer = client.get(address_of(open_screen(actor=manager)))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert client.post(address_of(HallScreen.objects.get())).status_code == 405


def test_a_manager_makes_renews_and_closes_the_address_on_a_page(world, manager, client):
    client.force_login(manager)
    page = reverse("reports:screen_address")
    assert "还没有大屏地址" in client.get(page).content.decode()
    for number in (1, 2):
        client.post(page)
        assert HallScreen.objects.get().number == number
    assert address_of(HallScreen.objects.get()) in client.get(page).content.decode()
    client.post(page, {"close": "1"})
    assert "大屏地址已停用" in client.get(page, follow=True).content.decode()


@pytest.mark.parametrize("role", ["leader", "viewer", "steward", "desk", "unit", "sysadmin"])
def test_nobody_else_may_make_one(world, client, role):
    client.force_login(make_user("somebody", world.office, role=role))
    assert client.get(reverse("reports:screen_address")).status_code == 403
    assert client.post(reverse("reports:screen_address")).status_code == 403
    assert not HallScreen.objects.exists()


def test_a_manager_elsewhere_or_above_is_not_told_the_address(world, elsewhere, manager, client):
    address = address_of(open_screen(actor=manager))
    for place in (elsewhere.office, world.office.parent, make_organisation("另一园区", parent=world.office.parent)):
        client.force_login(make_user(f"m{place.pk}", place, role="manager"))
        assert address not in client.get(reverse("reports:screen_address")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_its_queries_do_not_grow_with_the_rows(world, manager, client, django_assert_num_queries, rows):
    for _ in range(rows):
        world.call(world.appeal(closed="2023-11-15", enterprise=world.enterprise()))
    address = address_of(open_screen(actor=manager))
    with django_assert_num_queries(20):
        client.get(address)
