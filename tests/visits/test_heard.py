"""What a visit hears: answers that keep their question, red flags that are not doubled, suggestions answered."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from parks.actions import merge_enterprises
from tests.parks.factories import make_enterprise
from tests.visits.factories import START
from visits import actions
from visits.actions import NewSuggestion, Part, StepRefused
from visits.models import Question, Suggestion, Visit, VisitAnswer, WarningFlag

pytestmark = pytest.mark.django_db

DAY = START.date()
ON_THE_NEXT_DAY = {"started_at": START + timedelta(days=1), "at": START + timedelta(days=1)}


def ask(cast, **fields) -> Question:
    defaults = {"text": "扩产吗", "answer_type": "yes_no", "kind": "visit", "valid_from": date(2020, 1, 1)}
    return Question.objects.create(organisation=cast.office, **(defaults | fields))


def told(firm, *answers, **fields) -> dict[int, Part]:
    return {firm.pk: Part(answers=tuple(answers), **fields)}


def again(visit, cast, **fields) -> Visit:
    firms = fields.pop("enterprises", [cast.firm])
    return actions.update_visit(visit, actor=cast.manager, enterprises=firms, staff=[], **fields)


# Questions


def test_an_institution_without_questions_of_its_own_asks_the_common_ones(cast, others):
    common = set(Question.objects.filter(organisation=None))
    assert {question.kind for question in common} == {"visit", "forum", "breakfast"}
    assert set(Question.objects.asked_by(cast.office.pk)) == common
    actions.own_questions("visit", actor=cast.manager)
    mine = Question.objects.asked_by(cast.office.pk)
    assert {q.organisation for q in mine.filter(kind="visit")} == {cast.office}
    assert [q.text for q in mine.filter(kind="visit")] == [q.text for q in common_of(common, "visit")]
    assert {q.organisation for q in mine.exclude(kind="visit")} == {None}
    assert set(Question.objects.asked_by(others.office.pk)) == common
    assert not Question.objects.visible_to(others.manager).filter(organisation=cast.office).exists()


def common_of(questions, kind: str) -> list[Question]:
    return sorted((q for q in questions if q.kind == kind), key=lambda q: q.position)


def test_having_a_set_of_ones_own_twice_makes_it_once(cast):
    for _ in "ab":
        actions.own_questions("forum", actor=cast.manager)
    assert Question.objects.filter(organisation=cast.office).count() == 3


def test_a_question_added_comes_after_the_common_ones_and_all_may_be_retired(cast):
    actions.add_question(actor=cast.manager, kind="forum", text="还缺什么", answer_type="text")
    mine = Question.objects.filter(organisation=cast.office)
    assert mine.count() == 4
    for question in mine:
        actions.retire_question(question, actor=cast.manager)
    assert not Question.objects.asked_by(cast.office.pk).in_force(date.today()).filter(kind="forum").exists()


def test_a_question_nobody_answered_is_changed_in_place(cast):
    question = ask(cast)
    assert actions.change_question(question, actor=cast.manager, text="增资吗").pk == question.pk


def test_a_question_once_answered_keeps_its_meaning_and_its_answers(cast):
    question = ask(cast)
    visit = cast.visit(parts=told(cast.firm, (question, True)))
    new = actions.change_question(question, actor=cast.manager, text="增资吗", is_required=True)
    question.refresh_from_db()
    assert (question.text, question.valid_to, new.text, new.lineage) == (
        "扩产吗", new.valid_from, "增资吗", question.lineage,
    )  # fmt: skip
    assert str(visit.pairs.get().answers.get()) == "扩产吗：是"
    assert list(Question.objects.asked_by(cast.office.pk).in_force(new.valid_from).filter(kind="visit")) == [new]
    with pytest.raises(StepRefused, match="已有新版本"):
        actions.change_question(question, actor=cast.manager, text="第三版")


def test_its_order_may_change_after_it_was_answered(cast):
    question = ask(cast)
    cast.visit(parts=told(cast.firm, (question, True)))
    assert actions.change_question(question, actor=cast.manager, position=3, is_required=True).pk == question.pk


def test_a_retired_question_comes_back_unless_a_newer_version_took_its_place(cast):
    question = ask(cast)
    actions.retire_question(question, actor=cast.manager)
    assert actions.resume_question(question, actor=cast.manager).valid_to is None
    cast.visit(parts=told(cast.firm, (question, True)))
    actions.change_question(question, actor=cast.manager, text="增资吗")
    with pytest.raises(StepRefused, match="已有新版本"):
        actions.resume_question(question, actor=cast.manager)


def test_common_questions_and_those_of_others_are_not_changed(cast, others):
    for question in (Question.objects.filter(organisation=None).first(), ask(others)):
        with pytest.raises(StepRefused):
            actions.change_question(question, actor=cast.manager, text="改")
        with pytest.raises(StepRefused):
            actions.retire_question(question, actor=cast.manager)


# Answers


@pytest.mark.parametrize(
    ("answer_type", "value", "shown"),
    [
        ("text", "缺电", "缺电"),
        ("number", Decimal("12.50"), "12.5"),
        ("number", Decimal(0), "0"),
        ("choice", "没有", "没有"),
        ("date", date(2027, 3, 1), "2027-03-01"),
        ("yes_no", False, "否"),
    ],
)
def test_an_answer_is_kept_in_its_type(cast, answer_type, value, shown):
    question = ask(cast, answer_type=answer_type, choices="没有\n有" if answer_type == "choice" else "")
    visit = cast.visit(parts=told(cast.firm, (question, value)))
    answer = visit.pairs.get().answers.get()
    assert (answer.value, answer.shown) == (value, shown)


def test_a_correction_changes_takes_away_and_leaves_answers(cast):
    changed, gone, left = (ask(cast, text=text, answer_type="text") for text in "甲乙丙")
    visit = cast.visit(parts=told(cast.firm, (changed, "一"), (gone, "二"), (left, "三")))
    again(visit, cast, parts=told(cast.firm, (changed, "新"), (gone, "")))
    assert [answer.text for answer in visit.pairs.get().answers.all()] == ["新", "三"]


def test_an_answer_that_says_nothing_cannot_be(cast):
    question = ask(cast)
    pair = cast.visit().pairs.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitAnswer.objects.create(pair=pair, question=question)


# Red flags


@pytest.mark.parametrize(
    ("fields", "value", "warns"),
    [
        ({"answer_type": "yes_no"}, True, True),
        ({"answer_type": "yes_no"}, False, False),
        ({"answer_type": "choice", "choices": "没有\n在考虑", "flag_when": "在考虑、已定"}, "在考虑", True),
        ({"answer_type": "choice", "choices": "没有\n在考虑", "flag_when": "在考虑、已定"}, "没有", False),
        ({"answer_type": "date", "flag_when": "180"}, DAY + timedelta(days=180), True),
        ({"answer_type": "date", "flag_when": "180"}, DAY + timedelta(days=181), False),
        ({"answer_type": "date"}, DAY - timedelta(days=1), True),
        ({"answer_type": "number", "flag_when": "2"}, Decimal(2), True),
        ({"answer_type": "number", "flag_when": "2"}, Decimal(3), False),
        ({"answer_type": "text"}, "有", True),
        ({"answer_type": "text"}, "", False),
        ({"answer_type": "yes_no", "flag": ""}, True, False),
    ],
)
def test_an_answer_raises_the_flag_of_its_question(cast, fields, value, warns):
    question = ask(cast, **({"flag": "move"} | fields))
    cast.visit(parts=told(cast.firm, (question, value)))
    assert [flag.kind for flag in WarningFlag.objects.all()] == ["move"] * warns


@pytest.mark.parametrize(("days", "level"), [(90, "high"), (91, "medium")])
def test_a_lease_that_ends_soon_is_graver(cast, days, level):
    question = ask(cast, text="租约到哪天？", answer_type="date", flag="lease")
    cast.visit(parts=told(cast.firm, (question, DAY + timedelta(days=days))))
    flag = WarningFlag.objects.get()
    assert (flag.level, flag.detail) == (level, f"租约到哪天：{DAY + timedelta(days=days)}")


def test_what_is_ticked_and_what_is_answered_are_one_flag(cast):
    question = ask(cast, text="搬吗", flag="move")
    cast.visit(parts=told(cast.firm, (question, True), flags=("move", "risk"), flag_detail="房东要卖楼"))
    assert {flag.kind: flag.detail for flag in WarningFlag.objects.all()} == {
        "move": "房东要卖楼；搬吗：是",
        "risk": "房东要卖楼",
    }


def test_the_same_flag_found_again_while_open_is_updated_not_doubled(cast):
    first = cast.visit(parts=told(cast.firm, flags=("move",), flag_detail="在考虑"))
    later = START + timedelta(days=30)
    second = cast.visit(parts=told(cast.firm, flags=("move",), flag_detail="已看好房"), started_at=later, at=later)
    flag = WarningFlag.objects.get()
    assert (flag.detail, flag.raised_at, flag.confirmed_at) == ("已看好房", START, later)
    assert set(flag.visits.all()) == {first, second}


def test_after_it_was_handled_a_later_visit_raises_it_anew_and_a_correction_does_not(cast):
    visit = cast.visit(parts=told(cast.firm, flags=("move",)))
    actions.handle_flag(WarningFlag.objects.get(), actor=cast.manager, note="已约谈")
    again(visit, cast, parts=told(cast.firm, flags=("move",)))
    assert not WarningFlag.objects.open().exists()
    cast.visit(parts=told(cast.firm, flags=("move",)), **ON_THE_NEXT_DAY)
    assert WarningFlag.objects.open().count() == 1


def test_unticked_in_a_correction_it_is_gone_unless_another_visit_found_it(cast):
    visit = cast.visit(parts=told(cast.firm, flags=("move", "risk")))
    other = cast.visit(parts=told(cast.firm, flags=("risk",)), **ON_THE_NEXT_DAY)
    again(visit, cast, parts=told(cast.firm))
    flag = WarningFlag.objects.get()
    assert (flag.kind, list(flag.visits.all())) == ("risk", [other])


def test_a_correction_that_tells_nothing_leaves_flags_and_one_without_the_enterprise_takes_them(cast):
    visit = cast.visit(parts=told(cast.firm, flags=("move",)))
    again(visit, cast)
    assert WarningFlag.objects.count() == 1
    again(visit, cast, enterprises=[make_enterprise(cast.office)])
    assert not WarningFlag.objects.exists()


def test_a_plan_warns_of_nothing(cast):
    cast.visit(parts=told(cast.firm, flags=("move",)), started_at=START + timedelta(days=2))
    assert not WarningFlag.objects.exists()


def test_handling_needs_a_word_and_counts_once(cast):
    cast.visit(parts=told(cast.firm, flags=("move",)))
    flag = WarningFlag.objects.get()
    with pytest.raises(StepRefused, match="请写明怎么处理"):
        actions.handle_flag(flag, actor=cast.manager, note=" ")
    first = actions.handle_flag(flag, actor=cast.manager, note="已约谈")
    second = actions.handle_flag(flag, actor=cast.manager, note="已约谈")
    assert first.handled_at == second.handled_at
    with pytest.raises(StepRefused, match="这条预警已由"):
        actions.handle_flag(flag, actor=cast.desk, note="我来")


def test_handling_is_undone_unless_the_same_was_found_again(cast):
    cast.visit(parts=told(cast.firm, flags=("move",)))
    flag = actions.handle_flag(WarningFlag.objects.get(), actor=cast.manager, note="已约谈")
    assert actions.reopen_flag(flag).handled_note == ""
    actions.handle_flag(flag, actor=cast.manager, note="已约谈")
    cast.visit(parts=told(cast.firm, flags=("move",)), **ON_THE_NEXT_DAY)
    with pytest.raises(StepRefused, match="又有一条同类预警"):
        actions.reopen_flag(flag)


def test_a_flag_leaves_with_its_visit_or_enterprise_and_comes_back(cast):
    visit = cast.visit(parts=told(cast.firm, flags=("move",)))
    seen = WarningFlag.objects.visible_to(cast.manager)
    assert seen.exists()
    actions.delete_visit(visit, actor=cast.manager)
    assert not seen.exists()
    actions.restore_visit(visit, actor=cast.manager)
    assert seen.exists()


def test_others_see_neither_flags_nor_answers_nor_suggestions(cast, others):
    question = ask(cast)
    visit = cast.visit(parts=told(cast.firm, (question, True), flags=("move",)))
    suggestion = [NewSuggestion(content="建个食堂", enterprise=cast.firm)]
    again(visit, cast, suggestions=suggestion)
    for model in (WarningFlag, VisitAnswer, Suggestion):
        assert model.objects.visible_to(cast.manager).count() == 1
        assert not model.objects.visible_to(others.manager).exists()
        # A steward who neither went nor looks after the enterprise.
        assert not model.objects.visible_to(cast.steward).exists()


def test_a_merge_takes_flags_and_suggestions_along_and_never_makes_two_open_ones(cast):
    kept = make_enterprise(cast.office)
    for firm, kinds in ((kept, ("move",)), (cast.firm, ("move", "risk"))):
        new = [NewSuggestion(content="建食堂", enterprise=firm)]
        cast.visit(firm, parts=told(firm, flags=kinds), suggestions=new)
    merge_enterprises(kept, cast.firm, actor=cast.manager, take=[], seen=(kept.version, cast.firm.version))
    seen = WarningFlag.objects.visible_to(cast.manager)
    assert sorted(seen.values_list("enterprise", "kind")) == [(kept.pk, "move"), (kept.pk, "risk")]
    assert Suggestion.objects.filter(enterprise=kept).count() == 2


def test_a_handled_flag_moves_even_when_the_survivor_has_an_open_one(cast):
    kept = make_enterprise(cast.office)
    cast.visit(kept, parts=told(kept, flags=("move",)))
    cast.visit(parts=told(cast.firm, flags=("move",)))
    actions.handle_flag(WarningFlag.objects.get(enterprise=cast.firm), actor=cast.manager, note="已约谈")
    merge_enterprises(kept, cast.firm, actor=cast.manager, take=[], seen=(kept.version, cast.firm.version))
    assert WarningFlag.objects.filter(enterprise=kept).count() == 2


# Suggestions


def test_a_suggestion_is_kept_once_and_answered(cast):
    key = "7b0f1c52-6a8e-4c11-9d8e-444444444444"
    new = NewSuggestion(content="建个食堂", category="environment", enterprise=cast.firm, client_id=key)
    visit = cast.visit(suggestions=[new])
    again(visit, cast, suggestions=[new])
    row = Suggestion.objects.get()
    assert (row.status, row.visit, row.organisation) == ("pending", visit, cast.office)
    with pytest.raises(StepRefused, match="请写下答复"):
        actions.reply_suggestion(row, actor=cast.desk, status="declined", reply="")
    row = actions.reply_suggestion(row, actor=cast.desk, status="adopted", reply="列入明年计划")
    assert (row.status, row.replied_by) == ("adopted", cast.desk)
    row = actions.reply_suggestion(row, actor=cast.desk, status="pending", reply="")
    assert (row.reply, row.replied_at) == ("", None)


def test_suggestions_of_a_period_are_those_of_its_living_visits(cast):
    cast.visit(kind="grassroots", suggestions=[NewSuggestion(content="修路")])
    later = cast.visit(
        suggestions=[NewSuggestion(content="建食堂")],
        started_at=START + timedelta(hours=5),
        at=START + timedelta(hours=6),
    )
    rows = Suggestion.objects.raised_within(START, START + timedelta(days=1))
    assert rows.count() == 2
    assert Suggestion.objects.raised_within(START, START + timedelta(hours=5)).count() == 1
    actions.delete_visit(later, actor=cast.manager)
    assert rows.count() == 1


# Where it is told


def test_an_export_names_who_was_absent_what_was_answered_and_suggested(client, cast):
    absent = make_enterprise(cast.office)
    question = ask(cast)
    parts = told(cast.firm, (question, True), attendees="陈经理") | {absent.pk: Part(has_attended=False)}
    cast.visit(cast.firm, absent, parts=parts, suggestions=[NewSuggestion(content="建个食堂")])
    client.force_login(cast.manager)
    text = b"".join(client.get(reverse("visits:visit_export") + "?format=csv").streaming_content).decode("utf-8-sig")
    head, line = (row for row in csv.reader(text.splitlines()) if len(row) > 3)
    row = dict(zip(head, line, strict=True))
    assert {name: row[name] for name in ("缺席企业", "企业参加人", "问卷答案", "提出建议")} == {
        "缺席企业": absent.name,
        "企业参加人": f"{cast.firm.name}：陈经理",
        "问卷答案": f"{cast.firm.name}：扩产吗：是",
        "提出建议": "建个食堂",
    }


def test_the_api_the_timeline_and_the_enterprises_next_things_tell_it_too(client, cast):
    question = ask(cast)
    cast.visit(parts=told(cast.firm, (question, True), flags=("move",), flag_detail="房东卖楼", attendees="陈经理"))
    client.force_login(cast.manager)
    (pair,) = client.get(reverse("visits:visit_api-list")).json()["results"][0]["pairs"]
    assert (pair["attendees"], pair["answers"]) == ("陈经理", [{"question": "扩产吗", "answer": "是"}])
    timeline = client.get(reverse("visits:enterprise_timeline", args=[cast.firm.pk])).text
    for words in ("扩产吗", "陈经理", "搬迁外迁 · 房东卖楼"):
        assert words in timeline, words
    for page in (reverse("visits:enterprise_next", args=[cast.firm.pk]), reverse("visits:today")):
        assert "房东卖楼" in client.get(page).text, page
    actions.handle_flag(WarningFlag.objects.get(), actor=cast.manager, note="已约谈房东")
    assert "房东卖楼" not in client.get(reverse("visits:enterprise_next", args=[cast.firm.pk])).text
    assert "已约谈房东" in client.get(reverse("visits:enterprise_timeline", args=[cast.firm.pk])).text
