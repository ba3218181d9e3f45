"""The visit form's part for each enterprise, its questions, red flags and suggestions, as sent by the page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from parks.models import Enterprise
from tests.parks.factories import make_enterprise
from tests.visits.factories import local
from tests.visits.test_views import signed_in, typed
from visits import actions
from visits.actions import NewSuggestion, Part
from visits.models import Question, Suggestion, Visit, VisitAnswer, VisitEnterprise, WarningFlag

pytestmark = pytest.mark.django_db

CREATE = reverse("visits:visit_create")


def ask(cast, **fields) -> Question:
    defaults = {"text": "打算搬吗", "answer_type": "yes_no", "kind": "visit", "valid_from": date(2020, 1, 1)}
    return Question.objects.create(organisation=cast.office, **(defaults | fields))


def about(firm: Enterprise, **fields) -> dict[str, object]:
    """What the block of an enterprise sends."""
    return {f"e{firm.pk}-{name}": value for name, value in ({"shown": "True"} | fields).items()}


def send(cast, data, address=CREATE):
    return signed_in(cast.manager).post(address, data, follow=True)


def test_answers_flags_and_who_came_are_sent_with_the_visit(cast):
    move, lease = ask(cast, flag="move"), ask(cast, text="租约到哪天", answer_type="date", flag="lease", position=20)
    data = typed(cast.manager, cast.firm) | about(
        cast.firm, attendees="陈经理（总经理）", flags=["risk"], flag_detail="欠薪",
        **{f"q{move.pk}": "no", f"q{lease.pk}": "2026-12-31"},
    )  # fmt: skip
    page = send(cast, data)
    pair = VisitEnterprise.objects.get()
    assert [str(answer) for answer in pair.answers.all()] == ["打算搬吗：否", "租约到哪天：2026-12-31"]
    assert {flag.kind: flag.level for flag in WarningFlag.objects.all()} == {"risk": "high", "lease": "high"}
    for words in ("陈经理（总经理）", "打算搬吗", "2026-12-31", "经营风险", "欠薪"):
        assert words in page.text, words


def test_the_page_shows_the_questions_of_every_kind_and_a_blank_part_to_copy(cast):
    ask(cast)
    ask(cast, text="食堂怎么样", kind="phone")
    text = signed_in(cast.manager).get(CREATE, {"enterprise": cast.firm.pk}).text
    for name in ("打算搬吗", "食堂怎么样", "未来两年有扩产、增资或扩租打算吗？"):
        assert text.count(name) >= 2, name  # in the block of the enterprise, and in the blank one
    assert f'name="e{cast.firm.pk}-attendees"' in text
    assert 'name="e__pk__-attendees"' in text


def test_of_another_kind_of_visit_no_answer_is_taken(cast):
    question = ask(cast)
    send(cast, typed(cast.manager, cast.firm, kind="phone") | about(cast.firm, **{f"q{question.pk}": "yes"}))
    assert Visit.objects.get().kind == "phone"
    assert not VisitAnswer.objects.exists()


def test_what_a_question_needs_is_said_at_the_question_and_what_was_typed_stays(cast):
    number = ask(cast, text="多少人", answer_type="number", is_required=True)
    data = typed(cast.manager, cast.firm) | about(cast.firm, attendees="陈经理")
    for wrong, words in (("", "这一题必答"), ("很多", "输入一个数字")):
        page = send(cast, data | {f"e{cast.firm.pk}-q{number.pk}": wrong})
        for said in (words, "陈经理", f"“{cast.firm.name}”有需要补充的地方"):
            assert said in page.text, said
    assert not Visit.objects.exists()


def test_a_plan_and_an_absent_enterprise_need_not_answer(cast):
    ask(cast, is_required=True)
    ask(cast, is_required=True, kind="forum")
    later = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    send(cast, typed(cast.manager, cast.firm, started_at=later) | about(cast.firm))
    assert Visit.objects.get().status == "planned"
    key = {"client_id": "7b0f1c52-6a8e-4c11-9d8e-222222222222"}
    send(cast, typed(cast.manager, cast.firm, kind="forum", **key) | about(cast.firm, is_absent="on"))
    assert Visit.objects.filter(kind="forum").exists()


def test_several_at_once_each_with_its_own_and_the_absent_are_not_counted(cast):
    firms = [make_enterprise(cast.office) for _ in range(3)]
    data = typed(cast.manager, *firms, kind="breakfast")
    data |= about(firms[0], attendees="甲总", note="想扩租") | about(firms[1], is_absent="on")
    page = send(cast, data)
    assert "计 2 家次" in page.text
    assert "缺席" in page.text
    told = {pair.enterprise: (pair.has_attended, pair.attendees, pair.note) for pair in VisitEnterprise.objects.all()}
    assert told == {firms[0]: (True, "甲总", "想扩租"), firms[1]: (False, "", ""), firms[2]: (True, "", "")}


def test_a_form_that_was_opened_before_a_question_changed_is_taken_as_it_was(cast):
    question = ask(cast)
    cast.visit(parts={cast.firm.pk: Part(answers=((question, True),))})
    new = actions.change_question(question, actor=cast.manager, text="两年内打算搬吗")
    send(cast, typed(cast.manager, cast.firm) | about(cast.firm, **{f"q{question.pk}": "no"}))
    answers = VisitAnswer.objects.order_by("pk")
    assert [(answer.question, answer.is_yes) for answer in answers] == [(question, True), (question, False)]
    assert new.answers.count() == 0


def test_a_correction_shows_what_was_answered_then_and_asks_nothing_twice(cast):
    question = ask(cast)
    visit = cast.visit(parts={cast.firm.pk: Part(answers=((question, True),), attendees="陈经理", flags=("risk",))})
    actions.change_question(question, actor=cast.manager, text="两年内打算搬吗")
    address = reverse("visits:visit_update", args=[visit.pk])
    part = signed_in(cast.manager).get(address).context["form"].parts[0]
    assert [one.pk for one in part.questions if one.kind == "visit"] == [question.pk]
    assert part[f"q{question.pk}"].value() == "yes"
    assert (part["attendees"].value(), part["flags"].value()) == ("陈经理", ["risk"])
    send(cast, typed(cast.manager, cast.firm) | about(cast.firm, **{f"q{question.pk}": "no"}), address)
    answer = VisitAnswer.objects.get()
    assert (answer.question, answer.is_yes, visit.pairs.get().attendees) == (question, False, "")
    assert not WarningFlag.objects.exists()


def test_a_question_of_others_is_not_answered_here(cast, others):
    foreign = ask(others)
    send(cast, typed(cast.manager, cast.firm) | about(cast.firm, **{f"q{foreign.pk}": "yes", "q99999999": "yes"}))
    assert Visit.objects.exists()
    assert not VisitAnswer.objects.exists()


def test_without_javascript_the_search_button_brings_the_block_of_what_was_ticked(cast):
    question = ask(cast)
    data = typed(cast.manager, cast.firm, find="找", search="1") | about(cast.firm, attendees="打了一半")
    page = send(cast, data)
    assert "打了一半" in page.text
    assert f'name="e{cast.firm.pk}-q{question.pk}"' in page.text
    assert "is-invalid" not in page.text


def test_suggestions_are_sent_with_the_visit_once_and_may_be_nobodys(cast):
    firms = [cast.firm, make_enterprise(cast.office)]
    words = {"suggestion0-content": "建个食堂", "suggestion0-category": "environment", "suggestion0-enterprise": "",
             "suggestion1-content": "多开座谈会", "suggestion1-category": "other",
             "suggestion1-enterprise": firms[1].pk}  # fmt: skip
    data = typed(cast.manager, *firms, has_suggestion="on") | words
    for _ in "ab":
        page = send(cast, data)
    rows = Suggestion.objects.order_by("pk")
    assert [(row.content, row.enterprise) for row in rows] == [("建个食堂", None), ("多开座谈会", firms[1])]
    assert "建个食堂" in page.text


def test_an_empty_suggestion_is_asked_for_and_an_unticked_one_left_out(cast):
    page = send(cast, typed(cast.manager, cast.firm, has_suggestion="on", **{"suggestion0-category": "other"}))
    assert "请写下建议内容" in page.text
    words = {"suggestion0-content": "没勾选", "suggestion0-category": "other"}
    send(cast, typed(cast.manager, cast.firm) | words)
    assert Visit.objects.exists()
    assert not Suggestion.objects.exists()


def test_a_plan_for_later_today_opens_with_the_time_it_took_place(cast, time_machine_at):
    now = local("2026-11-02 09:00")
    time_machine_at(now)
    for hours, shown in ((3, now), (48, now + timedelta(hours=48))):
        plan = cast.visit(started_at=now + timedelta(hours=hours), at=now)
        page = signed_in(cast.manager).get(reverse("visits:visit_update", args=[plan.pk]))
        assert f'value="{shown:%Y-%m-%dT%H:%M}"' in page.text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_form_takes_the_same_number_of_queries_however_many_enterprises(cast, rows, django_assert_num_queries):
    question = ask(cast)
    firms = [make_enterprise(cast.office) for _ in range(rows)]
    parts = {firm.pk: Part(answers=((question, True),), flags=("risk",)) for firm in firms}
    visit = cast.visit(*firms, parts=parts, suggestions=[NewSuggestion(content="建食堂")])
    client = signed_in(cast.manager)
    with django_assert_num_queries(15):
        client.get(reverse("visits:visit_update", args=[visit.pk]))


@pytest.fixture
def two_tabs(cast):
    """A visit with a block of facts, open in two tabs; what each tab would send."""
    question = ask(cast)
    visit = cast.visit(parts={cast.firm.pk: Part(answers=((question, True),), attendees="陈经理", note="原先")})
    page = signed_in(cast.manager).get(reverse("visits:visit_update", args=[visit.pk])).context["form"]
    was = page.parts[0].initial["was"]
    fields = {"attendees": "陈经理", "note": "原先", f"q{question.pk}": "yes", "was": was}

    def tab(**changed) -> dict[str, object]:
        own = {name.replace("answer", f"q{question.pk}"): value for name, value in changed.items()}
        sent = {name: value for name, value in (fields | own).items() if value is not None}
        return typed(cast.manager, cast.firm, version=visit.version, topic="企业近况良好") | about(cast.firm, **sent)

    return visit, tab, reverse("visits:visit_update", args=[visit.pk])


def told_of(visit: Visit) -> tuple[object, ...]:
    pair = visit.pairs.get()
    flags = sorted(visit.flags.values_list("kind", flat=True))
    return pair.has_attended, pair.attendees, pair.note, [answer.is_yes for answer in pair.answers.all()], flags


def test_who_is_slower_sees_both_values_of_a_block_and_overwrites_nothing(cast, two_tabs):
    visit, tab, address = two_tabs
    send(cast, tab(answer="no", attendees="李总"), address)
    before = told_of(visit)
    page = send(cast, tab(attendees="王总", is_absent="on"), address)
    assert told_of(visit) == before == (True, "李总", "原先", [False], [])
    form = page.context["form"]
    [conflict] = form.conflicts
    told = (conflict.label, conflict.theirs, conflict.yours)
    assert told == (f"{cast.firm.name}：企业参加人", "李总", "王总")
    assert "对方改的" in page.text
    assert "打算搬吗" in " ".join(form.non_field_errors())
    # What only one of the two changed is taken over from that one.
    assert (form.parts[0]["is_absent"].value(), form.parts[0]["note"].value()) == (True, "原先")


@pytest.mark.parametrize(("choice", "came"), [("theirs", "李总"), ("yours", "王总")])
def test_the_choice_of_the_slower_one_is_stored_with_the_rest_of_both(cast, two_tabs, choice, came):
    visit, tab, address = two_tabs
    send(cast, tab(answer="no", attendees="李总"), address)
    page = send(cast, tab(attendees="王总", flags=["risk"]), address)
    form = page.context["form"]
    again = {name: form.data.getlist(name) for name in form.data} | {form.conflicts[0].key: [choice]}
    send(cast, again, address)
    assert told_of(visit) == (True, came, "原先", [False], ["risk"])


def test_a_correction_of_a_block_that_is_sent_twice_is_saved_without_a_question(cast, two_tabs):
    visit, tab, address = two_tabs
    for _ in "ab":
        page = send(cast, tab(note="改过"), address)
        assert not getattr(page.context.get("form"), "conflicts", [])
    assert told_of(visit) == (True, "陈经理", "改过", [True], [])


@pytest.mark.parametrize("was", ["", "{", "[1]", '{"e1-note": 3}', '{"note": {"a": 1}}'])
def test_where_nothing_is_known_of_before_every_difference_is_asked(cast, two_tabs, was):
    visit, tab, address = two_tabs
    send(cast, tab(note="先来"), address)
    page = send(cast, tab(was=was), address)
    assert [one.label for one in page.context["form"].conflicts] == [f"{cast.firm.name}：这家企业的情况"]
    assert told_of(visit)[2] == "先来"


def test_an_enterprise_that_the_slower_one_takes_off_is_asked_about(cast, two_tabs):
    visit, tab, address = two_tabs
    other = make_enterprise(cast.office)
    send(cast, tab(note="先来"), address)
    data = {name: value for name, value in tab().items() if not name.startswith("e") or name == "enterprises"}
    page = send(cast, data | {"enterprises": [other.pk]}, address)
    assert [one.label for one in page.context["form"].conflicts] == ["企业"]
    assert told_of(visit)[2] == "先来"
