"""Stewards and “服务包” lists over time: one primary, no overlap, changes that close one range and open the next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from parks.actions import assign_steward, delete_enterprise, end_stewardship, move_to_tier
from parks.models import ServiceTier, Stewardship
from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise

MAY, JUNE, JULY = date(2024, 5, 1), date(2024, 6, 1), date(2024, 7, 1)


@pytest.fixture
def firm(office):
    return make_enterprise(office)


@pytest.fixture
def one(office):
    return make_user("one", office, role="steward")


@pytest.fixture
def two(office):
    return make_user("two", office, role="steward")


@pytest.fixture
def assign(firm, manager):
    def call(user, starts_on, role="local", is_primary=True):
        return assign_steward(firm, actor=manager, user=user, role=role, is_primary=is_primary, starts_on=starts_on)

    return call


@pytest.fixture
def move(firm, manager):
    return lambda tier, starts_on: move_to_tier(firm, actor=manager, tier=tier, starts_on=starts_on)


def spans(rows, *fields):
    return list(rows.order_by("starts_on", "pk").values_list(*fields, "starts_on", "ends_on"))


def test_a_new_primary_ends_the_former_on_the_same_day(assign, firm, one, two):
    assign(one, MAY)
    assign(two, JUNE)
    assert spans(firm.stewardships, "user") == [(one.pk, MAY, JUNE), (two.pk, JUNE, None)]


def test_another_steward_who_is_not_primary_leaves_the_primary_in_charge(assign, firm, one, two):
    assign(one, MAY)
    assign(two, JUNE, role="leader", is_primary=False)
    assert spans(firm.stewardships, "user") == [(one.pk, MAY, None), (two.pk, JUNE, None)]


def test_a_second_steward_who_becomes_primary_holds_one_part_at_a_time(assign, firm, one, two):
    assign(one, MAY)
    assign(two, MAY, role="cadre", is_primary=False)
    assign(two, JUNE)
    assert spans(firm.stewardships, "user", "role", "is_primary") == [
        (one.pk, "local", True, MAY, JUNE),
        (two.pk, "cadre", False, MAY, JUNE),
        (two.pk, "local", True, JUNE, None),
    ]


def test_a_slip_of_the_same_day_is_replaced_without_a_trace_of_no_days(assign, firm, one, two):
    assign(one, MAY)
    assign(two, MAY)
    assert spans(firm.stewardships, "user") == [(two.pk, MAY, None)]


def test_the_same_assignment_twice_is_told(assign, firm, one):
    assign(one, MAY)
    with pytest.raises(ValidationError, match="已是属地管家"):
        assign(one, JUNE)
    assert firm.stewardships.count() == 1


def test_a_change_dated_before_the_present_one_is_refused_and_changes_nothing(assign, firm, one, two):
    assign(one, JUNE)
    with pytest.raises(ValidationError, match="不能早于这一天"):
        assign(two, MAY)
    assert spans(firm.stewardships, "user") == [(one.pk, JUNE, None)]


def test_a_day_that_is_yet_to_come_is_refused(assign, move, one, firm):
    tomorrow = timezone.localdate() + timedelta(days=1)
    for change in (lambda: assign(one, tomorrow), lambda: move("city", tomorrow)):
        with pytest.raises(ValidationError, match="不能晚于今天"):
            change()
    assert not firm.stewardships.exists()
    assert not firm.service_tiers.exists()


def test_only_staff_in_service_who_see_the_enterprise_can_be_stewards(assign, firm, office, town, outsider):
    gone = make_user("gone", office, role="steward")
    gone.is_active = False
    gone.save()
    for user in (outsider, gone, make_user("unit", office, role="unit"), make_user("sys", office, role="sysadmin")):
        with pytest.raises(ValidationError, match="不能担任"):
            assign(user, MAY)
    assert not firm.stewardships.exists()


def test_an_ended_steward_cannot_be_ended_again_nor_before_the_start(assign, manager, one, firm):
    row = assign(one, JUNE)
    with pytest.raises(ValidationError, match="结束日期不能更早"):
        end_stewardship(row, actor=manager, ends_on=MAY)
    end_stewardship(row, actor=manager, ends_on=JULY)
    with pytest.raises(ValidationError, match="已不担任"):
        end_stewardship(row, actor=manager, ends_on=JULY)
    assert spans(firm.stewardships, "user") == [(one.pk, JUNE, JULY)]


def test_ending_on_the_first_day_takes_the_slip_away(assign, manager, one, firm):
    assert end_stewardship(assign(one, MAY), actor=manager, ends_on=MAY) is None
    assert not firm.stewardships.exists()


def test_moving_to_another_tier_closes_the_open_range_and_opens_one(move, firm):
    move("town", MAY)
    move("district", JUNE)
    assert spans(firm.service_tiers, "tier") == [("town", MAY, JUNE), ("district", JUNE, None)]
    assert move("", JULY) is None
    assert spans(firm.service_tiers, "tier")[-1] == ("district", JUNE, JULY)


def test_tiers_never_overlap_whatever_is_tried(move, firm):
    for tier, day in (("town", JUNE), ("city", MAY), ("city", JUNE), ("district", JULY), ("district", JULY), ("", MAY)):
        try:
            move(tier, day)
        except ValidationError:
            continue
    rows = list(firm.service_tiers.order_by("starts_on"))
    assert [row.tier for row in rows] == ["city", "district"]
    overlapping = Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
    assert firm.service_tiers.filter(overlapping).count() == len(rows)
    assert rows[0].ends_on == rows[1].starts_on


def test_the_same_tier_and_leaving_no_list_are_told(move):
    with pytest.raises(ValidationError, match="不在任何服务包名单"):
        move("", MAY)
    move("town", MAY)
    with pytest.raises(ValidationError, match="已在镇级名单"):
        move("town", JUNE)


def test_an_enterprise_in_the_bin_gets_no_steward(assign, firm, manager, one):
    delete_enterprise(firm, actor=manager)
    with pytest.raises(ValidationError, match="回收站"):
        assign(one, MAY)


def test_the_pages_assign_replace_end_and_show_the_past(client, manager, firm, one, two):
    client.force_login(manager)
    assign = reverse("parks:steward_assign", args=[firm.pk])
    for user, day in ((one, "2024-05-01"), (two, "2024-06-01")):
        data = {"person": user.pk, "role": "local", "is_primary": "on", "starts_on": day}
        assert client.post(assign, data).status_code == 302
        assert "不用再分配" in client.post(assign, data).text
    assert (
        client.post(reverse("parks:tier_move", args=[firm.pk]), {"tier": "town", "starts_on": day}).status_code == 302
    )
    assert "镇级服务包" in client.get(firm.get_absolute_url()).text
    last = firm.stewardships.get(ends_on=None)
    end = reverse("parks:steward_end", args=[last.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"ends_on": "2024-07-01"}).status_code == 302
    text = client.get(reverse("parks:enterprise_service", args=[firm.pk])).text
    assert one.name in text
    assert "2024-07-01" in text


def test_nobody_changes_the_service_of_another_organisations_enterprise(client, outsider, firm, one, assign):
    row = assign(one, MAY)
    client.force_login(outsider)
    data = {"person": outsider.pk, "role": "local", "is_primary": "on", "starts_on": "2024-06-01", "tier": "city"}
    data["ends_on"] = "2024-06-01"
    for name, pk in (
        ("steward_assign", firm.pk),
        ("tier_move", firm.pk),
        ("steward_end", row.pk),
        ("enterprise_service", firm.pk),
    ):
        assert client.get(reverse(f"parks:{name}", args=[pk])).status_code == 404
        if name != "enterprise_service":
            assert client.post(reverse(f"parks:{name}", args=[pk]), data).status_code == 404
    assert Stewardship.objects.get().ends_on is None
    assert not ServiceTier.objects.exists()


def test_a_viewer_sees_the_past_but_no_button(client, users, firm, one, assign):
    row = assign(one, MAY)
    client.force_login(users["viewer"])
    text = client.get(reverse("parks:enterprise_service", args=[firm.pk])).text
    assert one.name in text
    assert "分配管家" not in text
    for name, pk in (("steward_assign", firm.pk), ("tier_move", firm.pk), ("steward_end", row.pk)):
        assert client.post(reverse(f"parks:{name}", args=[pk]), {}).status_code == 403


def test_choices_of_stewards_offer_nobody_of_another_organisation(client, manager, firm, outsider, one):
    client.force_login(manager)
    text = client.get(reverse("parks:steward_assign", args=[firm.pk])).text
    assert one.name in text
    assert f'value="{outsider.pk}"' not in text
