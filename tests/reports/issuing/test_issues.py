"""A report from draft to issue: computed once, reviewed by another, final when issued, corrected by another issue."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from pypdf import PdfReader

from crm.models import AuditEntry
from parks.models import Park
from reports import actions
from reports.actions.files import current_fingerprint
from reports.documents.copy import PLAIN
from reports.documents.kinds import KIND_BY_KEY
from reports.figures import drilldown
from reports.issuing.frozen import sha256
from reports.issuing.keys import unpack
from reports.issuing.proof import ALPHABET, code_typed, new_code
from reports.issuing.steps import DRAFT, DROPPED, ISSUED, LABELS, OPEN, REVIEW, REVIEWED, STEPS
from reports.issuing.wording import Words
from reports.metrics import METRIC_BY_KEY, METRICS
from reports.models import FrozenRows, IssuedFile, ReportIssue
from reports.renderers import RENDERERS
from reports.report import Definition
from reports.screens.revisions import revisions
from tests.crm.factories import make_user
from tests.reports.issues import Desk
from tests.reports.pdf_text import text_of
from tests.reports.world import World, at

pytestmark = pytest.mark.django_db
WORDS = Words(
    ("本月走访有力。", "诉求办结及时。"), (Definition("某公司班车", "需求：太早。做法：延后。"),), ("加强走访",)
)


@pytest.fixture
def desk(full: World) -> Desk:
    return Desk(full)


# Drafting


def test_a_special_report_on_one_matter_is_drafted_issued_and_known_by_it(desk):
    scope = replace(desk.world.scope(now="2023-12-01 09:00", user=desk.manager), category="policy")
    issue = actions.draft_report(KIND_BY_KEY["special"], scope, at=scope.now)
    other = actions.draft_report(KIND_BY_KEY["special"], replace(scope, category="space"), at=scope.now)
    assert (issue.title, other.title) == ("企业诉求专报：政策兑现", "企业诉求专报：用房用地")
    assert issue.computed.narrowed_to == ("政策兑现",)
    for step in ("submit", "approve", "issue"):
        issue = desk.take(issue, step)
    with issue.files.get(format="pdf").file.open("rb") as file:
        assert "（2023年11月政策兑现）" in text_of(file.read())
    assert revisions(issue, desk.manager) == []
    assert actions.correct_report(issue, actor=desk.manager).version == 2


@pytest.mark.parametrize(("kind", "period"), [("yearly", "2023-11"), ("daily", "2023-11"), ("special", "2023-11")])
def test_what_no_document_of_the_kind_can_be_about_is_not_drafted_whoever_asks(desk, kind, period):
    with pytest.raises(actions.ReportRefused, match=r"统计期间不能是|针对一个事项"):
        desk.draft(period, kind)
    assert not ReportIssue.objects.exists()


def test_a_draft_keeps_the_report_and_exactly_the_rows_behind_every_figure(desk):
    issue = desk.draft()
    scope = desk.world.scope(now="2023-12-01 09:00", user=desk.manager)
    assert issue.status == DRAFT
    assert [one.key for one in issue.computed.figures] == [metric.key for metric in METRICS]
    for metric in METRICS:
        kept = {row.part: row for row in issue.frozen_rows.filter(figure=metric.key)}
        rows = drilldown.rows_behind(metric, scope)
        assert kept[""].keys == sorted(rows.values_list("pk", flat=True)), metric.key
        assert kept[""].record_model is rows.model
        for part in metric.parts() if metric.parts else ():
            assert kept[part].keys == sorted(rows.filter(**{f"part_{part}": True}).values_list("pk", flat=True))
        assert kept.keys() == {"", *(metric.parts() if metric.parts else ())}


def test_rows_of_another_organisation_are_not_in_it(desk, elsewhere):
    issue = desk.draft()
    own = {row.figure: row.count for row in issue.frozen_rows.all() if not row.part}
    assert (
        Desk(elsewhere).draft().frozen_rows.get(figure="enterprise_visits", part="").count == own["enterprise_visits"]
    )
    assert own["appeals_received"] == 21


def test_the_rules_it_was_counted_by_are_kept(desk, settings):
    issue = desk.draft()
    settings.YQT = settings.YQT | {"BASICALLY_SATISFIED_COUNTS": 0}
    rules = {one.label: one.text for one in ReportIssue.objects.get(pk=issue.pk).rules_used}
    assert rules["BASICALLY_SATISFIED_COUNTS"] == '"0.9"'
    assert rules.keys() == settings.YQT.keys() - {"OFFICIAL_FONTS_DIR"}


def test_drafting_again_finds_the_draft_that_is_there(desk):
    issue = desk.draft()
    assert desk.draft() == issue
    assert desk.draft("2023-10") != issue
    assert ReportIssue.objects.count() == 2


def test_a_draft_that_was_dropped_makes_room_for_another(desk):
    first = desk.take(desk.draft(), "drop")
    second = desk.draft()
    assert (first.status, second.status, second.version) == (DROPPED, DRAFT, 1)


def test_who_sees_only_the_own_records_drafts_no_report_and_a_unit_drafts_its_own(desk):
    own = make_user("own", desk.world.office, role="manager", scope="own")
    with pytest.raises(actions.ReportRefused, match="只看本人"):
        desk.draft(user=own)
    unit = make_user("unit", desk.world.unit, role="manager", scope="unit")
    assert desk.draft(user=unit).organisation == desk.world.unit
    of_institution = make_user("in_unit", desk.world.unit, role="manager")
    assert desk.draft(user=of_institution).organisation == desk.world.office
    with pytest.raises(actions.ReportRefused, match="不能起草"):
        desk.draft(user=desk.leader)


def test_a_report_of_one_park_is_another_report(desk):
    park = Park.objects.create(organisation=desk.world.office, name="东区")
    scope = replace(desk.world.scope(user=desk.manager), park=park)
    assert actions.draft_report(KIND_BY_KEY["appeals"], scope) != desk.draft()


def test_counting_anew_takes_the_records_of_now_and_leaves_the_words(desk):
    issue = actions.edit_words(desk.draft(), WORDS, actor=desk.manager)
    desk.world.visit("2023-11-20")
    again = actions.recompute_report(issue, actor=desk.manager, seen=issue.edition)
    figure = again.computed.figure("enterprise_visits")
    assert (issue.computed.figure("enterprise_visits").value, figure.value) == (3, 4)
    assert again.frozen_rows.get(figure="enterprise_visits", part="").count == 4
    assert again.own_words == WORDS


def test_while_records_change_between_figures_and_rows_nothing_is_drafted(desk, monkeypatch):
    rows = drilldown.rows_behind

    def one_less(metric, scope, part=""):
        found = rows(metric, scope, part)
        return found.exclude(pk=found.order_by("pk").values("pk")[:1]) if metric.key == "appeals_received" else found

    monkeypatch.setattr(drilldown, "rows_behind", one_less)
    with pytest.raises(actions.ReportRefused, match="正在修改记录"):
        desk.draft()
    assert not ReportIssue.objects.exists()


# Words


def test_words_stand_in_their_places_and_the_computed_text_stays(desk):
    issue = actions.edit_words(desk.draft(), WORDS, actor=desk.manager)
    printed = issue.to_print()
    assert printed.summary == WORDS.summary
    assert [part.key for part in printed.parts][-3:] == ["cases", "next_steps", "definitions"]
    assert issue.computed.summary != WORDS.summary
    assert printed.figures == issue.computed.figures
    text = text_of(RENDERERS["pdf"].render(printed, PLAIN))
    assert "本月走访有力。" in text
    assert "加强走访" in text
    assert issue.computed.summary[0] not in text


def test_the_same_words_twice_are_one_edit_and_words_over_a_newer_edition_are_refused(desk):
    issue = desk.draft()
    first = actions.edit_words(issue, WORDS, actor=desk.manager, seen=1)
    assert actions.edit_words(issue, WORDS, actor=desk.manager, seen=1).edition == first.edition == 2
    with pytest.raises(actions.ReportRefused, match="修改过"):
        actions.edit_words(issue, Words(("别的",)), actor=desk.manager, seen=1)
    assert actions.edit_words(issue, Words(), actor=desk.manager, seen=2).to_print().summary == issue.computed.summary


@pytest.mark.parametrize("status", [REVIEW, REVIEWED, ISSUED])
def test_only_a_draft_is_changed(desk, status):
    issue = desk.at(status)
    for change in (
        lambda: actions.edit_words(issue, WORDS, actor=desk.manager),
        lambda: actions.recompute_report(issue, actor=desk.manager),
    ):
        with pytest.raises(actions.ReportRefused, match="不能修改"):
            change()


# Steps

PEOPLE = ("manager", "leader", "viewer", "steward", "desk", "unit")
# Everything else is refused.
MAY = {
    ("manager", DRAFT): {"submit", "drop"},
    ("manager", REVIEW): {"recall"},
    ("manager", REVIEWED): {"issue"},
    ("leader", REVIEW): {"approve", "send_back"},
    ("leader", REVIEWED): {"send_back", "issue"},
}


@pytest.mark.parametrize(("role", "status"), list(product(PEOPLE, [DRAFT, REVIEW, REVIEWED, ISSUED])))
def test_who_may_take_which_step_from_where(desk, role, status):
    issue, person = desk.at(status), make_user("p", desk.world.office, role=role)
    assert {step.key for step in actions.steps_open_to(issue, person)} == MAY.get((role, status), set())
    for step in STEPS.keys() - MAY.get((role, status), set()):
        with pytest.raises(actions.ReportRefused):
            desk.take(issue, step, person)
    assert ReportIssue.objects.get(pk=issue.pk).status == status


def test_the_author_never_reviews_and_neither_does_who_edited_last(desk):
    both = make_user("both", desk.world.office, role="leader")
    issue = desk.draft()
    ReportIssue.objects.filter(pk=issue.pk).update(drafted_by=both)
    issue.refresh_from_db()
    with pytest.raises(actions.ReportRefused, match="另一位同事审核"):
        desk.take(desk.take(issue, "submit"), "approve", both)
    ReportIssue.objects.filter(pk=issue.pk).update(drafted_by=desk.manager, edited_by=both)
    issue.refresh_from_db()
    with pytest.raises(actions.ReportRefused, match="另一位同事审核"):
        desk.take(issue, "approve", both)
    assert desk.take(issue, "approve").status == REVIEWED


def test_the_database_itself_refuses_a_review_by_the_author_and_an_issue_without_review(desk):
    issue = desk.draft()
    for change in (
        {"status": REVIEWED},
        {"reviewed_by": desk.manager},
        {"status": ISSUED},
        {"code": "ABCD-EFGH-JKMN"},
        {"status": ISSUED, "issued_at": at("2023-12-01"), "issued_by": desk.leader, "code": "A", "fingerprint": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportIssue.objects.filter(pk=issue.pk).update(**change)


def test_a_constraint_speaks_to_people(desk):
    issue = desk.draft()
    issue.reviewed_by = issue.drafted_by
    with pytest.raises(ValidationError, match="起草人不能审核自己的报告"):
        issue.validate_constraints()


def test_sending_back_needs_a_reason_which_the_author_reads_and_the_review_begins_anew(desk):
    issue = desk.at(REVIEWED)
    for note in ("", "   ", "长" * 501):
        with pytest.raises(actions.ReportRefused):
            desk.take(issue, "send_back", note=note)
    back = desk.take(issue, "send_back", note="核对走访")
    assert (back.status, back.note, back.reviewed_by) == (DRAFT, "核对走访", None)
    again = desk.take(back, "submit")
    assert (again.status, again.note) == (REVIEW, "")


def test_a_second_press_is_told_that_it_is_done(desk):
    issue = desk.draft()
    desk.take(issue, "submit", seen=1)
    with pytest.raises(actions.AlreadyDone, match="已经是“待审”"):
        desk.take(issue, "submit", seen=1)
    reviewed = desk.at(REVIEWED, period="2023-10")
    desk.take(reviewed, "issue")
    with pytest.raises(actions.AlreadyDone):
        desk.take(reviewed, "issue")
    assert IssuedFile.objects.count() == len(RENDERERS)


def test_a_page_that_saw_an_older_edition_takes_no_step(desk):
    issue = desk.draft()
    actions.edit_words(issue, WORDS, actor=desk.manager)
    with pytest.raises(actions.ReportRefused, match="最新的内容"):
        desk.take(issue, "submit", seen=1)


# The issue


def test_issuing_makes_code_hash_and_files_that_say_them(desk, settings):
    settings.SITE_ADDRESS = "https://crm.example.cn/"
    issue = desk.at(ISSUED)
    assert code_typed(issue.code) == issue.code
    assert issue.fingerprint == current_fingerprint(issue)
    assert {file.format for file in issue.files.all()} == RENDERERS.keys()
    for file in issue.files.all():
        content = Path(file.file.path).read_bytes()
        assert (file.sha256, file.size) == (sha256(content), len(content))
    pdf = Path(issue.files.get(format="pdf").file.path).read_bytes()
    last = "".join(PdfReader(BytesIO(pdf)).pages[-1].extract_text().split())
    for said in (issue.code, issue.fingerprint, f"https://crm.example.cn/verify/{issue.code}/", "2023年12月1日印发"):
        assert said in last


def test_what_is_issued_is_what_was_drafted_whatever_the_records_say_now(desk):
    issue = desk.at(REVIEWED)
    before = issue.data
    desk.world.visit("2023-11-20")
    issued = desk.take(issue, "issue")
    assert issued.data == before
    assert issued.computed.figure("enterprise_visits").value == 3
    pdf = Path(issued.files.get(format="pdf").file.path).read_bytes()
    assert "走访企业3家次" in text_of(pdf)


def test_a_reprint_years_later_is_the_same_in_every_figure(desk):
    issue = desk.at(ISSUED)
    kept = issue.to_print()
    desk.world.visit("2023-11-20")
    again = ReportIssue.objects.get(pk=issue.pk)
    assert again.to_print() == kept
    assert again.fingerprint == current_fingerprint(again)
    old = text_of(Path(issue.files.get(format="pdf").file.path).read_bytes())
    assert text_of(RENDERERS["pdf"].render(again.to_print(), PLAIN)) == old[: old.index("核验码")]


@pytest.mark.parametrize(
    "change",
    [
        {"data": "{}"}, {"words": "{}"}, {"rules": "[]"}, {"title": "别的"}, {"status": DRAFT}, {"note": "x"},
        {"fingerprint": "0" * 64}, {"version": 2},
    ],
    ids=str,
)  # fmt: skip
def test_an_issued_report_is_final_by_the_database_itself(desk, change):
    issue = desk.at(ISSUED)
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        ReportIssue.objects.filter(pk=issue.pk).update(**change)
    for name, value in change.items():
        setattr(issue, name, value)
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        issue.save()


def test_an_issued_report_cannot_be_deleted_nor_its_files_be_swapped(desk):
    issue = desk.at(ISSUED)
    with pytest.raises(ProtectedError):
        issue.delete()
    with pytest.raises(ProtectedError):
        ReportIssue.objects.all().delete()
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        IssuedFile.objects.update(sha256="0" * 64)
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            IssuedFile.objects.all().delete()


def test_the_fingerprint_tells_a_change_of_any_frozen_row(desk):
    issue = desk.at(ISSUED)
    row = FrozenRows.objects.filter(issue=issue, figure="appeals_received", part="").get()
    packed = bytes(row.packed)
    FrozenRows.objects.filter(pk=row.pk).update(packed=packed[:-1] + bytes([packed[-1] ^ 1]))
    assert current_fingerprint(issue) != issue.fingerprint


def test_files_are_not_left_behind_when_the_issue_fails(desk, monkeypatch, settings):
    issue = desk.at(REVIEWED)
    monkeypatch.setattr("reports.actions.stepping.record", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.take(issue, "issue")
    assert ReportIssue.objects.get(pk=issue.pk).status == REVIEWED
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_every_change_is_on_the_audit_trail_with_the_code(desk):
    issue = desk.at(ISSUED)
    told = list(AuditEntry.objects.filter(action="report").order_by("pk").values_list("summary", flat=True))
    assert [one.split()[0] for one in told] == ["起草", "送审", "审核通过", "印发"]
    assert issue.code in told[-1]


# Corrections


def test_a_correction_is_another_issue_that_supersedes_the_first(desk):
    first = desk.at(ISSUED)
    desk.world.visit("2023-11-20")
    draft = actions.correct_report(first, actor=desk.manager, at=at("2023-12-05 09:00"))
    assert (draft.version, draft.supersedes, draft.status) == (2, first, DRAFT)
    assert draft.computed.figure("enterprise_visits").value == 4
    seen = ReportIssue.objects.with_correction().in_bulk()
    assert not seen[first.pk].is_superseded
    for step in ("submit", "approve", "issue"):
        draft = desk.take(draft, step)
    seen = ReportIssue.objects.with_correction().in_bulk()
    assert (seen[first.pk].is_superseded, seen[draft.pk].is_superseded) == (True, False)
    assert seen[first.pk].computed.figure("enterprise_visits").value == 3
    assert draft.code != first.code


def test_a_correction_that_was_dropped_leaves_the_first_in_force_and_may_be_begun_again(desk):
    first = desk.at(ISSUED)
    desk.take(actions.correct_report(first, actor=desk.manager), "drop")
    again = actions.correct_report(first, actor=desk.manager)
    assert (again.version, again.supersedes) == (2, first)
    assert not ReportIssue.objects.with_correction().get(pk=first.pk).is_superseded


def test_only_an_issue_is_corrected_and_by_who_sees_the_same(desk, elsewhere):
    with pytest.raises(actions.ReportRefused, match="只有已印发"):
        actions.correct_report(desk.draft(), actor=desk.manager)
    issued = desk.at(ISSUED, period="2023-10")
    with pytest.raises(actions.ReportRefused, match="数据范围"):
        actions.correct_report(issued, actor=Desk(elsewhere).manager)


def test_later_edits_show_as_revisions_with_the_rows_that_came_and_went(desk, elsewhere):
    issue = desk.at(ISSUED)
    assert revisions(issue, desk.manager) == []
    visit = desk.world.visit("2023-11-20")
    gone = desk.world.appeal("2023-11-03")
    gone.delete()
    found = {one.figure.key: one for one in revisions(issue, desk.manager)}
    changed = found["enterprise_visits"]
    assert (changed.figure.text, changed.now.text, changed.came, changed.went) == ("3", "4", 1, 0)
    assert "appeals_received" not in found
    visit.delete()
    desk.world.office.refresh_from_db()
    first = unpack(issue.frozen_rows.get(figure="enterprise_visits", part="").packed)[0]
    METRIC_BY_KEY["enterprise_visits"].rows(desk.world.scope(user=desk.manager)).filter(pk=first).delete()
    desk.world.visit("2023-11-21")
    same = {one.figure.key: one for one in revisions(issue, desk.manager)}["enterprise_visits"]
    assert (same.figure.text, same.now.text, same.came, same.went) == ("3", "3", 1, 1)


# Who sees which


def test_a_report_is_seen_by_who_sees_all_it_covers_and_a_draft_by_who_works_on_it(desk, elsewhere):
    draft, issued = desk.draft(), desk.at(ISSUED, period="2023-10")
    unit = make_user("u", desk.world.unit, role="viewer", scope="unit")
    own = make_user("own", desk.world.office, role="viewer", scope="own")
    administrator = make_user("adm", desk.world.office, role="sysadmin")
    seen = {user: set(ReportIssue.objects.visible_to(user)) for user in (desk.manager, desk.leader, desk.reader)}
    assert seen == {desk.manager: {draft, issued}, desk.leader: {draft, issued}, desk.reader: {issued}}
    for user in (unit, own, administrator, Desk(elsewhere).manager):
        assert not ReportIssue.objects.visible_to(user)
        assert not FrozenRows.objects.visible_to(user)
        assert not IssuedFile.objects.visible_to(user)


def test_codes_are_unguessable_and_read_without_doubt():
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    letters = set("".join(codes)) - {"-"}
    assert letters == set(ALPHABET)
    assert not letters & set("0O1IL")
    assert len(ALPHABET) ** 12 > 2**59


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABCD-EFGH-JKMN", "ABCD-EFGH-JKMN"), (" abcdefghjkmn ", "ABCD-EFGH-JKMN"),
        ("abcd efgh_jkmn", "ABCD-EFGH-JKMN"),
        ("ABCD-EFGH-JKM", ""), ("ABCD-EFGH-JKM0", ""), ("", ""), ("ＡＢＣＤ", ""), ("A" * 100, ""),
    ],
)  # fmt: skip
def test_a_code_is_understood_as_people_type_it(typed, code):
    assert code_typed(typed) == code


def test_the_table_of_steps_leads_from_every_open_state_onward_and_from_the_issue_nowhere():
    assert {source for step in STEPS.values() for source in step.sources} == set(OPEN)
    assert {step.target for step in STEPS.values()} | {DRAFT} == LABELS.keys()
    assert all(step.by_another == (step.key == "approve") for step in STEPS.values())
