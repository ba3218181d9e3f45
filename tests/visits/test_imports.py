"""Lists of visits and appeals: author and date from the file, and an appeal's life by the workflow's own table."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.imports.commit import commit
from crm.imports.headers import Synonyms
from crm.imports.resource import get_resource
from crm.imports.staging import create_batch, stage
from crm.imports.undo import undo
from crm.models import ImportBatch
from tests.crm.factories import make_user
from tests.crm.imports import files
from tests.parks.factories import make_enterprise
from tests.visits.factories import WAYS, Cast, local
from visits.actions import StepRefused, delete_appeal, record_call_back, update_visit
from visits.actions.replay import way_to
from visits.choices import AppealStatus as S
from visits.choices import VisitKind
from visits.models import Appeal, AppealEvent, CallBack, Visit, VisitEnterprise

VISITS = ["走访时间", "被走访企业", "走访形式", "走访人", "走访内容"]
NOT_TOLD = (S.DRAFT, S.MERGED, S.SHELVED)
APPEALS = ["企业名称", "诉求内容", "提出时间", "办理状态", "主办单位", "办结时间", "办理结果", "是否解决", "是否满意"]


@pytest.fixture
def run(cast):
    """Stage and commit as the manager."""

    def call(kind: str, header: list[str], *rows: list[str], doubts: bool = False) -> ImportBatch:
        content = files.xlsx([header, *rows])
        options = {"filename": "a.xlsx", "actor": cast.manager, "options": {}, "must_find_header": True}
        batch = stage(create_batch(resource_key=kind, content=content, **options), actor=cast.manager)
        ImportBatch.objects.filter(pk=batch.pk).update(accept_doubts=doubts)
        return commit(batch.pk, actor=cast.manager)

    return call


@pytest.fixture
def cast(office) -> Cast:
    cast = Cast(office)
    for user, name in ((cast.manager, "王主管"), (cast.steward, "李管家")):
        user.name = name
        user.save()
    return cast


def said(batch: ImportBatch) -> str:
    return " ".join(message["message"] for row in batch.rows.all() for message in row.messages)


def test_visits_have_author_date_and_all_their_enterprises(run, office, cast):
    make_enterprise(office, "甲公司")
    make_enterprise(office, "乙公司", uscc=files.code(2))
    row = ["2023-11-05 14:30", f"甲公司、{files.code(2)}", "座谈会", "李管家、王主管", "谈了用工\n和订单"]
    assert run("visits", VISITS, row).results["created"] == 1
    visit = Visit.objects.get()
    assert (visit.started_at, visit.kind, visit.status) == (local("2023-11-05 14:30"), VisitKind.FORUM, "done")
    assert (visit.created_by, set(visit.staff.all())) == (cast.steward, {cast.steward, cast.manager})
    assert (visit.topic, visit.version, visit.created_at) == ("谈了用工", 1, visit.started_at)
    assert VisitEnterprise.objects.count() == 2
    assert visit.history.get().history_user == cast.manager
    assert run("visits", VISITS, row).counts["same"] == 1
    row[4] = "谈了用工"
    assert run("visits", VISITS, row).results["updated"] == 1


def test_visits_and_appeals_are_undone_and_what_was_done_since_is_kept(run, cast):
    visits = run("visits", VISITS, *([f"2023-11-0{day}", cast.firm.name, "走访", "王主管", "甲"] for day in (1, 2)))
    later = Visit.objects.order_by("pk")[0]
    update_visit(later, actor=cast.manager, seen_version=later.version, enterprises=[cast.firm], staff=[], summary="乙")
    undone = undo(visits.pk, actor=cast.manager)
    assert (undone.results["removed"], undone.results["kept"]) == (1, 1)
    assert list(Visit.objects.living()) == [later]
    row = [cast.firm.name, "班车太早", "2023-11-01", "已办结", "规划建设科", "2023-11-10", "已解决", "是", "满意"]
    appeals = run("appeals", APPEALS, row)
    undone = undo(appeals.pk, actor=cast.manager)
    assert not [row.note for row in undone.rows.exclude(note="")]
    assert undone.results["removed"] == 1
    assert not Appeal.objects.living().exists()
    assert run("appeals", APPEALS, [*row[:2], "2023-11-02", *row[3:]]).results["created"] == 1


def test_a_list_that_knows_the_day_only_finds_the_visit_of_that_day(run, cast):
    cast.visit(started_at=local("2023-11-05 16:00"))
    row = ["2023-11-05", cast.firm.name, "走访", "王主管", "企业近况良好"]
    assert run("visits", VISITS, row).counts["same"] == 1


def test_who_left_or_never_had_an_account_stays_in_words(run, cast):
    gone = make_user("gone", cast.office, role="steward")
    gone.is_active = False
    gone.save()
    batch = run("visits", VISITS, ["2023-11-05", cast.firm.name, "", "gone员、赵书记", "近况良好"])
    visit = Visit.objects.get()
    assert visit.created_by == gone
    assert visit.summary == "近况良好\n走访人：赵书记"
    assert "只记入文字" in said(batch)


def test_an_unknown_form_of_visit_waits_for_a_person(run, cast):
    row = ["2023-11-05", cast.firm.name, "飞行检查", "", "近况良好"]
    assert run("visits", VISITS, row).results["skipped"] == 1
    run("visits", VISITS, row, doubts=True)
    assert Visit.objects.get().kind == VisitKind.VISIT


def test_a_visit_to_come_is_a_plan(run, cast):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    run("visits", VISITS, [tomorrow.isoformat(), cast.firm.name, "走访", "", ""])
    assert Visit.objects.get().status == "planned"


@pytest.mark.parametrize(
    ("when", "firm", "message"), [("", None, "没有写走访时间"), ("2023-11-05", "查无公司", "名册中没有")]
)
def test_a_visit_without_day_or_firm_stays_out(run, cast, when, firm, message):
    assert message in said(run("visits", VISITS, [when, firm or cast.firm.name, "", "", "内容"]))
    assert not Visit.objects.exists()


@pytest.mark.parametrize("status", [status for status in WAYS if status not in NOT_TOLD])
def test_the_way_to_every_status_is_the_usual_one(status):
    assert way_to(status) == WAYS[status]


@pytest.mark.parametrize("status", NOT_TOLD)
def test_no_list_can_tell_of_drafts_duplicates_and_what_somebody_must_approve(status):
    with pytest.raises(StepRefused):
        way_to(status)


def test_a_closed_appeal_comes_with_its_events_and_the_enterprises_answer(run, cast):
    row = [cast.firm.name, "班车太早", "2023-11-01", "已办结", "规划建设科", "2023-11-10", "已解决", "是", "基本满意"]
    assert run("appeals", APPEALS, row).results["created"] == 1
    appeal = Appeal.objects.get()
    assert (appeal.status, appeal.lead_unit, appeal.result) == (S.CONFIRMED, cast.lead, "solved")
    assert appeal.number == "SQ20231101-001"
    assert (timezone.localdate(appeal.submitted_at), timezone.localdate(appeal.closed_at)) == (
        dt.date(2023, 11, 1),
        dt.date(2023, 11, 10),
    )
    assert appeal.due_at > appeal.accepted_at
    steps = list(AppealEvent.objects.order_by("pk").values_list("step", "from_status", "to_status"))
    assert [step for step, _, _ in steps] == list(WAYS[S.CONFIRMED])
    assert [(before, after) for _, before, after in steps][1:3] == [
        (S.SUBMITTED, S.ACCEPTED),
        (S.ACCEPTED, S.DISPATCHED),
    ]
    call = CallBack.objects.get()
    assert (call.solved, call.satisfaction, call.is_valid) == ("solved", "basically", True)
    assert run("appeals", APPEALS, row).counts["same"] == 1
    assert Appeal.objects.count() == 1


def test_an_imported_appeal_is_what_the_actions_would_have_made(run, cast):
    """Column by column the same as an appeal taken through the page's own steps at the same times."""
    at = local("2023-11-01 09:00")
    own = cast.draft(at=at, content="甲")
    for step in WAYS[S.CONFIRMED][:-1]:
        own = cast.take(own, step, at=at, **({"joint_units": []} if step == "dispatch" else {}))
    record_call_back(own, actor=cast.manager, is_reached=True, solved="solved", satisfaction="satisfied", at=at)
    own.refresh_from_db()
    header = [*APPEALS, "答复内容"]
    run(
        "appeals",
        header,
        [cast.firm.name, "乙", "2023-11-01", "", "规划建设科", "2023-11-01", "已解决", "是", "满意", own.result_text],
    )
    told = Appeal.objects.get(content="乙")
    # What it is found by follows from number and content.
    apart = {"id", "number", "client_id", "content", "updated_at", "search_text"}
    for field in Appeal._meta.concrete_fields:
        if field.name not in apart:
            assert getattr(told, field.attname) == getattr(own, field.attname), field.name
    for mine, theirs in zip(own.events.order_by("pk"), told.events.order_by("pk"), strict=True):
        assert (mine.step, mine.from_status, mine.to_status, mine.at) == (
            theirs.step,
            theirs.from_status,
            theirs.to_status,
            theirs.at,
        )
        assert _plain(mine.data) == _plain(theirs.data)


