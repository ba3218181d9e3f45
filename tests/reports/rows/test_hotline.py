"""Tickets of the hotline are counted apart: whatever comes in with them, the figures of appeals and visits stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from reports.figures.tally import tallies, value_of
from reports.metrics import HOTLINE, METRICS
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_park
from tests.reports.world import at
from visits import actions

APART = [metric.key for metric in METRICS if metric.section == HOTLINE]
HEADER = ["工单编号", "标题", "来电时间", "企业名称", "工单状态", "是否联系", "是否解决", "是否满意", "主办单位"]


def figures(scope: Any) -> dict[str, Any]:
    found = tallies(scope)
    return {metric.key: value_of(metric, found[metric.key]) for metric in METRICS}


def bring_in(user, *rows: list[str]) -> None:
    batch = create_batch(
        resource_key="tickets", content=files.xlsx([HEADER, *rows]), filename="a.xlsx", actor=user, options={},
        must_find_header=True,
    )  # fmt: skip
    stage(batch, actor=user)
    assert commit(batch.pk, actor=user).results["created"] == len(rows)


def ticket(number: str, firm: str = "", **cells: str) -> list[str]:
    told = {
        "工单编号": number, "标题": "甲", "来电时间": "2023-11-08 10:00", "企业名称": firm, "工单状态": "已办结",
        "是否联系": "是", "是否解决": "否", "是否满意": "不满意",
    } | cells  # fmt: skip
    return [told.get(title, "") for title in HEADER]


def test_tickets_of_residents_and_strangers_change_no_figure_of_appeals_and_visits(full):
    before = figures(full.scope())
    bring_in(full.user, ticket("A1"), ticket("A2", "查无公司"), ticket("A3", full.firm.name))
    after = figures(full.scope())
    assert {key for key in before if before[key] != after[key]} == set(APART)
    assert after["hotline_resident_tickets"] == before["hotline_resident_tickets"] + 1
    assert after["hotline_enterprise_tickets"] == before["hotline_enterprise_tickets"] + 1


def test_residents_change_no_rate_of_the_enterprises(full):
    before = figures(full.scope())
    bring_in(full.user, ticket("A1"), ticket("A2", "查无公司"))
    after = figures(full.scope())
    assert {key for key in before if before[key] != after[key]} == {"hotline_tickets", "hotline_resident_tickets"}


def test_tickets_of_another_organisation_change_nothing(full, other_office):
    before = figures(full.scope())
    bring_in(make_user("far", other_office), ticket("A1"), ticket("A2", full.firm.name))
    assert figures(full.scope()) == before


def test_a_raised_ticket_is_an_appeal_through_its_appeal_alone(full):
    row = full.ticket()
    before = figures(full.scope())
    appeal = actions.raise_ticket(
        row, actor=full.user, content="甲", category="other", appeal_class="general", urgency="normal"
    )
    assert figures(full.scope()) == before
    appeal.status, appeal.accepted_at = "handling", at("2023-11-10")
    appeal.save()
    after = figures(full.scope())
    assert after["appeals_received"] == before["appeals_received"] + 1
    assert {key: after[key] for key in APART} == {key: before[key] for key in APART}


def test_what_is_in_the_bin_is_not_counted(full):
    before = figures(full.scope())
    for party in ("enterprise", "resident"):
        actions.delete_ticket(full.ticket(party, solved="unsolved"), actor=full.user)
    assert figures(full.scope()) == before


def test_a_park_and_a_unit_have_their_own(world):
    park = make_park(world.office)
    world.firm.park = park
    world.firm.save()
    world.ticket(lead_unit=world.unit.name)
    world.ticket(enterprise=world.enterprise(), lead_unit="别的科")
    world.ticket("resident")
    scope = world.scope()
    of_park, of_unit = figures(replace(scope, park=park)), figures(replace(scope, unit=world.unit))
    assert (of_park["hotline_enterprise_tickets"], of_park["hotline_resident_tickets"]) == (1, None)
    assert (of_unit["hotline_enterprise_tickets"], of_unit["hotline_resident_tickets"]) == (1, None)
    assert figures(scope)["hotline_enterprise_tickets"] == 2


@pytest.mark.parametrize("key", APART)
def test_the_figures_say_what_they_count(key):
    metric = next(metric for metric in METRICS if metric.key == key)
    assert "工单" in metric.definition_text
