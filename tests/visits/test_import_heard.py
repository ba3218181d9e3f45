"""What lists of visits tell of each enterprise: out and in again the same, changed, and undone."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.export import Export, write_csv, write_xlsx
from crm.imports.resource import get_resource
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from crm.models.imports import ImportMode
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from tests.visits.factories import Cast
from visits import actions
from visits.actions import NewSuggestion, Part
from visits.choices import VisitStatus
from visits.models import Question, Suggestion, Visit, VisitAnswer, VisitEnterprise, WarningFlag

WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


@pytest.fixture
def cast(office) -> Cast:
    cast = Cast(office)
    cast.manager.name = "王主管"
    cast.manager.save()
    return cast


@pytest.fixture
def questions(cast) -> dict[str, Question]:
    wanted = {
        "choice": {"text": "经营趋势？", "choices": "上升\n平稳；略降"},
        "number": {"text": "员工人数"},
        "date": {"text": "租约到期日", "flag": "lease", "flag_when": "180"},
        "yes_no": {"text": "有搬迁打算吗？", "flag": "move"},
        "text": {"text": "主要困难：一句话"},
    }
    return {
        kind: actions.add_question(actor=cast.manager, answer_type=kind, **fields) for kind, fields in wanted.items()
    }


@pytest.fixture
def visit(cast, office, questions) -> Visit:
    """Two came and one did not; everything is said that can be said."""
    first, second, absent = (make_enterprise(office, f"{word}公司") for word in ("甲", "乙", "丙"))
    answers = (
        (questions["choice"], "平稳；略降"), (questions["number"], Decimal("120.5")),
        (questions["date"], dt.date(2027, 1, 31)), (questions["yes_no"], False), (questions["text"], "用电；房租：高"),
    )  # fmt: skip
    parts = {
        first.pk: Part(attendees="陈经理、李总", note="一切正常\n想扩租：两层", answers=answers),
        second.pk: Part(attendees="王工", answers=((questions["yes_no"], True),)),
        absent.pk: Part(has_attended=False, note="请假"),
    }
    heard = [
        NewSuggestion(content="延长班车\n到夜里", enterprise=first),
        NewSuggestion(content="多办：政策宣讲"),
    ]
    return cast.visit(first, second, absent, parts=parts, suggestions=heard)


def written(user, kind: str = "xlsx") -> bytes:
    resource, buffer = get_resource("visits"), io.BytesIO()
    rows = Visit.objects.visible_to(user).order_by("pk")
    WRITERS[kind](buffer, Export(resource, resource.export_rows(rows), resource.label, "王"))
    return buffer.getvalue()


def staged(user, content: bytes, kind: str = "xlsx") -> ImportBatch:
    batch = create_batch(
        resource_key="visits", content=content, filename=f"a.{kind}", actor=user, options={}, must_find_header=True
    )
    return stage(batch, actor=user)


def told(visit: Visit) -> dict[str, Any]:
    """Everything that is kept of the enterprises of a visit, apart from keys."""
    pairs = VisitEnterprise.objects.filter(visit=visit).order_by("enterprise__name")
    answers = VisitAnswer.objects.filter(pair__visit=visit)
    suggestions = Suggestion.objects.filter(visit=visit)
    return {
        "pairs": list(pairs.values_list("enterprise__name", "has_attended", "attendees", "note")),
        "answers": {(row.pair.enterprise.name, row.question.text, row.value) for row in answers},
        "suggestions": {(row.enterprise and row.enterprise.name, row.content) for row in suggestions},
        "state": (visit.status, visit.cancel_reason),
    }


@pytest.mark.parametrize("kind", WRITERS)
def test_what_was_said_of_each_enterprise_comes_back_the_same(cast, visit, kind):
    batch = staged(cast.manager, written(cast.manager, kind), kind)
    [row] = batch.rows.all()
    assert (row.verdict, row.changes, row.messages) == ("same", [], [])


def test_where_the_visit_is_missing_it_is_made_with_all_that_was_said_and_taken_back(cast, visit):
    content, before = written(cast.manager), told(visit)
    VisitAnswer.objects.all().delete()
    WarningFlag.objects.all().delete()
    Suggestion.objects.all().delete()
    Visit.objects.all().delete()
    batch = commit(staged(cast.manager, content).pk, actor=cast.manager)
    made = Visit.objects.get()
    # A line a suggestion: what was on two lines is on one.
    before["suggestions"] = {("甲公司", "延长班车 到夜里"), (None, "多办：政策宣讲")}
    assert told(made) == before
    assert not WarningFlag.objects.exists()
    assert staged(cast.manager, content).rows.get().verdict == "same"
    undone = undo(batch.pk, actor=cast.manager)
    assert (undone.results["removed"], undone.results["kept"]) == (1, 0)
    assert not Visit.objects.living().exists()


def test_what_the_list_says_otherwise_is_shown_written_with_consent_and_undone(cast, visit):
    before = told(visit)
    content = written(cast.manager)
    first, second = VisitEnterprise.objects.filter(visit=visit, has_attended=True).order_by("enterprise__name")
    # The register is changed after the list was written.
    VisitEnterprise.objects.filter(pk=second.pk).update(attendees="赵工", has_attended=False)
    VisitAnswer.objects.filter(pair=first, question__text="员工人数").update(number=7)
    VisitAnswer.objects.filter(pair=second).delete()
    Suggestion.objects.filter(enterprise=None).delete()
    changed = told(visit)
    batch = staged(cast.manager, content)
    [row] = batch.rows.all()
    assert [change["label"] for change in row.changes] == ["缺席企业", "企业参加人", "问卷答案", "提出建议"]
    assert [change["by_hand"] for change in row.changes] == [True, True, True, False]
    ImportBatch.objects.filter(pk=batch.pk).update(mode=ImportMode.OVERWRITE, overwrite_edited=True)
    batch = commit(batch.pk, actor=cast.manager)
    before["suggestions"] = {("甲公司", "延长班车\n到夜里"), (None, "多办：政策宣讲")}
    assert told(visit) == before
    undo(batch.pk, actor=cast.manager)
    assert told(visit) == changed


def test_without_consent_nothing_that_was_typed_is_overwritten(cast, visit):
    content = written(cast.manager)
    VisitEnterprise.objects.filter(visit=visit, attendees="王工").update(attendees="赵工")
    batch = staged(cast.manager, content)
    ImportBatch.objects.filter(pk=batch.pk).update(mode=ImportMode.OVERWRITE)
    commit(batch.pk, actor=cast.manager)
    assert VisitEnterprise.objects.filter(visit=visit, attendees="赵工").exists()


def test_a_cancelled_visit_and_a_plan_whose_day_has_passed_stay_what_they_are(cast, time_machine_at):
    today = timezone.now()
    plan = cast.visit(started_at=today + dt.timedelta(days=2), at=today)
    called_off = cast.visit(started_at=today + dt.timedelta(days=3), at=today)
    actions.cancel_visit(called_off, actor=cast.manager, reason="企业出差")
    content = written(cast.manager)
    Visit.objects.all().delete()
    time_machine_at(today + dt.timedelta(days=10))
    commit(staged(cast.manager, content).pk, actor=cast.manager)
    states = list(Visit.objects.order_by("started_at").values_list("status", "cancel_reason"))
    assert states == [(VisitStatus.PLANNED, ""), (VisitStatus.CANCELLED, "企业出差")]
    assert plan.started_at < timezone.now()


def test_lines_of_strangers_and_questions_that_nobody_asks_are_named_and_left_out(cast, office, questions, others):
    make_enterprise(office, "甲公司")
    make_enterprise(others.office, "外地公司")
    header = ["走访时间", "企业名称", "走访内容", "缺席企业", "企业参加人", "问卷答案"]
    cells = ["2026-11-05 10:00", "甲公司", "谈了用电", "外地公司", "陈经理", "员工人数：很多；没有这一题：是"]
    batch = staged(cast.manager, files.xlsx([header, cells]))
    said = " ".join(message["message"] for message in batch.rows.get().messages)
    assert "缺席的“外地公司”不在这次走访的企业中" in said
    assert "“员工人数”的答案“很多；没有这一题：是”看不懂" in said
    commit(batch.pk, actor=cast.manager)
    pair = VisitEnterprise.objects.get(visit__summary="谈了用电")
    assert (pair.enterprise.name, pair.has_attended, pair.attendees) == ("甲公司", True, "陈经理")
    assert not VisitAnswer.objects.exists()
