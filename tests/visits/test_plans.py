"""Planning visits: who is due, when one could go, plans made once, and the month at a glance."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import current
from parks.models import Enterprise, ServiceTier, Stewardship
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise
from tests.visits.factories import local
from visits.models import Visit
from visits.plans import due_in, free_slots

pytestmark = pytest.mark.django_db
NOW = local("2026-11-04 11:00")  # a Wednesday


@pytest.fixture
def _in_november(time_machine_at):
    time_machine_at(NOW)


def listed(office, name: str, tier: str = "town") -> Enterprise:
    firm = make_enterprise(office, name=name)
    ServiceTier.objects.create(enterprise=firm, tier=tier, starts_on=date(2020, 1, 1))
    return firm


def names(rows) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.usefixtures("_in_november")
def test_due_are_those_whose_interval_ends_by_the_end_of_the_month_never_visited_first(cast):
    never, soon, later = (listed(cast.office, name) for name in ("从未走访公司", "月中到期公司", "下月到期公司"))
    cast.visit(soon, started_at=local("2026-10-20 10:00"))
    cast.visit(later, started_at=local("2026-11-03 10:00"))
    rows = due_in(Enterprise.objects.visible_to(cast.manager), date(2026, 11, 30))
    assert names(rows) == [never.name, soon.name]


@pytest.mark.usefixtures("_in_november")
def test_who_has_a_plan_already_is_not_due_and_comes_back_when_it_is_called_off(cast):
    firm = listed(cast.office, "已排公司")
    plan = cast.visit(firm, started_at=NOW + timedelta(days=3), at=NOW, summary="")
    due = due_in(Enterprise.objects.visible_to(cast.manager), date(2026, 11, 30))
    assert not due.exists()
    Visit.objects.filter(pk=plan.pk).update(status="cancelled")
    assert names(due.all()) == [firm.name]


def test_slots_fill_working_days_one_by_one_before_a_day_gets_a_second(settings):
    settings.YQT = settings.YQT | {"PLANNED_VISITS_PER_DAY": 2}
    slots = list(free_slots(NOW, date(2026, 11, 4), date(2026, 11, 9), taken=[local("2026-11-05 14:00")]))
    # Wednesday's morning is past, Thursday has one already, 7 and 8 November are a weekend.
    assert [f"{at:%m-%d %H:%M}" for at in slots] == [
        "11-05 09:30", "11-06 09:30", "11-09 09:30", "11-04 14:00", "11-06 14:00", "11-09 14:00",
    ]  # fmt: skip


@given(start=st.dates(date(2024, 1, 1), date(2026, 11, 30)), taken=st.lists(st.integers(0, 40), max_size=8))
def test_slots_are_working_days_to_come_never_taken_never_twice(start, taken):
    now = local(f"{start} 12:00")
    busy = [now + timedelta(days=n, hours=2) for n in taken]
    slots = list(free_slots(now, start, start + timedelta(days=40), busy))
    assert len(set(slots)) == len(slots)
    assert not {timezone.localtime(at) for at in busy} & set(slots)
    assert all(at > now and current().is_working_day(at.date()) for at in slots)


@pytest.mark.usefixtures("_in_november")
def test_a_plan_is_made_once_however_often_it_is_sent_and_can_be_taken_back(cast, client):
    firms = [listed(cast.office, f"企业{n}") for n in range(3)]
    client.force_login(cast.manager)
    page = client.get(reverse("visits:visit_plan"), {"of": "all"})
    rows = page.context["proposals"]
    assert {row.enterprise for row, _, _ in rows} == set(firms)
    sent = {"client_id": page.context["form"]["client_id"].value(), "staff": cast.steward.pk}
    sent |= {"enterprises": [row.enterprise.pk for row, _, _ in rows[:2]]}
    sent |= {f"start-{row.enterprise.pk}": time for row, _, time in rows}
    answer = client.post(reverse("visits:visit_plan"), sent)
    assert answer.url == f"{reverse('visits:visit_month')}?month=2026-11&who={cast.steward.pk}"
    client.post(reverse("visits:visit_plan"), sent)
    assert Visit.objects.planned().count() == 2
    assert {visit.staff.get() for visit in Visit.objects.all()} == {cast.steward}
    shown = client.get(answer.url).content.decode()
    assert "计划 2 次" in shown
    assert rows[0][0].enterprise.name in shown
    assert rows[2][0].enterprise.name not in shown

    first = Visit.objects.order_by("pk")[0]
    Visit.objects.filter(pk=first.pk).update(version=2)
    keys = ",".join(str(pk) for pk in Visit.objects.values_list("pk", flat=True))
    said = client.post(f"{reverse('visits:visit_plan_undo')}?visits={keys}", follow=True).content.decode()
    assert "已撤回 1 次走访计划，1 次已有变动，保持现状" in said
    assert list(Visit.objects.living()) == [first]


@pytest.mark.usefixtures("_in_november")
@pytest.mark.parametrize(
    ("typed", "said"),
    [("2026-11-03T09:30", "的时间已经过去"), ("昨天", "的时间看不懂"), ("", "的时间看不懂")],
)
def test_a_line_with_a_bad_time_is_named_and_nothing_is_planned(cast, client, typed, said):
    firm = listed(cast.office, "时间不对公司")
    client.force_login(cast.manager)
    sent = {"client_id": "a5b0c4ce-1f6f-4a51-a3a5-2bb1b8f4c001", "staff": cast.manager.pk}
    page = client.post(reverse("visits:visit_plan"), sent | {"enterprises": [firm.pk], f"start-{firm.pk}": typed})
    assert f"“时间不对公司”{said}" in page.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.usefixtures("_in_november")
def test_nothing_of_another_organisation_can_be_planned_shown_or_taken_back(cast, others, client):
    theirs = listed(others.office, "别处企业")
    plan = others.visit(theirs, started_at=NOW + timedelta(days=2), at=NOW, summary="")
    client.force_login(cast.manager)
    sent = {"client_id": "a5b0c4ce-1f6f-4a51-a3a5-2bb1b8f4c002", "staff": cast.manager.pk}
    client.post(
        reverse("visits:visit_plan"), sent | {"enterprises": [theirs.pk], f"start-{theirs.pk}": "2026-11-20T09:30"}
    )
    client.post(f"{reverse('visits:visit_plan_undo')}?visits={plan.pk}")
    assert list(Visit.objects.living()) == [plan]
    assert "别处企业" not in client.get(reverse("visits:visit_plan"), {"of": "all"}).content.decode()
    assert "别处企业" not in client.get(reverse("visits:visit_month")).content.decode()
    assert client.get(reverse("visits:visit_month"), {"who": others.manager.pk}).status_code == 404


@pytest.mark.usefixtures("_in_november")
def test_the_month_can_be_narrowed_to_a_person_and_to_the_leaders(cast, client):
    leader = make_user("lead", cast.office, role="leader")
    cast.visit(make_enterprise(cast.office, name="领导去的公司"), staff=[leader], started_at=NOW)
    cast.visit(make_enterprise(cast.office, name="管家去的公司"), staff=[cast.steward], started_at=NOW)
    client.force_login(cast.manager)

    def shown(who) -> str:
        return client.get(reverse("visits:visit_month"), {"who": who, "month": "2026-11"}).content.decode()

    assert "领导去的公司" in shown("leaders")
    assert "管家去的公司" not in shown("leaders")
    assert "管家去的公司" in shown(cast.steward.pk)
    assert "领导去的公司" not in shown(cast.steward.pk)
    assert "领导去的公司" in shown("all")
    assert "管家去的公司" in shown("all")


@pytest.mark.parametrize("month", ["2026-13", "x", "1899-01", "2026-1-1"])
def test_a_month_that_does_not_exist_is_not_found(cast, client, month):
    client.force_login(cast.manager)
    for name in ("visit_month", "visit_plan"):
        assert client.get(reverse(f"visits:{name}"), {"month": month}).status_code == 404


@pytest.mark.usefixtures("_in_november")
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("visit_month", 9), ("visit_plan", 11)])
def test_the_pages_take_the_same_queries_however_many_rows(
    cast, client, count, name, queries, django_assert_num_queries
):
    for n in range(count):
        firm = listed(cast.office, f"企业{n}")
        Stewardship.objects.create(enterprise=firm, user=cast.steward, starts_on=date(2020, 1, 1))
        cast.visit(make_enterprise(cast.office), started_at=NOW, staff=[cast.steward, cast.manager])
    client.force_login(cast.manager)
    with django_assert_num_queries(queries):
        client.get(reverse(f"visits:{name}"), {"of": "all"})
