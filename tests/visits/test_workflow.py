"""Every step against every status, role and unit; a line added to the table adds its tests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.roles import ROLES
from tests.visits.factories import START, WAYS
from visits import actions
from visits.actions import StepRefused
from visits.choices import AppealStatus as S
from visits.models import Appeal
from visits.workflow import STEPS, By, Need

pytestmark = pytest.mark.django_db

EVERY = [(step, status) for step in STEPS for status in S]
ALLOWED = [(step, status) for step, status in EVERY if status in STEPS[step].sources]
REFUSED = [(step, status) for step, status in EVERY if status not in STEPS[step].sources]


def picture_of(appeal: Appeal) -> tuple[object, ...]:
    row = Appeal.objects.filter(pk=appeal.pk).values().get()
    return row, appeal.events.count(), appeal.call_backs.count(), list(appeal.joint_rows.values_list("unit", flat=True))


def prepared(cast, step: str, status: S) -> Appeal:
    appeal = cast.at(status)
    if step == "archive" and status == S.CLOSED:
        for days in (1, 1, 2):
            at = appeal.closed_at + timedelta(days=days, minutes=appeal.call_backs.count())
            cast.take(appeal, "call_back", is_reached=False, is_contacted=None, solved="", satisfaction="", at=at)
    return appeal


def test_there_is_a_way_to_every_status():
    assert set(WAYS) == set(S)


@pytest.mark.parametrize(("step", "status"), ALLOWED)
def test_a_step_leads_from_its_sources_to_its_target(cast, step, status):
    appeal = prepared(cast, step, status)
    before = appeal.events.count()
    after = cast.take(appeal, step)
    rule = STEPS[step]
    assert after.status == (rule.target or status)
    event = after.events.order_by("-pk").first()
    assert (event.step, event.from_status, event.to_status, event.actor) == (step, status, after.status, cast.manager)
    assert after.events.count() == before + 1
    if rule.stamps:
        assert getattr(after, rule.stamps) == event.at
    assert all(getattr(after, name) is None for name in rule.clears)


@pytest.mark.parametrize(("step", "status"), REFUSED)
def test_a_step_from_any_other_status_is_refused_and_changes_nothing(cast, step, status):
    appeal = cast.at(status)
    facts = {"parent": cast.at(S.SUBMITTED)} if step == "merge" else {}
    before = picture_of(appeal)
    with pytest.raises(StepRefused):
        cast.take(appeal, step, **facts)
    assert picture_of(appeal) == before


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_permission_is_refused_and_has_no_button(cast, users, step, role):
    rule, user = STEPS[step], users[role]
    appeal = cast.at(rule.sources[0])
    if rule.permission in ROLES[role].permissions:
        assert rule in actions.steps_open_to(appeal, user)
        return
    before = picture_of(appeal)
    with pytest.raises(StepRefused):
        cast.take(appeal, step, user, **({"parent": cast.at(S.SUBMITTED)} if step == "merge" else {}))
    assert picture_of(appeal) == before
    assert rule not in actions.steps_open_to(appeal, user)


@pytest.mark.parametrize("step", [key for key, rule in STEPS.items() if rule.by != By.ANYONE])
def test_only_the_unit_that_handles_it_may_take_a_handling_step(cast, others, step):
    rule = STEPS[step]
    appeal = cast.at(rule.sources[0])
    assert rule in actions.steps_open_to(appeal, cast.handler)
    assert (rule in actions.steps_open_to(appeal, cast.helper)) == (rule.by == By.LEAD_OR_JOINT)
    assert rule not in actions.steps_open_to(appeal, others.handler)
    with pytest.raises(StepRefused, match="只有领办"):
        cast.take(appeal, step, others.handler)
    assert cast.take(appeal, step, cast.handler).events.count() == len(WAYS[rule.sources[0]]) + 1


@pytest.mark.parametrize("step", [key for key, rule in STEPS.items() if rule.needs and rule.needs != (Need.CLASS,)])
def test_a_step_without_what_it_needs_is_refused_and_changes_nothing(cast, step):
    appeal = cast.at(STEPS[step].sources[0])
    before = picture_of(appeal)
    with pytest.raises(StepRefused) as refused:
        actions.advance_appeal(appeal, step, actor=cast.manager, at=START + timedelta(days=5))
    assert hasattr(refused.value, "error_dict")
    assert picture_of(appeal) == before
