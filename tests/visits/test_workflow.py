"""Every step against every status, role and unit; a line added to the table adds its tests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.roles import ROLES
from tests.visits.factories import START, WAYS
from visits import actions
from visits.actions import StepRefused, guard
from visits.choices import AppealStatus as S
from visits.models import Appeal
from visits.workflow import STEPS, By, Need

pytestmark = pytest.mark.django_db

EVERY = [(step, status) for step in STEPS for status in S]
ALLOWED = [(step, status) for step, status in EVERY if status in STEPS[step].sources]
REFUSED = [(step, status) for step, status in EVERY if status not in STEPS[step].sources]


# Who of the cast may take the steps of which units.
OF_UNITS = {By.LEAD: {"handler"}, By.LEAD_OR_JOINT: {"handler", "helper"}, By.JOINT: {"helper"}}


def picture_of(appeal: Appeal) -> tuple[object, ...]:
    row = Appeal.objects.filter(pk=appeal.pk).values().get()
    beside = (appeal.joint_rows, appeal.requests, appeal.events, appeal.call_backs, appeal.files)
    return row, *(list(rows.values()) for rows in beside)


def facts_for(cast, step: str) -> dict[str, object]:
    """Facts that are records themselves, made before anybody looks."""
    return {"parent": cast.at(S.SUBMITTED)} if step == "merge" else {}


def test_there_is_a_way_to_every_status():
    assert set(WAYS) == set(S)


@pytest.mark.parametrize(("step", "status"), ALLOWED)
def test_a_step_leads_from_its_sources_to_its_target(cast, step, status):
    appeal = cast.ready_for(step, status)
    before = appeal.events.count()
    after = cast.take(appeal, step)
    rule = STEPS[step]
    assert after.status == (rule.target or status)
    event = after.events.order_by("-pk").first()
    told = (event.step, event.from_status, event.to_status, event.actor)
    assert told == (step, status, after.status, cast.usually(step))
    assert after.events.count() == before + 1
    if rule.stamps:
        assert getattr(after, rule.stamps) == event.at
    assert all(getattr(after, name) is None for name in rule.clears)


@pytest.mark.parametrize(("step", "status"), REFUSED)
def test_a_step_from_any_other_status_is_refused_and_changes_nothing(cast, step, status):
    appeal = cast.at(status)
    facts = facts_for(cast, step)
    before = picture_of(appeal)
    with pytest.raises(StepRefused):
        cast.take(appeal, step, **facts)
    assert picture_of(appeal) == before


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_permission_is_refused_and_has_no_button(cast, users, step, role):
    """Everybody here works at the office, which stands above the lead unit but does not speak for a joint unit."""
    rule, user = STEPS[step], users[role]
    appeal = cast.ready_for(step, rule.sources[0])
    if rule.permission in ROLES[role].permissions and rule.by != By.JOINT:
        assert rule in actions.steps_open_to(appeal, user)
        return
    facts = facts_for(cast, step)
    before = picture_of(appeal)
    with pytest.raises(StepRefused):
        cast.take(appeal, step, user, **facts)
    assert picture_of(appeal) == before
    assert rule not in actions.steps_open_to(appeal, user)


@pytest.mark.parametrize("step", [key for key, rule in STEPS.items() if rule.by != By.ANYONE])
@pytest.mark.parametrize("person", ["handler", "helper", "stranger"])
def test_only_the_unit_whose_step_it_is_may_take_it(cast, others, step, person):
    rule = STEPS[step]
    user = others.handler if person == "stranger" else getattr(cast, person)
    appeal = cast.ready_for(step, rule.sources[0])
    before = picture_of(appeal)
    assert (rule in actions.steps_open_to(appeal, user)) == (person in OF_UNITS[rule.by])
    if person in OF_UNITS[rule.by]:
        assert cast.take(appeal, step, user).events.count() == len(before[3]) + 1
        return
    with pytest.raises(StepRefused, match="只有"):
        cast.take(appeal, step, user)
    assert picture_of(appeal) == before


@pytest.mark.parametrize("step", [key for key, rule in STEPS.items() if rule.needs and rule.needs != (Need.CLASS,)])
def test_a_step_without_what_it_needs_is_refused_and_changes_nothing(cast, step):
    appeal = cast.ready_for(step, STEPS[step].sources[0])
    before = picture_of(appeal)
    with pytest.raises(StepRefused) as refused:
        actions.advance_appeal(appeal, step, actor=cast.usually(step), at=START + timedelta(days=5))
    assert hasattr(refused.value, "error_dict")
    assert picture_of(appeal) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_second_press_of_a_page_seen_before_is_told_so_and_changes_nothing(cast, step):
    """Two tabs, or two presses: both saw the same last event."""
    appeal = cast.ready_for(step, STEPS[step].sources[0])
    seen = appeal.events.order_by("-pk").values_list("pk", flat=True).first() or 0
    facts = facts_for(cast, step)
    cast.take(appeal, step, seen=seen, **facts)
    before = picture_of(appeal)
    with pytest.raises(guard.AlreadyDone, match="这一步已由"):
        cast.take(appeal, step, seen=seen, **facts)
    assert picture_of(appeal) == before
