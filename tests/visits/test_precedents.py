"""类似已办: solved appeals most like the one in hand, from what the reader may see and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits.choices import AppealStatus as S
from visits.models import Appeal
from visits.precedents import precedents_of

pytestmark = pytest.mark.django_db

PARKING, LIKE_IT = "地下车位不足，访客停车困难", "停车难，地下车位不够"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def solved(cast, content: str = PARKING, **fields) -> Appeal:
    """Another enterprise's, closed and called back as satisfied."""
    fields = {"enterprise": make_enterprise(cast.office), "at": START - timedelta(days=60), "content": content} | fields
    appeal = cast.at(S.CLOSED, **fields)
    return cast.take(appeal, "call_back", cast.desk, solved="solved", satisfaction="satisfied")


def numbers(appeal: Appeal, user) -> list[str]:
    return [one.appeal.number for one in precedents_of(appeal, user)]


def test_the_page_shows_what_was_answered_how_long_it_took_and_what_the_enterprise_said(cast):
    before, appeal = solved(cast), cast.at(S.HANDLING, content=LIKE_IT)
    page = signed_in(cast.manager).get(appeal.get_absolute_url()).text
    for words in ("类似已办", before.number, "已协调延长末班车", "0 个工作日办结", "满意", before.enterprise.name):
        assert words in page


def test_the_most_alike_come_first_and_the_same_category_before_another(cast):
    far = solved(cast, "停车难，地下车库照明差")
    near, other = solved(cast, LIKE_IT), solved(cast, LIKE_IT, category="traffic")
    appeal = cast.at(S.SUBMITTED, content=LIKE_IT, category="traffic")
    assert numbers(appeal, cast.manager) == [other.number, near.number, far.number]


@pytest.mark.parametrize("why", ["another matter", "still open", "not solved", "excluded", "deleted", "another town"])
def test_what_is_no_precedent_is_not_shown(cast, others, why):
    appeal = cast.at(S.HANDLING, content=LIKE_IT)
    if why == "another matter":
        solved(cast, "食堂高峰排队时间长")
    elif why == "still open":
        cast.at(S.ANSWERED, content=PARKING)
    elif why == "another town":
        solved(others)
    else:
        changes = {"not solved": {"result": "explained"}, "deleted": {"deleted_at": START},
                   "excluded": {"excluded_at": START, "excluded_reason": "不合理"}}[why]  # fmt: skip
        Appeal.objects.filter(pk=solved(cast).pk).update(**changes)
    assert numbers(appeal, cast.manager) == []
    assert "类似已办" not in signed_in(cast.manager).get(appeal.get_absolute_url()).text


def test_a_unit_sees_the_precedents_of_its_own_and_no_others(cast):
    own, appeal = solved(cast), cast.at(S.HANDLING, content=LIKE_IT)
    foreign = solved(cast)
    foreign.joint_rows.all().delete()
    Appeal.objects.filter(pk=foreign.pk).update(lead_unit=cast.office)
    assert numbers(appeal, cast.handler) == [own.number]
    page = signed_in(cast.handler).get(appeal.get_absolute_url()).text
    assert own.number in page
    assert foreign.number not in page


def test_who_only_reads_or_what_is_over_needs_none(cast, users):
    solved(cast)
    appeal = cast.at(S.HANDLING, content=LIKE_IT)
    assert "类似已办" not in signed_in(users["viewer"]).get(appeal.get_absolute_url()).text
    closed = cast.at(S.CLOSED, content=LIKE_IT)
    assert "类似已办" not in signed_in(cast.manager).get(closed.get_absolute_url()).text


def test_an_answer_can_begin_with_that_of_a_precedent_but_of_none_that_one_may_not_see(cast, others):
    before, foreign = solved(cast), solved(others)
    Appeal.objects.filter(pk=foreign.pk).update(result_text="别处的答复")
    appeal = cast.at(S.HANDLING, content=LIKE_IT)
    client, url = signed_in(cast.handler), reverse("visits:appeal_step", args=[appeal.pk, "answer"])
    assert f"{url}?from={before.pk}" in client.get(appeal.get_absolute_url()).text
    assert "已协调延长末班车" in client.get(url, {"from": before.pk}).text
    for key in (foreign.pk, "x", "9" * 30):
        page = client.get(url, {"from": key})
        assert page.status_code == 200
        assert "别处的答复" not in page.text
    assert "已协调延长末班车" not in client.get(url).text


@pytest.mark.parametrize("rows", [1, 30])
def test_they_take_the_same_number_of_queries_however_many_there_are(cast, rows, django_assert_num_queries):
    appeal = cast.at(S.SUBMITTED, content=LIKE_IT)
    for _ in range(rows):
        solved(cast)
    numbers(appeal, cast.manager)
    with django_assert_num_queries(3):
        assert len(numbers(appeal, cast.manager)) == min(rows, 5)
