"""办理时限: which row counts for an appeal, changes that never reach back, the page."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.models import AuditEntry
from crm.roles import ROLES
from tests.visits.factories import START, local
from visits.actions.limits import set_limit
from visits.choices import AppealClass
from visits.choices import AppealStatus as S
from visits.limits import LimitTable
from visits.models import TimeLimit

pytestmark = pytest.mark.django_db
TODAY = START.date()
FIVE = {"amount": 5, "unit": "working_day", "contact_amount": 4, "contact_unit": "hour"}
NONE = {"amount": None, "unit": "working_day", "contact_amount": None, "contact_unit": "working_day"}


@pytest.fixture(autouse=True)
def _on_the_day(time_machine_at):
    time_machine_at(START)


def terms(day: date = TODAY, **kind: str) -> str:
    asked = SimpleNamespace(**({"source": "visit", "appeal_class": "coordinate", "category": "other"} | kind))
    found = LimitTable().terms(asked, day)
    return f"{found.close}/{found.contact}"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("consult", "3 个工作日/1 个工作日"),
        ("coordinate", "10 个工作日/1 个工作日"),
        ("hard", "30 个工作日/1 个工作日"),
        ("sudden", "2 小时/1 小时"),
        ("prompt", "24 小时/2 小时"),
        ("general", "7 天/24 小时"),
        ("complex", "15 天/24 小时"),
    ],
)
def test_every_class_begins_with_the_limit_of_the_rules(kind, said):
    assert terms(appeal_class=kind) == said


def test_every_class_has_a_limit():
    assert {row.appeal_class for row in LimitTable().in_force(TODAY)} == {"", *AppealClass.values}


def test_the_row_that_names_most_counts_and_of_equals_the_category_then_the_source(manager):
    for named in ({"source": "visit"}, {"category": "policy"}, {"source": "visit", "appeal_class": "coordinate"}):
        amount = 20 + TimeLimit.objects.count()
        set_limit(actor=manager, valid_from=TODAY, **FIVE | named | {"amount": amount})
    assert terms(source="phone", category="policy").startswith("29 ")
    assert terms(category="policy").startswith("30 ")
    assert terms(appeal_class="hard").startswith("28 ")
    assert terms(appeal_class="hard", category="policy").startswith("29 ")
    assert terms(source="phone").startswith("10 ")


def test_a_kind_that_is_no_longer_on_its_own_follows_the_wider_one(manager):
    set_limit(actor=manager, valid_from=TODAY, appeal_class="hard", **NONE)
    assert terms(appeal_class="hard") == terms()
    with pytest.raises(ValidationError, match="不能取消"):
        set_limit(actor=manager, valid_from=TODAY, **NONE)


def test_a_change_counts_from_its_day_and_not_before(manager):
    set_limit(actor=manager, valid_from=TODAY + timedelta(days=3), appeal_class="coordinate", **FIVE)
    assert terms(TODAY + timedelta(days=2)).startswith("10 ")
    assert terms(TODAY + timedelta(days=3)) == "5 个工作日/4 小时"
    with pytest.raises(ValidationError, match="不能早于今天"):
        set_limit(actor=manager, valid_from=TODAY - timedelta(days=1), appeal_class="coordinate", **FIVE)


def test_saying_it_twice_is_saying_it_once(manager):
    assert set_limit(actor=manager, valid_from=TODAY, appeal_class="hard", **FIVE)
    assert set_limit(actor=manager, valid_from=TODAY, appeal_class="hard", **FIVE) is None
    assert set_limit(actor=manager, valid_from=TODAY, source="letter", **NONE) is None
    assert TimeLimit.objects.exclude(actor=None).count() == 1


@pytest.mark.parametrize("wrong", [{"contact_amount": None}, {"amount": None}, {"amount": 0}])
def test_a_limit_is_whole(manager, wrong):
    with pytest.raises(ValidationError):
        set_limit(actor=manager, valid_from=TODAY, appeal_class="hard", **FIVE | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeLimit.objects.create(valid_from=TODAY, appeal_class="hard", **FIVE | wrong)


# What is accepted


def test_an_appeal_is_accepted_by_the_limits_of_its_class(cast):
    appeal = cast.take(cast.at(S.SUBMITTED, source="hotline"), "accept", appeal_class="sudden")
    assert (appeal.contact_due_at, appeal.due_at) == (local("2026-11-02 12:30"), local("2026-11-02 13:30"))
    assert appeal.events.last().data["limit"] == {"amount": 2, "unit": "hour"}
    appeal = cast.take(cast.at(S.SUBMITTED, source="hotline"), "accept", appeal_class="general")
    assert appeal.due_at == local("2026-11-09 11:30")


def test_a_change_of_the_limits_never_moves_what_was_accepted_before(cast, manager):
    before = cast.at(S.HANDLING)
    set_limit(actor=manager, valid_from=TODAY, appeal_class="coordinate", **FIVE)
    for step in ("pause", "resume", "contact"):
        before = cast.take(before, step)
    assert before.due_at == local("2026-11-17 10:00")  # the ten days, and the hour of the pause
    assert cast.at(S.ACCEPTED).due_at == local("2026-11-09 17:30")


def test_who_accepts_sees_what_limit_each_class_has(cast, client):
    client.force_login(cast.manager)
    set_limit(actor=cast.manager, valid_from=TODAY, appeal_class="hard", **FIVE)
    page = client.get(reverse("visits:appeal_step", args=[cast.at(S.SUBMITTED).pk, "accept"])).text
    assert all(said in page for said in ("咨询类（3 个工作日）", "疑难类（5 个工作日）", "热线突发（2 小时）"))


# The page

PAGE = "visits:limit_list"
SENT = {"source": "", "appeal_class": "hard", "category": "", "valid_from": "2026-11-02", "reason": "区里的新规定"}


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return lambda **changes: client.post(reverse(PAGE), SENT | FIVE | changes)


def test_a_limit_changed_on_the_page_is_in_force_with_its_history(page, client, manager):
    assert page().status_code == 302
    assert page().status_code == 302
    assert terms(appeal_class="hard") == "5 个工作日/4 小时"
    text = client.get(reverse(PAGE)).text
    assert text.count("区里的新规定") == 1
    assert f"{manager.name}：疑难类 5 个工作日，首次联系 4 小时，自 2026-11-02 起" in text


def test_a_changed_limit_is_in_the_log_of_the_auditor_once(page, manager):
    for _ in "ab":
        page()
    entry = AuditEntry.objects.get(action="rules")
    assert entry.actor == manager
    assert entry.summary.startswith("办理时限：")


def test_a_change_of_the_future_is_announced(page, client):
    page(valid_from="2027-01-01")
    assert "2027-01-01 起，疑难类：5 个工作日" in client.get(reverse(PAGE)).text
    assert terms(appeal_class="hard").startswith("30 ")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_from": "2026-11-01"}, "生效日期不能早于今天"),
        ({"contact_amount": ""}, "请一起填写"),
        ({"amount": "0"}, "请写 1 到 999 的整数"),
        ({"amount": "10000"}, "请写 1 到 999 的整数"),
        ({"appeal_class": "", "amount": "", "contact_amount": ""}, "不能取消"),
        ({"unit": "minute"}, "选择"),
        ({"valid_from": "明天"}, "日期"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_a_sentence_and_nothing_is_saved(page, changes, message):
    answer = page(**changes)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not TimeLimit.objects.exclude(actor=None).exists()


def test_the_form_begins_with_the_row_that_was_chosen(client, manager):
    client.force_login(manager)
    row = TimeLimit.objects.get(appeal_class="sudden")
    form = client.get(reverse(PAGE), {"row": row.pk}).context["form"]
    assert (form["amount"].value(), form["unit"].value(), form["appeal_class"].value()) == (2, "hour", "sudden")
    assert client.get(reverse(PAGE), {"row": "x"}).context["form"]["amount"].value() is None


@pytest.mark.parametrize("role", ROLES)
def test_the_page_and_its_form_are_for_those_who_keep_the_calendar(client, users, role):
    client.force_login(users[role])
    answer = client.get(reverse(PAGE))
    may_see = "crm.view_calendarday" in ROLES[role].permissions
    may_change = "crm.change_calendarday" in ROLES[role].permissions
    assert answer.status_code == (200 if may_see else 403)
    assert (b"contact_amount" in answer.content) == may_change
    if may_see and not may_change:
        assert client.post(reverse(PAGE), SENT | FIVE).status_code == 404
        assert not TimeLimit.objects.exclude(actor=None).exists()


@pytest.mark.parametrize("changes", [1, 30])
def test_the_page_costs_the_same_however_often_limits_changed(client, manager, changes, django_assert_num_queries):
    for number in range(changes):
        set_limit(actor=manager, valid_from=TODAY, appeal_class="hard", **FIVE | {"amount": number + 31})
    client.force_login(manager)
    with django_assert_num_queries(5):
        client.get(reverse(PAGE))
