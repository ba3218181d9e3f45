"""What the dashboard shows to whom."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from crm.roles import ROLES
from parks.models import Stewardship
from reports.metrics import ATTENTION, METRIC_BY_KEY, METRICS
from reports.screens.boards import BOARDS, PIECE_BY_KEY, WORKLOADS, boards_of
from tests.crm.factories import make_user
from tests.reports.as_loaded import whole_dashboard
from tests.reports.world import NOW, at
from visits.queues import BY_KEY

NOVEMBER = {"period": "2023-11"}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


def page(client, user, **query):
    client.force_login(user)
    return "".join(unescape(client.get(reverse("reports:dashboard"), NOVEMBER | query).content.decode()).split())


def whole(client, user, **query):
    client.force_login(user)
    return "".join(whole_dashboard(client, **NOVEMBER, **query).split())


@pytest.fixture
def steward(world):
    """Looks after one enterprise with a visit and an appeal; others have some too."""
    user = make_user("steward1", world.office, role="steward")
    mine = world.enterprise(name="我管的企业有限公司")
    Stewardship.objects.create(enterprise=mine, user=user, starts_on=date(2020, 1, 1))
    world.visit("2023-11-10", mine)
    world.visit("2023-11-11", world.firm)
    world.visit("2023-11-12", world.firm)
    world.appeal(enterprise=mine, due="2023-11-20")
    world.appeal()
    return user


PIECES = (*PIECE_BY_KEY, "tables", "workloads", "charts")
OWN = {"manager": "desk", "desk": "desk", "leader": "leader", "steward": "steward", "viewer": "reader"}


@pytest.mark.parametrize(("role", "board"), OWN.items())
def test_each_role_has_a_board_of_its_own(world, role, board):
    assert boards_of(make_user("somebody", world.office, role=role))[0].key == board


def test_every_role_that_may_read_figures_is_thought_of():
    assert OWN.keys() == {key for key, role in ROLES.items() if "reports.view_report" in role.permissions}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
def test_a_board_names_figures_and_queues_that_exist(board):
    assert len(board.headlines) == 4
    assert set(board.headlines) <= METRIC_BY_KEY.keys()
    assert set(board.queues) <= BY_KEY.keys()


def test_a_steward_sees_the_own_enterprises_and_opens_their_rows(world, steward, client):
    html = whole(client, steward)
    key = f"by=steward&value={steward.pk}"
    assert '在册企业</span><spanclass="metric-text">1<small>家' in html
    assert '走访家次</span><spanclass="metric-text">1<small>家次' in html
    assert f"/reports/figures/enterprise_visits/?period=2023-11&{key}" in html
    assert "超期未办结诉求</span><strong>1件" in html
    assert "热线响应率" not in html
    rows = client.get(reverse("reports:figure_rows", args=["enterprise_visits"]) + f"?period=2023-11&{key}")
    assert "我管的企业有限公司" in rows.content.decode()
    assert world.firm.name not in rows.content.decode()


def test_a_steward_may_look_at_everything_too(steward, client):
    html = page(client, steward, board="reader")
    assert '走访家次</span><spanclass="metric-text">3<small>家次' in html


@pytest.mark.parametrize("wanted", ["desk", "nothing", ""])
def test_a_board_that_is_not_offered_is_the_own_one(steward, client, wanted):
    assert '走访家次</span><spanclass="metric-text">1<small>家次' in page(client, steward, board=wanted)


def test_a_manager_sees_what_each_steward_has_done(world, steward, client):
    boss = make_user("boss", world.office, role="manager")
    address = f"{reverse('reports:workloads')}?period=2023-11"
    assert f'hx-get="{address}"hx-trigger="load"' in page(client, boss)
    html = "".join(unescape(client.get(address).content.decode()).split())
    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert piece.lstrip().startswith('<section class="report-section">')
    assert "<!doctype html>" not in piece
    for key in WORKLOADS:
        assert METRIC_BY_KEY[key].label in html
    assert f"/reports/figures/registered_enterprises/?period=2023-11&by=steward&value={steward.pk}" in html
    assert f'<thscope="row">{steward.name}</th>' in html
    assert '<thscope="row">无管家</th>' in html


def test_queues_are_counted_and_lead_to_their_list(world, client):
    world.appeal(status="submitted", accepted=None)
    html = page(client, make_user("boss", world.office, role="manager"))
    assert f'href="{reverse("visits:appeal_list")}?queue=submitted"' in html
    assert "待受理的诉求</span><strong>1件" in html


def test_nothing_of_another_organisation_is_counted(world, elsewhere, client):
    for role in OWN:
        html = whole(client, make_user(f"a_{role}", world.office, role=role))
        assert '走访家次</span><spanclass="metric-text">—' in html
        assert f"value={elsewhere.user.pk}" not in html


def test_charts_come_after_the_page_and_are_a_link_without_a_script(world, client):
    html = page(client, make_user("leader1", world.office, role="leader"))
    assert f'hx-get="{reverse("reports:charts")}?period=2023-11"hx-trigger="load"' in html
    assert f'<ahref="{reverse("reports:charts")}?period=2023-11">看趋势' in html


@pytest.mark.parametrize("name", PIECES)
def test_each_piece_is_a_page_of_its_own_without_a_script(world, client, name):
    client.force_login(make_user("boss", world.office, role="manager"))
    address = reverse("reports:section", args=[name]) if name in PIECE_BY_KEY else reverse(f"reports:{name}")
    piece = client.get(address, NOVEMBER, headers={"HX-Request": "true"}).content.decode()
    html = client.get(address, NOVEMBER).content.decode()
    assert "<!doctype html>" not in piece
    assert "<!doctype html>" in html
    assert f'action="{address}"' in html
    assert "数据看板</a>" in html


def test_a_section_that_does_not_exist_or_has_nothing_of_a_part_is_not_found(world, client):
    client.force_login(make_user("boss", world.office, role="manager"))
    assert client.get(reverse("reports:section", args=["nothing"])).status_code == 404
    hotline = reverse("reports:section", args=["hotline"])
    assert client.get(hotline, NOVEMBER).status_code == 200
    assert client.get(hotline, NOVEMBER | {"by": "urgency", "value": "urgent"}).status_code == 404


def test_sections_come_when_they_are_scrolled_to_and_not_before(world, client):
    html = page(client, make_user("leader1", world.office, role="leader"))
    for key in PIECE_BY_KEY:
        assert f'hx-get="{reverse("reports:section", args=[key])}?period=2023-11"hx-trigger="revealed"' in html


def test_every_figure_stands_on_the_page_or_in_one_piece():
    assert {piece.section for piece in PIECE_BY_KEY.values()} | {ATTENTION} == {m.section for m in METRICS}


def test_the_period_is_changed_on_the_same_board(steward, client):
    html = page(client, steward, board="reader")
    assert '<inputtype="hidden"name="board"value="reader">' in html
    assert "period=2023-10&board=reader" in html


@pytest.mark.parametrize(("role", "queries"), [("leader", 11), ("manager", 11), ("steward", 15), ("viewer", 10)])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_queries_do_not_grow_with_the_rows(world, client, django_assert_num_queries, role, queries, rows):
    user = make_user("somebody", world.office, role=role)
    for number in range(rows):
        firm = world.enterprise()
        Stewardship.objects.create(
            enterprise=firm, user=make_user(f"s{number}", world.office, role="steward"), starts_on=date(2020, 1, 1)
        )
        world.visit("2023-11-10", firm)
        world.call(world.appeal(closed="2023-11-15", enterprise=firm))
    client.force_login(user)
    with django_assert_num_queries(queries):
        client.get(reverse("reports:dashboard"), NOVEMBER)
    with django_assert_num_queries(9):
        client.get(reverse("reports:workloads"), NOVEMBER, headers={"HX-Request": "true"})
