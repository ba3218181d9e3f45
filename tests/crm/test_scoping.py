"""Which rows a user may see, by scope, role and place in the tree."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from crm.backends import RoleBackend
from crm.models import Organisation, User
from crm.models import organisation as tree
from parks.models import Contact, Enterprise, Stewardship
from tests.crm.factories import make_organisation, make_user
from tests.parks.factories import make_enterprise


@pytest.fixture
def firm(office) -> Enterprise:
    return make_enterprise(office)


def sees(user, enterprise: Enterprise) -> bool:
    return Enterprise.objects.visible_to(user).filter(pk=enterprise.pk).exists()


def test_an_institution_sees_its_own_rows_and_those_below(office, town, firm):
    assert sees(make_user("town", town), firm)
    assert sees(make_user("office", office), firm)
    assert sees(make_user("desk", make_organisation("科室", "unit", office)), firm)


def test_an_institution_sees_nothing_beside_or_above_it(office, town, firm, other_office):
    above = make_enterprise(town)
    assert not sees(make_user("other", other_office), firm)
    assert not sees(make_user("office", office), above)


def test_a_sibling_whose_path_begins_with_the_same_digits_is_not_below(town):
    """Prefixes end with a separator: 000001/ is no prefix of 0000011/."""
    offices = [make_organisation(f"园{n}", "park_office", town) for n in range(12)]
    user = make_user("first", offices[0])
    seen = Organisation.objects.filter(path__startswith=user.organisation.institution_path)
    assert list(seen) == [offices[0]]


def test_own_scope_shows_only_firms_the_user_looks_after_today(office, firm):
    user = make_user("own", office, role="steward", scope="own")
    assert not sees(user, firm)
    care = Stewardship.objects.create(enterprise=firm, user=user, starts_on=date(2020, 1, 1))
    assert sees(user, firm)
    Stewardship.objects.filter(pk=care.pk).update(ends_on=date(2021, 1, 1))
    assert not sees(user, firm)


def test_unit_scope_shows_the_firms_of_the_colleagues(office, firm):
    unit = make_organisation("服务科", "unit", office)
    colleague = make_user("a", unit, role="steward", scope="own")
    user = make_user("b", unit, role="steward", scope="unit")
    assert not sees(user, firm)
    Stewardship.objects.create(enterprise=firm, user=colleague, starts_on=date(2020, 1, 1))
    assert sees(user, firm)


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_without_the_permission_to_view_there_are_no_rows(users, firm, role):
    assert not sees(users[role], firm)


def test_nobody_no_organisation_and_inactive_people_see_nothing(office, firm):
    assert not sees(AnonymousUser(), firm)
    assert not sees(make_user("placeless", None), firm)
    leaver = make_user("leaver", office)
    leaver.is_active = False
    assert not sees(leaver, firm)


def test_an_unknown_role_may_do_nothing(office, firm):
    user = make_user("odd", office, role="no-such-role")
    assert not user.has_perm("parks.view_enterprise")
    assert not sees(user, firm)


def test_an_appeal_may_be_handed_to_units_of_the_own_town_but_not_of_another(office, town, other_office):
    own = make_organisation("规建办", "unit", town)
    foreign = make_organisation("别处规建办", "unit", other_office.parent)
    seen = Organisation.objects.visible_to(make_user("desk", office, role="desk"))
    assert own in seen
    assert foreign not in seen


def test_users_see_colleagues_of_their_own_institution_only(office, other_office):
    me, stranger = make_user("me", office), make_user("stranger", other_office)
    assert list(User.objects.visible_to(me)) == [me]
    assert stranger not in User.objects.visible_to(me)


@pytest.mark.parametrize("scope", ["own", "unit", "organisation"])
def test_a_reach_is_the_same_by_keys_and_by_paths(office, town, other_office, monkeypatch, scope):
    """Few organisations are told by their keys, very many by the path above them."""
    unit = make_organisation("服务科", "unit", office)
    user = make_user("one", unit, role="steward", scope=scope)
    firms = [make_enterprise(place, name=f"第{n}公司") for n, place in enumerate((office, unit, town, other_office))]
    for firm in firms:
        Contact.objects.create(enterprise=firm, name="李四")
    for firm in (firms[0], firms[3]):
        Stewardship.objects.create(enterprise=firm, user=user, starts_on=date(2020, 1, 1))
    by_keys = set(Enterprise.objects.visible_to(user)), set(Contact.objects.visible_to(user))
    monkeypatch.setattr(tree, "MOST_KEYS", 0)
    again = User.objects.get(pk=user.pk)
    assert "LIKE" in str(Enterprise.objects.visible_to(again).query).upper()
    assert by_keys == (set(Enterprise.objects.visible_to(again)), set(Contact.objects.visible_to(again)))
    assert by_keys[0] == {"own": {firms[0]}}.get(scope, {firms[0], firms[1]})


def test_an_office_founded_a_moment_ago_is_seen_in_the_same_request(town):
    user = make_user("town", town)
    assert not Enterprise.objects.visible_to(user).exists()
    assert sees(user, make_enterprise(make_organisation("新园", "park_office", town)))


def test_the_reach_is_read_once(town, django_assert_num_queries):
    user = make_user("town", town)
    with django_assert_num_queries(3):
        for _ in range(2):
            list(Enterprise.objects.visible_to(user))


def test_the_user_of_a_session_comes_with_the_reach(town, office, other_office, django_assert_num_queries):
    make_enterprise(office)
    user = RoleBackend().get_user(make_user("town", town).pk)
    with django_assert_num_queries(1):
        assert Enterprise.objects.visible_to(user).count() == 1
    assert user.organisation.keys_below(town.path) == [town.pk, office.pk]
