"""The enterprise calls again: 催办 on the appeal in hand instead of a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.visits.factories import START
from visits import actions
from visits.actions import StepRefused
from visits.choices import AppealStatus as S
from visits.models import Appeal, Notice

pytestmark = pytest.mark.django_db

AGAIN = "停车难，地下车位不够"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def again(cast, **fields) -> Appeal:
    return cast.at(S.SUBMITTED, content=AGAIN, at=START + timedelta(days=2), **fields)


def test_merging_presses_for_the_parent_and_reminds_its_unit_once(cast):
    parent, child = cast.at(S.HANDLING), again(cast)
    cast.take(child, "merge", cast.desk, parent=parent)
    event = parent.events.order_by("-pk").first()
    assert (event.step, event.note, event.actor, event.data) == (
        "chase", AGAIN, cast.desk, {"child": child.number, "calls": 1},
    )  # fmt: skip
    parent.refresh_from_db()
    assert (parent.status, event.from_status, event.to_status) == (S.HANDLING,) * 3
    assert [notice.user for notice in Notice.objects.filter(reminder__event=event)] == [cast.handler]
    with pytest.raises(StepRefused):
        cast.take(child, "merge", cast.desk, parent=parent)
    assert parent.events.filter(step="chase").count() == 1


def test_the_child_keeps_its_number_counts_nowhere_and_says_where_it_went(cast):
    parent, child = cast.at(S.HANDLING), again(cast)
    number = child.number
    cast.take(child, "merge", cast.desk, parent=parent)
    page = signed_in(cast.desk).get(child.get_absolute_url()).text
    assert number in page
    assert "已并入" in page
    assert parent.number in page
    assert list(Appeal.objects.counted()) == [parent]


def test_calls_are_counted_with_those_that_a_merged_appeal_had(cast):
    parent, middle = cast.at(S.HANDLING), again(cast)
    cast.take(middle, "chase", cast.steward, note="又来电话", at=START + timedelta(days=3))
    cast.take(middle, "merge", cast.desk, parent=parent)
    cast.take(parent, "chase", cast.steward, note="第三次了", at=START + timedelta(days=30))
    assert "企业已催 3 次" in signed_in(cast.desk).get(parent.get_absolute_url()).text


def test_what_is_over_is_not_pressed_for(cast):
    parent, child = cast.at(S.CLOSED), again(cast)
    cast.take(child, "merge", cast.desk, parent=parent)
    assert not parent.events.filter(step="chase").exists()
    assert not Notice.objects.exists()


def test_a_call_is_noted_by_one_button_with_who_when_and_what(cast):
    appeal = cast.at(S.HANDLING)
    client, url = signed_in(cast.steward), reverse("visits:appeal_step", args=[appeal.pk, "chase"])
    appeal.enterprise.stewardships.create(user=cast.steward, starts_on=START.date())
    page = client.get(appeal.get_absolute_url()).text
    assert "记录企业来催" in page
    seen = appeal.events.order_by("-pk").first().pk
    called = timezone.localtime() - timedelta(hours=1)
    sent = {"note": "问什么时候能解决", "caller": "王经理", "called_at": f"{called:%Y-%m-%dT%H:%M}", "seen": seen}
    for _ in range(2):
        client.post(url, sent)
    event = appeal.events.get(step="chase")
    assert (event.note, event.actor, event.data["caller"]) == ("问什么时候能解决", cast.steward, "王经理")
    page = client.get(appeal.get_absolute_url()).text
    for words in ("企业已催 1 次", "王经理", f"{called:%Y-%m-%d %H:%M}", "问什么时候能解决"):
        assert words in page
    assert [notice.user for notice in Notice.objects.all()] == [cast.handler]
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [({"note": ""}, "请填写企业说了什么"), ({"note": "催", "called_at": "2126-01-01T10:00"}, "不能晚于现在")],
)
def test_a_call_without_words_or_from_the_future_is_refused(cast, sent, message):
    appeal = cast.at(S.HANDLING)
    page = signed_in(cast.desk).post(reverse("visits:appeal_step", args=[appeal.pk, "chase"]), sent)
    assert message in page.text
    assert not appeal.events.filter(step="chase").exists()


def test_a_call_moves_no_limit(cast):
    appeal = cast.at(S.HANDLING)
    before = (appeal.due_at, appeal.contact_due_at, appeal.next_due_at)
    appeal = actions.advance_appeal(appeal, "chase", actor=cast.desk, note="催", at=appeal.events.last().at)
    assert (appeal.due_at, appeal.contact_due_at, appeal.next_due_at) == before
