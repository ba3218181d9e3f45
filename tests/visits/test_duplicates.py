"""Appeals of one enterprise that may be one: shown to whoever may merge, merged by one press, or kept apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.crm.factories import make_user
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits import actions
from visits.choices import AppealStatus as S
from visits.duplicates import open_ones_like, rivals_of
from visits.models import Appeal, AppealsApart

pytestmark = pytest.mark.django_db

PARKING, AGAIN = "地下车位不足，访客停车困难", "停车难，地下车位不够"
HINT = reverse("visits:alike_hint")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pair(cast) -> tuple[Appeal, Appeal]:
    """An appeal in hand, and a later one of the same enterprise in other words."""
    first = cast.at(S.HANDLING, content=PARKING)
    return first, cast.at(S.SUBMITTED, content=AGAIN, at=START + timedelta(days=2))


def test_the_page_of_the_new_one_offers_to_merge_it_into_the_open_one_by_one_press(cast, pair):
    first, second = pair
    client = signed_in(cast.desk)
    page = client.get(second.get_absolute_url()).text
    assert f"并入 {first.number}" in page
    assert PARKING in page
    url = reverse("visits:appeal_step", args=[second.pk, "merge"])
    client.post(url, {"parent": first.number})
    client.post(url, {"parent": first.number})
    second.refresh_from_db()
    assert (second.status, second.merged_into) == (S.MERGED, first)
    assert second.events.filter(step="merge").count() == 1


def test_the_page_of_the_open_one_offers_to_take_the_new_one_in(cast, pair):
    first, second = pair
    page = signed_in(cast.desk).get(first.get_absolute_url()).text
    assert f"把 {second.number} 并入本件" in page
    assert reverse("visits:appeal_step", args=[second.pk, "merge"]) in page


def test_of_two_that_wait_the_later_one_goes_into_the_earlier_one(cast):
    first = cast.at(S.SUBMITTED, content=PARKING)
    second = cast.at(S.SUBMITTED, content=AGAIN, at=START + timedelta(days=1))
    for appeal in (first, second):
        rival = rivals_of(appeal, cast.desk)[0]
        assert (rival.child, rival.parent) == (second, first)


def test_two_in_hand_are_not_offered(cast):
    first = cast.at(S.HANDLING, content=PARKING)
    cast.at(S.HANDLING, content=AGAIN, at=START + timedelta(days=1))
    assert rivals_of(first, cast.desk) == []


@pytest.mark.parametrize("why", ["another matter", "another enterprise", "closed", "another town", "deleted"])
def test_what_is_no_duplicate_is_not_offered(cast, others, why):
    fields = {"at": START + timedelta(days=1), "content": AGAIN}
    appeal = cast.at(S.SUBMITTED, **fields)
    if why == "another matter":
        cast.at(S.HANDLING, content="食堂高峰排队时间长")
    elif why == "another enterprise":
        cast.at(S.HANDLING, content=PARKING, enterprise=make_enterprise(cast.office))
    elif why == "closed":
        cast.at(S.CLOSED, content=PARKING)
    elif why == "another town":
        others.at(S.HANDLING, content=PARKING)
    else:
        actions.delete_appeal(cast.at(S.HANDLING, content=PARKING), actor=cast.manager)
    assert rivals_of(appeal, cast.desk) == []
    assert "可能重复" not in signed_in(cast.desk).get(appeal.get_absolute_url()).text


@pytest.mark.parametrize(("days", "is_offered"), [(20, True), (45, False)])
def test_an_open_one_long_past_its_limit_no_longer_stands_for_a_new_one(cast, settings, days, is_offered):
    settings.YQT = settings.YQT | {"DUPLICATE_DAYS": 30}
    cast.at(S.HANDLING, content=PARKING)
    later = cast.at(S.SUBMITTED, content=AGAIN, at=START + timedelta(days=days))
    assert bool(rivals_of(later, cast.desk)) == is_offered


def test_one_within_its_limit_or_put_off_stands_however_old_it_is(cast, settings):
    settings.YQT = settings.YQT | {"DUPLICATE_DAYS": 0}
    first = cast.at(S.HANDLING, content=PARKING)
    later = cast.at(S.SUBMITTED, content=AGAIN, at=first.due_at - timedelta(hours=1))
    assert rivals_of(later, cast.desk)
    much_later = cast.at(S.SUBMITTED, content=AGAIN, at=first.due_at + timedelta(days=40))
    assert first not in [rival.other for rival in rivals_of(much_later, cast.desk)]
    cast.take(first, "pause")
    assert first in [rival.other for rival in rivals_of(much_later, cast.desk)]


def test_how_alike_is_a_setting(cast, pair, settings):
    settings.YQT = settings.YQT | {"SIMILAR_FROM": 0.99}
    assert rivals_of(pair[1], cast.desk) == []


def test_who_may_not_merge_is_not_asked(cast, pair):
    for user in (cast.handler, cast.steward, make_user("leader", cast.office, role="leader")):
        assert "可能重复" not in signed_in(user).get(pair[0].get_absolute_url()).text


def test_two_said_to_be_two_are_not_offered_again_until_that_is_taken_back(cast, pair):
    first, second = pair
    client = signed_in(cast.desk)
    url = reverse("visits:appeal_apart", args=[second.pk, first.pk])
    client.post(url)
    page = client.post(url, follow=True).text
    assert "不是重复，以后不再提示" in page
    assert "可能重复" not in page
    assert "可能重复" not in client.get(first.get_absolute_url()).text
    assert AppealsApart.objects.get().decided_by == cast.desk
    client.post(reverse("visits:appeal_together", args=[first.pk, second.pk]))
    assert "可能重复" in client.get(first.get_absolute_url()).text


def test_a_page_left_open_cannot_call_two_matters_what_was_merged_meanwhile(cast, pair):
    first, second = pair
    cast.take(second, "merge", parent=first)
    for one, other in (pair, pair[::-1]):
        page = signed_in(cast.desk).post(reverse("visits:appeal_apart", args=[one.pk, other.pk]), follow=True).text
        assert f"{second} 已并入 {first}" in page
    assert not AppealsApart.objects.exists()


def test_an_appeal_cannot_be_kept_apart_from_itself_or_from_what_one_may_not_see(cast, others, pair):
    client, foreign = signed_in(cast.desk), others.at(S.SUBMITTED)
    for other in (pair[0], foreign):
        assert client.post(reverse("visits:appeal_apart", args=[pair[0].pk, other.pk])).status_code == 404
    assert signed_in(cast.steward).post(
        reverse("visits:appeal_apart", args=[pair[0].pk, pair[1].pk])
    ).status_code == 403  # fmt: skip
    assert not AppealsApart.objects.exists()


# While typing


def test_while_typing_the_open_appeal_of_the_enterprise_is_named(cast, pair):
    hint = signed_in(cast.manager).post(
        HINT, {"enterprise": cast.firm.pk, "content": f"{cast.firm.name}停车难，地下车位不够"}
    )
    assert pair[0].number in hint.text
    assert PARKING in hint.text


@pytest.mark.parametrize(
    "typed",
    [{"content": "食堂高峰排队"}, {"content": "停"}, {"content": ""}, {"enterprise": ""}, {"enterprise": "9" * 30}],
)
def test_while_typing_something_else_nothing_is_said(cast, pair, typed):
    hint = signed_in(cast.manager).post(HINT, {"enterprise": cast.firm.pk, "content": AGAIN} | typed)
    assert (hint.status_code, hint.text.strip()) == (200, "")


def test_while_typing_nobody_hears_of_what_is_not_theirs(cast, others, pair):
    typed = {"enterprise": cast.firm.pk, "content": AGAIN}
    assert signed_in(others.manager).post(HINT, typed).status_code == 404
    # A steward of their own records, who looks after another enterprise.
    assert pair[0].number not in signed_in(cast.steward).post(HINT, typed).text
    assert signed_in(cast.handler).post(HINT, typed).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_page_and_hint_take_the_same_number_of_queries_however_many_are_open(cast, rows, django_assert_num_queries):
    appeal = cast.at(S.SUBMITTED, content=AGAIN)
    for count in range(rows):
        cast.at(S.ACCEPTED, content=PARKING, at=START - timedelta(days=count))
    with django_assert_num_queries(3):  # two of them find the reader's organisations
        assert len(rivals_of(appeal, cast.desk)) == min(rows, 3)
    with django_assert_num_queries(1):
        assert len(open_ones_like(cast.desk, cast.firm, AGAIN)) == min(rows + 1, 3)
