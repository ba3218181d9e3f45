"""Setting a scheme and entering official results on their pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from crm.models import AuditEntry
from reports.evaluation import official
from reports.evaluation.ranking import build_ranking
from reports.evaluation.schemes import scheme_for
from reports.models import OfficialResult, ScoreScheme
from tests.crm.factories import make_organisation, make_user
from tests.reports.world import NOW, at

SCHEMES, RESULTS = "reports:scheme_list", "reports:result_list"


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


@pytest.fixture
def manager(world):
    return make_user("boss", world.office, role="manager")


@pytest.fixture
def browser(client, manager):
    client.force_login(manager)
    return client


def scheme(*items, **fields):
    """What the form sends: rows of (kind, metric, points, target, most)."""
    names = ("kind", "metric", "points", "target", "most")
    sent = {"name": "2024 年方案", "valid_from": "2024-01-01", "note": "区里通知"} | fields
    sent |= {"item-TOTAL_FORMS": str(len(items)), "item-INITIAL_FORMS": "0"}
    return sent | {
        f"item-{n}-{name}": value for n, row in enumerate(items) for name, value in zip(names, row, strict=True)
    }


GOOD = (
    ("weight", "solving_rate", "60", "95", ""),
    ("weight", "satisfaction_rate", "40", "100", ""),
    ("penalty", "overdue_appeals", "0.5", "", "5"),
    ("weight", "", "", "", ""),
)


def test_a_scheme_is_entered_once_however_often_it_is_sent(browser, manager):
    for _ in range(2):
        assert browser.post(reverse(SCHEMES), scheme(*GOOD)).status_code == 302
    row = ScoreScheme.objects.get()
    assert [(i.kind, i.metric, i.points, i.target, i.most) for i in row.items.all()] == [
        ("weight", "solving_rate", D(60), D(95), None),
        ("weight", "satisfaction_rate", D(40), D(100), None),
        ("penalty", "overdue_appeals", D("0.5"), None, D(5)),
    ]
    entry = AuditEntry.objects.get()
    assert entry.get_action_display() == "考评"
    assert (entry.actor, entry.summary) == (manager, "考评方案：2024 年方案，自 2024-01-01 起，3 项")
    html = browser.get(reverse(SCHEMES)).content.decode()
    assert "解决率60分，达到95%得满分，不足按比例" in html


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (scheme(("weight", "solving_rate", "60", "95", "")), "计分项的分值合计应为 100，现在是 60"),
        (scheme(*GOOD, valid_from="2023-12-31"), "生效日期不能早于本统计月起始日 2024-01-01"),
        (scheme(*GOOD, ("weight", "solving_rate", "1", "95", "")), "同一指标以同一方式列了两次"),
        (scheme(("weight", "solving_rate", "100", "", "")), "计分项要写目标值"),
        (scheme(("weight", "solving_rate", "", "100", "")), "请写分值"),
        (scheme(("weight", "composite_score", "100", "100", "")), "选择"),
        (scheme(("weight", "solving_rate", "很多", "100", "")), "数字"),
        (scheme(*GOOD, name=""), "请给方案起个名称"),
        (scheme(*GOOD, valid_from="下月"), "日期"),
        ({"name": "x"}, ""),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused_and_what_was_typed_stays(browser, sent, said):
    answer = browser.post(reverse(SCHEMES), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    assert f'value="{sent["name"]}"' in html or not sent["name"]
    assert not ScoreScheme.objects.exists()


def test_a_later_scheme_takes_the_place_of_an_earlier_one_on_its_day(browser, manager):
    browser.post(reverse(SCHEMES), scheme(*GOOD))
    browser.post(reverse(SCHEMES), scheme(("weight", "response_rate", "100", "100", ""), valid_from="2024-02-01"))
    counted = [[i.metric.key for i in scheme_for(manager, day).items] for day in (date(2024, 1, 31), date(2024, 2, 1))]
    assert counted == [["solving_rate", "satisfaction_rate", "overdue_appeals"], ["response_rate"]]


def test_the_scheme_of_a_town_holds_for_its_parks_and_a_parks_own_comes_first(office, client):
    town, sibling = office.parent, make_organisation("另一园区", parent=office.parent)
    for boss, name in (
        (make_user("town", town, role="manager"), "镇方案"),
        (make_user("park", office, role="manager"), "园方案"),
    ):
        client.force_login(boss)
        client.post(reverse(SCHEMES), scheme(*GOOD, name=name))
    day = date(2024, 1, 15)
    names = [scheme_for(make_user(f"r{place.pk}", place), day).name for place in (town, office, sibling)]
    assert names == ["镇方案", "园方案", "镇方案"]


def test_a_town_without_a_scheme_reads_by_the_only_one_below_it(office, client):
    client.force_login(make_user("park", office, role="manager"))
    client.post(reverse(SCHEMES), scheme(*GOOD, name="园方案"))
    assert scheme_for(make_user("town", office.parent), date(2024, 1, 15)).name == "园方案"


def test_the_scheme_of_strangers_is_not_theirs_to_use_or_read(world, elsewhere, client):
    client.force_login(make_user("other", elsewhere.office, role="manager"))
    assert "邻镇方案" in client.post(reverse(SCHEMES), scheme(*GOOD, name="邻镇方案"), follow=True).content.decode()
    assert build_ranking(world.scope("2024-01")).scheme.name == "三率综合成绩"
    client.force_login(make_user("boss", world.office, role="manager"))
    assert "邻镇方案" not in client.get(reverse(SCHEMES)).content.decode()


RESULT = {"month": "2023-11", "area": "city", "rank": "2", "out_of": "17", "score": "98.5", "source": "市通报第 11 期"}


def result(world, **fields):
    return RESULT | {"organisation": str(world.office.pk)} | fields


def test_a_result_is_entered_once_and_corrected_by_entering_it_again(world, browser, manager):
    for rank in ("3", "3", "2"):
        assert browser.post(reverse(RESULTS), result(world, rank=rank)).status_code == 302
    row = OfficialResult.objects.get()
    assert (row.month, row.rank, row.score) == (date(2023, 11, 1), 2, D("98.5"))
    summaries = list(AuditEntry.objects.order_by("pk").values_list("summary", flat=True))
    assert len(summaries) == 2
    assert {entry.get_action_display() for entry in AuditEntry.objects.all()} == {"考评"}
    assert "第 2 / 17" in summaries[1]
    assert "原为" in summaries[1]
    assert "第 3 / 17" in summaries[1]
    assert official.latest(manager, date(2023, 11, 1)) == "全市第二"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rank": "18"}, "参评单位数不能小于名次"),
        ({"rank": "0"}, "1"),
        ({"rank": "很好"}, "整数"),
        ({"month": "去年"}, "请写成 2023-11 这样的年月"),
        ({"month": "2024-02"}, "这个月还没有到"),
        ({"source": ""}, "请写出处"),
        ({"area": "world"}, "选择"),
        ({"organisation": "99999"}, "选择"),
    ],
)
def test_a_result_that_cannot_be_is_refused(world, browser, fields, said):
    answer = browser.post(reverse(RESULTS), result(world, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OfficialResult.objects.exists()


def test_the_page_shows_the_computed_score_beside_the_result_and_how_it_moved(full, browser):
    browser.post(reverse(RESULTS), result(full, month="2023-10", rank="5"))
    browser.post(reverse(RESULTS), result(full))
    html = "".join(browser.get(reverse(RESULTS), {"period": "2023"}).content.decode().split())
    assert ">88.3</a>" in html
    assert "全市第2/17" in html
    assert "较上月▲3位" in html


def test_a_result_entered_by_mistake_is_removed_once(world, browser):
    browser.post(reverse(RESULTS), result(world))
    address = reverse("reports:result_remove", args=[OfficialResult.objects.get().pk])
    assert browser.post(address).status_code == 302
    assert browser.post(address).status_code == 404
    assert not OfficialResult.objects.exists()


def test_results_of_strangers_are_not_told_nor_entered_for_them(world, elsewhere, browser, client):
    assert browser.post(reverse(RESULTS), result(elsewhere)).status_code == 422
    client.force_login(make_user("other", elsewhere.office, role="manager"))
    client.post(reverse(RESULTS), result(elsewhere, source="邻镇通报"), follow=True)
    assert OfficialResult.objects.count() == 1
    client.force_login(make_user("boss2", world.office, role="manager"))
    assert "邻镇通报" not in client.get(reverse(RESULTS), {"period": "2023"}).content.decode()


@pytest.mark.parametrize("period", ["", "x", "9999", "1", "²", "2023-11", "99999999999999"])
def test_a_year_that_is_none_shows_this_year(browser, period):
    assert "2024年" in browser.get(reverse(RESULTS), {"period": period}).content.decode()


@pytest.mark.parametrize("role", ["leader", "viewer", "steward", "desk"])
@pytest.mark.parametrize("name", [SCHEMES, RESULTS])
def test_who_may_read_may_not_change(world, client, role, name):
    client.force_login(make_user("reader", world.office, role=role))
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert '<button class="btn btn-primary"' not in page.content.decode()
    assert client.post(reverse(name), result(world) | scheme(*GOOD)).status_code == 404
    assert not OfficialResult.objects.exists()
    assert not ScoreScheme.objects.exists()


@pytest.mark.parametrize("rows", [1, 12])
def test_the_queries_of_the_results_do_not_grow_with_them(world, browser, manager, rows, django_assert_num_queries):
    for number in range(rows):
        OfficialResult.objects.create(
            organisation=world.office,
            month=date(2023, number + 1, 1),
            area="city",
            rank=1,
            source="通报",
            created_by=manager,
        )
    with django_assert_num_queries(9):
        browser.get(reverse(RESULTS), {"period": "2023"})