def _plain(data: dict) -> dict:
    """One moment is written in the zone in which it was held."""
    return data | {"due_at": dt.datetime.fromisoformat(data["due_at"])} if data.get("due_at") else data


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({}, S.SUBMITTED),
        ({"办理状态": "未办结"}, S.HANDLING),
        ({"办理状态": "办理中", "主办单位": "规划建设科"}, S.HANDLING),
        ({"主办单位": "规划建设科"}, S.HANDLING),
        ({"办结时间": "2023-11-10"}, S.CLOSED),
        ({"办理状态": "不予受理"}, S.REJECTED),
        ({"办理状态": "已回访"}, S.CLOSED),
        ({"是否解决": "是", "是否满意": "不满意"}, S.CONFIRMED),
        ({"办理状态": "已归档", "是否解决": "是", "是否满意": "满意"}, S.ARCHIVED),
        ({"办结时间": "2023-11-10", "是否解决": "否"}, S.CLOSED),
    ],
)
def test_an_appeal_stands_where_its_row_tells(run, cast, cells, status):
    row = {"企业名称": cast.firm.name, "诉求内容": "甲", "提出时间": "2023-11-01"} | cells
    run("appeals", APPEALS, [row.get(title, "") for title in APPEALS])
    assert Appeal.objects.get().status == status


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"办理状态": "已合并"}, "不能从名单导入"),
        ({"办理状态": "随便"}, "状态“随便”不认识"),
        ({"办结时间": "2023-10-01"}, "时间先后不对"),
        ({"提出时间": ""}, "没有写提出时间"),
        ({"诉求内容": ""}, "没有写诉求内容"),
    ],
)
def test_a_row_that_the_workflow_forbids_stays_out(run, cast, cells, message):
    row = {"企业名称": cast.firm.name, "诉求内容": "甲", "提出时间": "2023-11-01"} | cells
    assert message in said(run("appeals", APPEALS, [row.get(title, "") for title in APPEALS]))
    assert not Appeal.objects.exists()


