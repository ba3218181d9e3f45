"""The pages of red flags, suggestions and questions: who may, where one comes out, what is said."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from tests.parks.factories import make_enterprise
from tests.visits.test_heard import ask, told
from tests.visits.test_views import signed_in
from visits import actions
from visits.actions import NewSuggestion
from visits.models import Question, Suggestion, WarningFlag

pytestmark = pytest.mark.django_db

FLAGS, SUGGESTIONS, QUESTIONS = (reverse(f"visits:{name}_list") for name in ("flag", "suggestion", "question"))


@pytest.fixture
def flag(cast) -> WarningFlag:
    cast.visit(parts=told(cast.firm, flags=("move",), flag_detail="房东卖楼"))
    return WarningFlag.objects.get()


@pytest.fixture
def suggestion(cast) -> Suggestion:
    cast.visit(suggestions=[NewSuggestion(content="建个食堂", category="environment", enterprise=cast.firm)])
    return Suggestion.objects.get()


def test_a_flag_waits_in_the_queue_until_it_is_handled_and_comes_back_by_undo(cast, flag):
    client = signed_in(cast.manager)
    assert "房东卖楼" in client.get(FLAGS).text
    back = f"{FLAGS}?kind=move"
    page = client.post(reverse("visits:flag_handle", args=[flag.pk]), {"note": "已约谈", "back": back}, follow=True)
    assert page.redirect_chain == [(back, 302)]
    assert reverse("visits:flag_reopen", args=[flag.pk]) in page.text
    assert "房东卖楼" not in page.text
    assert "已约谈" in client.get(f"{FLAGS}?state=handled").text
    client.post(reverse("visits:flag_reopen", args=[flag.pk]))
    assert "房东卖楼" in client.get(FLAGS).text


def test_handling_without_a_word_and_a_way_back_to_elsewhere_are_refused(cast, flag):
    client, address = signed_in(cast.manager), reverse("visits:flag_handle", args=[flag.pk])
    page = client.post(address, {"back": "https://example.com/"}, follow=True)
    assert page.redirect_chain == [(FLAGS, 302)]
    assert "请写明怎么处理" in page.text
    assert WarningFlag.objects.open().exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("?kind=move", 1), ("?kind=risk", 0), ("?level=high", 1), ("?level=low", 0), ("?state=handled", 0),
     ("?state=all", 1), ("?state=nonsense", 1), ("?q=房东", 1), ("?q=没有", 0)],
)  # fmt: skip
def test_flags_are_filtered_in_the_address(cast, flag, query, found):
    page = signed_in(cast.manager).get(f"{FLAGS}{query}")
    assert len(page.context["page_obj"]) == found


def test_a_flag_is_neither_seen_nor_handled_by_others(cast, others, flag):
    address = reverse("visits:flag_handle", args=[flag.pk])
    for stranger in (others.manager, cast.steward):
        assert "房东卖楼" not in signed_in(stranger).get(FLAGS).text
        assert signed_in(stranger).post(address, {"note": "x"}).status_code == 404
    assert signed_in(cast.handler).get(FLAGS).status_code == 403
    cast.firm.stewardships.create(user=cast.steward, starts_on=date(2020, 1, 1))
    assert "房东卖楼" in signed_in(cast.steward).get(FLAGS).text


def test_a_suggestion_is_answered_and_listed_by_what_became_of_it(cast, suggestion):
    client, address = signed_in(cast.desk), suggestion.get_absolute_url()
    assert "建个食堂" in client.get(f"{SUGGESTIONS}?status=pending").text
    page = client.post(address, {"status": "declined", "reply": " "})
    assert "请写下答复" in page.text
    page = client.post(address, {"status": "adopted", "reply": "列入明年计划"}, follow=True)
    assert page.redirect_chain == [(SUGGESTIONS, 302)]
    for query, found in (("status=adopted", 1), ("status=pending", 0), ("category=environment", 1), ("q=食堂", 1)):
        assert len(client.get(f"{SUGGESTIONS}?{query}").context["page_obj"]) == found, query
    assert "列入明年计划" in client.get(suggestion.visit.get_absolute_url()).text


def test_a_suggestion_is_read_but_not_answered_without_the_permission_and_not_found_by_others(cast, others, suggestion):
    cast.firm.stewardships.create(user=cast.steward, starts_on=date(2020, 1, 1))
    address = suggestion.get_absolute_url()
    assert signed_in(others.manager).get(address).status_code == 404
    assert signed_in(others.manager).post(address, {"status": "adopted", "reply": "x"}).status_code == 404
    actions.update_visit(
        suggestion.visit, actor=cast.manager, enterprises=[cast.firm], staff=[cast.manager, cast.steward]
    )
    assert "建个食堂" in signed_in(cast.steward).get(address).text
    assert signed_in(cast.steward).post(address, {"status": "adopted", "reply": "x"}).status_code == 403


def filled(**fields) -> dict[str, object]:
    defaults = {
        "kind": "visit", "text": "打算搬吗", "answer_type": "choice", "choices": "没有\n在考虑\n\n在考虑",
        "position": 30, "flag": "move", "flag_when": "在考虑", "valid_from": "2026-01-01",
    }  # fmt: skip
    return defaults | fields


def test_a_question_is_added_to_a_copy_of_the_common_ones_and_changed(cast):
    client = signed_in(cast.manager)
    client.post(reverse("visits:question_create"), filled())
    question = Question.objects.get(text="打算搬吗")
    assert (question.organisation, question.options) == (cast.office, ["没有", "在考虑"])
    assert Question.objects.filter(organisation=cast.office, kind="visit").count() == 8
    cast.visit(parts=told(cast.firm, (question, "在考虑")))
    page = client.get(question.get_absolute_url())
    assert "已有 1 家次答过" in page.text
    page = client.post(
        question.get_absolute_url(), filled(text="两年内搬吗", choices="没有\n在考虑\n已定"), follow=True
    )
    assert "答过的旧题保留" in page.text
    question.refresh_from_db()
    assert question.text == "打算搬吗"
    assert Question.objects.filter(text="两年内搬吗", valid_to=None).exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"choices": "只有一个"}, "至少写两个选项"),
        ({"flag_when": "没有这项"}, "没有选项“没有这项”"),
        ({"flag_when": ""}, "写上面选项中触发预警的几个"),
        ({"answer_type": "date", "flag_when": "半年"}, "写提前多少天"),
        ({"answer_type": "number", "flag_when": "两"}, "写一个数"),
        ({"text": ""}, "必填"),
    ],
)
def test_a_question_that_makes_no_sense_is_sent_back_with_a_word(cast, fields, message):
    page = signed_in(cast.manager).post(reverse("visits:question_create"), filled(**fields))
    assert page.status_code == 200
    assert message in page.text
    assert not Question.objects.exclude(organisation=None).exists()


def test_a_set_of_ones_own_is_begun_and_a_question_retired_with_undo(cast):
    client = signed_in(cast.manager)
    client.post(reverse("visits:questions_own"), {"kind": "forum"})
    question = Question.objects.filter(organisation=cast.office, kind="forum").first()
    page = client.post(reverse("visits:question_retire", args=[question.pk]), follow=True)
    assert reverse("visits:question_resume", args=[question.pk]) in page.text
    client.post(reverse("visits:question_resume", args=[question.pk]))
    question.refresh_from_db()
    assert question.valid_to is None
    assert client.post(reverse("visits:questions_own"), {"kind": "nonsense"}).status_code == 404


def test_questions_are_kept_by_managers_of_the_own_institution_only(cast, others):
    foreign, common = ask(others), Question.objects.filter(organisation=None).first()
    for user, status in ((cast.manager, 404), (cast.steward, 403), (cast.desk, 403)):
        for question in (foreign, common):
            assert signed_in(user).get(question.get_absolute_url()).status_code == status
    page = signed_in(cast.manager).post(reverse("visits:question_retire", args=[common.pk]), follow=True)
    assert "请先改为本机构的问卷" in page.text
    common.refresh_from_db()
    assert common.valid_to is None


@pytest.mark.parametrize(("name", "queries"), [("flag_list", 5), ("suggestion_list", 5), ("question_list", 3)])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_take_the_same_number_of_queries(cast, name, queries, rows, django_assert_num_queries):
    question = ask(cast)
    for _ in range(rows):
        firm = make_enterprise(cast.office)
        new = [NewSuggestion(content="建食堂", enterprise=firm)]
        cast.visit(firm, parts=told(firm, (question, True), flags=("move",)), suggestions=new)
        ask(cast, text="再问")
    client = signed_in(cast.manager)
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"visits:{name}")).status_code == 200
