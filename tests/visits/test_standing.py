"""How an enterprise stood on the day of a visit stays with the visit, and who was absent is no 家次."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.staging import create_batch, stage
from parks.actions import merge_enterprises
from parks.models import Park, ServiceTier, Stewardship
from reports.figures.tally import tallies
from reports.metrics import METRIC_BY_KEY
from reports.period import Period
from reports.rows.scope import Scope
from tests.crm.factories import make_organisation, make_user
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits import actions
from visits.actions import Part
from visits.models import VisitEnterprise
from visits.querysets import due_for_visit
from visits.standing import COPIED

pytestmark = pytest.mark.django_db


def copied(pair: VisitEnterprise) -> tuple[object, ...]:
    pair.refresh_from_db()
    return tuple(getattr(pair, name) for name in COPIED)


@pytest.fixture
def park(office) -> Park:
    return Park.objects.create(organisation=office, name="网安园")


@pytest.fixture
def firm(cast, park):
    """In the park, on the district's list until 1 October and on the town's since, with a steward of a unit."""
    firm = make_enterprise(cast.office, park=park)
    unit = make_organisation("服务一队", "unit", cast.office)
    steward = make_user("管家", unit, role="steward")
    ServiceTier.objects.create(enterprise=firm, tier="district", starts_on="2026-01-01", ends_on="2026-10-01")
    ServiceTier.objects.create(enterprise=firm, tier="town", starts_on="2026-10-01")
    Stewardship.objects.create(enterprise=firm, user=steward, starts_on="2026-01-01")
    return firm


def test_park_tier_steward_and_unit_are_those_of_the_day_and_stay(cast, firm, park):
    steward = firm.stewardships.get().user
    pair = cast.visit(firm).pairs.get()
    before = cast.visit(firm, started_at=START - timedelta(days=60)).pairs.get()
    assert copied(pair) == (park, "town", steward, steward.organisation)
    assert copied(before) == (park, "district", steward, steward.organisation)
    firm.park = Park.objects.create(organisation=cast.office, name="新园")
    firm.save()
    firm.service_tiers.filter(ends_on=None).update(tier="city")
    firm.stewardships.update(ends_on="2026-11-20")
    actions.update_visit(pair.visit, actor=cast.manager, enterprises=[firm], staff=[], summary="改了几个字")
    assert copied(pair) == (park, "town", steward, steward.organisation)


def test_an_enterprise_without_tier_steward_and_park_has_none_copied(cast):
    assert copied(cast.visit().pairs.get()) == (None, "", None, None)


def test_a_corrected_day_takes_tier_and_steward_of_that_day_and_leaves_the_park(cast, firm, park):
    pair = cast.visit(firm).pairs.get()
    firm.park = None
    firm.save()
    actions.update_visit(
        pair.visit, actor=cast.manager, enterprises=[firm], staff=[], started_at=START - timedelta(days=60)
    )
    assert copied(pair)[:2] == (park, "district")


def test_a_plan_is_copied_anew_when_it_becomes_a_visit(cast, firm):
    pair = cast.visit(firm, started_at=START + timedelta(days=2)).pairs.get()
    later = Park.objects.create(organisation=cast.office, name="新园")
    firm.park = later
    firm.save()
    at = START + timedelta(days=3)
    actions.update_visit(pair.visit, actor=cast.manager, enterprises=[firm], staff=[], summary="谈了", at=at)
    assert copied(pair)[0] == later


def test_an_imported_visit_has_them_too(cast, firm, park, manager):
    rows = [["企业名称", "走访时间", "走访内容"], [firm.name, "2026-09-01 10:00", "谈了用地"]]
    batch = create_batch(
        resource_key="visits", content=files.xlsx(rows), filename="a.xlsx", actor=manager, options={},
        must_find_header=True,
    )  # fmt: skip
    stage(batch, actor=manager)
    commit(batch.pk, actor=manager)
    assert copied(VisitEnterprise.objects.get())[:2] == (park, "district")


def test_a_merge_moves_the_visit_and_leaves_what_was_copied(cast, firm, park):
    kept = make_enterprise(cast.office)
    pair = cast.visit(firm).pairs.get()
    merge_enterprises(kept, firm, actor=cast.manager, take=[], seen=(kept.version, firm.version))
    assert copied(pair)[:2] == (park, "town")
    assert pair.enterprise == kept


def test_the_migration_fills_visits_of_before(cast, firm):
    pairs = [cast.visit(firm, started_at=START - timedelta(days=days)).pairs.get() for days in (0, 60, 400)]
    wanted = [copied(pair) for pair in pairs]
    VisitEnterprise.objects.update(park=None, tier="", steward=None, team=None)
    import_module("visits.migrations.0010_visit_standing").fill(apps, None)
    assert [copied(pair) for pair in pairs] == wanted
    assert wanted[2][1:] == ("", None, None)


def figures(user, park: Park) -> dict[str, int]:
    """Each figure of visits, and the number of rows behind it."""
    scope = Scope(user, Period.parse("2026-11"), START + timedelta(days=20), park=park)
    keys = ("enterprise_visits", "enterprises_visited", "package_not_visited")
    metrics = [METRIC_BY_KEY[key] for key in keys]
    found = {key: tally.rows for key, tally in tallies(scope, metrics).items()}
    assert found == {metric.key: metric.drill_down(scope).count() for metric in metrics}
    return found


def test_the_figures_of_a_park_stay_when_the_enterprise_moves(cast, firm, park):
    cast.visit(firm)
    there = {"enterprise_visits": 1, "enterprises_visited": 1, "package_not_visited": 0}
    assert figures(cast.manager, park) == there
    firm.park = Park.objects.create(organisation=cast.office, name="新园")
    firm.save()
    assert figures(cast.manager, park) == there
    # Where it is now it had no visit, and yet is none of those nobody has gone to.
    assert figures(cast.manager, firm.park) == dict.fromkeys(there, 0)


# Several enterprises at once


def test_who_was_absent_is_kept_and_no_visit(cast):
    came, absent = (make_enterprise(cast.office) for _ in range(2))
    for firm in (came, absent):
        ServiceTier.objects.create(enterprise=firm, tier="town", starts_on=date(2020, 1, 1))
    parts = {
        came.pk: Part(attendees="陈经理（总经理）", note="想扩租"),
        absent.pk: Part(has_attended=False, note="请假"),
    }
    visit = cast.visit(came, absent, kind="forum", parts=parts, started_at=timezone.now(), at=timezone.now())
    assert [pair.enterprise for pair in VisitEnterprise.objects.counted()] == [came]
    assert list(due_for_visit(cast.office_firms(), timezone.localdate())) == [absent]
    told = {pair.enterprise: (pair.has_attended, pair.attendees, pair.note) for pair in visit.pairs.all()}
    assert told == {came: (True, "陈经理（总经理）", "想扩租"), absent: (False, "", "请假")}


def test_what_was_told_of_an_enterprise_stays_when_a_correction_says_nothing_of_it(cast):
    visit = cast.visit(parts={cast.firm.pk: Part(attendees="陈经理", note="想扩租")})
    actions.update_visit(visit, actor=cast.manager, enterprises=[cast.firm], staff=[])
    assert visit.pairs.get().attendees == "陈经理"
    actions.update_visit(visit, actor=cast.manager, enterprises=[cast.firm], staff=[], parts={cast.firm.pk: Part()})
    assert visit.pairs.get().attendees == ""
