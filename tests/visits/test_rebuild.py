"""Stored due times are what the events say: after any life of steps, and again after someone spoiled them."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from tests.visits.factories import START, local
from visits.actions import StepRefused
from visits.actions.guard import steps_open_to
from visits.actions.rebuild import STORED, rebuild_due_times
from visits.choices import AppealStatus as S
from visits.models import Appeal

pytestmark = pytest.mark.django_db


def moved() -> list[str]:
    return [one.number for one in rebuild_due_times(Appeal.objects.all(), write=False)]


def stored() -> list[tuple[object, ...]]:
    return list(Appeal.objects.order_by("pk").values_list("pk", *STORED))


def spoil() -> None:
    Appeal.objects.filter(accepted_at__isnull=False).update(
        due_at=local("2030-01-01 00:00"), next_due_at=local("2030-01-01 00:00"), contact_due_at=None
    )


def live(cast, rng: Random, steps: int) -> None:
    """Any steps that are allowed, one after another, hours or weeks apart."""
    appeal, at = cast.draft(), START
    for _ in range(steps):
        open_steps = [step for step in steps_open_to(appeal, cast.manager) if step.key not in ("merge", "reject")]
        if not open_steps:
            return
        at += timedelta(minutes=rng.choice([0, 7, 90, 600, 4_000, 20_000]))
        facts = {"due_at": at + timedelta(days=rng.randrange(1, 40))} if rng.random() < 0.4 else {}
        step = rng.choice(open_steps).key
        try:
            appeal = cast.take(appeal, step, at=at, **(facts if step == "dispatch" else {}))
        except StepRefused:
            continue


@pytest.mark.parametrize("status", list(S))
def test_what_is_stored_is_what_the_events_say_on_every_way(cast, status):
    cast.at(status)
    before = stored()
    assert moved() == []
    spoil()
    list(rebuild_due_times(Appeal.objects.all()))
    assert stored() == before


@pytest.mark.parametrize("seed", range(12))
def test_what_is_stored_is_what_the_events_say_after_any_life(cast, seed):
    rng = Random(seed)
    for _ in range(3):
        live(cast, rng, 14)
    before = stored()
    assert moved() == []
    spoil()
    list(rebuild_due_times(Appeal.objects.all()))
    assert stored() == before


def test_an_appeal_whose_events_are_not_on_record_keeps_what_it_has(cast):
    appeal = cast.at(S.HANDLING)
    before = stored()
    appeal.events.all().delete()
    assert moved() == []
    assert stored() == before


def test_the_command_says_what_it_put_right_and_then_that_all_is_well(cast):
    appeal = cast.at(S.HANDLING)
    Appeal.objects.update(due_at=local("2026-12-01 17:30"))
    with pytest.raises(CommandError, match="1 件诉求的时限与办理过程不一致"):
        call_command("rebuild_due_times", check=True, stdout=StringIO())
    said = StringIO()
    call_command("rebuild_due_times", stdout=said)
    assert f"{appeal.number}：2026-12-01 17:30 → 2026-11-16 17:30" in said.getvalue()
    call_command("rebuild_due_times", check=True, stdout=said)
    assert "全部诉求的时限与办理过程一致" in said.getvalue()


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_queries_for_any_number_of_rows(cast, rows, django_assert_num_queries):
    for _ in range(rows):
        cast.at(S.ACCEPTED)
    with django_assert_num_queries(6):
        list(rebuild_due_times(Appeal.objects.all(), write=False))
