"""What would move the score, proved by changing the record and counting again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from reports.evaluation.actions import NewItem, set_scheme
from reports.evaluation.ranking import build_ranking
from reports.evaluation.what_if import SHOWN, build_what_if
from tests.crm.factories import make_organisation, make_user
from tests.reports.world import NOW, at
from visits.models import Appeal, CallBack

BEST = {"is_contacted": True, "solved": "solved", "satisfaction": "satisfied"}
# Everything an enterprise can have answered short of the best.
ANSWERS = [
    {"is_contacted": c, "solved": s, "satisfaction": t}
    for c in (True, False)
    for s in ("solved", "partly", "unsolved")
    for t in ("satisfied", "basically", "dissatisfied")
]


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(at(NOW), tick=False):
        yield


@pytest.fixture
def second(world):
    return make_organisation("规划科", "unit", parent=world.office)


@pytest.fixture
def answered(world, second):
    """Two units, every answer once in one of them, some satisfied, one excluded and one on the long list."""
    for number, answers in enumerate(ANSWERS):
        unit = world.unit if number % 3 else second
        world.call(world.appeal(closed="2023-11-15", lead_unit=unit), **answers)
    for _ in range(3):
        world.call()
    world.call(
        world.appeal(closed="2023-11-15", excluded_at=at("2023-11-16"), excluded_reason="超出政策规定"),
        solved="unsolved",
        is_contacted=False,
    )
    long = world.appeal(status="shelved", shelved_at=at("2023-11-10"), review_on=date(2025, 1, 1))
    world.call(long, solved="unsolved", satisfaction="dissatisfied")
    return world


def found(world, period="2023-11"):
    scope = world.scope(period)
    return build_what_if(scope, build_ranking(scope))


def points(world, unit=None, period="2023-11"):
    ranking = build_ranking(world.scope(period))
    return next((line for line in ranking.lines if line.unit == unit), ranking.total).score.points


def test_each_effect_is_the_difference_that_the_changed_record_makes(answered):
    levers = found(answered).levers
    assert len(levers) == len(ANSWERS) - 1 + 2
    for lever in levers:
        unit = lever.call.appeal.lead_unit_id
        before, own = points(answered), points(answered, unit)
        was = {name: getattr(lever.call, name) for name in BEST}
        CallBack.objects.filter(pk=lever.call.pk).update(**BEST)
        assert points(answered) - before == lever.effect.all
        assert points(answered, unit) - own == lever.effect.own
        CallBack.objects.filter(pk=lever.call.pk).update(**was)


def test_they_are_listed_by_what_they_would_bring(answered):
    effects = [lever.effect.all for lever in found(answered).levers]
    assert effects == sorted(effects, reverse=True)
    assert all(effect > 0 for effect in effects)


def test_a_unit_would_gain_what_all_its_rows_together_bring(answered):
    for one in found(answered).units:
        before, own = points(answered), points(answered, one.line.unit)
        calls = CallBack.objects.filter(appeal__lead_unit=one.line.unit)
        kept = {call.pk: {name: getattr(call, name) for name in BEST} for call in calls}
        calls.update(**BEST)
        assert points(answered) - before == one.effect.all
        assert points(answered, one.line.unit) - own == one.effect.own
        for key, values in kept.items():
            CallBack.objects.filter(pk=key).update(**values)


def test_what_is_beyond_a_target_moves_nothing(answered):
    manager = make_user("boss", answered.office, role="manager")
    items = [NewItem("weight", "satisfaction_rate", D(60), D(1)), NewItem("weight", "solving_rate", D(40), D(100))]
    set_scheme(actor=manager, name="新方案", valid_from=date(2024, 1, 1), note="", items=items)
    CallBack.objects.update(called_at=at("2024-01-10"))
    levers = found(answered, "2024-01").levers
    assert {lever.call.solved for lever in levers} == {"partly", "unsolved"}


def test_nothing_is_listed_where_everybody_is_satisfied(world):
    world.call()
    assert found(world).levers == ()


def test_of_very_many_the_first_are_listed_and_all_are_counted(world):
    for _ in range(SHOWN + 3):
        world.call(satisfaction="basically")
    world.call(satisfaction="dissatisfied")
    result = found(world)
    assert (len(result.levers), result.number) == (SHOWN, SHOWN + 4)
    assert result.levers[0].call.satisfaction == "dissatisfied"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_leads_to_the_appeals_with_a_fixed_number_of_queries(world, client, rows, django_assert_num_queries):
    for _ in range(rows):
        world.call(satisfaction="dissatisfied")
    client.force_login(make_user("leader1", world.office, role="leader"))
    with django_assert_num_queries(14):
        html = client.get(reverse("reports:what_if"), {"period": "2023-11"}).content.decode()
    assert all(appeal.get_absolute_url() in html for appeal in Appeal.objects.all())


def test_appeals_of_others_are_not_told_of(world, elsewhere, client):
    client.force_login(make_user("leader1", world.office, role="leader"))
    html = client.get(reverse("reports:what_if"), {"period": "2023-11"}).content.decode()
    assert "这一期间没有失分的回访" in html
    assert not any(appeal.number in html for appeal in Appeal.objects.all())