def test_a_list_never_moves_an_appeal_that_is_on_record(run, cast):
    row = [cast.firm.name, "甲", "2023-11-01", "办理中", "规划建设科", "", "", "", ""]
    run("appeals", APPEALS, row)
    batch = run("appeals", APPEALS, [*row[:3], "已办结", "规划建设科", "2023-11-10", "已解决", "是", "满意"])
    assert batch.counts["same"] == 1
    assert "请在诉求页办理" in said(batch)
    assert Appeal.objects.get().status == S.HANDLING


def test_numbers_of_the_list_are_kept_and_others_run_on(run, cast):
    cast.draft(at=local("2023-11-01 10:00"))
    header = ["工单编号", *APPEALS]
    rows = [
        [number, cast.firm.name, text, "2023-11-01", *[""] * 6]
        for number, text in (("BJ1", "甲"), ("", "乙"), ("", "丙"))
    ]
    run("appeals", header, *rows)
    assert set(Appeal.objects.values_list("number", flat=True)) == {
        "BJ1", "SQ20231101-001", "SQ20231101-002", "SQ20231101-003",
    }  # fmt: skip
    assert run("appeals", header, *rows).counts["same"] == 3


def test_a_number_that_lies_in_the_bin_stays_out_and_says_where_it_is(run, cast):
    header = ["工单编号", *APPEALS]
    row = ["BJ1", cast.firm.name, "甲", "2023-11-01", *[""] * 6]
    run("appeals", header, row)
    delete_appeal(Appeal.objects.get(), actor=cast.manager)
    batch = run("appeals", header, row, ["BJ2", *row[1:2], "乙", *row[3:]])
    assert (batch.counts["error"], batch.counts["new"]) == (1, 1)
    assert "请先在回收站恢复它" in said(batch)
    assert list(Appeal.objects.living().values_list("number", flat=True)) == ["BJ2"]


def test_appeals_cost_no_query_per_row(cast, django_assert_max_num_queries):
    rows = [
        [cast.firm.name, f"诉求{n}", "2023-11-01", "已办结", "规划建设科", "2023-11-10", "已解决", "是", "满意"]
        for n in range(60)
    ]
    batch = create_batch(
        resource_key="appeals", content=files.xlsx([APPEALS, *rows]), filename="a.xlsx", actor=cast.manager, options={},
        must_find_header=True,
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        stage(batch, actor=cast.manager)
        commit(batch.pk, actor=cast.manager)
    assert (Appeal.objects.count(), CallBack.objects.count()) == (60, 60)


@pytest.mark.parametrize("kind", ["visits", "appeals"])
def test_every_header_is_found(kind):
    resource = get_resource(kind)
    synonyms = Synonyms(resource)
    for column in resource.columns:
        assert synonyms.find(column.label) == (column.key, 2)
        for header in column.strong:
            assert synonyms.find(header)[1] == 2, header


@pytest.mark.parametrize(("kind", "role"), [("visits", "steward"), ("appeals", "steward"), ("visits", "viewer")])
def test_who_may_not_write_for_others_sees_no_door(client, users, kind, role):
    client.force_login(users[role])
    assert client.get(f"/system/imports/new/?kind={kind}").status_code in (403, 404)
